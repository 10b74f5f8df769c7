"""Every page of the office; each context keeps its own list and writes its paths in full.

So a path ("rencana/plotting.xlsx") is found by searching for it as the browser shows it.
"""

from __future__ import annotations

from django.urls import include, path

from kondusif_web.look.bahasa import pilih

urlpatterns = [
    path("", include("kondusif_web.accounts.urls")),
    path("", include("kondusif_web.instrument.urls")),
    path("", include("kondusif_web.vulnerability.urls")),
    path("", include("kondusif_web.rounds.urls")),
    path("", include("kondusif_web.deployment.urls")),
    path("", include("kondusif_web.dialogue.urls")),
    path("", include("kondusif_web.mitigation.urls")),
    path("", include("kondusif_web.field.urls")),
    path("", include("kondusif_web.calibration.urls")),
    path("", include("kondusif_web.intake.urls")),
    path("", include("kondusif_web.situation.urls")),
    path("", include("kondusif_web.public.urls")),
    path("", include("kondusif_web.drill.urls")),
    path("bahasa/", pilih, name="bahasa"),
]

handler400 = "kondusif_web.accounts.views.bad_request"
handler403 = "kondusif_web.accounts.views.forbidden"
handler404 = "kondusif_web.accounts.views.not_found"
handler500 = "kondusif_web.accounts.views.server_error"

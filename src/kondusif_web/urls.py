"""Every page of the office; each context keeps its own list and writes its paths in full.

So a path ("rencana/plotting.xlsx") is found by searching for it as the browser shows it. What belongs to an
operation stands below ``/o/<kode>/``; ``guard`` resolves the code into ``request.operation`` and
``request.member`` before a view is called.
"""

from __future__ import annotations

from django.urls import include, path

from kondusif_web.channels import WAYS
from kondusif_web.intake.operation_views import baru
from kondusif_web.pages.choices import pilih
from kondusif_web.pages.help import bantuan
from kondusif_web.public.views import list_public

OPERATION = [
    path("", include(f"kondusif_web.{context}.urls"))
    for context in (
        "instrument",
        "posts",
        "answers",
        "classes",
        "planning",
        "reports",
        "withdrawal",
        *(f"channels.{way}" for way in WAYS),
        "dialogue",
        "mitigation",
        "calibration",
        "intake",
        "situation",
        "public",
        "drill",
    )
]

urlpatterns = [
    path("", include("kondusif_web.accounts.urls")),
    path("", include("kondusif_web.election.urls")),
    path("operasi/baru/", baru, name="begin_operation"),
    path("publik/", list_public, name="publik"),
    path("publik/<slug:bahasa>/", list_public, name="publik_bahasa"),
    path("bahasa/", pilih, name="bahasa"),
    path("bantuan/", bantuan, name="bantuan"),
    path("o/<slug:operasi>/", include(OPERATION)),
]

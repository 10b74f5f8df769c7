"""Every page of the office; each context keeps its own list."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path


def _present(*names: str) -> list[URLPattern | URLResolver]:
    """Lists of the contexts whose urls.py is there, while the first version grows."""
    return [path("", include(f"kondusif_web.{n}.urls")) for n in names if find_spec(f"kondusif_web.{n}.urls")]


# Each context writes its paths in full ("ukur/", "rencana/plotting.xlsx"), so a path is found by searching.
urlpatterns = _present("accounts")
for _name in (
    "election",
    "vulnerability",
    "deployment",
    "dialogue",
    "field",
    "documents",
    "situation",
    "public",
    "drill",
):
    if find_spec(f"kondusif_web.{_name}"):
        urlpatterns += _present(_name)

if not find_spec("kondusif_web.public"):  # until the public pages are there
    from kondusif_web.accounts.views import masuk

    urlpatterns.append(path("publik/", include(([path("", masuk, name="publik")], "public"))))

handler400 = "kondusif_web.accounts.views.bad_request"
handler403 = "kondusif_web.accounts.views.forbidden"
handler404 = "kondusif_web.accounts.views.not_found"
handler500 = "kondusif_web.accounts.views.server_error"

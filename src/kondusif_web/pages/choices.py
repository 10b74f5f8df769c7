"""What a reader chose for the pages, kept in a cookie: the language, and the face (light, sun, dark wall).

The language is Indonesian unless this person chose another one here. What the browser asks for is not obeyed:
many a duty phone is set to English, and its owner is not.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

LANGUAGE, FACE = "kondusif_bahasa", "kondusif_tema"  # names of the cookies
COOKIE_DAYS = 180
TEMA = ("terang", "terik", "dinding")


def bahasa_of(request: HttpRequest) -> str:
    """The language kept in the cookie, else Indonesian."""
    kept = request.COOKIES.get(LANGUAGE, "")
    return kept if kept in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def tema_of(request: HttpRequest) -> str:
    """The face asked for now (``?tema=``), else the one kept in the cookie, else light."""
    asked = request.GET.get("tema") or request.COOKIES.get(FACE, "")
    return asked if asked in TEMA else TEMA[0]


class Choices:
    """Everything inside speaks the chosen language, the pages of refusals and errors too; a face chosen with
    ``?tema=`` is kept, so that it works without JavaScript."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(bahasa_of(request)):
            response = self.get_response(request)
        if request.GET.get("tema") in TEMA:
            _keep(request, response, FACE, request.GET["tema"])
        return response


@login_not_required
@csrf_exempt  # a choice of language is no action: the sender is asked below, and error pages need no token
@require_POST
def pilih(request: HttpRequest) -> HttpResponse:
    """Keep the language chosen at the foot of a page, and go back to that page.

    A browser names the site that a form was sent from; a form of another site is refused.
    """
    sender = request.headers.get("Origin") or request.headers.get("Referer")
    if sender and urlsplit(sender).netloc != request.get_host():
        return HttpResponseForbidden()
    after = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure())
    response = HttpResponseRedirect(after if own and after.startswith("/") else "/")
    chosen = request.POST.get("bahasa", "")
    if chosen in dict(settings.LANGUAGES):
        _keep(request, response, LANGUAGE, chosen)
    return response


def _keep(request: HttpRequest, response: HttpResponse, cookie: str, value: str) -> None:
    response.set_cookie(
        cookie,
        value,
        max_age=COOKIE_DAYS * 86400,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure(),
    )

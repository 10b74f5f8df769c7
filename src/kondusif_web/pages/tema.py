"""The face of the pages: light, ``terik`` (sunlight) or ``dinding`` (dark wall)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

TEMA = ("terang", "terik", "dinding")
COOKIE = "kondusif_tema"
COOKIE_DAYS = 180


def tema_of(request: HttpRequest) -> str:
    """The face asked for now (``?tema=``), else the one kept in the cookie, else light."""
    asked = request.GET.get("tema") or request.COOKIES.get(COOKIE, "")
    return asked if asked in TEMA else TEMA[0]


class TemaMiddleware:
    """Keep a face chosen with ``?tema=`` in a cookie, so that it works without JavaScript."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.GET.get("tema") in TEMA:
            response.set_cookie(
                COOKIE,
                request.GET["tema"],
                max_age=COOKIE_DAYS * 86400,
                samesite="Lax",
                httponly=True,
                secure=request.is_secure(),
            )
        return response

"""The public page and calendar, made from published items alone, and the step that publishes them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kondusif_web.accounts.roles import require
from kondusif_web.pages.actions import done, given
from kondusif_web.pages.files import public_file
from kondusif_web.pages.templatetags.kondusif import public_url
from kondusif_web.public import actions, queries
from kondusif_web.public.build import in_language, items, without_revision
from kondusif_web.public.facts import facts_of
from kondusif_web.public.ics import calendar
from kondusif_web.words import language

CACHE = "public, max-age=60"  # seconds a proxy may answer for us on the night everyone asks


@login_not_required
@require_safe
def list_public(request: HttpRequest, bahasa: str = settings.LANGUAGE_CODE) -> HttpResponse:
    """Operations that have published something, by their published names; straight to the only one."""
    with _in(bahasa):
        headers = queries.published_headers(bahasa)
        if len(headers) == 1:
            [kode] = headers
            return _cached(redirect(public_url(kode)))
        return _page(bahasa, daftar=headers)


@login_not_required
@require_safe
def publik(request: HttpRequest, operasi: str, bahasa: str = settings.LANGUAGE_CODE) -> HttpResponse:
    """Rendered without the request: no person, no session and no live row can reach this page.

    Its language stands in its address and not in a cookie, so that one answer serves everybody who asks. An
    operation that has published nothing answers like one that does not exist (RULES 36).
    """
    with _in(bahasa):
        return _page(bahasa, isi=_published(operasi, bahasa), kode_operasi=operasi)


def _page(bahasa: str, **context: object) -> HttpResponse:
    return _cached(HttpResponse(render_to_string("public/publik.html", {"bahasa": bahasa} | context)))


def _in(bahasa: str) -> translation.override:
    """Raises Http404 for a language that the office does not speak."""
    if bahasa not in dict(settings.LANGUAGES):
        raise Http404
    return translation.override(bahasa)


def _published(operasi: str, bahasa: str) -> dict[str, Any]:
    """Raises Http404 for an operation that has published nothing."""
    isi = queries.published(operasi, bahasa)
    if not isi["header"]:
        raise Http404
    return isi


def _cached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = CACHE
    return response


@login_not_required
@require_safe
def kalender(request: HttpRequest, operasi: str, bahasa: str = settings.LANGUAGE_CODE) -> HttpResponse:
    """The published stages as iCalendar (RFC 5545)."""
    with _in(bahasa):
        isi = _published(operasi, bahasa)
    head = isi["header"][0]
    body = calendar(
        operasi,
        isi["stage"],
        made_at=queries.published_at(operasi),
        mark="LATIHAN - " if head["latihan"] else "",
        language=bahasa,
    )
    return _cached(public_file(body, "pilkades.ics"))


@require_http_methods(["GET", "POST"])
def terbit(request: HttpRequest) -> HttpResponse:
    """What the public reads now, and what it would read after publishing."""
    require(request.member, "publish_public")
    operation = request.operation
    if request.method == "POST":
        actions.publish_public(**given(request))
        return done(request, _("Halaman publik diterbitkan."), "public:terbit")
    before = queries.published(operation.kode, language())
    fresh: dict[str, list[object]] = {kind: [] for kind in before}
    for kind, _number, body in items(facts_of(operation, operation.now())):
        fresh[kind.value].append(in_language(body, language()))
    context = {
        "sekarang": before,
        "baru": fresh,
        "berubah": [k for k in before if k != "header" and without_revision(before[k]) != fresh[k]],
        "pernah": bool(before["header"]),
    }
    return render(request, "public/terbit.html", context)

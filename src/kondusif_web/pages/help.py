"""The help page: the words of the office from one table, and the way through the work."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kondusif_web.election.queries import membership, memberships
from kondusif_web.pages.context import menu_for
from kondusif_web.words import lazy_table

TERMS, MEANINGS = lazy_table("terms"), lazy_table("term_help")
STEPS, STEP_HELP, DONE_BY = lazy_table("way"), lazy_table("way_help"), lazy_table("way_who")
PAGES = {"kelas": "ukur"}  # a step to the menu entry it is done at, where that is named otherwise


@login_not_required
@require_safe
def bantuan(request: HttpRequest) -> HttpResponse:
    """For everybody, since it holds no data. Who is signed in gets it in the frame of one operation
    (``?operasi=``, or the only one), with links to the pages that this person may use."""
    user, kode = request.user, request.GET.get("operasi", "")
    member = None
    if user.is_authenticated and not user.must_change:
        rows = list(memberships(user)[:2])
        member = membership(user, kode or rows[0].operation.kode) if kode or len(rows) == 1 else None
    if member is None:
        return render(request, "pages/bantuan.html", _context({}))
    request.member, request.operation = member, member.operation
    links = {entry["kunci"]: entry["url"] for entry in menu_for(request, member.operation)}
    with timezone.override(member.operation.zone):
        return render(request, "pages/bantuan.html", _context(links))


def _context(links: dict[str, str]) -> dict[str, object]:
    steps = [
        {"kode": code, "nama": name, "isi": STEP_HELP[code], "siapa": DONE_BY[code]}
        | {"url": links.get(PAGES.get(code, code), "")}
        for code, name in STEPS.items()
    ]
    return {"langkah": steps, "istilah": [(code, word, MEANINGS[code]) for code, word in TERMS.items()]}

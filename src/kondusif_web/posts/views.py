"""The muster: ask, call, show."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kondusif.errors import NotAllowed
from kondusif.withdraw import headcount_gate
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import in_areas, may, require
from kondusif_web.election.queries import place_names
from kondusif_web.pages.actions import Attempt, done, given
from kondusif_web.posts import forms, queries, wording
from kondusif_web.posts import muster as actions
from kondusif_web.posts.models import PostingRow
from kondusif_web.posts.queries import count_of


@require_GET
def apel(request: HttpRequest) -> HttpResponse:
    """Who was ordered, is on post, is on the way back, is home; a field officer sees their own post."""
    return _muster(request, Attempt())


def _muster(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    if not may(request.member, "muster") and not may(request.member, "see_plan"):
        raise NotAllowed("role", permission="muster")
    operation = request.operation
    rows = list(queries.postings_visible_to(operation, request.member))
    log_read(request, "plan.muster", request.member.post)
    live = [r for r in rows if r.state != "cancelled"]
    counts = [
        {"kata": kata, "heads": sum(_heads(r) for r in live if r.state == state)}
        for state, (_kelas, kata, _ikon) in wording.POSTING_STATES.items()
        if state != "cancelled"
    ]
    context = {
        "rows": [
            {
                "r": r,
                "cip": wording.POSTING_STATES[r.state],
                "force": wording.FORCES[r.force],
                "lengkap": not headcount_gate(count_of(r)).shut,
            }
            for r in rows
        ],
        "counts": counts,
        "short": sum(r.heads - r.out for r in live if r.out is not None),
        "missing": sum(r.out - r.back for r in live if r.back is not None and r.state == "returning"),
        "ordered": operation.postings.exists(),
        "names": place_names(operation),
        "may_muster": may(request.member, "muster"),
        "perms_plan": may(request.member, "see_plan"),
        "may_cancel": may(request.member, "approve_plan"),
        "refused": attempt.why,
    }
    return render(request, "posts/apel.html", context, status=attempt.status)


def _heads(row: PostingRow) -> int:
    return row.heads if row.out is None else row.out


def _posting(request: HttpRequest, pk: UUID) -> PostingRow:
    """The posting, where it lies in the person's areas; else 404."""
    visible = in_areas(PostingRow.objects.filter(operation=request.operation), request.member, "post")
    return get_object_or_404(visible, pk=pk)


@require_POST
def hadir(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Arrival at the post, with heads and equipment."""
    require(request.member, "muster")
    row, attempt = _posting(request, pk), Attempt(forms.CheckIn(request.POST))
    if attempt.ready:
        with attempt:
            row = actions.check_in(posting=row.pk, **attempt.data, **given(request))
            said = _("Hadir dicatat: %(n)d orang di %(place)s.") % {"n": row.out, "place": row.place}
            return done(request, said, "posts:apel")
    return _muster(request, attempt)


@require_POST
def hitung(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The count of those who are back."""
    require(request.member, "muster")
    row, attempt = _posting(request, pk), Attempt(forms.CountBack(request.POST))
    if attempt.ready:
        with attempt:
            row = actions.count_back(posting=row.pk, **attempt.data, **given(request))
            said = _(
                "Hitungan dicatat: keluar %(o)d orang, kembali %(b)d; perlengkapan %(eo)d, kembali %(eb)d."
            ) % {"o": row.out, "b": row.back, "eo": row.equipment_out, "eb": row.equipment_back}
            return done(request, said, "posts:apel")
    return _muster(request, attempt)


@require_POST
def pulang(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Home, when the headcount is complete."""
    require(request.member, "muster")
    row, attempt = _posting(request, pk), Attempt()
    with attempt:
        row = actions.send_home(posting=row.pk, **given(request))
        said = _("Pulang lengkap: %(n)d orang dari %(place)s.") % {"n": row.out, "place": row.place}
        return done(request, said, "posts:apel")
    return _muster(request, attempt)


@require_POST
def batal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an order back before anyone stands there."""
    require(request.member, "approve_plan")
    row, attempt = _posting(request, pk), Attempt()
    with attempt:
        row = actions.cancel(posting=row.pk, **given(request))
        return done(request, _("Perintah ke %(place)s dibatalkan.") % {"place": row.place}, "posts:apel")
    return _muster(request, attempt)

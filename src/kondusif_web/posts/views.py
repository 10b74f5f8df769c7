"""The muster: ask, call, show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kondusif.errors import MoveRefused, NotAllowed
from kondusif.withdraw import headcount_gate
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may, require
from kondusif_web.accounts.visible import in_areas
from kondusif_web.election.clock import now as clock_now
from kondusif_web.election.queries import place_names
from kondusif_web.pages.wording import refusal
from kondusif_web.posts import forms, queries, wording
from kondusif_web.posts import muster as actions
from kondusif_web.posts.facts import count_of
from kondusif_web.posts.models import PostingRow


@login_required
@require_GET
def apel(request: HttpRequest) -> HttpResponse:
    """Who was ordered, is on post, is on the way back, is home; a field officer sees their own post."""
    return _muster(request)


def _muster(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    if not may(request.member, "muster") and not may(request.member, "see_plan"):
        raise NotAllowed("the muster is not for this role", deed="muster", kode="", why="role")
    operation = request.operation
    rows = list(queries.postings_visible_to(operation, request.member))
    log_read(request, "plan.muster", request.member.post)
    live = [r for r in rows if r.state != "cancelled"]
    counts = [
        {"rupa": rupa, "heads": sum(_heads(r) for r in live if r.state == state)}
        for state, rupa in wording.POSTING_STATES.items()
        if state != "cancelled"
    ]
    context = {
        "rows": [
            {
                "r": r,
                "rupa": wording.POSTING_STATES[r.state],
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
        **more,
    }
    return render(request, "posts/apel.html", context, status=status)


def _heads(row: PostingRow) -> int:
    return row.heads if row.out is None else row.out


def _move(request: HttpRequest, pk: UUID, do: Callable[[PostingRow, Any], str]) -> HttpResponse:
    """Find it among what the person may see, do it; a refusal shows the muster with its reason, as 409."""
    visible = in_areas(PostingRow.objects.filter(operation=request.operation), request.member, "post")
    row = get_object_or_404(visible.select_related("operation"), pk=pk)
    try:
        messages.success(request, do(row, clock_now(row.operation)))
    except MoveRefused as refused:
        return _muster(request, 409, refused=[refusal(refused)])
    return redirect("posts:apel", request.operation.kode)


@login_required
@require_POST
def hadir(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Arrival at the post, with heads and equipment."""
    form = forms.CheckIn(request.POST)
    require(request.member, "muster")
    if not form.is_valid():
        return _muster(request, 400, refused=[_("Isi jumlah orang (1 atau lebih) dan perlengkapan.")])

    def do(row: PostingRow, now: Any) -> str:
        actions.check_in(
            operation=row.operation, posting=row.pk, by=request.member, now=now, **form.cleaned_data
        )
        return _("Hadir dicatat: %(n)d orang di %(place)s.") % {
            "n": form.cleaned_data["out"],
            "place": row.place,
        }

    return _move(request, pk, do)


@login_required
@require_POST
def hitung(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The count of those who are back."""
    form = forms.CountBack(request.POST)
    require(request.member, "muster")
    if not form.is_valid():
        return _muster(request, 400, refused=[_("Isi jumlah orang dan perlengkapan yang kembali.")])

    def do(row: PostingRow, now: Any) -> str:
        row = actions.count_back(
            operation=row.operation, posting=row.pk, by=request.member, now=now, **form.cleaned_data
        )
        return _(
            "Hitungan dicatat: keluar %(o)d orang, kembali %(b)d; perlengkapan %(eo)d, kembali %(eb)d."
        ) % {
            "o": row.out,
            "b": row.back,
            "eo": row.equipment_out,
            "eb": row.equipment_back,
        }

    return _move(request, pk, do)


@login_required
@require_POST
def pulang(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Home, when the headcount is complete."""
    require(request.member, "muster")

    def do(row: PostingRow, now: Any) -> str:
        row = actions.send_home(operation=row.operation, posting=row.pk, by=request.member, now=now)
        return _("Pulang lengkap: %(n)d orang dari %(place)s.") % {"n": row.out, "place": row.place}

    return _move(request, pk, do)


@login_required
@require_POST
def batal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an order back before anyone stands there."""
    require(request.member, "approve_plan")

    def do(row: PostingRow, now: Any) -> str:
        actions.cancel(operation=row.operation, posting=row.pk, by=request.member, now=now)
        return _("Perintah ke %(place)s dibatalkan.") % {"place": row.place}

    return _move(request, pk, do)

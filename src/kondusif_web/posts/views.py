"""The muster: ask, call, show."""

from __future__ import annotations

from collections.abc import Callable
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
from kondusif_web.pages.actions import Attempt, done
from kondusif_web.posts import actions, forms, queries, wording
from kondusif_web.posts.models import PostingRow
from kondusif_web.posts.queries import count_of

FEW = 24  # postings shown one by one; more of them are mustered by unit


@require_GET
def apel(request: HttpRequest) -> HttpResponse:
    """Who was ordered, is on post, is on the way back, is home; a field officer sees their own post."""
    return _muster(request, Attempt())


def _muster(request: HttpRequest, attempt: Attempt, satuan: str = "") -> HttpResponse:
    kode = satuan or request.GET.get("satuan", "")
    if not may(request.member, "muster") and not may(request.member, "see_plan"):
        raise NotAllowed("role", permission="muster")
    operation = request.operation
    rows = list(queries.postings_visible_to(operation, request.member))
    log_read(request, "plan.muster", request.member.post)
    live = [r for r in rows if r.state != "cancelled"]
    units = queries.unit_lines(rows)
    unit = next((u for u in units if u.unit.kode == kode), None)
    by_unit = unit is None and len(rows) > FEW
    listed = [r for r in rows if unit is None or r.unit_id == unit.unit.pk]
    counts = [
        {"kata": kata, "heads": sum(_heads(r) for r in live if r.state == state)}
        for state, (_kelas, kata, _ikon) in wording.POSTING_STATES.items()
        if state != "cancelled"
    ]
    context = {
        "rows": [] if by_unit else [(r, not headcount_gate(count_of(r)).shut) for r in listed],
        "satuan": units if by_unit else [],
        "unit": unit,
        "perintah": [r for r in listed if r.state == "ordered"] if unit else [],
        "kembali": [r for r in listed if r.state == "returning"] if unit else [],
        "states": wording.POSTING_STATES,
        "forces": wording.FORCES,
        "counts": counts,
        "short": sum(r.heads - r.out for r in live if r.out is not None),
        "missing": sum(r.out - r.back for r in live if r.back is not None and r.state == "returning"),
        "ordered": operation.postings.exists(),
        "names": place_names(operation),
        "refused": attempt.why,
    }
    return render(request, "posts/apel.html", context, status=attempt.status)


def _heads(row: PostingRow) -> int:
    return row.heads if row.out is None else row.out


@require_POST
def hadir(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Arrival at the post, with heads and equipment."""
    attempt, said = Attempt(forms.CheckInForm(request.POST)), _("Hadir dicatat: %(n)d orang di %(place)s.")
    return _try(request, pk, attempt, actions.check_in, said)


@require_POST
def hitung(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The count of those who are back."""
    said = _("Hitungan dicatat: keluar %(o)d orang, kembali %(b)d; perlengkapan %(eo)d, kembali %(eb)d.")
    return _try(request, pk, Attempt(forms.CountBackForm(request.POST)), actions.count_back, said)


@require_POST
def pulang(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Home, when the headcount is complete."""
    said = _("Pulang lengkap: %(n)d orang dari %(place)s.")
    return _try(request, pk, Attempt(), actions.send_home, said)


@require_POST
def hadir_satuan(request: HttpRequest) -> HttpResponse:
    """Everyone of a unit is there, but for the exceptions."""
    return _unit(request, actions.muster_unit, _("%(nama)s: %(n)d orang hadir di %(pos)d pos."), arrival=True)


@require_POST
def kembali_satuan(request: HttpRequest) -> HttpResponse:
    """Everyone of a unit is back, but for the exceptions; what is whole goes home."""
    said = _("%(nama)s: %(n)d orang kembali dari %(pos)d pos.")
    return _unit(request, actions.count_unit_back, said, arrival=False)


def _unit(
    request: HttpRequest, action: Callable[..., list[PostingRow]], said: str, *, arrival: bool
) -> HttpResponse:
    attempt = Attempt(forms.UnitForm(request.POST, arrival=arrival))
    rows = attempt.act(request, action)
    if rows is not None:
        heads = sum((row.out if arrival else row.back) or 0 for row in rows)
        nama = rows[0].unit.nama if rows else attempt.data["unit"]
        return done(request, said % {"nama": nama, "n": heads, "pos": len(rows)}, "posts:apel")
    return _muster(request, attempt, request.POST.get("unit", ""))


@require_POST
def batal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an order back before anyone stands there."""
    said = _("Perintah ke %(place)s dibatalkan.")
    return _try(request, pk, Attempt(), actions.cancel_posting, said, "approve_plan")


def _try(
    request: HttpRequest,
    pk: UUID,
    attempt: Attempt,
    action: Callable[..., PostingRow],
    said: str,
    permission: str = "muster",
) -> HttpResponse:
    """The posting, moved by who may, where it lies in the person's areas; else 404. Then the muster."""
    require(request.member, permission)
    visible = in_areas(request.operation.postings.all(), request.member, "post")
    row = attempt.act(request, action, posting=get_object_or_404(visible, pk=pk).pk)
    if row is None:
        return _muster(request, attempt)
    counts = {"o": row.out, "b": row.back, "eo": row.equipment_out, "eb": row.equipment_back}
    return done(request, said % {"n": row.out, "place": row.place, **counts}, "posts:apel")

"""The plan page, the plotting list and the muster: ask, call, show."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kondusif import plan as core
from kondusif.errors import MoveRefused, NotAllowed, PlanRefused
from kondusif.files.write import write_plotting
from kondusif.instrument.floor import LEVELS
from kondusif.plan.plotting import PlottingStyle, plotting_table
from kondusif.withdraw import headcount_gate
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may, require
from kondusif_web.accounts.visible import areas, in_areas
from kondusif_web.deployment import actions, forms, queries, wording
from kondusif_web.deployment.facts import count_of, part_for, plan_of
from kondusif_web.deployment.models import PlanRow, PlanState, PostingRow
from kondusif_web.deployment.page import plan_page
from kondusif_web.election.clock import now as clock_now
from kondusif_web.election.facts import desa_of, election_of, tps_of
from kondusif_web.election.models import Operation
from kondusif_web.logbook.queries import head
from kondusif_web.look.wording import label_of
from kondusif_web.words import language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# ---------------------------------------------------------------- plan


@login_required
@require_GET
def rencana(request: HttpRequest) -> HttpResponse:
    """Need against posted, what is unmet and what would cure it, posts and starts per village."""
    require(request.member, "see_plan")
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    operation = request.operation
    page = plan_page(operation, request.member)
    log_read(request, "plan.page")
    form = forms.MakePlan(initial={"pattern_set": operation.pattern_set})
    context = {"p": page, "form": form, "may_export": may(request.member, "export_plotting"), **more}
    return render(request, "deployment/rencana.html", context, status=status)


def _decide(request: HttpRequest, do: Callable[[], str]) -> HttpResponse:
    """Do it and go back to the page; a refusal shows the page with every reason, as 409."""
    try:
        messages.success(request, do())
    except PlanRefused as refused:
        names = _names(request.operation)
        reasons = [wording.violation(v, names) for v in refused.violations] or [str(refused)]
        return _page(request, 409, refused=list(dict.fromkeys(reasons)))
    except MoveRefused as refused:
        return _page(request, 409, refused=[wording.refusal(refused)])
    return redirect("deployment:rencana", request.operation.kode)


def _names(operation: Operation) -> dict[str, str]:
    tps = operation.tps.select_related("desa")
    return {d.kode: d.nama for d in operation.desa.all()} | {t.kode: str(t) for t in tps}


@login_required
@require_POST
def susun(request: HttpRequest) -> HttpResponse:
    """Make a draft from the published classes of now."""
    operation = request.operation
    require(request.member, "make_plan")
    form = forms.MakePlan(request.POST)
    if not form.is_valid():
        return _page(request, 400, refused=[_("Set pola tidak dikenal.")])

    def do() -> str:
        row = actions.make_plan(
            operation=operation,
            by=request.member,
            now=clock_now(operation),
            pattern_set=form.cleaned_data["pattern_set"],
        )
        missing = plan_of(row).missing.total
        if not missing:
            return _("Rencana v%(v)d disusun. Semua kebutuhan terpenuhi.") % {"v": row.version}
        return ngettext(
            "Rencana v%(v)d disusun. Kurang %(n)d orang.",
            "Rencana v%(v)d disusun. Kurang %(n)d orang.",
            missing,
        ) % {"v": row.version, "n": missing}

    return _decide(request, do)


@login_required
@require_POST
def ajukan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a draft before the Kapolres."""
    operation = request.operation
    row = get_object_or_404(PlanRow, operation=operation, pk=pk)
    require(request.member, "make_plan")

    def do() -> str:
        actions.propose_plan(operation=operation, plan=row, by=request.member, now=clock_now(operation))
        return _("Rencana v%(v)d diajukan kepada Kapolres.") % {"v": row.version}

    return _decide(request, do)


@login_required
@require_POST
def sahkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a proposed plan in force."""
    operation = request.operation
    row = get_object_or_404(PlanRow, operation=operation, pk=pk)
    require(request.member, "approve_plan")

    def do() -> str:
        actions.approve_plan(operation=operation, plan=row, by=request.member, now=clock_now(operation))
        return _("Rencana v%(v)d disahkan. Penugasan sudah diperintahkan.") % {"v": row.version}

    return _decide(request, do)


@login_required
@require_GET
def plotting(request: HttpRequest) -> HttpResponse:
    """The plotting list of the shown plan as XLSX, only for the areas of the person."""
    require(request.member, "export_plotting")
    operation = request.operation
    row = queries.open_plan(operation) or queries.approved_plan(operation)
    if row is None:
        return _page(request, 404, refused=[_("Belum ada rencana untuk diunduh.")])
    rows = _plotting_rows(request, operation, row)
    state = "disahkan" if row.state == PlanState.APPROVED else "BELUM DISAHKAN"
    book = head(operation.kode)[:16]
    title = f"Plotting {operation.nama} - rencana v{row.version} {state} - kepala buku {book}"
    target = BytesIO()
    note = wording.plotting_note(part_for(plan_of(row), areas(request.member)), row)
    write_plotting(target, rows, title=title, latihan=_mark(operation), note=note)
    log_read(request, "plan.plotting")
    response = HttpResponse(target.getvalue(), content_type=XLSX)
    name = f"plotting-{operation.kode}-v{row.version}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _plotting_rows(request: HttpRequest, operation: Operation, row: PlanRow) -> list[dict[str, object]]:
    zone = election_of(operation).zone
    rows = core.plotting_rows(
        part_for(plan_of(row), areas(request.member)),
        [desa_of(d) for d in operation.desa.all()],
        [tps_of(t) for t in operation.tps.all()],
        queries.units(operation),
    )
    labels = {level: str(label_of(level, operation.labels)) for level in LEVELS}
    return plotting_table(rows, PlottingStyle(labels, zone, language()))


def _mark(operation: Operation) -> str:
    """RULES 23, 24: what every paper of a drill or of made-up data carries."""
    if operation.illustrative:
        return "LATIHAN - DATA ILUSTRATIF"
    return "LATIHAN" if operation.drill else ""


# ---------------------------------------------------------------- muster


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
        "in_force": queries.approved_plan(operation),
        "names": _names(operation),
        "may_muster": may(request.member, "muster"),
        "perms_plan": may(request.member, "see_plan"),
        "may_cancel": may(request.member, "approve_plan"),
        **more,
    }
    return render(request, "deployment/apel.html", context, status=status)


def _heads(row: PostingRow) -> int:
    return row.heads if row.out is None else row.out


def _move(request: HttpRequest, pk: UUID, do: Callable[[PostingRow, Any], str]) -> HttpResponse:
    """Find it among what the person may see, do it; a refusal shows the muster with its reason, as 409."""
    visible = in_areas(PostingRow.objects.filter(operation=request.operation), request.member, "post")
    row = get_object_or_404(visible.select_related("operation"), pk=pk)
    try:
        messages.success(request, do(row, clock_now(row.operation)))
    except MoveRefused as refused:
        return _muster(request, 409, refused=[wording.refusal(refused)])
    return redirect("deployment:apel", request.operation.kode)


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

"""The plan page and the plotting list: ask, call, show."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kondusif import plan as core
from kondusif.errors import PlanRefused
from kondusif.files.write import write_plotting
from kondusif.plan.plotting import PlottingStyle, plotting_table
from kondusif.stages import LEVELS
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import areas, require
from kondusif_web.election.facts import desa_of, election_of, tps_of
from kondusif_web.election.models import Operation
from kondusif_web.election.queries import place_names
from kondusif_web.logbook.queries import head
from kondusif_web.pages.actions import Attempt, done
from kondusif_web.pages.files import file_response
from kondusif_web.pages.wording import label_of
from kondusif_web.planning import actions, forms, queries, wording
from kondusif_web.planning.models import PlanRow, PlanState
from kondusif_web.planning.page import plan_page
from kondusif_web.posts.queries import units
from kondusif_web.posts.wording import FORCES
from kondusif_web.words import language


@require_GET
def rencana(request: HttpRequest) -> HttpResponse:
    """Need against posted, what is unmet and what would cure it, posts and starts per village."""
    require(request.member, "see_plan")
    return _page(request, Attempt())


def _page(request: HttpRequest, attempt: Attempt, status: int = 0, **more: Any) -> HttpResponse:
    operation = request.operation
    page = plan_page(operation, request.member)
    log_read(request, "plan.page")
    context = {
        "p": page,
        "forces": FORCES,
        "form": forms.PlanForm(initial={"pattern_set": operation.pattern_set}),
        "refused": _refused(operation, attempt),
        **more,
    }
    return render(request, "planning/rencana.html", context, status=status or attempt.status)


def _refused(operation: Operation, attempt: Attempt) -> list[str]:
    """Every reason, each once: the rules that a plan breaks one by one."""
    if isinstance(attempt.refused, PlanRefused) and attempt.refused.violations:
        names = place_names(operation)
        return list(dict.fromkeys(wording.violation(v, names) for v in attempt.refused.violations))
    return [attempt.why] if attempt.why else []


@require_POST
def susun(request: HttpRequest) -> HttpResponse:
    """Make a draft from the published classes of now."""
    require(request.member, "make_plan")
    attempt = Attempt(forms.PlanForm(request.POST))
    if row := attempt.act(request, actions.make_plan):
        return done(request, _made(row), "planning:rencana")
    return _page(request, attempt)


def _made(row: PlanRow) -> str:
    missing = queries.plan_of(row).missing.total
    if not missing:
        return _("Rencana pengamanan v%(v)d disusun. Semua kebutuhan terpenuhi.") % {"v": row.version}
    return ngettext(
        "Rencana pengamanan v%(v)d disusun. Kurang %(n)d orang.",
        "Rencana pengamanan v%(v)d disusun. Kurang %(n)d orang.",
        missing,
    ) % {"v": row.version, "n": missing}


@require_POST
def ajukan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a draft before the Kapolres."""
    said = _("Rencana pengamanan v%(v)d diajukan kepada Kapolres.")
    return _decide(request, pk, "make_plan", actions.propose_plan, said)


@require_POST
def sahkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a proposed plan in force."""
    said = _("Rencana pengamanan v%(v)d disahkan. Penugasan sudah diperintahkan.")
    return _decide(request, pk, "approve_plan", actions.approve_plan, said)


def _decide(
    request: HttpRequest, pk: UUID, permission: str, action: Callable[..., PlanRow], said: str
) -> HttpResponse:
    row = get_object_or_404(PlanRow, operation=request.operation, pk=pk)
    require(request.member, permission)
    attempt = Attempt()
    if row := attempt.act(request, action, plan=row):
        return done(request, said % {"v": row.version}, "planning:rencana")
    return _page(request, attempt)


@require_GET
def plotting(request: HttpRequest) -> HttpResponseBase:
    """The plotting list of the shown plan as XLSX, only for the areas of the person."""
    require(request.member, "export_plotting")
    operation = request.operation
    row = queries.open_plan(operation) or queries.approved_plan(operation)
    if row is None:
        return _page(request, Attempt(), 404, refused=[_("Belum ada rencana pengamanan untuk diunduh.")])
    plan = queries.part_for(queries.plan_of(row), areas(request.member))
    state = "disahkan" if row.state == PlanState.APPROVED else "BELUM DISAHKAN"
    book = head(operation.kode)[:16]
    title = f"Plotting {operation.nama} - rencana pengamanan v{row.version} {state} - kode pemeriksa {book}"
    target = BytesIO()
    note = wording.plotting_note(plan, row)
    write_plotting(target, _plotting_rows(operation, plan), title=title, latihan=operation.mark, note=note)
    name = f"plotting-{operation.kode}-v{row.version}.xlsx"
    return file_response(request, target.getvalue(), name, read="plan.plotting")


def _plotting_rows(operation: Operation, plan: core.Plan) -> list[dict[str, object]]:
    zone = election_of(operation).zone
    rows = core.plotting_rows(
        plan,
        [desa_of(d) for d in operation.desa.all()],
        [tps_of(t) for t in operation.tps.all()],
        units(operation),
    )
    labels = {level: str(label_of(level, operation.labels)) for level in LEVELS}
    return plotting_table(rows, PlottingStyle(labels, zone, language()))

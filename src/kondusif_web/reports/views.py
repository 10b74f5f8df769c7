"""The page of one incident: ask, call, show."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from kondusif.incidents import escalates
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may_at
from kondusif_web.election.queries import village_of
from kondusif_web.pages.actions import Attempt
from kondusif_web.reports import actions, forms, queries, wording
from kondusif_web.reports.models import Incident
from kondusif_web.words import speech


@require_http_methods(["GET", "POST"])
def insiden(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One incident: what, how grave, verified or not, open or over; the actions that are left."""
    visible = queries.incidents_visible_to(request.operation, request.member)
    row = get_object_or_404(visible, client_id=pk)
    if request.method == "GET":
        return _show(request, row, Attempt())
    attempt = Attempt()
    match request.POST.get("action", ""):
        case "periksa":
            acted = attempt.act(request, actions.verify_incident, id=pk)
        case "naikkan":
            higher = request.POST.get("severity", "")
            acted = attempt.act(request, actions.escalate_incident, id=pk, severity=higher)
        case "tutup":
            attempt = Attempt(forms.ClosingForm(request.POST))
            acted = attempt.act(request, actions.close_incident, id=pk)
        case _:
            return HttpResponseBadRequest()
    if acted:
        return redirect("reports:insiden", request.operation.kode, pk)
    return _show(request, row, attempt)


def _show(request: HttpRequest, row: Incident, attempt: Attempt) -> HttpResponse:
    log_read(request, "field.incident", row.place)
    context = {
        "i": row,
        "desa": village_of(row.operation, row.desa),
        "kind": wording.KINDS[row.kind],
        "severity": wording.SEVERITY[row.severity],
        "help": wording.HELP.get(row.help, ""),
        "place": speech().place(row.place),
        "form": attempt.form or forms.ClosingForm(),
        "refused": "" if attempt.form else attempt.why,
        "manages": may_at(request.member, "incident_manage", row.place),
        "sees_gates": may_at(request.member, "see_gates", row.desa),
        "higher": [(k, v) for k, v in wording.SEVERITY.items() if escalates(row.severity, k)],
    }
    return render(request, "reports/insiden.html", context, status=attempt.status)

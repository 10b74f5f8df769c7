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
from kondusif_web.pages.actions import Attempt, given
from kondusif_web.reports import actions, forms, queries, wording
from kondusif_web.reports.models import Incident


@require_http_methods(["GET", "POST"])
def insiden(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One incident: what, how grave, verified or not, open or over; the actions that are left."""
    visible = queries.incidents_visible_to(request.operation, request.member)
    row = get_object_or_404(visible, client_id=pk)
    action = request.POST.get("action", "")
    if request.method == "POST" and action not in ("periksa", "naikkan", "tutup"):
        return HttpResponseBadRequest()
    attempt = Attempt(forms.Closing(request.POST) if action == "tutup" else None)
    if action and attempt.ready:
        with attempt:
            _act(request, row, action, attempt)
            return redirect("reports:insiden", request.operation.kode, pk)
    return _show(request, row, attempt)


def _act(request: HttpRequest, row: Incident, action: str, attempt: Attempt) -> None:
    named = {"id": row.client_id, **given(request)}
    if action == "periksa":
        actions.verify_incident(**named)
    elif action == "naikkan":
        actions.escalate_incident(severity=request.POST.get("severity", ""), **named)
    else:
        actions.close_incident(**attempt.data, **named)


def _show(request: HttpRequest, row: Incident, attempt: Attempt) -> HttpResponse:
    log_read(request, "field.incident", row.place)
    context = {
        "i": row,
        "desa": village_of(row.operation, row.desa),
        "kind": wording.KINDS[row.kind],
        "severity": wording.SEVERITY[row.severity],
        "help": wording.HELP.get(row.help, ""),
        "place": wording.place_name(row.place),
        "form": attempt.form or forms.Closing(),
        "refused": "" if attempt.form else attempt.why,
        "manages": may_at(request.member, "incident_manage", row.place),
        "sees_gates": may_at(request.member, "see_gates", row.desa),
        "higher": [(k, v) for k, v in wording.SEVERITY.items() if escalates(row.severity, k)],
    }
    return render(request, "reports/insiden.html", context, status=attempt.status)

"""Reporting, incidents, the resident's page: ask, call, show. Withdrawal is in ``step_views``."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from kondusif.errors import MoveRefused
from kondusif.incidents import escalates
from kondusif_web.accounts.access import log_read
from kondusif_web.accounts.roles import may_at
from kondusif_web.election.clock import now as clock_now
from kondusif_web.election.queries import village_of
from kondusif_web.pages.texts import TextRefused
from kondusif_web.pages.wording import refusal
from kondusif_web.reports import actions, forms, queries, wording
from kondusif_web.reports.models import Incident


@login_required
@require_http_methods(["GET", "POST"])
def insiden(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One incident: what, how grave, verified or not, open or over; the deeds that are left."""
    visible = queries.incidents_visible_to(request.operation, request.member)
    row = get_object_or_404(visible, client_id=pk)
    now = clock_now(row.operation)
    form = forms.Closing(request.POST if request.POST.get("deed") == "tutup" else None)
    status, refused = 200, ""
    if request.method == "POST":
        try:
            if _incident_deed(request, row, form, now):
                return redirect("reports:insiden", request.operation.kode, pk)
            status = 400
        except TextRefused as error:
            error.into(form)
            status = 422
        except MoveRefused as error:
            refused, status = refusal(error), 409
    log_read(request, "field.incident", row.place)
    context = {
        "i": row,
        "desa": village_of(row.operation, row.desa),
        "kind": wording.KINDS[row.kind],
        "severity": wording.SEVERITY[row.severity],
        "help": wording.HELP.get(row.help, ""),
        "place": wording.place_name(row.place),
        "form": form,
        "refused": refused,
        "manages": may_at(request.member, "incident_manage", row.place),
        "sees_gates": may_at(request.member, "see_gates", row.desa),
        "higher": [(k, v) for k, v in wording.SEVERITY.items() if escalates(row.severity, k)],
        "now": now,
    }
    return render(request, "reports/insiden.html", context, status=status)


def _incident_deed(request: HttpRequest, row: Incident, form: forms.Closing, now: Any) -> bool:
    who: dict[str, Any] = {
        "operation": row.operation,
        "id": row.client_id,
        "by": request.member,
        "now": now,
    }
    deed = request.POST.get("deed")
    if deed == "periksa":
        actions.verify_incident(**who)
    elif deed == "naikkan":
        actions.escalate_incident(severity=request.POST.get("severity", ""), **who)
    elif deed == "tutup" and form.is_valid():
        data = form.cleaned_data
        actions.close_incident(reason=data["reason"], ended_at=data["ended_at"], **who)
    else:
        return False
    return True

"""The page of a resident with a code: ask, call, show."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kondusif_web.election.facts import election_of
from kondusif_web.election.queries import village_of
from kondusif_web.withdrawal import residents


@login_not_required  # a code opens it, not a membership
@require_http_methods(["GET", "POST"])
def kode_jawab(request: HttpRequest, operasi: str, code: str) -> HttpResponse:
    """The resident's page: confirm, or not yet. It knows no name, no number, no posture.

    An unknown code and an unknown operation get one answer (RULES 36); a known one shows a drill as a drill,
    and of an archived operation that nothing is asked any more.
    """
    row = residents.find_code(operasi, code)
    if row is None:
        return render(request, "withdrawal/kode.html", {"known": False}, status=404)
    request.operation = row.operation
    timezone.activate(election_of(row.operation).zone)
    answered = {"ya": True, "belum": False}.get(request.POST.get("jawab", ""))
    if answered is not None:  # a POST that says neither is nobody's word
        residents.answer_by_code(
            operation=row.operation, code=code, confirmed=answered, now=row.operation.now()
        )
    context = {"known": True, "desa": village_of(row.operation, row.desa), "answered": answered}
    response = render(request, "withdrawal/kode.html", context)
    response["Cache-Control"] = "no-store"
    return response

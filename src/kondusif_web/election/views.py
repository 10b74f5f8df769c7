"""The office above its operations: the list after sign-in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kondusif_web.election.queries import memberships


@login_required
def operations(request: HttpRequest) -> HttpResponse:
    """The operations that this person works in; straight into the only one."""
    mine = list(memberships(request.user))
    if len(mine) == 1:
        return redirect("situation:papan", mine[0].operation.kode)
    return render(request, "election/operations.html", {"mine": mine})

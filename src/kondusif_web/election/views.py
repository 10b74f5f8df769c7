"""The office above its operations: the list after sign-in, and the way to a report."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kondusif.errors import NotAllowed
from kondusif_web.accounts import access
from kondusif_web.accounts.roles import may
from kondusif_web.election import cards
from kondusif_web.election.queries import memberships


@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """The operations that this person works in; straight into the only one. Who keeps accounts goes there."""
    mine = list(memberships(request.user))
    if len(mine) == 1:
        return redirect("situation:papan", mine[0].operation.kode)
    if not mine and may(request.user, "manage_accounts"):
        return redirect("election:akun")
    return render(
        request,
        "election/operations.html",
        {
            "tempat": [(m, reverse("situation:papan", args=[m.operation.kode])) for m in mine],
        },
    )


@require_safe
def lapor(request: HttpRequest) -> HttpResponse:
    """A report belongs to one operation: asked for where there are several, else straight to its page.

    The rest of the address, such as the kind of a report, goes along. Raises NotAllowed.
    """
    mine = [m for m in memberships(request.user) if may(m, "report") and not m.operation.archived]
    if not mine:
        raise NotAllowed("role", permission="report")
    rest = f"?{request.GET.urlencode()}" if request.GET else ""
    ways = [(m, reverse("web:lapor", args=[m.operation.kode]) + rest) for m in mine]
    if len(ways) == 1:
        return redirect(ways[0][1])
    return render(request, "election/lapor.html", {"tempat": ways})


@login_not_required
@require_POST
def kartu(request: HttpRequest) -> HttpResponse:
    """Sign in by a card of the drill; where there are no cards this address is none (RULES 23)."""
    user = cards.holder(request.POST.get("akun", ""))
    if user is None:
        raise Http404
    login(request, user, backend=cards.BACKEND)
    request.session[cards.SESSION] = True
    access.write("signed_in", by=user.username, address=access.address(request), how="card")
    return redirect("election:operations")

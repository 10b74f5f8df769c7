"""Cards of a drill: its people, to sign in by a click (RULES 23). They exist under ``serve --demo`` alone.

A session that a card opened acts in drills only; what it is there, its membership says as for anybody.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from kondusif_web.accounts.models import User
from kondusif_web.election.models import Membership, Operation

SESSION = "kartu-latihan"  # what marks such a session
BACKEND = settings.AUTHENTICATION_BACKENDS[0]


def people() -> QuerySet[Membership]:
    """Who has a card, operation by operation; nobody where the office is no demonstration or works live."""
    rows = Membership.objects.filter(active=True, user__is_active=True, operation__drill=True)
    rows = rows.select_related("user", "operation").order_by("operation__kode", "pk")
    return rows if _any() else rows.none()


def holder(username: str) -> User | None:
    """The account of a card; None where there is none of that name."""
    row = people().filter(user__username=username).first()
    return row.user if row else None


def expired(request: HttpRequest) -> bool:
    """Whether a card opened the session that is no card any more."""
    return is_card(request) and not _any()


def is_card(request: HttpRequest) -> bool:
    """Whether a card opened the session: then it changes nothing outside drills."""
    return bool(request.session.get(SESSION))


def _any() -> bool:
    return settings.DEMO and not Operation.objects.filter(drill=False).exists()

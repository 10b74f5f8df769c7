"""Moves of a village by order, up to stand-by (RULES 12)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kondusif.errors import MoveRefused
from kondusif.standby import LADDER, Posture, check_move, is_gated
from kondusif_web.accounts.roles import require
from kondusif_web.election.models import Membership, Operation
from kondusif_web.posts.models import PostureRow
from kondusif_web.posts.posture import desa_row, locked, posture_named, write_move
from kondusif_web.withdrawal.queries import level_of


@transaction.atomic
def move_posture(
    *, operation: Operation, desa: str, to: str, by: Membership, now: datetime, why: str = ""
) -> PostureRow:
    """A move by order, up to stand-by. Raises MoveRefused for a gated move: that needs a request."""
    require(by, "move_posture", desa)
    place = desa_row(operation, desa)
    row = locked(place, by=by, now=now)
    target = posture_named(to)
    check_move(Posture(row.state), target, level_of(place, now))
    if is_gated(Posture(row.state), target):
        raise MoveRefused("move_needs_request", (), state=row.state, to=target.value)
    if row.state in LADDER:
        raise MoveRefused("move_only_by_bad_news", (), state=row.state, to=target.value)
    return write_move(place, row, target, by=by, now=now, why=why or "perintah")

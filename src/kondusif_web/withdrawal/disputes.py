"""Objections to the result, and what came of them, with the paper that says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kondusif.errors import MoveRefused
from kondusif.withdraw import statements
from kondusif_web.accounts.roles import may_at, require
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.pages.texts import refuse_banned
from kondusif_web.posts.models import PostureRow
from kondusif_web.posts.posture import desa_row, locked


@transaction.atomic
def record_dispute(
    *, operation: Operation, desa: str, state: str, source: str, by: Membership, now: datetime
) -> PostureRow:
    """An objection was filed (open), decided (settled), or none was filed, with the paper that says so."""
    if not may_at(by, "gate_fact_committee", desa):
        require(by, "move_posture", desa)
    refuse_banned(source=source)
    village = desa_row(operation, desa)
    row = locked(village, by=by, now=now)
    statements.check_dispute_move(row.dispute, state)
    if not source.strip():
        raise MoveRefused("dispute_source_missing", ())
    row.dispute, row.dispute_source = state, source.strip()
    row.save()
    told = {"state": state, "source": row.dispute_source}
    record("dispute_recorded", row, by=by, now=now, subject=desa, payload=told)
    return row

"""The posture of a village: setting it up, moving it by order, and re-opening it (RULES 12, 14).

A step down is written by ``actions.approve_withdrawal`` alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q

from kondusif.errors import MoveRefused, NotAllowed
from kondusif.places import area_of
from kondusif.standby import Posture
from kondusif.withdraw import Check, IncidentFact, reopens
from kondusif.withdraw.statements import REOPENING_TELLS
from kondusif_web.accounts.roles import require
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.posts.actions import turn_back
from kondusif_web.posts.models import PostingRow, PostureRow

Row = TypeVar("Row", bound=Model)


def desa_row(operation: Operation, kode: str) -> Desa:
    """The operation's village of a code. Raises NotAllowed where nobody votes: nothing is kept there."""
    desa = operation.desa.filter(kode=kode.partition("-")[0]).first()
    if desa is None or not desa.memilih:
        raise NotAllowed("area", kode=kode)
    return desa


def require_row(row: Row | None, by: Membership, permission: str, field: str = "desa") -> Row:
    """The row, for who has the permission where it lies. Raises NotAllowed, also where there is none."""
    require(by, permission, getattr(row, field) if row else "-")
    assert row is not None
    return row


def lock_village(desa: Desa, *, by: Membership | None, now: datetime) -> PostureRow:
    """The village's posture row under its lock; made at preparation when there is none. In a transaction.

    Every write that gates look at takes this lock before its first line in the book: the book has one lock
    for all, so whoever took it first and a village second would block the others for ever. The postings
    that a step or a re-opening moves come along for the same reason.
    """
    Desa.objects.select_for_update(no_key=True).get(pk=desa.pk)
    near = Q(desa=desa.kode) | Q(desa="", post__startswith=f"{area_of(desa.kode)}-")
    postings = PostingRow.objects.select_for_update().filter(near, operation=desa.operation)
    list(postings.order_by("pk").values_list("pk"))
    row = PostureRow.objects.filter(desa=desa).first()
    if row is None:
        row = PostureRow.objects.create(
            operation=desa.operation, desa=desa, state=Posture.PREPARATION.value, since=now
        )
        record("posture_set", row, by=by, now=now, subject=desa.kode, payload={"state": row.state})
    return row


def posture_named(code: str) -> Posture:
    """The posture of a code from a form. Raises MoveRefused for a word that is none."""
    if code not in Posture.__members__.values():
        raise MoveRefused("move_unknown", to=code)
    return Posture(code)


def write_move(
    desa: Desa, row: PostureRow, to: Posture, *, by: Membership, now: datetime, why: str
) -> PostureRow:
    """The write and its line. The caller holds the lock and has decided."""
    before = row.state
    row.state, row.since = to.value, now
    if to is Posture.STANDBY:
        row.standby_since = now
    row.save()
    moved = {"from": before, "to": to.value, "why": why}
    record("posture_moved", row, by=by, now=now, subject=desa.kode, payload=moved)
    return row


def reopen_if_bad(
    desa: Desa, fact: Check | IncidentFact, *, by: Membership, now: datetime
) -> PostureRow | None:
    """Back to stand-by when this new fact demands it (RULES 14); None when nothing moves.

    Turns round whoever is on the road, and leaves the line from which the people concerned are told. What
    was asked for or waived before is out of date, because the posture begins anew.
    """
    row = lock_village(desa, by=by, now=now)
    if not reopens(Posture(row.state), fact):
        return None
    before = row.state
    write_move(desa, row, Posture.STANDBY, by=by, now=now, why=f"dibuka kembali: {fact.id}")
    turn_back(operation=desa.operation, desa=desa.kode, by=by, now=now)
    because = fact.kind if isinstance(fact, IncidentFact) else f"item {fact.item}"
    record(
        "village_reopened",
        by=by,
        now=now,
        operation=desa.operation,
        kode_desa=desa.kode,
        subject=fact.id,
        payload={"from": before, "because": because, "tell": list(REOPENING_TELLS)},
    )
    return row

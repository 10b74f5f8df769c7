"""Writes on commitments: offered, owned, moved, kept, broken. Nobody promises for another body."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from kondusif import dialogue as core
from kondusif.places import within
from kondusif_web.accounts.roles import require
from kondusif_web.dialogue.models import Commitment, Meeting
from kondusif_web.dialogue.speakers import (
    check_code_free,
    check_owner,
    find_sent,
    insert,
    title_of,
    write_status,
)
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.pages.texts import refuse_banned


@transaction.atomic
def offer_commitment(
    *,
    operation: Operation,
    text: str,
    topic: core.Topic,
    by: Membership,
    now: datetime,
    kode: str = "",
    owner: str = "",
    mine: bool = False,
    due: datetime | None = None,
    gate: str = "",
    levels: Sequence[int] = (),
    meeting: Meeting | None = None,
    id: UUID | None = None,
) -> Commitment:
    """A promise as it was said; ``mine``: the writer's own.

    The owner is on the writer's own side: nobody commits another body.
    """
    key = id or uuid4()
    kode, owner = kode or f"k-{str(key)[:8]}", title_of(by) if mine else owner
    if meeting is not None:
        meeting = Meeting.objects.get(operation=operation, pk=meeting.pk)
    _require_here(by, "dialogue_write", operation, meeting)
    refuse_banned(text=text, owner=owner)
    check_owner(by, owner, "commit_own")
    status = core.CommitmentStatus.OWNED if owner else core.CommitmentStatus.OFFERED
    core.Commitment(kode, text, owner, due, status, gate, tuple(levels), topic)  # raises what contradicts
    content = {"kode": kode, "text": text, "topic": topic.value, "due": due, "gate": gate}
    if before := find_sent(Commitment, operation, id, **content):
        return before
    check_code_free(Commitment.objects.filter(operation=operation), kode)
    content |= {"meeting": meeting, "owner": owner, "levels": sorted(levels), "status": status.value}
    row = insert(Commitment, operation, key, content, by=by, now=now)
    record(
        "commitment_offered",
        row,
        by=by,
        now=now,
        payload={"kode": kode, "topic": topic.value, "owner": owner},
    )
    return row


@transaction.atomic
def own_commitment(
    *, operation: Operation, commitment: Commitment, by: Membership, now: datetime
) -> Commitment:
    """Take a promise that nobody owns, in one's own name of office."""
    row = _lock(operation, commitment, by, "commit_own")
    return _move(row, core.CommitmentStatus.OWNED, "commitment_owned", by=by, now=now, owner=title_of(by))


@transaction.atomic
def keep_commitment(
    *, operation: Operation, commitment: Commitment, by: Membership, now: datetime
) -> Commitment:
    """Say that a promise was kept; the owner's side says it."""
    row = _mine(operation, commitment, by)
    return _move(row, core.CommitmentStatus.KEPT, "commitment_kept", by=by, now=now)


@transaction.atomic
def move_commitment(
    *,
    operation: Operation,
    commitment: Commitment,
    due: datetime,
    reason: str,
    by: Membership,
    now: datetime,
) -> Commitment:
    """A new due moment, with the reason that everyone will read."""
    row = _mine(operation, commitment, by)
    refuse_banned(reason=reason)
    if not reason.strip() or due <= now:
        raise core.DialogueError("move_incomplete", commitment=row.kode)
    return _move(
        row, core.CommitmentStatus.MOVED, "commitment_moved", by=by, now=now, due=due, reason=reason.strip()
    )


@transaction.atomic
def break_commitment(
    *, operation: Operation, commitment: Commitment, reason: str, by: Membership, now: datetime
) -> Commitment:
    """Record a broken promise. Whoever keeps the dialogue may, so that no owner can hide it."""
    row = _lock(operation, commitment, by, "dialogue_write")
    refuse_banned(reason=reason)
    if not reason.strip():
        raise core.DialogueError("reason_missing", commitment=row.kode)
    return _move(
        row, core.CommitmentStatus.BROKEN, "commitment_broken", by=by, now=now, reason=reason.strip()
    )


def _require_here(by: Membership, permission: str, operation: Operation, meeting: Meeting | None) -> None:
    """Role, and an area that the promise speaks of: villages of its meeting, else every one that votes."""
    about = meeting.desa.all() if meeting else operation.desa.filter(memilih=True)
    kodes = list(about.values_list("kode", flat=True))
    require(by, permission, next((k for k in kodes if within(k, by.prefixes)), kodes[0] if kodes else ""))


def _lock(operation: Operation, commitment: Commitment, by: Membership, permission: str) -> Commitment:
    """The row, locked, for somebody whose area it speaks of."""
    row = Commitment.objects.select_for_update().get(operation=operation, pk=commitment.pk)
    _require_here(by, permission, operation, row.meeting)
    return row


def _mine(operation: Operation, commitment: Commitment, by: Membership) -> Commitment:
    """The locked row, if the person speaks for its owner: the same title, or the same force."""
    row = _lock(operation, commitment, by, "commit_own")
    check_owner(by, row.owner, "commit_own")
    return row


def _move(
    row: Commitment, to: core.CommitmentStatus, kind: str, *, by: Membership, now: datetime, **change: object
) -> Commitment:
    core.check_commitment_move(core.CommitmentStatus(row.status), to)
    return write_status(row, to, kind, by=by, now=now, **change)

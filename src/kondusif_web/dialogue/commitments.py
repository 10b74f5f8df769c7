"""Writes on commitments: offered, owned, moved, kept, broken. Nobody promises for another body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from kondusif import dialogue as core
from kondusif.errors import NotAllowed
from kondusif.places import within
from kondusif_web.accounts.roles import may, require
from kondusif_web.dialogue.facts import commitment_of
from kondusif_web.dialogue.models import Commitment, Meeting
from kondusif_web.dialogue.speakers import (
    OWN,
    check_code_free,
    check_owner,
    find_sent,
    insert,
    own_institution,
    speaks_everywhere,
    title_of,
    write_status,
)
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.pages.texts import refuse_banned

AS_OFFERED = ()  # of levels: those that the promise was offered for


def drafted(
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
    levels: Sequence[int] | None = None,
    meeting: Meeting | None = None,
    id: UUID | None = None,
) -> core.Commitment:
    """The promise that :func:`offer_commitment` would write; raises what it would raise."""
    own = own_institution(by)
    owner = title_of(by) if mine or (own == OWN and not owner) else owner
    if meeting is not None:
        meeting = Meeting.objects.get(operation=operation, pk=meeting.pk)
    require_here(by, own, operation, meeting)
    if meeting is None and not speaks_everywhere(by):
        raise NotAllowed("area", permission=own)
    refuse_banned(text=text, owner=owner)
    check_owner(by, owner, "commit_own")
    return core.Commitment(
        kode or f"k-{str(id or uuid4())[:8]}",
        text,
        owner,
        due,
        core.CommitmentStatus.OWNED if owner else core.CommitmentStatus.OFFERED,
        gate,
        None if levels is None else tuple(sorted(levels)),
        topic,
        tuple(meeting.desa.values_list("kode", flat=True)) if meeting else (),
    )


@transaction.atomic
def offer_commitment(
    *, operation: Operation, by: Membership, now: datetime, id: UUID | None = None, **said: Any
) -> Commitment:
    """A promise as it was said, with the facts of :func:`drafted`: ``mine``, the writer's; ``levels``, None
    where none was named.

    The owner is on the writer's own side: nobody commits another body. Camat, Danramil and committee record
    what their own institution promises, and nothing else (RULES 20).
    """
    key = id or uuid4()
    promise = drafted(operation=operation, by=by, now=now, id=key, **said)
    meeting, levels = said.get("meeting"), promise.levels
    content = {
        "kode": promise.kode,
        "text": promise.text,
        "topic": promise.topic.value,
        "due": promise.due,
        "gate": promise.gate,
        "meeting_id": meeting.pk if meeting else None,
        "levels": None if levels is None else list(levels),
    }
    if before := find_sent(Commitment, operation, id, **content):
        return before
    check_code_free(Commitment.objects.filter(operation=operation), promise.kode)
    content |= {"owner": promise.owner, "status": promise.status.value}
    row = insert(Commitment, operation, key, content, by=by, now=now)
    payload = {"kode": promise.kode, "topic": promise.topic.value, "owner": promise.owner}
    record("commitment_offered", row, by=by, now=now, payload=payload)
    return row


def taken(row: Commitment, by: Membership, levels: Sequence[int] | None = AS_OFFERED) -> core.Commitment:
    """The promise as :func:`own_commitment` would leave it."""
    named = row.levels if levels == AS_OFFERED else levels
    return replace(
        commitment_of(row),
        owner=title_of(by),
        status=core.CommitmentStatus.OWNED,
        levels=None if named is None else tuple(sorted(named)),
    )


@transaction.atomic
def own_commitment(
    *,
    operation: Operation,
    commitment: Commitment,
    by: Membership,
    now: datetime,
    levels: Sequence[int] | None = AS_OFFERED,
) -> Commitment:
    """Take a promise that nobody owns, in one's own name of office, for the levels that one names."""
    row = _lock(operation, commitment, by, "commit_own")
    promise = taken(row, by, levels)
    named = None if promise.levels is None else list(promise.levels)
    took = {"owner": promise.owner, "levels": named}
    return _move(row, core.CommitmentStatus.OWNED, "commitment_owned", by=by, now=now, **took)


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
    """Record a broken promise. Its owner may, and who keeps the dialogue, so that no owner can hide it."""
    own = "dialogue_write" if may(by, "dialogue_write") else "commit_own"
    row = _lock(operation, commitment, by, own)
    if own == "commit_own":
        check_owner(by, row.owner or title_of(by), own)
    refuse_banned(reason=reason)
    if not reason.strip():
        raise core.DialogueError("reason_missing", commitment=row.kode)
    return _move(
        row, core.CommitmentStatus.BROKEN, "commitment_broken", by=by, now=now, reason=reason.strip()
    )


def require_here(by: Membership, permission: str, operation: Operation, meeting: Meeting | None) -> None:
    """Role, and an area that the promise speaks of: villages of its meeting, else every one that votes."""
    about = meeting.desa.all() if meeting else operation.desa.filter(memilih=True)
    kodes = list(about.values_list("kode", flat=True))
    require(by, permission, next((k for k in kodes if within(k, by.prefixes)), kodes[0] if kodes else ""))


def _lock(operation: Operation, commitment: Commitment, by: Membership, permission: str) -> Commitment:
    """The row, locked, for somebody whose area it speaks of."""
    row = Commitment.objects.select_for_update().get(operation=operation, pk=commitment.pk)
    require_here(by, permission, operation, row.meeting)
    return row


def _mine(operation: Operation, commitment: Commitment, by: Membership) -> Commitment:
    """The locked row, if the person speaks for its owner: the same title, or the same force."""
    row = _lock(operation, commitment, by, "commit_own")
    check_owner(by, row.owner, "commit_own")
    return row


def _move(
    row: Commitment, to: core.CommitmentStatus, kind: str, *, by: Membership, now: datetime, **change: object
) -> Commitment:
    if row.status == to and row.moved_by == by and all(getattr(row, k) == v for k, v in change.items()):
        return row  # sent twice
    core.check_commitment_move(core.CommitmentStatus(row.status), to)
    return write_status(row, to, kind, by=by, now=now, **change)

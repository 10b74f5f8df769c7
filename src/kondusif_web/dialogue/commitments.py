"""Writes on commitments: offered, owned, moved, kept, broken. Nobody promises for another body."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kondusif import dialogue as core
from kondusif.errors import Conflict, NotAllowed
from kondusif.places import within
from kondusif_web.accounts.roles import require
from kondusif_web.dialogue.models import Commitment, Meeting
from kondusif_web.dialogue.speakers import once, speaks_for, title_of
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.pages.texts import refuse_banned


@transaction.atomic
def offer_commitment(
    *,
    operation: Operation,
    kode: str,
    text: str,
    topic: core.Topic,
    by: Membership,
    now: datetime,
    owner: str = "",
    due: datetime | None = None,
    gate: str = "",
    levels: Sequence[int] = (),
    meeting: Meeting | None = None,
    id: UUID | None = None,
) -> Commitment:
    """A promise as it was said. The owner is on the writer's own side: nobody commits another body."""
    if meeting is not None:
        meeting = Meeting.objects.get(operation=operation, pk=meeting.pk)
    _require_here(by, "dialogue_write", operation, meeting)
    refuse_banned(text=text, owner=owner)
    if owner and not speaks_for(by, owner):
        raise NotAllowed("owner", permission="commit_own")
    status = core.CommitmentStatus.OWNED if owner else core.CommitmentStatus.OFFERED
    core.Commitment(kode, text, owner, due, status, gate, tuple(levels), topic)  # raises what contradicts
    content = {"kode": kode, "text": text, "topic": topic.value, "due": due, "gate": gate}
    if before := once(Commitment, operation, id, **content):
        return before
    if Commitment.objects.filter(operation=operation, kode=kode).exists():
        raise Conflict("code_taken", kode=kode)
    row = Commitment(
        operation=operation,
        meeting=meeting,
        owner=owner,
        levels=sorted(levels),
        status=status.value,
        recorded_by=by,
        recorded_at=now,
        **content,
        **({"client_id": id} if id else {}),
    )
    row.save(force_insert=True)
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
    row = _locked(operation, commitment, by, "commit_own")
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
    row = _locked(operation, commitment, by, "dialogue_write")
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


def _locked(operation: Operation, commitment: Commitment, by: Membership, permission: str) -> Commitment:
    """The row, locked, for somebody whose area it speaks of."""
    row = Commitment.objects.select_for_update().get(operation=operation, pk=commitment.pk)
    _require_here(by, permission, operation, row.meeting)
    return row


def _mine(operation: Operation, commitment: Commitment, by: Membership) -> Commitment:
    """The locked row, if the person speaks for its owner: the same title, or the same force."""
    row = _locked(operation, commitment, by, "commit_own")
    if row.owner and not speaks_for(by, row.owner):
        raise NotAllowed("owner", permission="commit_own")
    return row


def _move(
    row: Commitment, to: core.CommitmentStatus, kind: str, *, by: Membership, now: datetime, **change: object
) -> Commitment:
    core.check_commitment_move(core.CommitmentStatus(row.status), to)
    for name, value in (change | {"status": to.value, "moved_by": by, "moved_at": now}).items():
        setattr(row, name, value)
    row.save()
    payload = {"kode": row.kode} | {k: v for k, v in change.items() if k in ("owner", "due", "reason")}
    record(kind, row, by=by, now=now, payload=payload)
    return row

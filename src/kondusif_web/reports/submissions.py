"""What arrives under its sender's id: accepted once in an operation, or a conflict (RULES 26)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from kondusif.errors import Conflict, MoveRefused, NotAllowed
from kondusif.logbook import digest as digest_of
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.logbook.clock import server_now
from kondusif_web.logbook.digests import plain
from kondusif_web.posts.posture import desa_row
from kondusif_web.reports.models import Submission

Row = TypeVar("Row", bound=Submission)


def content_of(values: Mapping[str, Any], by: Membership) -> str:
    return digest_of({"by": by.username} | {k: plain(v) for k, v in values.items()})


def find_sent(model: type[Row], operation: Operation, id_: UUID, content: str) -> Row | None:
    """The operation's row of this id, when it is the same. Raises Conflict for other content."""
    row = model.objects.select_for_update().filter(operation=operation, client_id=id_).first()
    if row is not None and row.digest != content:
        raise Conflict(id=str(id_))
    return row


def keep(row: Row) -> Row:
    """The row as inserted; where the same id was faster by a moment, that row, or Conflict."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        other = find_sent(type(row), row.operation, row.client_id, row.digest)
        if other is None:
            raise
        return other
    return row


def submission(
    model: type[Row],
    desa: Desa,
    own: Mapping[str, Any],
    *,
    id: UUID,
    place: str,
    by: Membership,
    now: datetime,
    digest: str,
    channel: str,
    occurred_at: datetime | None = None,
    corrects: UUID | None = None,
) -> Row:
    """A new row: its ``own`` columns, and those of all that comes from the field, whence, by whom, when."""
    return model(
        client_id=id,
        operation=desa.operation,
        desa=desa.kode,
        place=place,
        channel=channel,
        observer=by,
        occurred_at=min(occurred_at or now, now),
        received_at=now,
        recorded_at=server_now(),
        digest=digest,
        corrects=corrects,
        **own,
    )


def place_of(operation: Operation, kode: str) -> Desa:
    """The voting village a place code lies in. Raises NotAllowed for a station that is not on the list."""
    desa = desa_row(operation, kode)
    if kode != desa.kode and not desa.tps.filter(kode=kode).exists():
        raise NotAllowed("area", kode=kode)
    return desa


def check_correction(
    model: type[Row], operation: Operation, corrects: UUID | None, place: str, by: Membership
) -> None:
    """A correction points at a row of the same kind and place, by the same observer (method 6.2)."""
    if corrects is None:
        return
    old = model.objects.filter(operation=operation, client_id=corrects, place=place).first()
    if old is None or old.observer_id != by.pk:
        raise MoveRefused("correction_not_own", id=str(corrects))

"""Whose word a person gives, and rows that come under an id of their own (RULES 26)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import models

from kondusif import dialogue as core
from kondusif.errors import Conflict, NotAllowed
from kondusif.forces import Force
from kondusif.places import within
from kondusif.roles import ROLES
from kondusif_web.accounts.roles import NAMES, may
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record

Row = TypeVar("Row", bound=models.Model)


def title_of(user: Membership) -> str:
    """How a person speaks in the record: the title, with the force where the title hides it."""
    title = user.jabatan or str(NAMES[user.role])
    force = ROLES[user.role].force
    if force is not None and core.force_of(title) is not force:
        return f"{title}, {'TNI' if force is Force.TNI else 'Polri'}"
    return title


def speaks_for(user: Membership, owner: str) -> bool:
    """Whether a promise of this owner is the person's own side: the same title, or the same force."""
    force = ROLES[user.role].force
    return owner == title_of(user) or (force is not None and core.force_of(owner) is force)


OWN = "dialogue_own"


def own_institution(user: Membership) -> str:
    """The permission by which a person records promises and visits: those who hold ``dialogue_own`` only for
    their own institution (RULES 20), whatever else they may write of the dialogue."""
    return OWN if may(user, OWN) else "dialogue_write"


def speaks_everywhere(user: Membership) -> bool:
    """Whether a promise of no meeting, which speaks to every village, is within what they speak for."""
    voting = user.operation.desa.filter(memilih=True).values_list("kode", flat=True)
    return own_institution(user) != OWN or all(within(kode, user.prefixes) for kode in voting)


def check_owner(user: Membership, owner: str, permission: str) -> None:
    """Raises NotAllowed where the promise is another side's."""
    if owner and not speaks_for(user, owner):
        raise NotAllowed("owner", permission=permission)


def find_sent(model: type[Row], operation: Operation, key: UUID | None, **content: Any) -> Row | None:
    """The row of the operation that came before with this id, or None. Raises Conflict where its content
    differs (RULES 26)."""
    before = model._default_manager.filter(operation=operation, client_id=key).first() if key else None
    if before is None:
        return None
    other = sorted(name for name, value in content.items() if getattr(before, name) != value)
    if other:
        raise Conflict("other_content", id=str(key), fields=tuple(other))
    return before


def insert(
    model: type[Row],
    operation: Operation,
    key: UUID | None,
    content: Mapping[str, Any],
    *,
    by: Membership,
    now: datetime,
) -> Row:
    """A new row of the operation, under the id it came with or else under one made here."""
    return model._default_manager.create(
        operation=operation, client_id=key or uuid4(), recorded_by=by, recorded_at=now, **content
    )


def check_code_free(rows: models.QuerySet[Any], kode: str) -> None:
    """Raises Conflict where one of the rows has this code."""
    if rows.filter(kode=kode).exists():
        raise Conflict("code_taken", kode=kode)


def write_status(row: Row, to: StrEnum, kind: str, *, by: Membership, now: datetime, **change: object) -> Row:
    """The row moved on, with its line in the book; the caller has locked it and decided."""
    for name, value in {**change, "status": to.value, "moved_by": by, "moved_at": now}.items():
        setattr(row, name, value)
    row.save()
    record(kind, row, by=by, now=now, payload={"kode": row.kode} | change)
    return row

"""Whose word a person gives, and the same form sent twice."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from kondusif import dialogue as core
from kondusif.errors import Conflict
from kondusif.forces import Force
from kondusif.roles import ROLES
from kondusif_web.accounts.roles import NAMES
from kondusif_web.election.models import Membership, Operation

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


def once(model: type[Row], operation: Operation, key: UUID | None, **content: Any) -> Row | None:
    """The row of the operation that came before with this id, or None. Raises Conflict where its content
    differs (RULES 26)."""
    before = model._default_manager.filter(operation=operation, client_id=key).first() if key else None
    if before is None:
        return None
    other = sorted(name for name, value in content.items() if getattr(before, name) != value)
    if other:
        raise Conflict("other_content", id=str(key), fields=tuple(other))
    return before

"""Columns and promises that tables of an operation repeat, under one name each.

They are plain fields and constraints of Django: a migration knows nothing of this module.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Q


def protected(to: type[models.Model] | str, related_name: str = "+", **more: Any) -> models.ForeignKey:
    """A key to a row that cannot be deleted while this one points at it."""
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name=related_name, **more)


def own_key() -> models.UUIDField:
    """A primary key that the office makes itself."""
    return models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)


def coded(codes: Iterable[StrEnum], max_length: int, **more: Any) -> models.CharField:
    """A column that holds one code of a table of the core."""
    choices = [(code.value, code.value) for code in codes]
    return models.CharField(max_length=max_length, choices=choices, **more)


def once(name: str, *fields: str, **more: Any) -> models.UniqueConstraint:
    """No two rows have the same values there."""
    return models.UniqueConstraint(fields=fields, name=name, **more)


def holds(name: str, condition: Q) -> models.CheckConstraint:
    """What is true of every row."""
    return models.CheckConstraint(condition=condition, name=name)


def known(name: str, field: str, codes: Iterable[StrEnum]) -> models.CheckConstraint:
    """The column holds one of the codes."""
    return holds(name, Q(**{f"{field}__in": [c.value for c in codes]}))


def filled(name: str, field: str) -> models.CheckConstraint:
    """The text is not blank."""
    return holds(name, ~Q(**{field: ""}))


def paired(name: str, *fields: str) -> models.CheckConstraint:
    """All of the fields are set, or none: who and when come together."""
    none = Q(**{f"{f}__isnull": True for f in fields})
    every = Q(**{f"{f}__isnull": False for f in fields})
    return holds(name, none | every)

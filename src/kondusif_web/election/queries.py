"""Reads of the operation and its places."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from kondusif_web.accounts.models import User
from kondusif_web.accounts.visible import in_areas
from kondusif_web.election.models import Boundary, Desa, Operation, Retired, Tps


class NoOperation(LookupError):
    """The office is empty: nothing was imported yet."""


def operation_or_none() -> Operation | None:
    """The operation this office keeps: the newest, or None in an empty office."""
    return Operation.objects.order_by("-pk").first()


def current_operation() -> Operation:
    """As :func:`operation_or_none`. Raises NoOperation in an empty office; pages then say how to begin."""
    operation = operation_or_none()
    if operation is None:
        raise NoOperation("no operation yet: kondusif-office import FILE")
    return operation


def covers(user: User, operation: Operation) -> bool:
    """Whether the person's areas hold every voting village: what is done for all is not done from a part."""
    voting = operation.desa.filter(memilih=True)
    return not voting.exclude(pk__in=in_areas(voting, user).order_by().values("pk")).exists()


def desa_visible_to(user: User) -> QuerySet[Desa, Any]:
    """Villages of the operation inside the person's areas."""
    return in_areas(Desa.objects.filter(operation=operation_or_none()), user)


def tps_visible_to(user: User) -> QuerySet[Tps, Any]:
    """Stations inside the person's areas."""
    return in_areas(Tps.objects.filter(operation=operation_or_none()).select_related("desa"), user)


def boundaries(operation: Operation) -> dict[str, Boundary]:
    """Official boundaries by desa code; their full coordinates are not read."""
    rows = Boundary.objects.filter(operation=operation, desa__in=operation.desa.all())
    rows = rows.select_related("desa").defer("polygons")
    return {row.desa.kode: row for row in rows}


def retired_visible_to(user: User) -> QuerySet[Retired, Any]:
    """Places out of use inside the person's areas; a station that went with its village stands with it."""
    rows = Retired.objects.filter(operation=operation_or_none(), restored_at__isnull=True, along="")
    return in_areas(rows.select_related("by"), user)

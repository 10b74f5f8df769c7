"""A village or station entered by mistake goes out of use, with its reason, and is never deleted.

A wrong code is mended by retiring the place and adding it under the right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kondusif.banned import scan
from kondusif.errors import ImportRefused, MoveRefused, Problem
from kondusif.places import desa_of
from kondusif_web.accounts.roles import require
from kondusif_web.election.growth import common_names, redraw
from kondusif_web.election.models import Desa, Membership, Operation, Retired, Tps
from kondusif_web.logbook.actions import record


def codes_of(operation: Operation, kode: str) -> tuple[str, ...]:
    """A standing village with its standing stations, or one station. Raises MoveRefused for another code."""
    if Desa.objects.filter(operation=operation, kode=kode).exists():
        stations = Tps.objects.filter(operation=operation, desa__kode=kode)
        return (kode, *stations.values_list("kode", flat=True))
    if Tps.objects.filter(operation=operation, kode=kode).exists():
        return (kode,)
    raise MoveRefused("place_unknown", kode=kode)


@transaction.atomic
def retire_place(
    *, operation: Operation, kode: str, reason: str, dependents: Sequence[str], by: Membership, now: datetime
) -> list[Retired]:
    """Take a place out of use, a village with its stations. ``dependents``: what rests on it, in words.

    Raises NotAllowed outside the areas, ImportRefused without a reason or for words never kept, MoveRefused
    naming everything that rests on the place in ``dependents``.
    """
    operation = operation.lock()
    require(by, "manage_operation", kode)
    kodes = codes_of(operation, kode)
    if not reason.strip() or scan(reason):
        found = ", ".join(b.word for b in scan(reason)) or "kosong"
        raise ImportRefused([Problem("tempat", "", None, "alasan", found, "alasan, tanpa nama orang")])
    if dependents:
        raise MoveRefused("place_in_use", kode=kode, dependents=tuple(dependents))
    rows = [
        Retired.objects.create(
            operation=operation,
            kode=k,
            along=kode if k != kode else "",
            reason=reason.strip()[:240],
            by=by,
            at=now,
        )
        for k in kodes
    ]
    moved = _around(operation) if kode == desa_of(kode) else []
    record(
        "place_retired",
        by=by,
        now=now,
        operation=operation,
        kode_desa=desa_of(kode),
        subject=kode,
        payload={"kode": kode, "places": list(kodes), "reason": rows[0].reason},
        rows=[*rows, *moved],
    )
    return rows


@transaction.atomic
def restore_place(*, operation: Operation, kode: str, by: Membership, now: datetime) -> list[Retired]:
    """Take it into use again, with the stations that went along. Raises NotAllowed, MoveRefused."""
    operation = operation.lock()
    require(by, "manage_operation", kode)
    gone = Retired.objects.select_for_update().filter(operation=operation, restored_at__isnull=True)
    rows = [*gone.filter(kode=kode, along=""), *gone.filter(along=kode)]
    if not rows:
        raise MoveRefused("place_not_retired", kode=kode)
    if kode != desa_of(kode) and gone.filter(kode=desa_of(kode)).exists():
        raise MoveRefused("place_of_retired", kode=kode)
    for row in rows:
        row.restored_at, row.restored_by = now, by
        row.save()
    moved = _around(operation) if kode == desa_of(kode) else []
    record(
        "place_restored",
        by=by,
        now=now,
        operation=operation,
        kode_desa=desa_of(kode),
        subject=kode,
        payload={"kode": kode, "places": [row.kode for row in rows]},
        rows=[*rows, *moved],
    )
    return rows


def _around(operation: Operation) -> list[Desa | Operation]:
    """What a village that goes or comes changes beside itself: outlines of its neighbours, shared names."""
    rows: list[Desa | Operation] = [*redraw(operation)]
    names = common_names(operation)
    if any(getattr(operation, name) != value for name, value in names.items()):
        for name, value in names.items():
            setattr(operation, name, value)
        operation.save()
        rows.append(operation)
    return rows

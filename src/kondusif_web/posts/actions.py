"""Forces as they are; the moves of a posting are in ``muster``, those of a village in ``posture``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from kondusif import forces, places
from kondusif.errors import ImportRefused, Problem
from kondusif.words import N_
from kondusif_web.accounts.roles import require
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.posts.models import ForceUnit


@transaction.atomic
def import_forces(
    *, operation: Operation, units: Iterable[forces.Unit], by: Membership | None, now: datetime
) -> list[ForceUnit]:
    """Add units or replace those of the same code; ``by`` None only from the command line.

    Units that the file does not name stay. Raises ImportRefused with every problem; then nothing is taken.
    """
    if by is not None:
        require(by, "make_plan")
    units = list(units)
    if problems := _problems(operation, units):
        raise ImportRefused(problems)
    known = {r.kode: r for r in ForceUnit.objects.select_for_update().filter(operation=operation)}
    rows = []
    for u in units:
        row = known.get(u.kode) or ForceUnit(operation=operation, kode=u.kode)
        row.nama, row.force, row.function, row.strength = u.nama, u.force.value, u.function, u.strength
        row.base_lat, row.base_lng = (u.base.lat, u.base.lng) if u.base else (None, None)
        row.base_nama, row.bko, row.only_desa = u.base_nama, u.bko, u.only_desa or ""
        row.not_at = list(u.not_at)
        row.full_clean()
        row.save()
        rows.append(row)
    record(
        "forces_imported",
        by=by,
        now=now,
        operation=operation,
        subject=operation.kode,
        payload={"units": {u.kode: u.strength for u in units}},
        rows=rows,
    )
    return rows


def _problems(operation: Operation, units: list[forces.Unit]) -> list[Problem]:
    desa = set(operation.desa.values_list("kode", flat=True))
    kodes = [u.kode for u in units]
    out = []
    for row, u in enumerate(units, start=1):

        def add(column: str, found: object, expected: str, row: int = row) -> None:
            out.append(Problem("kekuatan", "", row, column, str(found), expected))

        if kodes.count(u.kode) > 1:
            add("kode", u.kode, N_("kode yang tidak berulang"))
        if u.strength < 0:
            add("jumlah", u.strength, N_("0 atau lebih"))
        if u.only_desa and u.only_desa not in desa:
            add("khusus_desa", u.only_desa, N_("kode desa dalam operasi"))
        for area in u.not_at:
            if not any(places.within(d, [area]) or area.startswith(d + "-") for d in desa):
                add("bukan_di", area, N_("kode wilayah atau TPS dalam operasi"))
    return out

"""An operation that runs grows by file: places added and corrected, never taken away; and its boundaries.

What a file may change was decided by ``kondusif.files.changes``; here it is written, with a line each.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from kondusif.errors import Conflict
from kondusif.files.changes import Change, Changes, RowState
from kondusif.files.geojson import Boundaries
from kondusif.files.outline import drawn
from kondusif.files.sheets import TAHAP
from kondusif.places import Point, desa_of
from kondusif.stages import ZONES
from kondusif_web.accounts.roles import require
from kondusif_web.election.actions import consistent, date_stage, shared_names
from kondusif_web.election.cells import cells
from kondusif_web.election.models import Boundary, Calon, Desa, Membership, Operation, Tps
from kondusif_web.logbook.actions import record, saved

DRAWN_PER_EXTENT = 2_500  # a drawing's corners are as fine as the longer side of the whole divided by this
COLUMNS: Mapping[type[Desa | Tps], tuple[str, ...]] = {  # that a file brings and may correct
    Desa: ("nama", "kecamatan", "kabupaten", "lat", "lng", "memilih"),
    Tps: ("nama", "pemilih", "lat", "lng"),
}
OPERASI_COLUMNS = {
    "nama": "nama",
    "polres": "polres",
    "waktu_pemungutan": "vote_at",
    "zona_waktu": "tz",
    "paket_aturan": "rule_pack",
    "pola": "pattern_set",
}


@transaction.atomic
def grow_operation(
    *,
    operation: Operation,
    changes: Changes,
    polsek: str = "",
    illustrative: bool,
    by: Membership | None,
    now: datetime,
) -> Operation:
    """Everything of a checked file about the operation and its places. ``by`` None: the command line.

    ``polsek`` names the operation's Polsek where none is named yet. Raises Conflict when a row is refused
    (the caller shows it and does not come here), StagesError for an election that contradicts itself.
    """
    if by is not None:
        _require_places(by, changes)
    if changes.problems:
        raise Conflict("row_refused", operation=operation.kode)
    operation = operation.lock()
    new = _new_places(operation, changes)
    corrected = [*_corrected(operation, changes, Desa), *_corrected(operation, changes, Tps)]
    redrawn = redraw(operation) if _villages_moved(changes) else []
    _change_operation(operation, changes, polsek, illustrative, by, now)
    if new or redrawn:
        record(
            "places_imported",
            by=by,
            now=now,
            operation=operation,
            subject=operation.kode,
            payload={s: [c.key for c in changes.of(s, RowState.NEW)] for s in ("desa", "tps", "calon")},
            rows=[*new, *redrawn],
        )
    for change, row in corrected:
        record(
            "place_changed",
            row,
            by=by,
            now=now,
            kode_desa=desa_of(change.key),
            subject=change.key,
            payload={"kode": change.key, "fields": [c for c, _, _ in change.fields]} | _voters(change),
        )
    for change in changes.of("tahap", RowState.NEW, RowState.CHANGED):
        date_stage(
            operation=operation,
            kode=TAHAP[change.row["tahap"]],
            at=change.row["waktu"],
            source=change.row["sumber"],
            by=by,
            now=now,
        )
    return operation


def _require_places(by: Membership, changes: Changes) -> None:
    require(by, "manage_operation")
    for change in changes.rows:
        if change.sheet in ("desa", "tps", "calon"):
            require(by, "manage_operation", change.key.partition(" ")[0])


def _villages_moved(changes: Changes) -> bool:
    """Whether villages come, or stand elsewhere."""
    moved = {c for change in changes.of("desa", RowState.CHANGED) for c, _, _ in change.fields}
    return bool(changes.of("desa", RowState.NEW)) or not moved.isdisjoint({"lat", "lng"})


def _voters(change: Change) -> dict[str, object]:
    """Numbers may stand in the book, names not: a name before its correction may be a person's."""
    return next(({"pemilih": [a, b]} for c, a, b in change.fields if c == "pemilih"), {})


def _new_places(operation: Operation, changes: Changes) -> list[Any]:
    rows: list[Any] = []
    desa = {d.kode: d for d in operation.desa.all()}
    for change in changes.of("desa", RowState.NEW):
        values = _values(change, Desa) | {"kabupaten": change.row.get("kabupaten") or ""}
        desa[change.key] = saved(Desa(operation=operation, kode=change.key, **values))
        rows.append(desa[change.key])
    for change in changes.of("tps", RowState.NEW):
        values = _values(change, Tps) | {"nama": change.row.get("nama") or "", "nomor": change.row["nomor"]}
        owner = desa[change.row["desa"]]
        rows.append(saved(Tps(operation=operation, desa=owner, kode=change.key, **values)))
    for change in changes.of("calon", RowState.NEW):
        rows.append(saved(Calon(desa=desa[change.row["desa"]], nomor=change.row["nomor"])))
    return rows


def _values(change: Change, model: type[Desa | Tps]) -> dict[str, Any]:
    return {column: change.row.get(column) for column in COLUMNS[model]}


def _corrected(
    operation: Operation, changes: Changes, model: type[Desa | Tps]
) -> list[tuple[Change, Desa | Tps]]:
    wanted = {c.key: c for c in changes.of(model._meta.model_name, RowState.CHANGED)}
    out = []
    for row in model.objects.select_for_update().filter(operation=operation, kode__in=wanted):
        for column, _, after in wanted[row.kode].fields:
            if column in COLUMNS[model]:
                setattr(row, column, after)
        out.append((wanted[row.kode], saved(row)))
    return out


def redraw(operation: Operation) -> list[Desa]:
    """Schematic outlines anew: each ends where its neighbour begins, so one village moves several."""
    rows = list(operation.desa.all())
    rings = cells({d.kode: Point(d.lat, d.lng) for d in rows if d.lat is not None and d.lng is not None})
    changed = []
    for row in rows:
        ring = rings.get(row.kode, [])
        if ring != row.cell:
            row.cell = ring
            row.save()
            changed.append(row)
    return changed


def _change_operation(
    operation: Operation,
    changes: Changes,
    polsek: str,
    illustrative: bool,
    by: Membership | None,
    now: datetime,
) -> None:
    """Fields of the sheet ``operasi``, and those that follow from the places."""
    wanted: dict[str, Any] = {}
    for change in changes.of("operasi", RowState.CHANGED):
        for column, _, after in change.fields:
            if column.startswith("mulai_tingkat_"):
                days, at = after  # type: ignore[misc]
                offsets = wanted.get("start_offsets", dict(operation.start_offsets))
                wanted["start_offsets"] = offsets | {column[-1]: [days, f"{at:%H:%M}"]}
            else:
                wanted[OPERASI_COLUMNS[column]] = (
                    ZONES.get(str(after), after) if column == "zona_waktu" else after
                )
    if changes.of("desa", RowState.NEW, RowState.CHANGED):
        wanted |= common_names(operation)
    wanted["polsek"] = operation.polsek or polsek
    wanted["illustrative"] = operation.illustrative or illustrative  # the mark never goes again (RULES 24)
    fields = sorted(f for f, value in wanted.items() if getattr(operation, f) != value)
    if not fields:
        return
    for name in fields:
        setattr(operation, name, wanted[name])
    consistent(operation)
    record(
        "operation_changed",
        operation,
        by=by,
        now=now,
        subject=operation.kode,
        payload={"fields": fields} | ({"vote_at": operation.vote_at} if "vote_at" in fields else {}),
    )


def common_names(operation: Operation) -> dict[str, str]:
    """Kecamatan and kabupaten that all villages share, those that vote first; blank where they differ."""
    return shared_names(list(operation.desa.filter(memilih=True)) or list(operation.desa.all()))


# ---------------------------------------------------------------- boundaries


@transaction.atomic
def import_boundaries(
    *, operation: Operation, found: Boundaries, source: str, by: Membership | None, now: datetime
) -> list[Boundary]:
    """Boundaries of the villages in a checked file, in place of those before; other villages keep theirs.

    Raises NotAllowed for a village outside the areas, ValidationError without a source.
    """
    if by is not None:
        require(by, "manage_operation")
        for kode in found.outlines:
            require(by, "manage_operation", kode)
    operation = operation.lock()
    desa = {d.kode: d for d in operation.desa.all()}
    there = {b.desa.kode: b for b in operation.boundaries.select_related("desa")}
    fine = tolerance(found)
    rows = []
    for kode, outline in found.outlines.items():
        row = there.get(kode) or Boundary(operation=operation, desa=desa[kode])
        row.polygons, row.rings = outline.plain, drawn(outline.polygons, fine)
        row.source, row.file_digest = source.strip(), found.digest
        rows.append(saved(row))
    record(
        "boundaries_imported",
        by=by,
        now=now,
        operation=operation,
        subject=operation.kode,
        payload={"desa": sorted(found.outlines), "source": source.strip(), "digest": found.digest},
        rows=rows,
    )
    return rows


def tolerance(found: Boundaries) -> float:
    """Degrees within which a drawn boundary may leave the official one: about half a dot of the map."""
    points = [p for o in found.outlines.values() for polygon in o.polygons for ring in polygon for p in ring]
    if not points:
        return 0.0
    wide = max(p[0] for p in points) - min(p[0] for p in points)
    tall = max(p[1] for p in points) - min(p[1] for p in points)
    return max(wide, tall) / DRAWN_PER_EXTENT

"""``kondusif compare`` and ``kondusif roll-up``: on the folders that ``kondusif measure --out`` wrote."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from operator import attrgetter
from pathlib import Path

import numpy as np

from kondusif.cli.comparable import scale_differences
from kondusif.cli.terminal import Result, UsageError
from kondusif.cli.wording import koma
from kondusif.errors import ImportRefused, Problem
from kondusif.places import official
from kondusif_index.audit.compare import BuildComparison, Shift, Side, compare
from kondusif_index.audit.roll_up import Area, depth, roll_up
from kondusif_index.tables.columns import UNIT, read_columns, read_result
from kondusif_index.tables.read import text_of
from kondusif_index.tables.write import write_csv
from kondusif_index.tree import Column

DEPTHS = {"desa": 4, "kecamatan": 3, "kabupaten": 2, "provinsi": 1}  # parts of an official code
MOST = 10  # units named in the terminal; the file holds all
PARTS = 3  # indicators named behind a change


def compare_folders(options: Namespace) -> Result:
    """Score, rank and class of every unit on both sides, and the indicators behind it."""
    before, after = side_of(options.before), side_of(options.after)
    found = compare(before, after)
    parts = _points(options.before), _points(options.after)
    if options.out:
        header = [UNIT, "before", "after", "difference", "rank_before", "rank_after", "climbed"]
        header += ["class_before", "class_after", "because"]
        write_csv(
            options.out,
            header,
            (
                [*_row(s), " ".join(f"{c}{points:+.2f}" for c, points in _because(s, *parts))]
                for s in found.shifts
            ),
        )
    warned = scale_differences(options.before, options.after)
    document = {**asdict(found), "moves": found.moves.tolist(), "warnings": list(warned)}
    return Result(document, chain((f"Perhatikan: {text}." for text in warned), _compared(found, parts)))


def roll_up_folder(options: Namespace) -> Result:
    """Units up to villages, kecamatan or kabupaten, by official code; no score is never a zero."""
    if bool(options.weight) != bool(options.data):
        raise UsageError("--weight dan --data disebut bersama-sama")
    scores = side_of(options.folder)
    weights = (
        _column(options.data, options.weight, scores.units, options.decimal or "") if options.data else None
    )
    cover = _column(options.folder / "coverage.csv", "coverage", scores.units, ".")
    units, to = [official(unit) for unit in scores.units], DEPTHS[options.to]
    if above := [
        Problem("classes.csv", "", row, UNIT, unit or "kosong", f"kode wilayah sampai tingkat {options.to}")
        for row, unit in enumerate(units, 2)
        if not unit or depth(unit) < to
    ]:
        raise ImportRefused(above)
    areas = roll_up(
        units,
        scores.scores,
        to=to,
        weights=weights,
        coverage=cover,
        levels=scores.levels or None,
    )
    if options.out:
        many = max((len(a.classes) for a in areas), default=1)
        header = [*AREA, *(f"class_{k}" for k in range(1, many)), "missing"]
        rows = ([*_area(a), *a.classes[1:], " ".join(a.missing)] for a in areas)
        write_csv(options.out, header, rows)
    document = [dict(zip(AREA, _area(a), strict=True)) | {"missing": list(a.missing)} for a in areas]
    return Result(document, _rolled(areas))


AREA = ("code", "units", "scored", "mean", "coverage", "provisional", "worst", "worst_unit")
_area = attrgetter(*AREA)


def side_of(folder: Path) -> Side:
    """Scores of the top, and classes where there are any."""
    found = read_result(folder / "classes.csv")
    if problems := found.lacking(UNIT, "score", "class"):
        raise ImportRefused(problems)
    scores, classes = (found.numbers(name, problems) for name in ("score", "class"))
    if problems:
        raise ImportRefused(problems)
    levels = tuple(np.nan_to_num(classes).astype(int).tolist())
    return Side(tuple(found.cells[UNIT]), scores, levels if any(levels) else (), folder.name)


def _points(folder: Path) -> dict[str, dict[str, float]]:
    """Contributions by unit; missing ones give nothing."""
    return {
        r[UNIT]: {c: float(x) for c, x in r.items() if c not in (UNIT, "sum") and x}
        for r in read_result(folder / "contributions.csv").rows(UNIT)
    }


def _column(path: Path, name: str, units: tuple[str, ...], decimal: str) -> Column:
    """A column by unit, in any spelling of its code; NaN where it is empty or the unit is not there.

    Raises ``ImportRefused`` by cell.
    """
    found = read_columns(path, decimal=decimal)
    if problems := found.lacking(UNIT, name):
        raise ImportRefused(problems)
    values = found.numbers(name, problems)
    if problems:
        raise ImportRefused(problems)
    by_unit = {official(text_of(unit)): value for unit, value in zip(found.cells[UNIT], values, strict=True)}
    return np.array([by_unit.get(official(unit), np.nan) for unit in units])


def _row(s: Shift) -> list[object]:
    return [
        s.unit, s.before, s.after, s.difference, s.rank_before or None, s.rank_after or None, s.climbed,
        s.level_before or None, s.level_after or None,
    ]  # fmt: skip


def _because(
    s: Shift, before: dict[str, dict[str, float]], after: dict[str, dict[str, float]]
) -> list[tuple[str, float]]:
    """The indicators whose points moved most, and by how much; points sum to the score on each side."""
    old, new = before.get(s.unit, {}), after.get(s.unit, {})
    moved = {c: new.get(c, 0.0) - old.get(c, 0.0) for c in {*old, *new}}
    largest = sorted((c for c in moved if abs(moved[c]) >= 0.005), key=lambda c: (-abs(moved[c]), c))[:PARTS]
    return [(c, moved[c]) for c in largest]


def _compared(found: BuildComparison, parts: tuple[dict[str, dict[str, float]], ...]) -> Iterator[str]:
    yield f"{found.scored} satuan bernilai di kedua sisi ({found.before} dan {found.after})."
    yield f"Korelasi peringkat {koma(found.spearman)}; beda rata-rata {koma(found.mean_difference)} poin."
    yield f"{len(found.changed)} berpindah kelas; pergeseran peringkat terbesar {found.largest_shift}."
    for s in found.shifts[:MOST]:
        level = f", kelas {s.level_before} -> {s.level_after}" if s.class_moved else ""
        why = ", ".join(f"{c}{'+' if points > 0 else ''}{koma(points)}" for c, points in _because(s, *parts))
        yield f"  {s.unit}: {koma(s.before)} -> {koma(s.after)}{level}" + (f" ({why})" if why else "")
    for name, units in (("hanya sebelum", found.only_before), ("hanya sesudah", found.only_after)):
        if units:
            yield f"{len(units)} {name}: {', '.join(units[:MOST])}"


def _rolled(areas: tuple[Area, ...]) -> Iterator[str]:
    for a in areas:
        note = " (sementara)" if a.provisional else ""
        gap = f"; tanpa nilai: {', '.join(a.missing[:MOST])}" if a.missing else ""
        mean = "belum ada" if np.isnan(a.mean) else f"{koma(a.mean)}{note}"
        worst = f"terburuk {koma(a.worst)} ({a.worst_unit}), " if a.worst_unit else ""
        yield f"{a.code}: rata-rata {mean}, {worst}{a.scored} dari {a.units} satuan bernilai{gap}"

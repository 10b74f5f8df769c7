"""Reads what ``kondusif measure --out`` wrote and makes the data of each figure from it.

Needs ``scores.csv`` (one column per aggregate) and, by figure, ``contributions.csv``, ``normalised.csv`` and
``classes.csv``; first column ``uCode``, empty is missing. ``bands.csv`` (``uCode, low, high``) adds the
uncertainty of each score and ``cuts.csv`` (``class, label, from, below``) the classes, where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import ImportRefused, Problem
from kondusif.places import official
from kondusif.plots.bars import Bars
from kondusif.plots.heat import Heat
from kondusif.plots.places import Map, Place
from kondusif.plots.slope import Slope
from kondusif.plots.strip import Strip
from kondusif_index.audit.correlations import Coefficient, correlate
from kondusif_index.audit.roll_up import PROVISIONAL
from kondusif_index.rounding import DECIMALS
from kondusif_index.tables.columns import UNIT, read_result
from kondusif_index.tables.read import text_of

MADE_UP = "99."  # the made-up regency: whatever carries its code is invented
REST = "lainnya"
Column = NDArray[np.float64]


@dataclass(frozen=True)
class Numbers:
    """A file as columns of numbers, NaN for an empty cell, in the order of ``units``."""

    units: tuple[str, ...]
    columns: Mapping[str, Column]
    illustrative: bool

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        return {unit: k for k, unit in enumerate(self.units)}

    def column(self, name: str, units: Sequence[str]) -> Column:
        """The numbers of these units, NaN where there is no row of one."""
        values = np.append(self.columns[name], np.nan)
        return values[[self.row_of.get(unit, -1) for unit in units]]

    def matrix(self, names: Sequence[str], units: Sequence[str]) -> NDArray[np.float64]:
        """The same of several columns: shape (n_units, n_names)."""
        columns = [self.column(name, units) for name in names]
        return np.array(columns).reshape(len(names), len(units)).T


def read_numbers(path: Path) -> Numbers:
    """Columns of numbers; one that holds only words is left aside.

    Raises ``ImportRefused`` as ``read_result``, and naming every cell that is no number among numbers, a unit
    that stands twice and a lacking column of units.
    """
    table = read_result(path)
    if problems := table.lacking(UNIT):
        raise ImportRefused(problems)
    marks = [n for n in table.header if n in ("ilustratif", "illustrative")]
    units = tuple(map(text_of, table.cells[UNIT]))
    for k, unit in enumerate(units):
        if not unit or unit in units[:k]:
            problems.append(Problem(path.name, "", table.lines[k], UNIT, unit or "kosong", "kode yang unik"))
    columns = {}
    for name in table.header:
        if name in (UNIT, *marks):
            continue
        bad: list[Problem] = []
        column = table.numbers(name, bad, "bilangan atau kosong")
        if not bad or not np.isnan(column).all():
            columns[name] = column
            problems += bad
    if problems:
        raise ImportRefused(problems)
    said = [text_of(cell).lower() for name in marks for cell in table.cells[name]]
    invented = any(u.startswith(MADE_UP) for u in units) or any(x in ("ya", "yes", "true", "1") for x in said)
    return Numbers(units, columns, invented)


def _percent(share: str) -> str:
    return f"{100 * float(share):.3g} %".replace(".", ",")


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


@dataclass(frozen=True)
class Folder:
    """One run of ``kondusif measure --out``. ``top`` names the score to draw (by default that of
    ``classes.csv``, else the last column of ``scores.csv``); ``parents`` says what each indicator belongs to
    (by default the longest aggregate code that its own code begins with)."""

    path: Path
    top: str = ""
    parents: Mapping[str, str] | None = None

    @cached_property
    def scores(self) -> Numbers:
        return read_numbers(self.path / "scores.csv")

    @cached_property
    def classes(self) -> Numbers | None:
        path = self.path / "classes.csv"
        return read_numbers(path) if path.exists() else None

    @property
    def illustrative(self) -> bool:
        return self.scores.illustrative or bool(self.classes and self.classes.illustrative)

    @cached_property
    def code(self) -> str:
        """The column of ``scores.csv`` that is drawn."""
        columns = self.scores.columns
        if self.top:
            if self.top not in columns:
                known = ", ".join(columns)
                raise ImportRefused(
                    [Problem("scores.csv", "", 1, self.top, "tidak ada", f"satu dari {known}")]
                )
            return self.top
        if not columns:
            raise ImportRefused([Problem("scores.csv", "", 1, "", "hanya uCode", "kolom skor")])
        if self.classes and "score" in self.classes.columns:
            theirs = self.classes.column("score", self.scores.units)
            for code in reversed(list(columns)):
                if np.array_equal(columns[code], theirs, equal_nan=True):
                    return code
        return list(columns)[-1]

    def levels(self) -> tuple[int, ...]:
        """Class of each unit of ``scores.csv``, 0 for none."""
        for name in ("class", "level"):
            if self.classes is not None and name in self.classes.columns:
                levels = np.nan_to_num(self.classes.column(name, self.scores.units))
                return tuple(int(level) for level in levels)
        return (0,) * len(self.scores.units)

    @cached_property
    def steps(self) -> tuple[tuple[str, ...], tuple[float, ...]]:
        """Names of the classes from the lowest and the cut-offs between them, of ``cuts.csv``; () without it.

        Raises ``ImportRefused`` where the classes do not follow each other.
        """
        path = self.path / "cuts.csv"
        return _read_cuts(path) if path.exists() else ((), ())

    def groups(self, codes: Sequence[str]) -> tuple[str, ...]:
        """What each code belongs to, or () where that is not known of every one."""
        if self.parents is not None:
            found = [self.parents.get(c, "") for c in codes]
        else:
            ours = sorted((a for a in self.scores.columns if a != self.code), key=len, reverse=True)
            found = [next((a for a in ours if c.startswith(a)), "") for c in codes]
        return tuple(found) if all(found) else ()

    def bars(self, parts: int = 6) -> Bars:
        """Contributions by group, or the ``parts`` largest indicators and the rest."""
        table = read_numbers(self.path / "contributions.csv")
        codes = tuple(c for c in table.columns if c != "sum")
        if lost := [u for u in self.scores.units if u not in table.row_of]:
            problem = Problem("contributions.csv", "", None, UNIT, f"tanpa {lost[0]}", "satuan scores.csv")
            raise ImportRefused([problem])
        values = table.matrix(codes, self.scores.units)
        names, added = _added(codes, values, self.groups(codes), parts)
        low = high = None
        if (path := self.path / "bands.csv").exists():
            bands = read_numbers(path)
            if {"low", "high"} <= bands.columns.keys():
                low, high = bands.matrix(["low", "high"], self.scores.units).T
        scores = self.scores.columns[self.code]
        return Bars(self.scores.units, names, added, scores, self.levels(), low, high, self._band())

    def _band(self) -> str:
        """What the bounds of ``bands.csv`` are, by the columns of ``uncertainty.csv`` where there is one."""
        path = self.path / "uncertainty.csv"
        columns = read_result(path).header if path.exists() else ()
        shares = [name[1:] for name in columns if name.startswith("q") and _finite(name[1:]) is not None]
        ends = f"{_percent(shares[0])} sampai {_percent(shares[-1])}" if len(shares) > 1 else "bands.csv"
        return f"rentang skor ({ends})"

    def strip(self, groups: Mapping[str, str] | None = None) -> Strip:
        """``groups`` gives each unit its strip."""
        units = self.scores.units
        labels = tuple(groups.get(u, "?") for u in units) if groups else ()
        return Strip(units, self.scores.columns[self.code], self.levels(), labels)

    def heat(self) -> Heat:
        table, codes, values = self._normalised()
        order = self.scores.column(self.code, table.units)
        given = values[~np.isnan(values)]
        low, high = (float(given.min()), float(given.max())) if given.size else (0.0, 100.0)
        if low >= 0 and 1 < high <= 100:
            low, high = 0.0, 100.0
        high = high if high > low else low + 1
        return Heat(table.units, codes, values, self.groups(codes), order, low, high)

    def correlations(self, kind: str = Coefficient.SPEARMAN) -> Heat:
        _, codes, values = self._normalised()
        r, _, _ = correlate(values, values, kind)
        return Heat(codes, codes, r, self.groups(codes), low=-1.0, high=1.0)

    def _normalised(self) -> tuple[Numbers, tuple[str, ...], NDArray[np.float64]]:
        """The normalised indicators, those of a group side by side."""
        table = read_numbers(self.path / "normalised.csv")
        codes = self._ordered(tuple(table.columns))
        return table, codes, table.matrix(codes, table.units)

    def _ordered(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        groups = self.groups(codes)
        if not groups:
            return codes
        first = {g: k for k, g in enumerate(dict.fromkeys(groups))}
        return tuple(c for c, _ in sorted(zip(codes, groups, strict=True), key=lambda pair: first[pair[1]]))

    def slope(self, after: Folder, names: tuple[str, str]) -> Slope:
        """This run against a later one, over the units that both have."""
        units = tuple(u for u in self.scores.units if u in after.scores.row_of)
        before = self.scores.column(self.code, units)
        return Slope(units, before, after.scores.column(after.code, units), names)

    def map(self, places: tuple[Place, ...]) -> Map:
        """Raises ``ImportRefused`` where no place has the code of a unit."""
        levels = dict(zip(map(official, self.scores.units), self.levels(), strict=True))
        if not any(p.code in levels for p in places):
            mine = self.scores.units[0] if self.scores.units else "kosong"
            expected = f"kode wilayah seperti {places[0].code}" if places else "kode wilayah"
            raise ImportRefused([Problem("scores.csv", "", None, UNIT, mine, expected)])
        return Map(places, levels, self.provisional)

    @property
    def provisional(self) -> frozenset[str]:
        """Units whose ``coverage.csv``, where there is one, says that too little is answered (RULES 1)."""
        path = self.path / "coverage.csv"
        found = read_numbers(path) if path.exists() else None
        if found is None or "coverage" not in found.columns:
            return frozenset()
        cover = zip(found.units, found.columns["coverage"].tolist(), strict=True)
        return frozenset(unit for unit, share in cover if round(share, DECIMALS) < PROVISIONAL)


def _read_cuts(path: Path) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Names and cut-offs of classes that follow each other from 1, each from where the last one ends."""
    rows = read_result(path).rows("class", "label", "from", "below")
    problems: list[Problem] = []
    cuts: list[float] = []

    def wrong(column: str, expected: str) -> None:
        found = row[column] or "kosong"
        problems.append(Problem(path.name, "", k + 1, column, found, expected or "kosong"))

    for k, row in enumerate(rows, start=1):
        begins = str(cuts[-1]) if cuts else ""
        cut = _finite(row["below"])
        if row["class"] != str(k):
            wrong("class", str(k))
        if _finite(row["from"]) != _finite(begins) or bool(row["from"]) != bool(begins):
            wrong("from", begins)
        if k == len(rows):
            if row["below"]:
                wrong("below", "")
        elif cut is None or (cuts and cut <= cuts[-1]):
            wrong("below", f"bilangan di atas {begins}" if begins else "bilangan")
            break
        else:
            cuts.append(cut)
    if not rows:
        problems.append(Problem(path.name, "", None, "", "tidak ada baris", "sedikitnya satu kelas"))
    if problems:
        raise ImportRefused(problems)
    return tuple(row["label"] for row in rows), tuple(cuts)


def _added(
    codes: tuple[str, ...], values: NDArray[np.float64], groups: tuple[str, ...], parts: int
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Columns added up by group; without groups the largest stay and the rest is one."""
    if not groups:
        size = np.nansum(np.abs(values), axis=0)
        large = sorted(range(len(codes)), key=lambda k: (-float(size[k]), codes[k]))[:parts]
        groups = tuple(c if k in large else REST for k, c in enumerate(codes))
    names = tuple(sorted(dict.fromkeys(groups), key=lambda g: g == REST))
    labels = np.array(groups)
    return names, np.column_stack([np.nansum(values[:, labels == n], axis=1) for n in names])

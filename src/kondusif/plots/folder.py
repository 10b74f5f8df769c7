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
from kondusif.plots.bars import Bars
from kondusif.plots.heat import Heat
from kondusif.plots.places import Map, Place
from kondusif.plots.slope import Slope
from kondusif.plots.strip import Strip
from kondusif_index.audit.correlations import Kind, correlate
from kondusif_index.tables.columns import Columns, read_result
from kondusif_index.tables.inputs import UNIT
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

    def matrix(self, codes: Sequence[str]) -> NDArray[np.float64]:
        if not codes:
            return np.empty((len(self.units), 0))
        return np.column_stack([self.columns[c] for c in codes])


def read_numbers(path: Path) -> Numbers:
    """Columns of numbers; one that holds only words is left aside.

    Raises ``ImportRefused`` as ``read_result``, and naming every cell that is no number among numbers, a unit
    that stands twice and a lacking column of units.
    """
    table = read_result(path)
    if problems := table.lacking(UNIT):
        raise ImportRefused(problems)
    says = [n for n in table.header if n in ("ilustratif", "illustrative")]
    units = tuple(map(text_of, table.cells[UNIT]))
    seen: set[str] = set()
    for line, unit in zip(table.lines, units, strict=True):
        if not unit or unit in seen:
            problems.append(Problem(path.name, "", line, UNIT, unit or "kosong", "kode yang unik"))
        seen.add(unit)
    columns = {}
    for name in table.header:
        if name not in (UNIT, *says):
            column = _column(table, name, problems)
            if column is not None:
                columns[name] = column
    if problems:
        raise ImportRefused(problems)
    invented = any(u.startswith(MADE_UP) for u in units)
    invented |= any(
        text_of(cell).lower() in ("ya", "yes", "true", "1") for n in says for cell in table.cells[n]
    )
    return Numbers(units, columns, invented)


def _column(table: Columns, name: str, problems: list[Problem]) -> Column | None:
    """Numbers of a column; None where no cell is one."""
    bad: list[Problem] = []
    found = table.numbers(name, bad, "bilangan atau kosong")
    if bad and np.isnan(found).all():
        return None
    problems += bad
    return found


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
            theirs = self._aligned(self.classes, "score")
            for code in reversed(list(columns)):
                if np.array_equal(columns[code], theirs, equal_nan=True):
                    return code
        return list(columns)[-1]

    def levels(self) -> tuple[int, ...]:
        """Class of each unit of ``scores.csv``, 0 for none."""
        for name in ("class", "level"):
            if self.classes is not None and name in self.classes.columns:
                return tuple(0 if np.isnan(x) else int(x) for x in self._aligned(self.classes, name))
        return (0,) * len(self.scores.units)

    @cached_property
    def steps(self) -> tuple[tuple[str, ...], tuple[float, ...]]:
        """Names of the classes from the lowest and the cut-offs between them, of ``cuts.csv``; () without it.

        Raises ``ImportRefused`` where the classes do not follow each other.
        """
        path = self.path / "cuts.csv"
        if not path.exists():
            return (), ()
        return _steps(path)

    def _aligned(self, table: Numbers, column: str) -> Column:
        at = {u: k for k, u in enumerate(table.units)}
        values = table.columns[column]
        return np.array([values[at[u]] if u in at else np.nan for u in self.scores.units])

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
        at = {u: k for k, u in enumerate(table.units)}
        if lost := [u for u in self.scores.units if u not in at]:
            problem = Problem("contributions.csv", "", None, UNIT, f"tanpa {lost[0]}", "satuan scores.csv")
            raise ImportRefused([problem])
        values = table.matrix(codes)[[at[u] for u in self.scores.units]]
        names, added = _added(codes, values, self.groups(codes), parts)
        low = high = None
        if (path := self.path / "bands.csv").exists():
            bands = read_numbers(path)
            if {"low", "high"} <= bands.columns.keys():
                low, high = self._aligned(bands, "low"), self._aligned(bands, "high")
        scores = self.scores.columns[self.code]
        return Bars(self.scores.units, names, added, scores, self.levels(), low, high)

    def strip(self, groups: Mapping[str, str] | None = None) -> Strip:
        """``groups`` gives each unit its strip."""
        units = self.scores.units
        labels = tuple(groups.get(u, "?") for u in units) if groups else ()
        return Strip(units, self.scores.columns[self.code], self.levels(), labels)

    def heat(self) -> Heat:
        table = read_numbers(self.path / "normalised.csv")
        codes = self._ordered(tuple(table.columns))
        at = {u: k for k, u in enumerate(self.scores.units)}
        scores = self.scores.columns[self.code]
        order = np.array([scores[at[u]] if u in at else np.nan for u in table.units])
        values = table.matrix(codes)
        given = values[~np.isnan(values)]
        low, high = (float(given.min()), float(given.max())) if given.size else (0.0, 100.0)
        if low >= 0 and high <= 100 and high > 1:
            low, high = 0.0, 100.0
        return Heat(
            table.units, codes, values, self.groups(codes), order, low, high if high > low else low + 1
        )

    def correlations(self, kind: Kind | str = Kind.SPEARMAN) -> Heat:
        table = read_numbers(self.path / "normalised.csv")
        codes = self._ordered(tuple(table.columns))
        values = table.matrix(codes)
        r, _, _ = correlate(values, values, kind)
        return Heat(codes, codes, r, self.groups(codes), low=-1.0, high=1.0)

    def _ordered(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        groups = self.groups(codes)
        if not groups:
            return codes
        first = {g: k for k, g in enumerate(dict.fromkeys(groups))}
        return tuple(c for c, _ in sorted(zip(codes, groups, strict=True), key=lambda pair: first[pair[1]]))

    def slope(self, after: Folder, names: tuple[str, str]) -> Slope:
        """This run against a later one, over the units that both have."""
        at = {u: k for k, u in enumerate(after.scores.units)}
        both = [k for k, u in enumerate(self.scores.units) if u in at]
        units = tuple(self.scores.units[k] for k in both)
        later = after.scores.columns[after.code]
        return Slope(units, self.scores.columns[self.code][both], later[[at[u] for u in units]], names)

    def map(self, places: tuple[Place, ...]) -> Map:
        """Raises ``ImportRefused`` where no place has the code of a unit."""
        levels = dict(zip(self.scores.units, self.levels(), strict=True))
        if not any(p.code in levels for p in places):
            mine = self.scores.units[0] if self.scores.units else "kosong"
            expected = f"kode wilayah seperti {places[0].code}" if places else "kode wilayah"
            raise ImportRefused([Problem("scores.csv", "", None, UNIT, mine, expected)])
        return Map(places, levels)


STEPS = ("class", "label", "from", "below")


def _steps(path: Path) -> tuple[tuple[str, ...], tuple[float, ...]]:
    rows = read_result(path).rows(*STEPS)
    cuts: list[float] = []
    problems = []
    for k, row in enumerate(rows, start=1):
        begins = str(cuts[-1]) if cuts else ""
        if row["class"] != str(k):
            problems.append(Problem(path.name, "", k + 1, "class", row["class"] or "kosong", str(k)))
        if (_finite(row["from"]), row["from"] == "") != (_finite(begins), begins == ""):
            problems.append(
                Problem(path.name, "", k + 1, "from", row["from"] or "kosong", begins or "kosong")
            )
        if k == len(rows):
            if row["below"]:
                problems.append(Problem(path.name, "", k + 1, "below", row["below"], "kosong"))
            continue
        cut = _finite(row["below"])
        if cut is None or (cuts and cut <= cuts[-1]):
            expected = f"bilangan di atas {begins}" if begins else "bilangan"
            problems.append(Problem(path.name, "", k + 1, "below", row["below"] or "kosong", expected))
            break
        cuts.append(cut)
    if not rows:
        problems.append(Problem(path.name, "", None, "", "tidak ada baris", "sedikitnya satu kelas"))
    if problems:
        raise ImportRefused(problems)
    return tuple(row["label"] for row in rows), tuple(cuts)


def _finite(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


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

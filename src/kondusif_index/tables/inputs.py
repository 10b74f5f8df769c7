"""Reads ``iMeta`` into a tree and ``iData`` into columns; every bad cell is named at once (method 8.2).

The layout is that of the COINr package, so that a published index can be brought along;
``docs/how-to/index.md`` describes it. A source is a path (CSV, XLSX, Parquet) or a data frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data, Why
from kondusif_index.errors import ImportRefused, Problem, RecipeError
from kondusif_index.tables.columns import ABSENT, Columns, number, read_columns
from kondusif_index.tables.read import is_error, text_of
from kondusif_index.transform import Transform
from kondusif_index.tree import Column, Node, Tree

UNIT = "uCode"
GAPS: Mapping[str, Why] = {  # words that a cell may hold in place of a number
    "not_applicable": Why.NOT_APPLICABLE,
    "tidak berlaku": Why.NOT_APPLICABLE,
    "stale": Why.STALE,
    "usang": Why.STALE,
    "refused": Why.REFUSED,
    "menolak": Why.REFUSED,
}
NUMBERS = "bilangan, kosong, NA, not_applicable, stale atau refused"
LEAF, AGGREGATE = "Indicator", "Aggregate"
ASIDE = ("Group", "Denominator", "Other")  # rows of iMeta that describe other columns of iData
MEANT = ("Weight", "Direction", "goalpost_lower", "goalpost_upper", "Target", "Denominator", "Transform")


class KnownIndicator(Protocol):
    """An indicator of an instrument: how its answer becomes a risk, on which goalposts."""

    @property
    def transform(self) -> Transform: ...
    @property
    def lo(self) -> float: ...
    @property
    def hi(self) -> float: ...


def read_meta(
    source: Any, *, ragged: bool = False, indicators: Mapping[str, KnownIndicator] | None = None
) -> Tree:
    """The tree of ``iMeta``; rows of the Types Group, Denominator and Other are left aside.

    ``indicators``: a row without Transform takes the one, and the goalposts, of its code here (normalisation
    by an instrument). Raises ``ImportRefused`` with all problems, ``RecipeError`` if it is no tree.
    """
    table = read_columns(source, whole=False)
    problems = table.lacking("iCode", "Parent", "Type")
    for name in table.header:  # a misspelt Weight would be no weights at all
        lacking = {n.lower(): n for n in MEANT if n not in table.header}
        near = get_close_matches(name.lower(), lacking, 1, 0.8) if name not in MEANT else []
        problems += [Problem(table.file, "", 1, name, "kolom yang mirip", lacking[n]) for n in near]
    if problems:
        raise ImportRefused(problems)
    nodes = []
    for line, row in zip(table.lines, table.rows(), strict=True):
        if (kind := row["Type"]) in (LEAF, AGGREGATE):
            nodes.append(_node(table.file, line, row, indicators, problems))
        elif kind not in ASIDE:
            known = ", ".join((LEAF, AGGREGATE, *ASIDE))
            problems.append(Problem(table.file, "", line, "Type", kind or "kosong", known))
    if problems:
        raise ImportRefused(problems)
    return Tree(tuple(nodes), ragged)


def _node(
    name: str,
    line: int,
    row: Mapping[str, str],
    indicators: Mapping[str, KnownIndicator] | None,
    problems: list[Problem],
) -> Node:
    def text(column: str) -> str:
        found = row.get(column, "")
        return "" if found in ABSENT else found

    def number_in(column: str) -> float | None:
        try:
            return number(text(column), thousands=",") if text(column) else None
        except ValueError:
            problems.append(Problem(name, "", line, column, text(column), "bilangan"))
            return None

    leaf = row["Type"] == LEAF
    if not text("iCode"):
        problems.append(Problem(name, "", line, "iCode", "kosong", "kode"))
    weight = number_in("Weight")
    direction = number_in("Direction") if leaf else 1.0
    if direction not in (None, 1.0, -1.0):
        problems.append(Problem(name, "", line, "Direction", row["Direction"], "1 atau -1"))
    transform = None
    try:
        transform = Transform.parse(text("Transform")) if text("Transform") else None
    except RecipeError:
        problems.append(Problem(name, "", line, "Transform", text("Transform"), "transformasi yang dikenal"))
    lo, hi = number_in("goalpost_lower"), number_in("goalpost_upper")
    if leaf and indicators is not None and transform is None:
        ours = indicators.get(text("iCode"))
        if ours is None:
            problems.append(
                Problem(name, "", line, "Transform", "kosong", "transformasi, atau kode dari katalog")
            )
        else:
            transform, lo, hi = ours.transform, ours.lo, ours.hi
    return Node(
        code=text("iCode"),
        parent=text("Parent"),
        weight=1.0 if weight is None else weight,
        leaf=leaf,
        direction=-1 if direction == -1.0 else 1,
        lo=lo,
        hi=hi,
        target=number_in("Target"),
        denominator=text("Denominator"),
        transform=transform,
        name=text("iName"),
        unit=text("Unit"),
    )


def read_data(source: Any, tree: Tree, *, numbers: Iterable[str] = ()) -> Data:
    """Units and columns of ``iData``: one column per indicator of the tree, and the denominators it names.

    ``numbers`` names further numeric columns; every other column is a group of labels. Raises
    ``ImportRefused`` with every bad cell at once.
    """
    table = read_columns(source)
    leaves = tree.leaf_codes
    named = [leaf.denominator for leaf in tree.leaves if leaf.denominator]
    other = tuple(n for n in dict.fromkeys([*named, *numbers]) if n not in leaves)
    if problems := table.lacking(UNIT, *leaves, *other):
        raise ImportRefused(problems)
    units = tuple(map(text_of, table.cells[UNIT]))
    seen: dict[str, int] = {}
    for unit, line in zip(units, table.lines, strict=True):
        if not unit or unit in seen or not unit.isprintable() or is_error(unit):
            found = f"{unit} (juga baris {seen[unit]})" if unit in seen else repr(unit) if unit else "kosong"
            problems.append(Problem(table.file, "", line, UNIT, found, "kode yang unik"))
        seen.setdefault(unit, line)
    if not units:
        problems.append(Problem(table.file, "", None, "", "tidak ada baris", "sedikitnya satu satuan"))
    values = np.empty((len(units), len(leaves)), order="F")
    why = np.zeros((len(units), len(leaves)), dtype=np.uint8)
    for k, code in enumerate(leaves):
        values[:, k], why[:, k] = _column(table, code, problems)
    rest = {name: _column(table, name, problems)[0] for name in other}
    if problems:
        place = {name: k for k, name in enumerate(table.header)}
        raise ImportRefused(sorted(problems, key=lambda p: (p.row or 0, place.get(p.column, 0))))
    groups = {
        name: tuple(map(text_of, cells))
        for name, cells in table.cells.items()
        if name not in (UNIT, *leaves, *other)
    }
    return Data(units, leaves, values, why, groups, rest)


def _column(table: Columns, code: str, problems: list[Problem]) -> tuple[Column, NDArray[np.uint8]]:
    """Numbers of an indicator, and of every cell why it holds none."""
    values = table.numbers(code, problems, NUMBERS, GAPS)
    why = np.where(np.isnan(values), np.uint8(Why.ABSENT), np.uint8(Why.PRESENT))
    cells = table.cells[code]
    if not isinstance(cells, np.ndarray):
        for k in np.flatnonzero(why):
            why[k] = GAPS.get(text_of(cells[k]).lower(), Why.ABSENT)
    return values, why

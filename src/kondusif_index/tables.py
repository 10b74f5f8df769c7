"""Reads ``iMeta`` into a tree and ``iData`` into columns; every bad cell is named at once (method 8.2).

The layout is that of the COINr package, so that a published index can be brought along;
``docs/how-to/index.md`` describes it. CSV in UTF-8, or Parquet where the extra ``[big]`` is installed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from kondusif_index.data import Data, Why
from kondusif_index.errors import ImportRefused, Problem, RecipeError
from kondusif_index.transform import Transform
from kondusif_index.tree import Column, Node, Tree

UNIT = "uCode"
ABSENT = ("", "NA", "NaN")
GAPS: Mapping[str, Why] = {  # words that a cell may hold in place of a number
    "not_applicable": Why.NOT_APPLICABLE,
    "tidak berlaku": Why.NOT_APPLICABLE,
    "stale": Why.STALE,
    "usang": Why.STALE,
    "refused": Why.REFUSED,
    "menolak": Why.REFUSED,
}
NUMBERS = "bilangan, kosong, NA, not_applicable, stale atau refused"
MOST = 1e150  # beyond it squares overflow; a filler such as -1.8e308 is no answer
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


@dataclass(frozen=True, slots=True)
class Table:
    """A file as text: header, and per row its line and cells."""

    name: str
    header: tuple[str, ...]
    lines: tuple[int, ...]
    cells: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.lines)

    def lacking(self, *names: str) -> list[Problem]:
        """A problem for each of these columns that is not there."""
        return [
            Problem(self.name, "", 1, n, "tidak ada", f"kolom {n}") for n in names if n not in self.header
        ]

    def rows(self, *needs: str) -> list[dict[str, str]]:
        """Every row by column, as text. Raises ``ImportRefused``: a column of ``needs`` is not there."""
        if problems := self.lacking(*needs):
            raise ImportRefused(problems)
        columns = [["" if cell is None else str(cell).strip() for cell in c] for c in self.cells.values()]
        return [dict(zip(self.cells, row, strict=True)) for row in zip(*columns, strict=True)]


def read_result(path: Path) -> Table:
    """A table of ``kondusif measure --out``; ``ImportRefused`` as ``read_table``, and without the file."""
    if not path.exists():
        raise ImportRefused([Problem(str(path), "", None, "", "tidak ada", "hasil `kondusif measure --out`")])
    return read_table(path)


def read_table(path: Path, *, whole: bool = True) -> Table:
    """A CSV or Parquet file. Raises ``ImportRefused``: no table of that kind, or every row of another length,
    column that stands twice and quotation mark that is not closed. Not ``whole``: a row may end early.
    """
    if path.suffix.lower() == ".parquet":
        return _parquet(path)
    header: tuple[str, ...] = ()
    first, problems, lines, rows = 1, [], [], []
    for line, row in _lines(path):
        if not any(row):
            continue
        if not header:
            header, first = tuple(row), line
            continue
        if not whole:
            row += [""] * (len(header) - len(row))
        if len(row) != len(header):
            problems.append(Problem(path.name, "", line, "", f"{len(row)} sel", f"{len(header)} sel"))
        lines.append(line)
        rows.append(row)
    twice = sorted({n for n in header if n and header.count(n) > 1})
    problems[:0] = [Problem(path.name, "", first, n, "kolom dua kali", "satu kolom tiap nama") for n in twice]
    if not header:
        problems = [Problem(path.name, "", 1, "", "kosong", "baris judul")]
    elif len(header) == 1 and (other := next((c for c in ";\t|" if c in header[0]), "")):
        found = "kolom dipisah " + ("tab" if other == "\t" else f'"{other}"')
        problems = [Problem(path.name, "", first, "", found, "CSV berpemisah koma, desimal titik")]
    if problems:
        raise ImportRefused(problems)
    columns = zip(*rows, strict=True) if rows else ((),) * len(header)
    return Table(path.name, header, tuple(lines), dict(zip(header, columns, strict=False)))


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row of a CSV with the line on which it begins, cells stripped."""
    with path.open("rb") as raw:
        start = raw.read(4)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ImportRefused(
            [Problem(path.name, "", None, "", "buku kerja Excel", "simpan sebagai CSV UTF-8")]
        )
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        begun = 1
        try:
            for row in reader:
                yield begun, [cell.strip() for cell in row]
                begun = reader.line_num + 1
        except UnicodeDecodeError as error:
            found = f"huruf bukan UTF-8 ({error.object[error.start]:#04x})"
            problem = Problem(path.name, "", begun, "", found, "simpan sebagai CSV UTF-8")
            raise ImportRefused([problem]) from None
        except csv.Error:
            expected = 'setiap tanda " ada penutupnya, dan di dalam sel ditulis ""'
            raise ImportRefused([Problem(path.name, "", begun, "", 'tanda "', expected)]) from None


def _parquet(path: Path) -> Table:
    try:
        import polars as pl
    except ImportError:
        raise RecipeError(f"{path.name}: reading Parquet needs `pip install kondusif[big]`") from None
    try:
        frame = pl.read_parquet(path)
    except pl.exceptions.PolarsError:
        raise ImportRefused([Problem(path.name, "", None, "", "bukan Parquet", "berkas Parquet")]) from None
    cells = {c.name: c.to_numpy() if c.dtype.is_numeric() else c.to_list() for c in frame.iter_columns()}
    return Table(path.name, tuple(frame.columns), tuple(range(1, len(frame) + 1)), cells)


def read_meta(
    path: Path, *, ragged: bool = False, indicators: Mapping[str, KnownIndicator] | None = None
) -> Tree:
    """The tree of ``iMeta``; rows of the Types Group, Denominator and Other are left aside.

    ``indicators``: a row without Transform takes the one, and the goalposts, of its code here (normalisation
    by an instrument). Raises ``ImportRefused`` with all problems, ``RecipeError`` if it is no tree.
    """
    table = read_table(path, whole=False)
    problems = table.lacking("iCode", "Parent", "Type")
    for name in table.header:  # a misspelt Weight would be no weights at all
        lacking = {n.lower(): n for n in MEANT if n not in table.header}
        near = get_close_matches(name.lower(), lacking, 1, 0.8) if name not in MEANT else []
        problems += [Problem(path.name, "", 1, name, "kolom yang mirip", lacking[n]) for n in near]
    if problems:
        raise ImportRefused(problems)
    nodes = []
    for k, line in enumerate(table.lines):
        row = {name: str(cells[k]).strip() for name, cells in table.cells.items() if cells[k] is not None}
        if (kind := row.get("Type", "")) in (LEAF, AGGREGATE):
            nodes.append(_node(path.name, line, row, indicators, problems))
        elif kind not in ASIDE:
            known = ", ".join((LEAF, AGGREGATE, *ASIDE))
            problems.append(Problem(path.name, "", line, "Type", kind or "kosong", known))
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

    def number(column: str) -> float | None:
        found = text(column)
        value = _number(found) if found else None
        if found and value is None:
            problems.append(Problem(name, "", line, column, found, "bilangan"))
        return value

    leaf = row["Type"] == LEAF
    if not text("iCode"):
        problems.append(Problem(name, "", line, "iCode", "kosong", "kode"))
    weight = number("Weight")
    direction = number("Direction") if leaf else 1.0
    if direction not in (None, 1.0, -1.0):
        problems.append(Problem(name, "", line, "Direction", row["Direction"], "1 atau -1"))
    transform = None
    try:
        transform = Transform.parse(text("Transform")) if text("Transform") else None
    except RecipeError:
        problems.append(Problem(name, "", line, "Transform", text("Transform"), "transformasi yang dikenal"))
    lo, hi = number("goalpost_lower"), number("goalpost_upper")
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
        target=number("Target"),
        denominator=text("Denominator"),
        transform=transform,
        name=text("iName"),
        unit=text("Unit"),
    )


def read_data(path: Path, tree: Tree, *, numbers: Iterable[str] = ()) -> Data:
    """Units and columns of ``iData``: one column per indicator of the tree, and the denominators it names.

    ``numbers`` names further numeric columns; every other column is a group of labels. Raises
    ``ImportRefused`` with every bad cell at once.
    """
    table = read_table(path)
    leaves = tree.leaf_codes
    named = [leaf.denominator for leaf in tree.leaves if leaf.denominator]
    other = tuple(n for n in dict.fromkeys([*named, *numbers]) if n not in leaves)
    if problems := table.lacking(UNIT, *leaves, *other):
        raise ImportRefused(problems)
    units = tuple(str(u).strip() for u in table.cells[UNIT])
    seen: dict[str, int] = {}
    for unit, line in zip(units, table.lines, strict=True):
        if not unit or unit in seen or not unit.isprintable():
            found = f"{unit} (juga baris {seen[unit]})" if unit in seen else repr(unit) if unit else "kosong"
            problems.append(Problem(path.name, "", line, UNIT, found, "kode yang unik"))
        seen.setdefault(unit, line)
    if not units:
        problems.append(Problem(path.name, "", None, "", "tidak ada baris", "sedikitnya satu satuan"))
    values = np.empty((len(units), len(leaves)), order="F")
    why = np.zeros((len(units), len(leaves)), dtype=np.uint8)
    for k, code in enumerate(leaves):
        values[:, k], why[:, k] = _column(table, code, problems)
    rest = {name: _column(table, name, problems)[0] for name in other}
    if problems:
        place = {name: k for k, name in enumerate(table.header)}
        raise ImportRefused(sorted(problems, key=lambda p: (p.row or 0, place.get(p.column, 0))))
    groups = {
        name: tuple(str(x) if x is not None else "" for x in cells)
        for name, cells in table.cells.items()
        if name not in (UNIT, *leaves, *other)
    }
    return Data(units, leaves, values, why, groups, rest)


def _column(table: Table, code: str, problems: list[Problem]) -> tuple[Column, np.ndarray[Any, Any]]:
    cells = table.cells[code]
    if isinstance(cells, np.ndarray):
        values = cells.astype(np.float64)
        problems += [
            Problem(table.name, "", table.lines[k], code, str(values[k]), NUMBERS)
            for k in np.flatnonzero(np.abs(values) > MOST)
        ]
        return values, np.where(np.isnan(values), np.uint8(Why.ABSENT), np.uint8(0))
    try:  # the whole column at once, where every cell is a plain number or empty
        gone = np.array([cell in ABSENT for cell in cells], dtype=bool)
        plain = np.array(["nan" if cell in ABSENT else cell for cell in cells], dtype=np.float64)
        if ((np.abs(plain) <= MOST) != gone).all() and not any("_" in str(cell) for cell in cells):
            return plain, gone.astype(np.uint8) * np.uint8(Why.ABSENT)
    except (TypeError, ValueError):
        pass
    values = np.full(len(cells), np.nan)
    why = np.full(len(cells), Why.ABSENT, dtype=np.uint8)
    for k, cell in enumerate(cells):
        text = "" if cell is None else str(cell)
        if text in ABSENT:
            continue
        if gap := GAPS.get(text.lower()):
            why[k] = gap
        elif (value := _number(text)) is None:
            problems.append(Problem(table.name, "", table.lines[k], code, text, NUMBERS))
        else:
            values[k], why[k] = value, Why.PRESENT
    return values, why


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and abs(value) <= MOST and "_" not in text else None

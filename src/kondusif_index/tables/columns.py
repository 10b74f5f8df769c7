"""A table under its header, from a file or a data frame: columns of text and numbers, iMeta, iData."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from math import isnan
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data, Why
from kondusif_index.errors import N_, ImportRefused, Problem, RecipeError
from kondusif_index.tables.faults import faults_of, judged
from kondusif_index.tables.numbers import ABSENT, LARGEST, MARKS, column_numbers, is_whole
from kondusif_index.tables.parquet import read_parquet
from kondusif_index.tables.read import (
    WORKBOOKS,
    Table,
    open_tables,
    point_out,
    refused,
    show,
    text_of,
)
from kondusif_index.tables.xlsx import letters
from kondusif_index.transform import Transform
from kondusif_index.tree import Column, Node, Tree


@dataclass(frozen=True, slots=True)
class Columns:
    """A table under its header: per row its line, per column its cells, as an array where all are numbers.

    ``decimal``: the mark that parts decimals in its texts, ``,`` or ``.``; "" where each column must tell.
    """

    file: str
    header: tuple[str, ...]
    lines: tuple[int, ...]
    cells: Mapping[str, Any]
    decimal: str = ""

    def lacking(self, *names: str) -> list[Problem]:
        """A problem for each of these columns that is not there."""
        return [
            Problem(self.file, "", 1, n, "tidak ada", f"kolom {n}") for n in names if n not in self.header
        ]

    def rows(self, *needs: str) -> list[dict[str, str]]:
        """Every row by column, as text. Raises ``ImportRefused``: a column of ``needs`` is not there."""
        if problems := self.lacking(*needs):
            raise ImportRefused(problems)
        columns = [map(text_of, cells) for cells in self.cells.values()]
        return [dict(zip(self.cells, row, strict=True)) for row in zip(*columns, strict=True)]

    def numbers(
        self, name: str, problems: list[Problem], expected: str = "bilangan", words: Collection[str] = ()
    ) -> NDArray[np.float64]:
        """A column as numbers, NaN where a cell is absent or one of ``words``; a bad cell joins ``problems``.

        What can be read in two ways is settled by ``decimal``, else by the other cells of the column, else it
        is bad. A cell that is a number in a workbook or a data frame is never read in two ways.
        """
        cells = self.cells[name]
        if isinstance(cells, np.ndarray):  # of a data frame
            return self._bounded(name, cells.astype(np.float64), problems, expected)
        values, bad = column_numbers(cells, self.decimal, words)
        for k, (text, wanted) in bad.items():
            problems.append(Problem(self.file, "", self.lines[k], name, text, wanted or expected))
        return values

    def _bounded(
        self, name: str, values: NDArray[np.float64], problems: list[Problem], expected: str
    ) -> NDArray[np.float64]:
        for k in np.flatnonzero(np.abs(values) > LARGEST):
            problems.append(Problem(self.file, "", self.lines[k], name, str(values[k]), expected))
        return values


def read_columns(
    source: Any, *, whole: bool = True, decimal: str = "", name: str = "", limited: bool = False
) -> Columns:
    """One table under its header: a path of CSV, XLSX or Parquet, or a data frame (pandas, polars, ...).

    Also the bytes of such a file but Parquet; ``name`` is then what problems call it, and ``limited`` as in
    ``open_tables``. ``decimal``: the mark that parts its decimals, ``,`` or ``.``; "" where each column must
    tell. Raises ``ImportRefused``: no such table, a column that stands twice, and every row longer than the
    header, or shorter unless not ``whole``.
    """
    if decimal not in ("", *MARKS):
        raise RecipeError(f"decimal: found {decimal!r}, expected a comma or a point", key="decimal")
    if not isinstance(source, str | Path | bytes):
        return replace(_of_frame(source, "data"), decimal=decimal)
    path = Path(name or "berkas") if isinstance(source, bytes) else Path(source)
    if path.suffix.lower() == ".parquet" and not isinstance(source, bytes):
        return replace(_of_frame(read_parquet(path), path.name), decimal=decimal)
    given = source if isinstance(source, bytes) else path
    tables = [table for table in open_tables(given, path.name, limited=limited) if table.rows]
    if len(tables) > 1:
        found = ", ".join(show(t.name) for t in tables)
        raise refused(path.name, N_("satu lembar berisi"), found)
    if not tables:
        raise refused(path.name, N_("baris judul"), "kosong", row=1)
    point_out(tables[0].remarks)
    table = headed(tables[0], whole=whole and path.suffix.lower() not in WORKBOOKS)
    return replace(table, decimal=decimal)


def read_result(path: Path) -> Columns:
    """A table of ``kondusif measure --out``, which has decimal points.

    Raises ``ImportRefused`` as ``read_columns``, and without the file.
    """
    if not path.exists():
        raise refused(str(path), "hasil `kondusif measure --out`", "tidak ada")
    return read_columns(path, decimal=".")


def headed(table: Table, *, whole: bool = True) -> Columns:
    """A table whose first row is its header; refuses what ``read_columns`` refuses."""
    (first, head), *body = table.rows
    header = tuple(text_of(cell) for cell in head)
    twice = sorted({name for name in header if name and header.count(name) > 1})
    problems = [Problem(table.file, "", first, n, "kolom dua kali", "satu kolom tiap nama") for n in twice]
    for line, at, fault in faults_of(table.rows):
        name = header[at] if line != first and at < len(header) else ""
        problems.append(Problem(table.file, "", line, name or letters(at), show(fault), fault.expected))
    rows = []
    for line, cells in body:
        row = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
        if not whole:
            row += [""] * (len(header) - len(row))
        while len(row) > len(header) and row[-1] in (None, ""):
            row.pop()
        if len(row) != len(header):
            longer = len(row) > len(header)
            expected = N_("{} sel; koma desimal tanpa tanda kutip?") if longer else N_("{} sel")
            found = N_("{} sel").format(len(row))
            problems.append(Problem(table.file, "", line, "", found, expected.format(len(header))))
        rows.append(row)
    if problems:
        raise ImportRefused(problems)
    columns = zip(*rows, strict=True) if rows else ((),) * len(header)
    lines = tuple(line for line, _ in body)
    return Columns(table.file, header, lines, dict(zip(header, columns, strict=True)))


def _of_frame(frame: Any, name: str) -> Columns:
    import narwhals.stable.v2 as nw

    try:
        known = nw.from_native(frame, eager_only=True)
    except TypeError:
        expected = N_("nama berkas, atau tabel pandas atau polars")
        raise refused(name, expected, type(frame).__name__) from None
    cells = {column.name: _cells_of(column) for column in known.iter_columns()}
    if problems := [
        Problem(name, "", row, column, show(cell), cell.expected)
        for column, found in cells.items()
        if isinstance(found, list)
        for row, _, cell in faults_of((row, (judged(cell),)) for row, cell in enumerate(found, 1))
    ]:
        raise ImportRefused(problems)
    return Columns(name, tuple(known.columns), tuple(range(1, len(known) + 1)), cells)


def library_of(source: Any) -> str:
    """The library of a data frame; of anything else polars where it is installed, else ""."""
    import narwhals.stable.v2 as nw

    try:
        return str(nw.get_native_namespace(source).__name__)
    except TypeError:
        return "polars" if find_spec("polars") else ""


def native_table(columns: Mapping[str, Sequence[Any]], library: str) -> Any:
    """A data frame of a library; without one, the columns as they are."""
    import narwhals.stable.v2 as nw

    return nw.from_dict(columns, backend=import_module(library)).to_native() if library else columns


def _cells_of(column: Any) -> Any:
    """Numbers as an array, anything else as a list; None where the library has a null of its own."""
    if column.dtype.is_numeric() and not column.is_null().any():
        return column.to_numpy()
    cells = column.to_list() if column.dtype.is_nested() else column  # lists as such, no columns within
    gone = column.is_null()
    return [None if empty else _plain(cell) for cell, empty in zip(cells, gone, strict=True)]


def _plain(cell: Any) -> Any:
    """A cell that a reader of cells knows: bytes as the text that they are, what holds others as its text."""
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "backslashreplace")
    return str(cell) if isinstance(cell, list | dict) else cell


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
    source: Any,
    *,
    ragged: bool = False,
    indicators: Mapping[str, KnownIndicator] | None = None,
    decimal: str = "",
) -> Tree:
    """The tree of ``iMeta``; rows of the Types Group, Denominator and Other are left aside.

    ``indicators``: a row without Transform takes the one, and the goalposts, of its code here (normalisation
    by an instrument); ``decimal`` as in ``read_columns``. Raises ``ImportRefused`` with all problems,
    ``RecipeError`` if it is no tree.
    """
    table = read_columns(source, whole=False, decimal=decimal)
    problems = table.lacking("iCode", "Parent", "Type")
    for name in table.header:  # a misspelt Weight would be no weights at all
        lacking = {n.lower(): n for n in MEANT if n not in table.header}
        near = get_close_matches(name.lower(), lacking, 1, 0.8) if name not in MEANT else []
        problems += [Problem(table.file, "", 1, name, "kolom yang mirip", lacking[n]) for n in near]
    if problems:
        raise ImportRefused(problems)
    nodes, numbers = [], _meta_numbers(table, problems)
    for k, (line, row) in enumerate(zip(table.lines, table.rows(), strict=True)):
        if (kind := row["Type"]) in (LEAF, AGGREGATE):
            mine = {name: None if isnan(column[k]) else float(column[k]) for name, column in numbers.items()}
            nodes.append(_node(table.file, line, row, mine, indicators, problems))
        elif kind not in ASIDE:
            known = ", ".join((LEAF, AGGREGATE, *ASIDE))
            problems.append(Problem(table.file, "", line, "Type", kind or "kosong", known))
    if problems:
        raise ImportRefused(problems)
    return Tree(tuple(nodes), ragged)


def _meta_numbers(table: Columns, problems: list[Problem]) -> dict[str, NDArray[np.float64]]:
    """The columns of numbers, NaN where there is none or the row is set aside."""
    kinds = [text_of(cell) for cell in table.cells["Type"]]
    found = {}
    for name in ("Weight", "Direction", "goalpost_lower", "goalpost_upper", "Target"):
        cells = table.cells.get(name, ("",) * len(kinds))
        ours = [cell if kind not in ASIDE else "" for cell, kind in zip(cells, kinds, strict=True)]
        found[name] = replace(table, cells={name: ours}).numbers(name, problems)
    return found


def _node(
    name: str,
    line: int,
    row: Mapping[str, str],
    numbers: Mapping[str, float | None],
    indicators: Mapping[str, KnownIndicator] | None,
    problems: list[Problem],
) -> Node:
    def text(column: str) -> str:
        found = row.get(column, "")
        return "" if found in ABSENT else found

    leaf = row["Type"] == LEAF
    if not text("iCode"):
        problems.append(Problem(name, "", line, "iCode", "kosong", "kode"))
    weight = numbers["Weight"]
    direction = numbers["Direction"] if leaf else 1.0
    if direction not in (None, 1.0, -1.0):
        problems.append(Problem(name, "", line, "Direction", row["Direction"], "1 atau -1"))
    transform = None
    try:
        transform = Transform.parse(text("Transform")) if text("Transform") else None
    except RecipeError:
        problems.append(Problem(name, "", line, "Transform", text("Transform"), "transformasi yang dikenal"))
    lo, hi = numbers["goalpost_lower"], numbers["goalpost_upper"]
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
        target=numbers["Target"],
        denominator=text("Denominator"),
        transform=transform,
        name=text("iName"),
        unit=text("Unit"),
    )


def read_data(source: Any, tree: Tree, *, numbers: Iterable[str] = (), decimal: str = "") -> Data:
    """Units and columns of ``iData``: one column per indicator of the tree, and the denominators it names.

    ``numbers`` names further numeric columns; every other column is a group of labels. ``decimal`` as in
    ``read_columns``. Raises ``ImportRefused`` with every bad cell at once.
    """
    table = read_columns(source, decimal=decimal)
    leaves = tree.leaf_codes
    named = [leaf.denominator for leaf in tree.leaves if leaf.denominator]
    other = tuple(n for n in dict.fromkeys([*named, *numbers]) if n not in leaves)
    if problems := table.lacking(UNIT, *leaves, *other):
        raise ImportRefused(problems)
    units = _units(table, problems)
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


def _units(table: Columns, problems: list[Problem]) -> tuple[str, ...]:
    """The code of every row; what is none, or stands twice, joins ``problems``."""
    units = tuple(map(text_of, table.cells[UNIT]))
    seen: dict[str, int] = {}
    for cell, unit, line in zip(table.cells[UNIT], units, table.lines, strict=True):
        expected = "kode yang unik"
        found = f"{unit} (juga baris {seen[unit]})" if unit in seen else repr(unit) if unit else "kosong"
        if not is_whole(cell):
            found, expected = str(cell), "kode sebagai teks atau bilangan bulat yang tersimpan utuh"
        elif unit and unit not in seen and unit.isprintable():
            seen[unit] = line
            continue
        problems.append(Problem(table.file, "", line, UNIT, found, expected))
    return units


def _column(table: Columns, code: str, problems: list[Problem]) -> tuple[Column, NDArray[np.uint8]]:
    """Numbers of an indicator, and of every cell why it holds none."""
    values = table.numbers(code, problems, NUMBERS, GAPS)
    why = np.where(np.isnan(values), np.uint8(Why.ABSENT), np.uint8(Why.PRESENT))
    cells = table.cells[code]
    if not isinstance(cells, np.ndarray):
        for k in np.flatnonzero(why):
            why[k] = GAPS.get(text_of(cells[k]).lower(), Why.ABSENT)
    return values, why

"""A table under its header: columns of text and numbers, from a file or from a data frame of any library."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kondusif_index.errors import N_, ImportRefused, Problem, RecipeError
from kondusif_index.tables.read import WORKBOOKS, Table, open_tables, refused, show, text_of

LARGEST = 1e150  # beyond it squares overflow; a filler such as -1.8e308 is no answer
ABSENT = ("", "NA", "NaN")  # texts of a cell that holds nothing

_NUMBER = re.compile(r"[+-]?(\d+\.?|\d*[.,]\d+)([eE][+-]?\d+)?")
_MIXED = re.compile(r"[+-]?\d{1,3}((\.\d{3})+,\d+|(,\d{3})+\.\d+)")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([.,]\d{3})+")


@dataclass(frozen=True, slots=True)
class Columns:
    """A table under its header: per row its line, per column its cells, as an array where all are numbers."""

    file: str
    header: tuple[str, ...]
    lines: tuple[int, ...]
    cells: Mapping[str, Any]

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

        Where a cell has a decimal comma, a point before three digits could part thousands and is refused.
        """
        cells = self.cells[name]
        if isinstance(cells, np.ndarray):  # of a data frame
            return self._bounded(name, cells.astype(np.float64), problems, expected)
        try:  # the whole column at once, where every cell is a plain number or absent
            plain = np.array(["nan" if _absent(cell) else cell for cell in cells], dtype=np.float64)
            gone = np.array([_absent(cell) for cell in cells], dtype=bool)
            if ((np.abs(plain) <= LARGEST) != gone).all() and not any("_" in str(cell) for cell in cells):
                return plain
        except (TypeError, ValueError):
            pass
        marks = ".," if any("," in str(cell) for cell in cells) else ","
        values = np.full(len(cells), np.nan)
        for k, cell in enumerate(cells):
            if _absent(cell) or (text := text_of(cell)).lower() in words:
                continue
            try:
                values[k] = number(text, thousands=marks if isinstance(cell, str) else "")
            except ValueError:
                problems.append(Problem(self.file, "", self.lines[k], name, text, expected))
        return values

    def _bounded(
        self, name: str, values: NDArray[np.float64], problems: list[Problem], expected: str
    ) -> NDArray[np.float64]:
        for k in np.flatnonzero(np.abs(values) > LARGEST):
            problems.append(Problem(self.file, "", self.lines[k], name, str(values[k]), expected))
        return values


def _absent(cell: object) -> bool:
    return cell is None or cell != cell or cell in ABSENT


def number(text: str, *, thousands: str = ".,") -> float:
    """A number with decimal comma or point.

    Raises ``ValueError`` where it is none, and with a message where one of ``thousands`` before three digits
    could part thousands.

    >>> number("12,5"), number("1.234,5"), number("1.234", thousands=",")
    (12.5, 1234.5, 1.234)
    """
    value = text.replace(" ", "")
    if _THOUSANDS.fullmatch(value) and any(mark in value for mark in thousands):
        raise ValueError(N_("angka tanpa pemisah ribuan (1.800 dapat berarti 1800 atau 1,8)"))
    if _MIXED.fullmatch(value):
        last = max(value.rfind("."), value.rfind(","))
        value = re.sub(r"[.,]", "", value[:last]) + "." + value[last + 1 :]
    found = float(value.replace(",", ".")) if _NUMBER.fullmatch(value) else float("nan")
    if not isfinite(found) or abs(found) > LARGEST:
        raise ValueError
    return found


def read_columns(source: Any, *, whole: bool = True) -> Columns:
    """One table under its header: a path of CSV, XLSX or Parquet, or a data frame (pandas, polars, ...).

    Raises ``ImportRefused``: no such table, a column that stands twice, and every row longer than the header,
    or shorter unless not ``whole``.
    """
    if not isinstance(source, str | Path):
        return _of_frame(source, "data")
    path = Path(source)
    if path.suffix.lower() == ".parquet":
        return _of_frame(_parquet(path), path.name)
    tables = [table for table in open_tables(path, limited=False) if table.rows]
    if len(tables) > 1:
        found = ", ".join(show(t.name) for t in tables)
        raise refused(path.name, N_("satu lembar berisi"), found)
    if not tables:
        raise refused(path.name, N_("baris judul"), "kosong", row=1)
    return headed(tables[0], whole=whole and path.suffix.lower() not in WORKBOOKS)


def read_result(path: Path) -> Columns:
    """A table of ``kondusif measure --out``; ``ImportRefused`` as ``read_columns``, and without the file."""
    if not path.exists():
        raise refused(str(path), "hasil `kondusif measure --out`", "tidak ada")
    return read_columns(path)


def headed(table: Table, *, whole: bool = True) -> Columns:
    """A table whose first row is its header; refuses what ``read_columns`` refuses."""
    (first, head), *body = table.rows
    header = tuple(text_of(cell) for cell in head)
    twice = sorted({name for name in header if name and header.count(name) > 1})
    problems = [Problem(table.file, "", first, n, "kolom dua kali", "satu kolom tiap nama") for n in twice]
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
    return [None if gone else cell for cell, gone in zip(column, column.is_null(), strict=True)]


def _parquet(path: Path) -> Any:
    try:
        import polars as pl
    except ImportError:
        raise RecipeError(f"{path.name}: reading Parquet needs `pip install kondusif[big]`") from None
    try:
        return pl.read_parquet(path)
    except pl.exceptions.PolarsError:
        raise refused(path.name, "berkas Parquet", "bukan Parquet") from None

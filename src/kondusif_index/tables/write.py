"""Writes tables: CSV with every digit of a double, and workbooks in which no text runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kondusif_index.tables.read import printable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet may run a text that begins so
QUOTED = {",", '"', "\n", "\r"}


def shielded(value: str) -> str:
    """Text that no spreadsheet will run as a formula, without marks that no workbook can hold.

    >>> shielded("=1+1"), shielded("aman")
    ("'=1+1", 'aman')
    """
    value = printable(value)
    return "'" + value if value.startswith(FORMULA_STARTS) else value


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]], end: str = "\n") -> str:
    """One CSV; numbers with every digit, moments in ISO 8601, NaN and None as an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(header)
    writer.writerows([_cell(x) for x in row] for row in rows)
    return out.getvalue()


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """``csv_text`` as a file in UTF-8."""
    path.write_text(csv_text(header, rows), encoding="utf-8", newline="")


def write_matrix(
    path: Path, header: Sequence[str], units: Sequence[str], values: NDArray[np.float64]
) -> None:
    """What ``write_csv`` writes, of a first column of text and a matrix: several times faster."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(header)
        for unit, row in zip(units, values.tolist(), strict=True):
            name = '"' + unit.replace('"', '""') + '"' if QUOTED & {*unit} else unit
            file.write(f"{name},{','.join(map(repr, row)).replace('nan', '')}\n")


def _cell(x: Any) -> Any:
    if isinstance(x, float | np.floating):
        return "" if np.isnan(x) else repr(float(x))
    if isinstance(x, bool | np.bool_):
        return "1" if x else "0"
    if isinstance(x, date):
        return x.isoformat()
    return "" if x is None else x

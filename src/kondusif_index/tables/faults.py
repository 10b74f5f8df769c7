"""What a spreadsheet leaves in a cell in place of a value: a warning, never a note and never a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from kondusif_index.errors import N_

_FAILED = re.compile(
    r"'?(?:(?i:#N/A|#NV|#DIV/0|#GETTING_DATA|#[A-Z0-9/_]+[!?]|Err:\s?\d{3})|#{4,}|Loading\.\.\.)"
)

_FIRST = ("#", "E", "e", "L", "'", " ")


class CellFault(str):
    """The text of such a cell; ``expected`` says what should be there and what to do."""

    __slots__ = ()
    expected: ClassVar[str]


class FailedFormula(CellFault):
    """``#N/A``, ``#REF!``, ``Err:502``, ``Loading...``, or ``####`` of a column too narrow for its number."""

    __slots__ = ()
    expected = N_("nilai; rumus di sel ini gagal")


class UncalculatedFormula(CellFault):
    """A formula that no spreadsheet has calculated yet, as ``=A1+B1``."""

    __slots__ = ()
    expected = N_("hasil rumus; buka dan simpan berkas di Excel agar dihitung")


def judged(cell: object) -> object:
    """The cell, as a fault where its text is one.

    >>> type(judged("#DIV/0!")).__name__, type(judged("# catatan")).__name__
    ('FailedFormula', 'str')
    """
    if isinstance(cell, str) and cell[:1] in _FIRST and _FAILED.fullmatch(cell.strip()):
        return FailedFormula(cell.strip())
    return cell


def faults_of(rows: Iterable[tuple[int, Sequence[object]]]) -> Iterator[tuple[int, int, CellFault]]:
    """Row number, position in the row and fault of every cell that has one."""
    for number, cells in rows:
        for at, cell in enumerate(cells):
            if isinstance(cell, CellFault):
                yield number, at, cell

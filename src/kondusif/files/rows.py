"""One row of a sheet by its columns: what the head names, what the cells hold, what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from kondusif.errors import Problem
from kondusif.files.cells import TEXT, BadCell
from kondusif.files.sheets import FileSheet, SheetColumn
from kondusif.words import N_
from kondusif_index.tables.faults import CellFault
from kondusif_index.tables.read import Table, show
from kondusif_index.tables.xlsx import letters


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A typed row and where it was found. ``bad`` columns are absent from ``values``."""

    file: str
    sheet: FileSheet
    number: int
    values: dict[str, Any]
    bad: frozenset[str]

    def problem(self, column: str, found: object, expected: str) -> Problem:
        return Problem(self.file, self.sheet.name, self.number, column, show(found), expected)


def meant(word: str, among: Iterable[str]) -> str:
    """ "; maksud Anda x?" when a known name is close, else nothing."""
    close = near(word, among)
    return f"; maksud Anda {close}?" if close else ""


def near(word: str, among: Iterable[str]) -> str:
    """The known name that is nearest to a misspelt one; "" where none is near."""
    names = {name.casefold(): name for name in among}
    close = get_close_matches(word.strip().casefold().replace(" ", "_"), names, n=1, cutoff=0.6)
    return names[close[0]] if close else ""


def heading(cell: object) -> str:
    """A cell of the head as a column is named: small letters, underscores, no star."""
    return "_".join(str(cell if cell is not None else "").strip().casefold().replace("*", "").split())


def columns_of_head(
    table: Table, sheet: FileSheet, number: int, cells: tuple[object, ...], problems: list[Problem]
) -> list[SheetColumn | None]:
    """The column of each position; None where the header is empty, a note or unknown."""
    names = [c.name for c in sheet.columns]
    heads = [heading(cell) for cell in cells]
    columns: list[SheetColumn | None] = []
    for cell, head in zip(cells, heads, strict=True):
        column = sheet.column(head)
        if column is not None and column in columns:
            problems.append(
                Problem(
                    table.file,
                    sheet.name,
                    number,
                    head,
                    N_("judul kolom dua kali"),
                    N_("tiap judul satu kali"),
                )
            )
        elif column is None and head and not head.startswith("#"):
            close = near(head, names)
            problems.append(
                Problem(
                    table.file,
                    sheet.name,
                    number,
                    show(cell),
                    N_("judul kolom yang tidak dikenal"),
                    "salah satu dari " + ", ".join(names) + (f"; maksud Anda {close}?" if close else ""),
                )
            )
            # read it as the column it seems to be: its cells are checked, and not each told as missing
            column = sheet.column(close) if close and close not in heads else None
        columns.append(column if column not in columns else None)
    present = {c.name for c in columns if c}
    problems += [
        Problem(table.file, sheet.name, number, c.name, N_("kolom tidak ada"), c.type.expected)
        for c in sheet.columns
        if c.required and c.name not in present
    ]
    return columns


def fault_problem(
    table: Table,
    sheet: FileSheet,
    columns: list[SheetColumn | None],
    number: int,
    index: int,
    fault: CellFault,
) -> Problem:
    """What a spreadsheet left in a cell in place of a value; under no known title, by the letters."""
    column = columns[index] if index < len(columns) else None
    name = column.name if column else letters(index)
    return Problem(table.file, sheet.name, number, name, show(fault), fault.expected)


def typed(
    table: Table,
    sheet: FileSheet,
    columns: list[SheetColumn | None],
    absent: frozenset[str],
    number: int,
    cells: tuple[object, ...],
    problems: list[Problem],
) -> TypedRow:
    """The cells of a row as typed values; what is wrong with one is added to ``problems``."""
    values: dict[str, Any] = {}
    bad: set[str] = set(absent)
    for index, cell in enumerate(cells):
        blank = cell is None or (isinstance(cell, str) and not cell.strip())
        if isinstance(cell, CellFault):
            problems.append(fault_problem(table, sheet, columns, number, index, cell))
            bad |= {column.name for column in columns[index : index + 1] if column}
            continue
        if index >= len(columns):
            if not blank:
                problems.append(
                    Problem(
                        table.file,
                        sheet.name,
                        number,
                        "",
                        f"sel ke-{index + 1}: {show(cell)}",
                        N_("sel di bawah judul kolom (koma desimal tanpa tanda kutip? judul digabung?)"),
                    )
                )
            continue
        column = columns[index]
        if column is None or blank:
            continue
        try:
            values[column.name] = parsed(column, cell)
        except BadCell as error:
            bad.add(column.name)
            expected = str(error) or column.type.expected
            problems.append(Problem(table.file, sheet.name, number, column.name, show(cell), expected))
    for column in sheet.columns:
        if column.required and column.name not in values and column.name not in bad:
            bad.add(column.name)
            expected = column.help if column.type is TEXT else column.type.expected
            problems.append(Problem(table.file, sheet.name, number, column.name, "kosong", expected))
    return TypedRow(table.file, sheet, number, values, frozenset(bad))


def parsed(column: SheetColumn, cell: object) -> object:
    """A cell by its column's type and choices. Raises :class:`BadCell`."""
    value = column.type.parse(cell)
    if not column.choices:
        return value
    wanted = str(value).casefold()
    for choice in column.choices:
        if wanted == choice.casefold():
            return choice
    raise BadCell("salah satu dari " + ", ".join(column.choices) + meant(wanted, column.choices))

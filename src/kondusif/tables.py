"""Tables that come with the program, read strictly, and tables of its manual."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import NoReturn

from kondusif.errors import TableError


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column, and where it stands. The first column names it."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def refuse(self, column: str, wanted: str) -> NoReturn:
        """Raises TableError naming file, row, column, what was found and what to write."""
        name = next(iter(self.cells.values()))
        raise TableError(
            f"{self.file} row {self.line} ({name}), column {column}: "
            f"found {self.cells[column]!r}; write {wanted}"
        )

    def number(self, column: str) -> float:
        try:
            return float(self.cells[column])
        except ValueError:
            self.refuse(column, "a number with a point for decimals")

    def whole(self, column: str) -> int:
        try:
            return int(self.cells[column])
        except ValueError:
            self.refuse(column, "a whole number")

    def yes(self, column: str) -> bool:
        if self.cells[column] not in ("yes", "no"):
            self.refuse(column, "yes or no")
        return self.cells[column] == "yes"

    def one_of(self, column: str, known: Collection[str]) -> str:
        if self.cells[column] not in known:
            self.refuse(column, f"one of {', '.join(known)}")
        return self.cells[column]

    def filled(self, column: str) -> str:
        if not self.cells[column].strip():
            self.refuse(column, "something; it must not be empty")
        return self.cells[column]


def packaged(package: str, name: str) -> str:
    """The text of a table that lies in a package."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def rows(file: str, text: str, columns: Sequence[str]) -> Iterator[Row]:
    """Every row of a table whose first column is a code.

    Raises TableError for another head, a row with too many or too few cells, and a code that is blank or
    stands twice.
    """
    reader = csv.reader(text.splitlines(), strict=True)
    head = next(reader, [])
    if tuple(head) != tuple(columns):
        raise TableError(f"{file}: the head is {','.join(head)}; write {','.join(columns)}")
    seen: set[str] = set()
    for cells in reader:
        line, name = reader.line_num, cells[0] if cells else ""
        if len(cells) != len(columns):
            raise TableError(
                f"{file} row {line} ({name}): {len(cells)} cells, the head has {len(columns)}; "
                "put a text that holds a comma between double quotes"
            )
        row = Row(file, line, dict(zip(columns, cells, strict=True)))
        if not name or name in seen:
            row.refuse(columns[0], "a code that no other row has")
        seen.add(name)
        yield row


def markdown(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table, ending in a newline; a bar inside a cell is escaped."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"

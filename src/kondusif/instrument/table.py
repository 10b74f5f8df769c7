"""Tables of the instrument, read strictly: a row that is not whole is refused with where and what to do."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import NoReturn

from kondusif.errors import RecipeError


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column, and where it stands."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def refuse(self, column: str, wanted: str) -> NoReturn:
        """Raises RecipeError naming file, row, column, what was found and what to write."""
        raise RecipeError(
            f"{self.file} row {self.line} ({self.cells['id']}), column {column}: "
            f"found {self.cells[column]!r}; write {wanted}",
            why="table_cell",
            file=self.file,
            row=self.line,
            column=column,
            found=self.cells[column],
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


def packaged(name: str) -> str:
    """The text of a table beside this module."""
    return resources.files("kondusif.instrument").joinpath(name).read_text(encoding="utf-8")


def rows(file: str, text: str, columns: Sequence[str]) -> Iterator[Row]:
    """Every row of a table whose first column is ``id``.

    Raises RecipeError for another head, a row with too many or too few cells, and an id that is blank or
    stands twice.
    """
    reader = csv.reader(text.splitlines(), strict=True)
    head = next(reader, [])
    if tuple(head) != tuple(columns):
        raise RecipeError(
            f"{file}: the head is {','.join(head)}; write {','.join(columns)}", why="table_head", file=file
        )
    seen: set[str] = set()
    for cells in reader:
        line, name = reader.line_num, cells[0] if cells else ""
        if len(cells) != len(columns):
            raise RecipeError(
                f"{file} row {line} ({name}): {len(cells)} cells, the head has {len(columns)}; "
                "put a text that holds a comma between double quotes",
                why="table_cells",
                file=file,
                row=line,
                cells=len(cells),
            )
        row = Row(file, line, dict(zip(columns, cells, strict=True)))
        if not name or name in seen:
            row.refuse("id", "a code that no other row has")
        seen.add(name)
        yield row

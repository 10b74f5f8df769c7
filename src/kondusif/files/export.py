"""What leaves the house: plain tables and shapes, and what its formats share.

Each table carries the mark of a drill or of made-up data in a column of its own, so that it survives a copy
of some rows into another file (RULES 24). Text cells never start a formula. How a format writes it: one file
each in ``formats``.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kondusif.errors import ExtraMissing
from kondusif.files.outline import Polygon
from kondusif.places import Point
from kondusif_index.tables.write import shielded

MARK_COLUMN = "tanda"

Value = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class ExportTable:
    """One table: ``name`` is its sheet or file, ``title`` a line for people, every row as long as columns."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def marked(self, mark: str) -> ExportTable:
        """The same with the mark in a last column."""
        rows = tuple((*row, mark) for row in self.rows)
        return ExportTable(self.name, self.title, (*self.columns, MARK_COLUMN), rows)


@dataclass(frozen=True, slots=True)
class MapShape:
    """A place on a map: its boundary where known, else its point. ``facts`` are its columns."""

    layer: str
    polygons: tuple[Polygon, ...]
    at: Point | None
    facts: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Export:
    """What leaves the house. ``mark``: "" for a real operation, else LATIHAN or with DATA ILUSTRATIF."""

    name: str
    title: str
    mark: str
    tables: tuple[ExportTable, ...]
    shapes: tuple[MapShape, ...] = ()

    @property
    def marked(self) -> tuple[ExportTable, ...]:
        return tuple(table.marked(self.mark) for table in self.tables)

    @property
    def mapped(self) -> bool:
        """Whether anything has a place on a map."""
        return any(shape.polygons or shape.at for shape in self.shapes)


@dataclass(frozen=True, slots=True)
class Format:
    """A way out. ``write`` gives the bytes and raises ExtraMissing without the libraries of ``extra``.

    ``note``: what it is for, by language, Indonesian first. ``maps``: places alone, so nothing without them.
    """

    kode: str
    name: str
    ending: str
    media: str
    write: Callable[[Export], bytes]
    note: Mapping[str, str]
    extra: str = ""
    maps: bool = False


def cell(value: Value) -> object:
    """A value as a cell: numbers and dates as such, yes and no in words, text shielded."""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return shielded(value) if isinstance(value, str) else value


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The same files give the same bytes: no clock is asked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, raw)
    return out.getvalue()


def missing(kode: str, extra: str) -> ExtraMissing:
    """The refusal of a format whose libraries are not there."""
    command = f"pip install 'kondusif[{extra}]'"
    return ExtraMissing("format", format=kode, extra=extra, command=command)


def columns_of(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Column names in the order in which rows name them first."""
    return tuple(dict.fromkeys(name for row in rows for name in row))

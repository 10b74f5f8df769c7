"""Everything measured, out of the house: plain tables as XLSX, CSV, Parquet, and shapes as GeoPackage.

Each table carries the mark of a drill or of made-up data in a column of its own, so that it survives a copy
of some rows into another file (RULES 24). Text cells of XLSX and CSV never start a formula.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from kondusif.errors import ExtraMissing
from kondusif.files.cells import shielded
from kondusif.files.outline import Polygon
from kondusif.places import Point

MARK_COLUMN = "tanda"
MAX_WIDTH = 48  # characters of a column in a sheet

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
class Shape:
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
    shapes: tuple[Shape, ...] = ()

    @property
    def marked(self) -> tuple[ExportTable, ...]:
        return tuple(table.marked(self.mark) for table in self.tables)

    @property
    def mapped(self) -> bool:
        """Whether anything has a place on a map."""
        return any(shape.polygons or shape.at for shape in self.shapes)


@dataclass(frozen=True, slots=True)
class Format:
    """A way out: file ending, media type, and the function that gives its bytes."""

    kode: str
    ending: str
    media: str
    write: Callable[[Export], bytes]
    extra: str = ""


def to_xlsx(export: Export) -> bytes:
    """One sheet per table; the mark stands above each table, in its last column and in the print header."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)  # rows go out as they come: a regency has 144,000 answers
    bold = Font(bold=True)
    for table in export.marked:
        page = book.create_sheet(table.name)
        for index, width in enumerate(_widths(table), 1):
            page.column_dimensions[get_column_letter(index)].width = width
        page.freeze_panes = "A3"
        page.oddHeader.center.text = export.mark.replace("&", "&&")
        page.oddFooter.left.text = "TERBATAS"
        page.page_setup.orientation = "landscape"
        heading = f"# {table.title}" + (f" - {export.mark}" if export.mark else "")
        for line in ((shielded(heading),), table.columns):
            cells = [WriteOnlyCell(page, value=text) for text in line]
            for cell in cells:
                cell.font = bold
            page.append(cells)
        for row in table.rows:
            page.append([_cell(v) for v in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _widths(table: ExportTable) -> list[int]:
    """Characters per column, from its head and its first rows."""
    rows = table.rows[:200]
    longest = [max((len(str(r[k] or "")) for r in rows), default=0) for k in range(len(table.columns))]
    return [max(8, min(MAX_WIDTH, max(len(c), n) + 2)) for c, n in zip(table.columns, longest, strict=True)]


def _cell(value: Value) -> object:
    """A value as a cell: numbers and dates as such, yes and no in words, text shielded."""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return shielded(value) if isinstance(value, str) else value


def to_csv(export: Export) -> bytes:
    """A zip with one CSV per table: UTF-8 with a mark so that a spreadsheet reads it, comma, point."""
    return _zipped({f"{t.name}.csv": _csv(t) for t in export.marked})


def _csv(table: ExportTable) -> bytes:
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow(table.columns)
    for row in table.rows:
        sheet.writerow(["" if v is None else _written(v) for v in row])
    return out.getvalue().encode("utf-8-sig")


def _written(value: Value) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return _cell(value)


def to_parquet(export: Export) -> bytes:
    """A zip with one Parquet file per table. Raises ExtraMissing without polars."""
    from kondusif.files.parquet import table_bytes

    return _zipped({f"{t.name}.parquet": table_bytes(t) for t in export.marked})


def to_geopackage(export: Export) -> bytes:
    """One GeoPackage with a layer per kind of shape. Raises ExtraMissing without pyogrio and shapely."""
    from kondusif.files.geopackage import package_bytes

    return package_bytes(export)


def _zipped(files: Mapping[str, bytes]) -> bytes:
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
    return ExtraMissing(
        f"{kode} perlu pustaka tambahan: {command}", format=kode, extra=extra, command=command
    )


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        f.kode: f
        for f in (
            Format(
                "xlsx",
                "xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                to_xlsx,
            ),
            Format("csv", "csv.zip", "application/zip", to_csv),
            Format("parquet", "parquet.zip", "application/zip", to_parquet, "big"),
            Format("gpkg", "gpkg", "application/geopackage+sqlite3", to_geopackage, "gis"),
        )
    }
)


def export_bytes(export: Export, kode: str) -> bytes:
    """The export in one of ``FORMATS``. Raises KeyError for another, ExtraMissing without its libraries."""
    return FORMATS[kode].write(export)


def columns_of(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Column names in the order in which rows name them first."""
    return tuple(dict.fromkeys(name for row in rows for name in row))

"""XLSX: one sheet per table; the mark above each table, in its last column and in the print header."""

from __future__ import annotations

import io
from itertools import chain

from kondusif.files.export import Export, ExportTable, Format, cell
from kondusif_index.tables.write import Page, PageLine, write_pages

MAX_WIDTH = 48  # characters of a column in a sheet


def workbook(export: Export) -> bytes:
    """A book that is written row by row: a regency has 144,000 answers."""
    out = io.BytesIO()
    write_pages(out, (_page(table, export.mark) for table in export.marked))
    return out.getvalue()


def _page(table: ExportTable, mark: str) -> Page:
    heading = f"# {table.title}" + (f" - {mark}" if mark else "")
    head: list[PageLine] = [("bold", [heading]), ("bold", table.columns)]
    rows = (("", [cell(value) for value in row]) for row in table.rows)
    footer = ("TERBATAS", "")
    return Page(
        table.name, chain(head, rows), _widths(table), frozen="A3", mark=mark, footer=footer, fitted=False
    )


def _widths(table: ExportTable) -> list[int]:
    """Characters per column, from its head and its first rows."""
    rows = table.rows[:200]
    longest = [max((len(str(r[k] or "")) for r in rows), default=0) for k in range(len(table.columns))]
    return [max(8, min(MAX_WIDTH, max(len(c), n) + 2)) for c, n in zip(table.columns, longest, strict=True)]


FORMAT = Format(
    "xlsx",
    "XLSX",
    "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    workbook,
    {
        "id": "Satu lembar per tabel, untuk Excel dan LibreOffice.",
        "en": "One sheet per table, for Excel and LibreOffice.",
    },
)

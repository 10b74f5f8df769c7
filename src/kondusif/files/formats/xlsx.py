"""XLSX: one sheet per table; the mark above each table, in its last column and in the print header."""

from __future__ import annotations

import io

from kondusif.files.export import Export, ExportTable, Format, cell
from kondusif_index.tables.write import shielded

MAX_WIDTH = 48  # characters of a column in a sheet


def workbook(export: Export) -> bytes:
    """A book that is written row by row."""
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
            for one in cells:
                one.font = bold
            page.append(cells)
        for row in table.rows:
            page.append([cell(v) for v in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


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

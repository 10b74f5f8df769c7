"""CSV: a zip with one file per table, UTF-8 with a mark so that a spreadsheet reads it, comma, point."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

from kondusif.files.export import Export, ExportTable, Format, Value, cell, zipped


def tables(export: Export) -> bytes:
    """Every table as a file of the zip."""
    return zipped({f"{t.name}.csv": _csv(t) for t in export.marked})


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
    return cell(value)


FORMAT = Format(
    "csv",
    "CSV",
    "csv.zip",
    "application/zip",
    tables,
    {"id": "Zip berisi satu CSV per tabel, UTF-8.", "en": "Zip with one CSV per table, UTF-8."},
)

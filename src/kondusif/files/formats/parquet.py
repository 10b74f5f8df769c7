"""Parquet through polars, an extra: a zip with one file per table, a whole country in one file."""

from __future__ import annotations

import io
from datetime import datetime

from kondusif.files.export import Export, ExportTable, Format, Value, missing, zipped


def tables(export: Export) -> bytes:
    """Every table as a file of the zip. Raises ExtraMissing without polars."""
    return zipped({f"{t.name}.parquet": table_bytes(t) for t in export.marked})


def table_bytes(table: ExportTable) -> bytes:
    """One table as Parquet; columns are typed by what they hold, an empty column is text.

    Whole and broken numbers in one column become broken ones; moments keep their instant, in UTC. Raises
    ExtraMissing without polars.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise missing("Parquet", "big") from error
    columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
    frame = pl.DataFrame(
        [_series(pl, name, list(values)) for name, values in zip(table.columns, columns, strict=True)]
    )
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def _series(pl: object, name: str, values: list[Value]) -> object:
    there = [v for v in values if v is not None]
    kind: object
    if not there or any(isinstance(v, str) for v in there):
        kind, values = pl.String, [None if v is None else str(v) for v in values]  # type: ignore[attr-defined]
    elif all(isinstance(v, bool) for v in there):
        kind = pl.Boolean  # type: ignore[attr-defined]
    elif all(isinstance(v, int) for v in there):
        kind = pl.Int64  # type: ignore[attr-defined]
    elif all(isinstance(v, int | float) for v in there):
        kind, values = pl.Float64, [None if v is None else float(v) for v in values]  # type: ignore[attr-defined,arg-type]
    elif all(isinstance(v, datetime) for v in there):
        kind = pl.Datetime("us", "UTC")  # type: ignore[attr-defined]
    else:
        kind = pl.Date  # type: ignore[attr-defined]
    return pl.Series(name, values, dtype=kind)  # type: ignore[attr-defined]


FORMAT = Format(
    "parquet",
    "Parquet",
    "parquet.zip",
    "application/zip",
    tables,
    {
        "id": "Zip berisi satu berkas per tabel, untuk analisis besar.",
        "en": "Zip with one file per table, for large analyses.",
    },
    extra="big",
)

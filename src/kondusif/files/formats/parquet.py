"""Parquet through polars, an extra: a zip with one file per table, a whole country in one file."""

from __future__ import annotations

import io
from datetime import UTC, datetime

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
    named = zip(table.columns, columns, strict=True)
    frame = pl.DataFrame([pl.Series(name, [*map(_in_utc, values)], strict=False) for name, values in named])
    empty = pl.selectors.by_dtype(pl.Null).cast(pl.String)
    out = io.BytesIO()
    frame.with_columns(empty).write_parquet(out)
    return out.getvalue()


def _in_utc(value: Value) -> Value:
    """One column of moments has one zone."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


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

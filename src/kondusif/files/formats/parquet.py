"""Parquet through polars, an extra: a zip with one file per table, a whole country in one file."""

from __future__ import annotations

import io

from kondusif.files.export import Export, ExportTable, Format, missing, zipped


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
    frame = pl.DataFrame([pl.Series(name, list(values), strict=False) for name, values in named])
    moments = pl.selectors.datetime(time_zone="*").dt.convert_time_zone("UTC")
    empty = pl.selectors.by_dtype(pl.Null).cast(pl.String)
    out = io.BytesIO()
    frame.with_columns(moments, empty).write_parquet(out)
    return out.getvalue()


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

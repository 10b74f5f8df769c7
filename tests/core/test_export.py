"""Exports: four formats of the same tables; marks stay, no text runs, numbers stay numbers."""

from __future__ import annotations

import builtins
import csv
import io
import sqlite3
import zipfile
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from kondusif.errors import ExtraMissing
from kondusif.files.export import Export, ExportTable, MapShape
from kondusif.files.formats import FORMATS, export_bytes
from kondusif.places import Point
from kondusif_index.tables.write import LOOKS, MOMENT, Page, write_pages
from tests import cast

MARK = "LATIHAN - DATA ILUSTRATIF"
DANGEROUS = ("=1+1", "+62", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx")
AT = datetime(2023, 10, 10, 7, 0, tzinfo=UTC)
TABLE = ExportTable(
    "nilai",
    "Nilai",
    ("teks", "angka", "bulat", "ya", "hari", "saat", "kosong"),
    tuple((t, -3.5, -2, True, date(2023, 10, 10), AT, None) for t in (*DANGEROUS, "aman", "'apa")),
)
RING = tuple(tuple(p) for p in cast.cell(cast.DESA[0]))
SHAPES = (
    MapShape("desa", ((RING,),), Point(-7.7, 112.9), {"kode": cast.KARANGJATI, "tingkat": 3, "nilai": 42.5}),
    MapShape("desa", (), Point(-7.72, 112.93), {"kode": cast.TEGALREJO, "tingkat": None, "nilai": None}),
    MapShape("desa", (), None, {"kode": cast.WONOSARI}),
)


def export(mark=MARK, tables=(TABLE,), shapes=SHAPES):
    return Export("uji", "Ekspor uji", mark, tables, shapes)


def unzipped(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_no_text_of_a_workbook_starts_a_formula_and_numbers_stay_numbers():
    page = load_workbook(io.BytesIO(export_bytes(export(), "xlsx")))["nilai"]
    rows = list(page.iter_rows(min_row=3, values_only=True))
    for text, row in zip(DANGEROUS, rows, strict=False):
        assert row[0].startswith("'") and row[0][1:2] == text[0].replace("\r", row[0][1:2])
    assert all(c.data_type != "f" for line in page.iter_rows() for c in line)
    assert rows[0][1:3] == (-3.5, -2)
    assert rows[0][3:6] == ("ya", datetime(2023, 10, 10), datetime(2023, 10, 10, 7, 0))
    assert rows[len(DANGEROUS)][0] == "aman"


def test_no_text_of_a_csv_starts_a_formula_and_numbers_stay_numbers():
    raw = unzipped(export_bytes(export(), "csv"))["nilai.csv"]
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [r["teks"] for r in rows[: len(DANGEROUS)]] == ["'" + t for t in DANGEROUS]
    assert (rows[0]["angka"], rows[0]["bulat"], rows[0]["kosong"]) == ("-3.5", "-2", "")
    assert rows[0]["saat"] == "2023-10-10T07:00:00+00:00"


def test_parquet_keeps_types_and_gaps():
    pl = pytest.importorskip("polars")
    frame = pl.read_parquet(io.BytesIO(unzipped(export_bytes(export(), "parquet"))["nilai.parquet"]))
    assert frame["teks"].to_list()[0] == "=1+1"  # no program runs a text of Parquet
    assert (frame["angka"].dtype, frame["bulat"].dtype, frame["ya"].dtype) == (
        pl.Float64,
        pl.Int64,
        pl.Boolean,
    )
    assert frame["saat"].to_list()[0] == AT and frame["kosong"].to_list() == [None] * len(TABLE.rows)


def test_a_column_of_whole_and_broken_numbers_is_broken():
    pl = pytest.importorskip("polars")
    table = ExportTable("a", "A", ("x", "y"), ((1, None), (2.5, None)))
    frame = pl.read_parquet(
        io.BytesIO(unzipped(export_bytes(export(tables=(table,)), "parquet"))["a.parquet"])
    )
    assert frame["x"].to_list() == [1.0, 2.5] and frame["y"].to_list() == [None, None]


def test_an_empty_table_keeps_its_columns():
    pl = pytest.importorskip("polars")
    table = ExportTable("a", "A", ("x", "y"), ())
    frame = pl.read_parquet(
        io.BytesIO(unzipped(export_bytes(export(tables=(table,)), "parquet"))["a.parquet"])
    )
    assert frame.columns == ["x", "y", "tanda"]


def test_a_geopackage_holds_boundaries_points_and_gaps(tmp_path):
    pytest.importorskip("pyogrio")
    path = tmp_path / "peta.gpkg"
    path.write_bytes(export_bytes(export(), "gpkg"))
    with sqlite3.connect(path) as book:
        kinds = dict(book.execute("SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))
        (area,) = book.execute("SELECT kode, tingkat, nilai, tanda FROM desa").fetchall()
        (point,) = book.execute("SELECT kode, tingkat, nilai, tanda FROM desa_titik").fetchall()
    assert kinds == {"desa": "MULTIPOLYGON", "desa_titik": "POINT"}
    assert area == (cast.KARANGJATI, 3, 42.5, MARK)
    assert point == (cast.TEGALREJO, None, None, MARK)


@pytest.mark.parametrize("kode", FORMATS)
def test_the_mark_is_in_every_format(kode):
    raw = export_bytes(export(), kode)
    parts = unzipped(raw).values() if raw[:2] == b"PK" else [raw]
    assert any(MARK.encode() in part for part in parts)
    clean = export_bytes(export(mark=""), kode)
    parts = unzipped(clean).values() if clean[:2] == b"PK" else [clean]
    assert not any(b"LATIHAN" in part for part in parts)


@pytest.mark.parametrize("kode", ["xlsx", "csv", "parquet"])
def test_the_same_content_gives_the_same_tables(kode):
    if kode == "xlsx":  # a workbook holds the moment it was written
        a, b = (unzipped(export_bytes(export(), kode))["xl/worksheets/sheet1.xml"] for _ in range(2))
    else:
        a, b = (export_bytes(export(), kode) for _ in range(2))
    assert a == b


@pytest.mark.parametrize(
    ("kode", "library"), [("parquet", "polars"), ("gpkg", "pyogrio"), ("gpkg", "shapely")]
)
def test_a_missing_library_is_named_with_the_command(monkeypatch, kode, library):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] == library:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ExtraMissing) as refused:
        export_bytes(export(), kode)
    assert refused.value.facts["command"] == f"pip install 'kondusif[{FORMATS[kode].extra}]'"


@pytest.mark.parametrize("look", [*LOOKS, "formatted"])
def test_every_line_of_a_look_is_dressed_as_its_first(look):
    """Text, numbers, days and moments, in lines that follow each other and in a second sheet."""
    cells = ["a", 1.5, None, date(2023, 10, 8), datetime(2023, 10, 8, 7)]
    formats = ["@", "0.0", "@", "dd/mm/yyyy", "yyyy"]
    pages = [Page(name, [(look, cells)] * 3, formats=formats) for name in ("satu", "dua")]
    out = io.BytesIO()
    write_pages(out, pages)
    book = load_workbook(out)
    first = None
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            worn = [(c.font.b, c.font.i, c.alignment.wrap_text, c.border.left.style) for c in row]
            shapes = [c.number_format for c in row]
            first = first or (worn, shapes)
            assert (worn, shapes) == first
    if look == "formatted":
        assert first[1] == formats
    else:
        assert first[1][0] == "General" and first[1][-1] == MOMENT != first[1][-2]

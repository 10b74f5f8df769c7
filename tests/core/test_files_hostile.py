"""Files that are broken, too large or meant to harm: one problem that says why, and never a crash."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from kondusif.errors import ImportRefused
from kondusif.files import OperationFile, read_workbook
from kondusif.files.write import write_plotting, write_workbook
from kondusif_index.tables import read as tables
from kondusif_index.tables.write import FORMULA_STARTS, shielded
from tests.core.file_cast import problems


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", body)
    return out.getvalue()


def _xlsx(*rows: tuple[object, ...], title: str = "desa") -> bytes:
    book, out = Workbook(), io.BytesIO()
    page = book.active
    page.title = title
    for row in rows:
        page.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "raw, name",
    [
        (b"", "kosong.csv"),
        (b"   \n", "kosong.csv"),
        (b"PK\x03\x04 not a zip", "a.xlsx"),
        (b"plain text", "a.xlsx"),
        (b"\xd0\xcf\x11\xe0 old excel", "a.xls"),
        (_zip(**{"readme": b"x"}), "a.xlsx"),
        (
            _zip(**{"[Content_Types]": b"<a/>", "xl__workbook": b"<!DOCTYPE x [<!ENTITY a 'b'>]><a/>"}),
            "a.xlsx",
        ),
        (b'kode,nama\n"99', "desa.csv"),
        (b"kode\x00,nama\n", "desa.csv"),
    ],
)
def test_what_is_no_table_is_one_problem(raw, name):
    [p] = problems(raw, name)
    assert p.file == name


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(tables, "MAX_UNPACKED", 1_000_000)
    bomb = _zip(**{"[Content_Types]": b"<a/>", "xl__worksheets__sheet1": b"0" * 2_000_000})
    assert len(bomb) < 20_000
    assert "1 MB" in problems(bomb, "bom.xlsx")[0].expected


@pytest.mark.parametrize("limit, value", [("MAX_ROWS", 3), ("MAX_COLUMNS", 3), ("MAX_CELL", 5)])
def test_limits_on_rows_columns_and_cells(monkeypatch, limit, value):
    monkeypatch.setattr(tables, limit, value)
    rows = [("kode", "nama", "kecamatan", "memilih")] + [("99.01.01.2001", "Karangjati", "S", "ya")] * 4
    assert "paling" in problems(_xlsx(*rows), "besar.xlsx")[0].expected


def test_a_merged_header_is_named(tmp_path):
    head = ("kode", "nama", "kecamatan", None, "memilih")
    raw = _xlsx(head, ("99.01.01.2001", "A", "S", "x", "ya", "y"))
    assert [(p.row, p.found) for p in problems(raw, "a.xlsx")] == [(2, "sel ke-6: y")]
    no_header = problems(_xlsx(("99.01.01.2001", "A", "S", "ya")), "a.xlsx")
    assert "judul kolom" in no_header[0].expected


def test_a_code_that_excel_took_for_a_number_is_still_a_code():
    rows = (("kode", "nama", "kecamatan", "memilih"), (9901012001, "Karangjati", "Sumberarum", True))
    assert read_workbook(_xlsx(*rows), "a.xlsx").desa[0].kode == "99.01.01.2001"


def test_a_spreadsheet_never_runs_what_we_write(tmp_path):
    evil = ("=cmd()", "+1", "-1", "@x", "\tx", "\rx")
    rows = [{"Satuan": text, "Jumlah": 3} for text in evil]
    write_plotting(tmp_path / "p.xlsx", rows, "=judul", "LATIHAN - DATA ILUSTRATIF")
    page = load_workbook(tmp_path / "p.xlsx").active
    for row in page.iter_rows():
        for cell in row:
            assert cell.data_type != "f"
            assert not str(cell.value or "").startswith(FORMULA_STARTS)
    assert "LATIHAN - DATA ILUSTRATIF" in page["A2"].value
    assert page.oddHeader.center.text == "LATIHAN - DATA ILUSTRATIF"


def test_a_shielded_text_comes_back_as_it_was():
    row = {"kode": "x", "nama": "=1+1", "jenis": "lain"}
    book = io.BytesIO()
    write_workbook(book, OperationFile.of({"kantor": (row,)}))
    assert read_workbook(book.getvalue(), "a.xlsx")["kantor"][0]["nama"] == "=1+1"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=200).map(lambda b: b"PK\x03\x04" + b),
        st.text(alphabet="kode,nama;\n\"'#=\t0159.-yat", max_size=300).map(str.encode),
    ),
    name=st.sampled_from(["desa.csv", "jawaban.csv", "x.xlsx", "tps.csv", "berkas"]),
)
def test_any_bytes_are_read_or_refused_and_never_crash(raw, name):
    try:
        file = read_workbook(raw, name)
    except ImportRefused as refused:
        assert refused.problems
    else:
        assert isinstance(file, OperationFile)


def _one_office_per(texts):
    rows = tuple({"kode": f"x{n}", "nama": text, "jenis": "lain"} for n, text in enumerate(texts))
    book = io.BytesIO()
    write_workbook(book, OperationFile.of({"kantor": rows}))
    return book.getvalue()


WORDS = st.text(max_size=40).map(tables.visible).filter(lambda t: t == t.strip() and shielded(t).strip())


@settings(max_examples=15, deadline=None)  # a workbook costs most of a second; ten texts in each
@given(st.lists(WORDS, min_size=10, max_size=10))
def test_any_text_survives_a_workbook_and_starts_no_formula(texts):
    again = read_workbook(_one_office_per(texts), "a.xlsx")["kantor"]
    for text, row in zip(texts, again, strict=True):
        said = (
            row["nama"].removeprefix("'").split()
        )  # what no workbook holds is dropped before it is shielded
        assert said == shielded(text).removeprefix("'").split() or row["nama"] == text


def test_a_text_with_nothing_printable_is_an_empty_cell():
    with pytest.raises(ImportRefused) as refused:
        read_workbook(_one_office_per(["\x01\x02"]), "a.xlsx")
    assert refused.value.problems[0].found == "kosong"

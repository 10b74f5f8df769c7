"""A file is what its content says, whatever its name: read, or named with what to do."""

import io
import zipfile

import polars
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kondusif.cli import BAD_FILE, main
from kondusif.files.country import units_of
from kondusif_index.errors import ImportRefused
from kondusif_index.tables.columns import read_columns
from kondusif_index.tables.read import open_tables
from tests.core.file_cast import DESA, OPERASI, TPS
from tests.core.test_workbooks import DESA as ROWS
from tests.core.test_workbooks import LINKS, SHEET, book, raw_of, with_part, with_shared_texts

BOOK = with_shared_texts(raw_of(book(*ROWS)))
PARTS = ["xl/workbook.xml", SHEET, LINKS, "xl/styles.xml", "xl/sharedStrings.xml", "_rels/.rels"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


KINDS = {
    ".xls lama": OLE + "Workbook".encode("utf-16-le"),
    "terkunci kata sandi": OLE + "EncryptedPackage".encode("utf-16-le"),
    "Word": OLE + "WordDocument".encode("utf-16-le"),
    ".ods": zipped("mimetype", "content.xml", "styles.xml"),
    ".xlsb": zipped("[Content_Types].xml", "xl/workbook.bin", "xl/worksheets/sheet1.bin"),
    "dokumen Word": zipped("[Content_Types].xml", "word/document.xml"),
    "Apple Numbers": zipped("Index/Document.iwa", "preview.jpg"),
    "arsip": zipped("desa.csv"),
    "HTML": b"<html><table><tr><td>kode</td></tr></table></html>",
    "(HTML)": b'\xef\xbb\xbf\r\n <meta charset="utf-8"><table>',
    "XML Excel 2003": b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook>',
    "MHTML": b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n",
    "JSON": b'[{"kode": "99.01.01.2001"}]',
    "PDF": b"%PDF-1.7\n\xff\xfe",
    "gambar": b"\x89PNG\r\n\x1a\n",
    "SYLK": b"ID;PWXL;N;E\r\n",
    "Parquet": b"PAR1\x00\x00",
}


@pytest.mark.parametrize("name", ["desa.xlsx", "desa.csv", "desa.xls", "desa"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_another_kind_is_named_for_what_it_is(kind, name):
    with pytest.raises(ImportRefused) as refused:
        open_tables(KINDS[kind], name)
    [problem] = refused.value.problems
    assert kind.strip("()") in problem.found
    assert "Simpan Sebagai" in problem.expected


def test_a_strict_workbook_is_told_how_to_be_saved():
    strict = '<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheets/></workbook>'
    with pytest.raises(ImportRefused, match="bukan Strict: Simpan Sebagai"):
        open_tables(with_part(BOOK, {"xl/workbook.xml": strict}), "desa.xlsx")


def test_a_name_does_not_decide_how_a_file_is_read():
    csv = b"kode;nama\n99.01.01.2001;Karangjati\n"
    assert open_tables(csv, "desa.xlsx")[0].rows == open_tables(csv, "desa.csv")[0].rows
    assert open_tables(BOOK, "desa.xls")[0].rows == open_tables(BOOK, "desa.csv")[0].rows


TEXT = "kode;nama\n99.01.01.2001;Karangjati Café – Lor\n"


@pytest.mark.parametrize(
    "code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-16-le+", "cp1252"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_the_encodings_that_spreadsheets_write_are_read(code, ends):
    body = TEXT.replace("\n", ends)
    raw = ("\ufeff" + body).encode(code[:-1]) if code.endswith("+") else body.encode(code)
    [table] = open_tables(raw, "desa.csv")
    assert [row for _, row in table.rows] == [("kode", "nama"), ("99.01.01.2001", "Karangjati Café – Lor")]


@pytest.mark.parametrize("raw", [b"kode;nama\n1;Caf\xc3\xa9\n2;Caf\xc3\n", b"kode;nama\n1;a\n2;\x81\n"])
def test_a_broken_letter_is_named_by_its_row(raw):
    with pytest.raises(ImportRefused) as refused:
        open_tables(raw, "desa.csv")
    assert [(p.row, p.found) for p in refused.value.problems] == [(3, "huruf rusak")]


HEADINGS = {
    "the first row": "kode{m}nama{m}kecamatan\n1{m}a{m}b\n",
    "below a title with commas": "Daftar desa, Kecamatan S, 2023\nkode{m}nama{m}kecamatan\n1{m}a{m}b\n",
    "below a title and a blank row": "Daftar\n\nkode{m}nama{m}kecamatan\n1{m}a{m}b\n",
    "below a note": "# a,b;c\tx|y,z\nkode{m}nama{m}kecamatan\n1{m}a{m}b\n",
    "alone": "kode{m}nama{m}kecamatan\n",
    "above decimal commas": 'kode{m}nama{m}kecamatan\n"1,5,2,3"{m}a{m}"b;c|d"\n',
    "after Excel's own line, quoted": '"sep={m}"\r\nkode{m}nama{m}kecamatan\n1{m}a{m}b\n',
    "after Excel's own line": "sep={m}\nkode{m}nama{m}kecamatan\n1{m}a{m}b\n",
}


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"], ids=["semicolon", "comma", "tab", "bar"])
@pytest.mark.parametrize("where", HEADINGS)
def test_the_heading_row_says_what_parts_the_cells(where, mark):
    [table] = open_tables(HEADINGS[where].replace("{m}", mark).encode(), "desa.csv")
    assert ("kode", "nama", "kecamatan") in [row for _, row in table.rows]


def test_an_unbalanced_quote_is_named_by_the_row_on_which_it_opens():
    raw = b'kode,nama\n1,"a\nb"\n2,"Karangjati\n3,Wonosari\n4,Sukorejo\n'
    with pytest.raises(ImportRefused) as refused:
        open_tables(raw, "desa.csv")
    assert [(p.row, p.found) for p in refused.value.problems] == [(4, 'tanda "')]


def damaged():
    """The workbook, and its sheets, cut and with bytes turned over; and anything."""
    at = st.integers(0, len(BOOK) - 1)
    cut = at.map(lambda k: BOOK[:k])
    flips = st.lists(st.tuples(at, st.integers(0, 255)), min_size=1, max_size=12)
    inner = st.sampled_from(PARTS)
    return st.one_of(
        cut, flips.map(_flipped), st.tuples(inner, st.randoms()).map(_inside), st.binary(max_size=400)
    )


def _flipped(flips):
    raw = bytearray(BOOK)
    for at, byte in flips:
        raw[at] = byte
    return bytes(raw)


def _inside(drawn):
    """One part with a few bytes of its text changed, packed well again."""
    part, rng = drawn
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        body = bytearray(archive.read(part))
    for _ in range(rng.randint(1, 4)):
        body[rng.randrange(len(body))] = rng.choice(b"<>&\"'/=0a9 \x00\xff")
    return with_part(BOOK, {part: bytes(body[: rng.randint(1, len(body))] if rng.random() < 0.2 else body)})


@settings(max_examples=300, deadline=None)
@given(raw=damaged(), name=st.sampled_from(["desa.xlsx", "desa.csv", "a.xls"]))
def test_a_damaged_file_is_read_or_refused_and_never_crashes(raw, name):
    try:
        open_tables(raw, name)
        open_tables(raw, name, limited=False)
    except ImportRefused as refused:
        assert refused.problems


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=damaged())
def test_a_command_shows_no_traceback_for_a_damaged_file(raw, tmp_path, capsys):
    path = tmp_path / "a.xlsx"
    path.write_bytes(raw)
    assert main(["classify", str(path), "--at", "2026-06-01 08.00"]) == BAD_FILE
    assert "Traceback" not in capsys.readouterr().err


def parquet():
    out = io.BytesIO()
    polars.DataFrame({"uCode": ["a", "b"], "A": [1.0, 2.0]}).write_parquet(out)
    return out.getvalue()


PARQUET = parquet()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    flips=st.lists(st.tuples(st.integers(0, len(PARQUET) - 1), st.integers(0, 255)), max_size=8),
    cut=st.integers(0, 9),
)
def test_a_damaged_parquet_file_is_read_or_refused_and_never_crashes(flips, cut, tmp_path):
    raw = bytearray(PARQUET)
    for at, byte in flips:
        raw[at] = byte
    path = tmp_path / "iData.parquet"
    path.write_bytes(bytes(raw[: len(raw) - cut]))
    try:
        read_columns(path)
        units_of(path)
    except ImportRefused as refused:
        assert refused.problems


def test_the_cast_of_csv_files_is_read():
    for name, body in {"operasi": OPERASI, "desa": DESA, "tps": TPS}.items():
        assert len(open_tables(body.encode(), f"{name}.csv")[0].rows) >= 2

"""Reading and writing operation files: everything or nothing, every problem at once."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from kondusif.errors import ImportRefused, Problem
from kondusif.files import OperationFile, cells, load_sample, read_workbook, tables
from kondusif.files.sheets import BY_NAME, REFERENCES, SHEETS
from kondusif.files.write import write_plotting, write_template, write_workbook
from kondusif.measure.catalogue import item_ids

OPERASI = (
    "kode,nama,polres,waktu_pemungutan,zona_waktu,paket_aturan,pola,latihan\n"
    "uji,Uji,Polres Uji,2026-06-01 07.00,WITA,pp-16-2026,jatim-2021-2023,tidak\n"
)
DESA = (
    "kode,nama,kecamatan,lat,lng,memilih\n"
    '99.01.01.2001,Karangjati,Sumberarum,"-7,5",112.5,ya\n'
    "99.01.01.2002,Wonosari,Sumberarum,-7.6,112.6,ya\n"
)
TPS = "desa,nomor,pemilih\n99.01.01.2001,1,412\n99.01.01.2002,1,500\n"
ANSWERS = "tempat,butir,nilai,keadaan,tanggal,sumber,penilai\n"


def folder(tmp_path: Path, **sheets: str) -> Path:
    for name, body in {"operasi": OPERASI, "desa": DESA, "tps": TPS, **sheets}.items():
        (tmp_path / f"{name}.csv").write_text(body, encoding="utf-8")
    return tmp_path


def problems(source: Path | bytes, name: str = "", **options: object) -> tuple[Problem, ...]:
    with pytest.raises(ImportRefused) as caught:
        read_workbook(source, name, **options)  # type: ignore[arg-type]
    return caught.value.problems


def answer(item: str, value: object, **more: str) -> str:
    row = {"keadaan": "", "tanggal": "2026-05-20", "sumber": "berkas", "penilai": "bhabin"} | more
    rest = ",".join(row.values())
    return ANSWERS + f"99.01.01.2001,{item},{value},{rest}\n"


# ---------------------------------------------------------------- cells


@pytest.mark.parametrize(
    "parse, raw, value",
    [
        (cells.kode_desa, 9901012001, "99.01.01.2001"),
        (cells.kode_desa, 9901012001.0, "99.01.01.2001"),
        (cells.kode_desa, " 99.01.01.2001 ", "99.01.01.2001"),
        (cells.kode_place, "99.01.01.2001-3", "99.01.01.2001-03"),
        (cells.decimal, "12,5", 12.5),
        (cells.decimal, "-0.25", -0.25),
        (cells.decimal, "1.234,5", 1234.5),
        (cells.decimal, 7, 7.0),
        (cells.whole, "500", 500),
        (cells.coordinate, "-7,799", -7.799),
        (cells.day, "08/10/2023", date(2023, 10, 8)),
        (cells.day, datetime(2023, 10, 8, 7), date(2023, 10, 8)),
        (cells.day, "8 Agustus 2023", date(2023, 8, 8)),
        (cells.moment, "10/10/2023 07.00", datetime(2023, 10, 10, 7)),
        (cells.moment, "2023-10-10T07:00:30", datetime(2023, 10, 10, 7, 0, 30)),
        (cells.moment, "10 Okt 2023, 07.00 WIB", datetime(2023, 10, 10, 7)),
        (cells.yes_no_unknown, "Tidak  Tahu", "unknown"),
        (cells.yes_no_unknown, 1, "yes"),
        (cells.yes_no_unknown, False, "no"),
        (cells.offset, "H-3 06.30", (3, time(6, 30))),
        (cells.listed, "a; b ;", ("a", "b")),
        (cells.text, "'=1+1", "=1+1"),
    ],
)
def test_a_cell_becomes(parse, raw, value):
    assert parse(raw) == value


@pytest.mark.parametrize(
    "parse, raw",
    [
        (cells.kode_desa, "3514060006"),  # the BPS code of a village
        (cells.kode_desa, "35.14.05"),
        (cells.kode_desa, datetime(2035, 5, 14)),
        (cells.kode_place, "99.01.01.2001-00"),
        (cells.decimal, "1.800"),
        (cells.decimal, "1,800"),
        (cells.decimal, "dua"),
        (cells.decimal, True),
        (cells.decimal, float("nan")),
        (cells.whole, "-1"),
        (cells.whole, "2,5"),
        (cells.day, "10/25/2023"),
        (cells.day, 45207),
        (cells.day, "8 M 2023"),
        (cells.moment, "2023-10-10"),
        (cells.moment, "2023-10-10 25.00"),
        (cells.yes_no, "tidak tahu"),
        (cells.yes_no_unknown, 2),
        (cells.offset, "H+1 07.00"),
    ],
)
def test_nothing_is_guessed(parse, raw):
    with pytest.raises(cells.BadCell):
        parse(raw)


# ---------------------------------------------------------------- whole files


def test_a_folder_of_csv_becomes_core_values(tmp_path):
    file = read_workbook(folder(tmp_path, jawaban=answer("B04", '"0,05"')))
    assert [d.nama for d in file.voting] == ["Karangjati", "Wonosari"]
    assert file.tps_of("99.01.01.2001") == ("99.01.01.2001-01",)
    assert str(file.election.vote_at) == "2026-06-01 07:00:00+08:00"
    assert file.jawaban[0].value == 0.05
    assert (file.illustrative, file.mark) == (False, "")


def test_an_answer_without_id_gets_the_same_one_every_time(tmp_path):
    source = folder(tmp_path, jawaban=answer("A01", 2))
    assert read_workbook(source).jawaban == read_workbook(source).jawaban


def test_the_same_rows_as_xlsx_and_back():
    sample, book = load_sample(), io.BytesIO()
    write_workbook(book, sample)
    again = read_workbook(book.getvalue(), "masukan.xlsx")
    assert again.rows == sample.rows


@pytest.mark.parametrize(
    "encoding, delimiter", [("utf-8-sig", ","), ("utf-8", ";"), ("cp1252", ";"), ("utf-16", "\t")]
)
def test_csv_as_offices_save_it(tmp_path, encoding, delimiter):
    body = DESA.replace("Karangjati", "Karangjatié").replace('"-7,5"', "-7.5").replace(",", delimiter)
    file = folder(tmp_path)
    (file / "desa.csv").write_bytes(body.encode(encoding))
    assert read_workbook(file).desa[0].nama == "Karangjatié"


def test_one_csv_is_named_by_its_sheet_or_its_header():
    assert len(read_workbook(DESA.encode(), "desa.csv").desa) == 2
    assert len(read_workbook(DESA.encode(), "unduhan (3).csv").desa) == 2


def test_a_partial_file_leans_on_what_the_office_has(tmp_path):
    known = read_workbook(folder(tmp_path))
    file = read_workbook(answer("A01", 2).encode(), "jawaban.csv", known=known)
    assert file.jawaban[0].place == "99.01.01.2001"
    [p] = problems(answer("A01", 2).encode(), "jawaban.csv")
    assert (p.row, p.column, p.found) == (2, "tempat", "99.01.01.2001")


def test_every_problem_at_once_and_where(tmp_path):
    desa = DESA + "3514060006,BPS,Sumberarum,,,mungkin\n99.01.01.2001,Lagi,Sumberarum,-7.5,,ya\n"
    found = problems(folder(tmp_path, desa=desa, tps=TPS + "99.01.01.2009,1,501\n"))
    where = {(p.sheet, p.row, p.column) for p in found}
    assert where == {
        ("desa", 4, "kode"),
        ("desa", 4, "memilih"),
        ("desa", 5, "kode"),  # twice
        ("desa", 5, "lng"),
        ("tps", 4, "desa"),
        ("tps", 4, "pemilih"),
    }
    assert all(p.file.endswith(".csv") and p.found and p.expected for p in found)


@pytest.mark.parametrize(
    "row, column, expected",
    [
        (answer("A99", 1), "butir", "A01"),
        (answer("A01", -1), "nilai", "nol"),
        (answer("A01", "1,5").replace("1,5", '"1,5"'), "nilai", "bulat"),
        (answer("A07", 101), "nilai", "persen"),
        (answer("D10", 5), "nilai", "0 sampai 4"),
        (answer("B02", 2), "nilai", "ya atau tidak"),
        (answer("A01", "ya"), "nilai", "angka"),
        (answer("D06_violence", 3), "nilai", "tidak tahu"),
        (answer("A01", ""), "nilai", "keadaan"),
        (answer("B04", 3, keadaan="menolak"), "nilai", "kosong"),
        (answer("A01", "", keadaan="tidak berlaku"), "keadaan", "selalu berlaku"),
        (answer("A01", 1, tanggal="2028-01-01"), "tanggal", "setahun"),
    ],
)
def test_an_answer_must_be_possible(tmp_path, row, column, expected):
    [p] = problems(folder(tmp_path, jawaban=row))
    assert (p.sheet, p.row, p.column) == ("jawaban", 2, column)
    assert expected in p.expected


def test_yes_and_no_of_a_spreadsheet_count_for_booleans_and_companions(tmp_path):
    rows = answer("B02", "ya") + answer("D06_threat", 0).splitlines()[1] + "\n"
    first, second = read_workbook(folder(tmp_path, jawaban=rows)).jawaban
    assert (first.value, second.word) == (1.0, "no")


def test_an_observation_of_tomorrow_is_a_problem(tmp_path):
    source = folder(tmp_path, jawaban=answer("A01", 1))
    assert read_workbook(source, now=datetime(2026, 5, 20, 9, tzinfo=UTC))
    [p] = problems(source, now=datetime(2026, 5, 19, 9, tzinfo=UTC))
    assert (p.column, p.found) == ("tanggal", "2026-05-20")


def test_the_same_id_with_other_content_is_a_problem(tmp_path):
    head = "id," + ANSWERS
    row = "x,99.01.01.2001,A01,{},,2026-05-20,berkas,bhabin\n"
    assert len(read_workbook(folder(tmp_path, jawaban=head + row.format(1) * 2))["jawaban"]) == 2
    [p] = problems(folder(tmp_path, jawaban=head + row.format(1) + row.format(2)))
    assert p.column == "id" and "baris 2" in p.found


@pytest.mark.parametrize(
    "name, body, hint",
    [
        ("dessa.csv", "a,b\n1,2\n", "maksud Anda desa?"),
        ("desa.csv", DESA.replace("kecamatan", "kecamatn"), "maksud Anda kecamatan?"),
        ("operasi.csv", OPERASI.replace("WITA", "WITTA"), "maksud Anda WITA?"),
    ],
)
def test_a_slip_of_the_pen_is_met_with_a_suggestion(name, body, hint):
    assert any(hint in p.expected for p in problems(body.encode(), name))


def test_a_misspelt_heading_is_one_problem_and_its_cells_are_still_read(tmp_path):
    body = answer("A01", 1).replace("nilai,", "nilaii,") + answer("A01", -4).splitlines()[1] + "\n"
    found = problems(folder(tmp_path, jawaban=body))
    assert [(p.row, p.column, p.found) for p in found] == [
        (1, "nilaii", "judul kolom yang tidak dikenal"),
        (3, "nilai", "-4"),
    ]


def test_an_empty_cell_that_must_be_filled_is_told_what_belongs_there(tmp_path):
    (found,) = problems(folder(tmp_path, jawaban=answer("A01", 1, sumber="")))
    assert (found.column, found.found) == ("sumber", "kosong") and "dokumen atau jabatan" in found.expected


def test_problems_stand_in_the_order_of_the_rows(tmp_path):
    bad = answer("A99", 1) + answer("A01", 1, tanggal="kemarin").splitlines()[1] + "\n"
    assert [p.row for p in problems(folder(tmp_path, jawaban=bad))] == [2, 3]


def test_what_is_never_kept_is_refused_at_the_door(tmp_path):
    found = problems(folder(tmp_path, jawaban=answer("A01", 1, sumber="tokoh suku Jawa")))
    assert {(p.row, p.column) for p in found} == {(2, "sumber")}
    assert "tanpa agama" in found[0].expected


def test_an_election_must_hold_together(tmp_path):
    head, row = OPERASI.splitlines()
    body = f"{head},mulai_tingkat_3,pelantikan\n{row},H-1 06.00,\n"
    [p] = problems(folder(tmp_path, operasi=body))
    assert p.column == "mulai_tingkat_1"


def test_every_reference_points_at_a_sheet_and_a_column():
    for sheet, column, target, target_column in REFERENCES:
        assert BY_NAME[sheet].column(column) and BY_NAME[target].column(target_column)


# ---------------------------------------------------------------- hostile files


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
            assert not str(cell.value or "").startswith(cells.FORMULA_STARTS)
    assert "LATIHAN - DATA ILUSTRATIF" in page["A2"].value
    assert page.oddHeader.center.text == "LATIHAN - DATA ILUSTRATIF"


def test_a_shielded_text_comes_back_as_it_was():
    row = {"kode": "x", "nama": "=1+1", "jenis": "lain"}
    book = io.BytesIO()
    write_workbook(book, OperationFile.of({"kantor": (row,)}))
    assert read_workbook(book.getvalue(), "a.xlsx")["kantor"][0]["nama"] == "=1+1"


def test_the_template_is_empty_and_carries_menus():
    out = io.BytesIO()
    write_template(out)
    assert not any(read_workbook(out.getvalue(), "t.xlsx").rows.values())
    book = load_workbook(io.BytesIO(out.getvalue()))
    assert book.sheetnames == ["#Petunjuk", "#Butir", *(s.name for s in SHEETS)]
    asked = {row[0]: row for row in book["#Butir"].iter_rows(min_row=3, values_only=True)}
    assert list(asked) == list(item_ids())
    assert asked["E01"][2] == "angka, menit" and asked["D10"][2] == "0 sampai 4"
    assert "tidak diisi" in asked["F01"][2]
    menus = {v.formula1 for v in book["operasi"].data_validations.dataValidation}
    assert '"WIB,WITA,WIT"' in menus and '"ya,tidak"' in menus
    assert book["desa"]["A4"].number_format == "@"


def test_every_sheet_of_an_illustrative_file_says_so():
    out = io.BytesIO()
    write_workbook(out, load_sample())
    for page in load_workbook(io.BytesIO(out.getvalue())).worksheets:
        first = [str(page.cell(n, 1).value or "") for n in (1, 2)]
        assert any("LATIHAN - DATA ILUSTRATIF" in text for text in first), page.title


# ---------------------------------------------------------------- anything at all


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


WORDS = st.text(max_size=40).filter(lambda t: t == t.strip() and cells.shielded(t).strip())


@settings(max_examples=15, deadline=None)  # a workbook costs most of a second; ten texts in each
@given(st.lists(WORDS, min_size=10, max_size=10))
def test_any_text_survives_a_workbook_and_starts_no_formula(texts):
    again = read_workbook(_one_office_per(texts), "a.xlsx")["kantor"]
    for text, row in zip(texts, again, strict=True):
        said = (
            row["nama"].removeprefix("'").split()
        )  # what no workbook holds is dropped before it is shielded
        assert said == cells.shielded(text).removeprefix("'").split() or row["nama"] == text


def test_a_text_with_nothing_printable_is_an_empty_cell():
    with pytest.raises(ImportRefused) as refused:
        read_workbook(_one_office_per(["\x01\x02"]), "a.xlsx")
    assert refused.value.problems[0].found == "kosong"


def test_unprintable_marks_are_refused_in_and_dropped_out():
    with pytest.raises(cells.BadCell):
        cells.text("aman\x1b[31m")
    assert cells.shielded("aman\x1b") == "aman"

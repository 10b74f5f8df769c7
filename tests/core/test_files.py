"""Reading and writing operation files: everything or nothing, every problem at once."""

import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from kondusif.errors import ImportRefused
from kondusif.files import load_sample, read_workbook
from kondusif.files.read import operation_code, read_numbered
from kondusif.files.sheets import BY_NAME, SHEETS
from kondusif.files.write import write_plotting, write_template, write_workbook
from tests.cast import RECIPE
from tests.core.file_cast import ANSWERS, DESA, OPERASI, TPS, answer, folder, problems


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
    file = read_numbered(answer("A01", 2).encode(), "jawaban.csv", known=known).file
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


@pytest.mark.parametrize("kode", ["Uji", "kantor", "u", "uji 2026", "-uji", "uji_2026"])
def test_the_code_of_an_operation_follows_one_rule(tmp_path, kode):
    [p] = problems(folder(tmp_path, operasi=OPERASI.replace("uji,", f"{kode},")))
    assert (p.file, p.sheet, p.row, p.column) == ("operasi.csv", "operasi", 2, "kode")
    assert p.found == kode and "huruf kecil" in p.expected


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
    assert read_numbered(source, now=datetime(2026, 5, 20, 9, tzinfo=UTC)).file
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
    referring = [c.refers for sheet in SHEETS for c in sheet.columns if c.refers]
    assert len(referring) == 16
    for target, column in (r.split(".") for r in referring):
        assert BY_NAME[target].column(column)


def test_the_template_is_empty_and_carries_menus():
    out = io.BytesIO()
    write_template(out)
    assert not any(read_workbook(out.getvalue(), "t.xlsx").rows.values())
    book = load_workbook(io.BytesIO(out.getvalue()))
    assert book.sheetnames == ["#Petunjuk", "#Indikator", *(s.name for s in SHEETS)]
    asked = {row[0]: row for row in book["#Indikator"].iter_rows(min_row=3, values_only=True)}
    assert list(asked) == list(RECIPE.items)
    assert asked["E01"][2] == "angka, menit" and asked["D10"][2].startswith("0: biasa; 1: saling ejek")
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


def test_a_file_says_which_operation_it_belongs_to_before_it_is_checked(tmp_path):
    (tmp_path / "operasi.csv").write_text("kode,nama\nuji-2026,Uji\n")
    (tmp_path / "tps.csv").write_text("desa,nomor\nwrong,x\n")
    assert operation_code(tmp_path) == "uji-2026"
    assert operation_code(tmp_path / "tps.csv") == ""
    with pytest.raises(ImportRefused):
        operation_code(tmp_path / "nowhere.xlsx")


def test_the_plotting_list_has_room_to_sign_below_its_last_row(tmp_path):
    """Place, date, office, name, rank and number are blanks for a pen; who has seen it stands at the left."""
    rows = [{"pos": "TPS 01", "unit": "Polsek", "orang": 2, "mulai": ""}]
    write_plotting(tmp_path / "p.xlsx", rows, "Plotting", "LATIHAN")
    sheet = load_workbook(tmp_path / "p.xlsx")["plotting"]
    lines = [[str(c.value) for c in row if c.value] for row in sheet.iter_rows(min_row=6)]
    told = [cell for line in lines for cell in line]
    assert told[1] == "Mengetahui," and [t.split(":")[0] for t in told[3:]] == [
        *("Jabatan", "Jabatan", "Nama", "Nama", "Pangkat/NRP", "Pangkat/NRP")
    ]
    assert sheet.oddHeader.center.text == "LATIHAN"


@pytest.mark.parametrize(
    "sheet, head, column",
    [
        ("kekuatan", "kode,nama,unsur,fungsi,jumlah,bukan_di\nu1,Unit,polri,sabhara,5,", "bukan_di"),
        ("pertemuan", "kode,judul,tanggal,tempat,peserta,desa\nm1,Dialog,2026-05-01,Balai,camat,", "desa"),
    ],
)
def test_an_area_without_a_village_of_the_operation_is_pointed_out(tmp_path, sheet, head, column):
    file = read_numbered(folder(tmp_path, **{sheet: f"{head}99.01.01.2001;99.01.01.2009\n"}))
    assert [(r.sheet, r.row, r.column, r.found) for r in file.remarks] == [
        (sheet, 2, column, "99.01.01.2009")
    ]


@pytest.mark.parametrize("strength", ["100000", "1e12", "9" * 30])
def test_a_unit_of_more_people_than_there_can_be_is_refused_by_its_cell(tmp_path, strength):
    [problem] = problems(
        folder(tmp_path, kekuatan=f"kode,nama,unsur,fungsi,jumlah\nu1,Unit,polri,sabhara,{strength}\n")
    )
    assert (problem.sheet, problem.row, problem.column) == ("kekuatan", 2, "jumlah")

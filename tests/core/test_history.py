"""A history of votes is read whole or not at all; the terminal shows every figure with its interval."""

import csv
import io
import json

import pytest
from openpyxl import Workbook

from kondusif.cli import BAD_FILE, OK, USAGE, main
from kondusif.errors import ImportRefused
from kondusif.files.history import history_csv, read_history
from kondusif.learn import Outcome

GOOD = """tempat,skor,tingkat,kejadian
99.01.01.2001,5,1,tidak ada
99.01.01.2002,"12,5",1,Merah
99.01.01.2003,30,2,kuning
99.01.01.2004,50,3,merah
99.01.01.2005,55,3,
"""


def test_a_history_is_read_and_written_back():
    got = read_history(GOOD, "riwayat.csv")
    assert got[1] == Outcome("99.01.01.2002", 12.5, 1, 3)
    assert [o.severity for o in got] == [0, 3, 2, 3, None]
    assert read_history(history_csv(got)) == got


def test_every_problem_is_named_at_once():
    bad = "tempat,skor,tingkat,kejadian\na,101,1,hijau\na,5,4,apa\n,x,1,\n"
    with pytest.raises(ImportRefused) as refused:
        read_history(bad, "r.csv")
    told = [(p.row, p.column) for p in refused.value.problems]
    assert told == [
        (2, "skor"),
        (3, "tempat"),
        (3, "tingkat"),
        (3, "kejadian"),
        (4, "tempat"),
        (4, "skor"),
    ]


@pytest.mark.parametrize("text", ["", "tempat,skor\n", "tempat,skor,tingkat,kejadian\n"])
def test_a_file_without_columns_or_rows_is_refused(text):
    with pytest.raises(ImportRefused):
        read_history(text, "r.csv")


def test_the_command_prints_rates_misses_and_what_it_does_not_do(tmp_path, capsys):
    path = tmp_path / "riwayat.csv"
    path.write_text(GOOD, encoding="utf-8")
    assert main(["learn", str(path)]) == OK
    out = capsys.readouterr().out
    for text in (
        "4 tempat dengan laporan; 1 tanpa",
        "1 dari 2 (50 %",
        "Terlewat: 99.01.01.2002",
        "tidak diterapkan",
    ):
        assert text in out
    assert main(["learn", str(path), "--json"]) == OK
    assert json.loads(capsys.readouterr().out)["by_level"]["2"]["hit"] == 1


def test_cut_offs_that_do_not_rise_are_a_usage_error_and_a_bad_file_says_where(tmp_path, capsys):
    path = tmp_path / "r.csv"
    path.write_text("tempat,skor,tingkat,kejadian\na,500,1,hijau\n", encoding="utf-8")
    assert main(["learn", str(path), "--cuts", "40", "20"]) == USAGE
    assert main(["learn", str(path)]) == BAD_FILE
    assert "r.csv, baris 2, kolom skor" in capsys.readouterr().err


def test_a_table_with_semicolons_and_decimal_commas_is_the_same_table():
    text = GOOD.replace('"12,5"', "12.5").replace(",", ";").replace("12.5", "12,5")
    assert read_history(text, "r.csv") == read_history(GOOD, "r.csv")


@pytest.mark.parametrize(
    "place", ["Budi Santoso", "=1+1", "+62812", "a" * 41, "99.01.01.2001 Karangjati", "-1", "a,b"]
)
def test_a_place_is_a_code_and_nothing_else(place):
    with pytest.raises(ImportRefused) as refused:
        read_history(f'tempat,skor,tingkat,kejadian\n"{place}",5,1,hijau\n', "r.csv")
    assert [(p.row, p.column) for p in refused.value.problems] == [(2, "tempat")]


def test_a_decimal_comma_without_quotes_is_refused_and_not_read_as_two_cells():
    with pytest.raises(ImportRefused) as refused:
        read_history("tempat,skor,tingkat,kejadian\na,12,1,,hijau\n", "r.csv")
    assert [(p.row, p.found) for p in refused.value.problems] == [(2, "5 sel")]
    assert "koma desimal" in refused.value.problems[0].expected


def test_a_column_that_stands_twice_is_refused():
    with pytest.raises(ImportRefused) as refused:
        read_history("tempat,skor,tingkat,kejadian,skor\na,5,1,hijau,50\n", "r.csv")
    assert [(p.column, p.found) for p in refused.value.problems] == [("skor", "kolom dua kali")]


def workbook(text):
    book, out = Workbook(), io.BytesIO()
    for row in csv.reader(text.splitlines()):
        book.active.append([float(cell) if cell.isdecimal() else cell for cell in row])
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.encode("utf-16"),
        GOOD.replace(",", "\t").encode(),
        b"# catatan\n\n" + GOOD.encode(),
        workbook(GOOD),
    ],
)
def test_a_history_is_understood_as_every_other_table_is(raw):
    assert read_history(raw.replace(b'"12\t5"', b"12,5"), "r.csv") == read_history(GOOD)


def test_a_name_in_another_encoding_is_refused_by_line(tmp_path):
    path = tmp_path / "r.csv"
    path.write_bytes("tempat,skor,tingkat,kejadian\né,5,1,hijau\n".encode("latin-1"))
    with pytest.raises(ImportRefused) as refused:
        read_history(path)
    assert refused.value.problems[0].row == 2


def test_a_file_of_other_columns_is_told_what_it_lacks_and_what_it_has(tmp_path, capsys):
    path = tmp_path / "skor.csv"
    path.write_text("uCode,score,tingkat\nu1,3,1\n", encoding="utf-8")
    assert main(["learn", str(path)]) == BAD_FILE
    said = capsys.readouterr().err
    assert (
        "skor.csv, baris 1, kolom skor: ditemukan uCode, score, tingkat; seharusnya kolom skor: 0 sampai"
        in said
    )
    assert "kolom kejadian: tidak ada, hijau, kuning, merah" in said and "kolom tingkat:" not in said


def test_help_says_what_learn_takes(capsys):
    with pytest.raises(SystemExit):
        main(["learn", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    for text in (
        "CSV, XLSX atau Parquet",
        "skor (0 sampai 100)",
        "tingkat (1, 2, 3)",
        "kosong bila tidak ada",
    ):
        assert text in said


def test_learn_reads_what_every_command_reads(tmp_path):
    """Parquet, other separators and marks, one sheet among none; two filled sheets are refused."""
    polars = pytest.importorskip("polars")
    want = read_history(GOOD, "riwayat.csv")
    path = tmp_path / "r.parquet"
    columns = {"tempat": [o.place for o in want], "skor": [o.score for o in want]}
    events = ["tidak ada", "merah", "kuning", "merah", None]
    polars.DataFrame(columns | {"tingkat": [1, 1, 2, 3, 3], "kejadian": events}).write_parquet(path)
    assert read_history(path) == want
    assert read_history(GOOD.replace(",", ";").replace('"12;5"', "12,5").encode("utf-16"), "r.csv") == want
    book = Workbook()
    for sheet in (book.active, book.create_sheet("lain")):
        sheet.append(["tempat", "skor", "tingkat", "kejadian"])
    book.save(tmp_path / "r.xlsx")
    with pytest.raises(ImportRefused, match="satu lembar berisi"):
        read_history(tmp_path / "r.xlsx")


def test_a_score_with_three_decimals_is_none_of_thousands_unless_its_column_says_so():
    text = "tempat,skor,tingkat,kejadian\na,33.125,2,\nb,7.250,1,merah\n"
    assert [o.score for o in read_history(text)] == [33.125, 7.25]
    with pytest.raises(ImportRefused, match=r"baris 2, kolom skor: ditemukan 33\.125"):
        read_history(text.replace("7.250", '"7,25"'))

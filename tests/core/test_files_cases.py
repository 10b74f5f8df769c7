"""Workbooks with faults that people reported: taken, or refused by the cell."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kondusif.files import read_workbook
from kondusif.files.as_of import AsOf
from kondusif.files.read import read_numbered
from tests.core.file_cast import problems

CASES = Path(__file__).parent / "cases"


@pytest.mark.filterwarnings("ignore:File contains an invalid specification")
@pytest.mark.parametrize(
    "name, sheet, row, column, expected",
    [
        ("01-a", "desa", 4, "kode", "rumus di sel ini gagal"),
        ("01-b", "tps", 4, "desa", "rumus di sel ini gagal"),
        ("01-m", "jawaban", 3, "tempat", "rumus di sel ini gagal"),  # else an answer would be lost as a note
        ("04-d", "desa", 2, "ilustratif", "simpan berkas di Excel"),
        ("04-e", "kekuatan", 2, "bukan_di", "simpan berkas di Excel"),
        ("08-a", "", None, "", "bukan Strict"),
        ("05-a", "desa", 3, "kode", "kelurahan, atau ini kode BPS"),
        ("24-b", "kekuatan", 2, "bukan_di", "semua nolnya"),  # 99.10, typed alone, became 99.1
    ],
)
def test_a_fault_is_told_with_its_cell(name, sheet, row, column, expected):
    found = problems(CASES / f"{name}.xlsx")[0]
    assert (found.sheet, found.row, found.column) == (sheet, row, column)
    assert expected in found.expected


@pytest.mark.parametrize("name", ["00-a", "01-m-control", "03-e", "06-a", "09-a", "09-b", "24-a", "24-c"])
def test_a_workbook_in_an_unusual_form_is_taken(name):
    assert len(read_workbook(CASES / f"{name}.xlsx").desa) == 2


def test_the_answer_that_a_failed_lookup_would_have_lost_makes_a_class():
    """Without it the village would be calm: case 01-m is refused, its control is Sangat Rawan."""
    file = read_workbook(CASES / "01-m-control.xlsx")
    state = AsOf.at(file, datetime(2026, 6, 1, 12, tzinfo=file.zone)).operation
    assert state.villages["99.01.01.2001"].assessment.level == 3


def test_a_code_that_became_a_number_in_a_list_is_a_code():
    assert read_workbook(CASES / "24-a.xlsx")["kekuatan"][0]["bukan_di"][0] == "99.01.01.2001"
    assert read_workbook(CASES / "24-c.xlsx")["pertemuan"][0]["desa"][0] == "99.01.01.2001"


def test_an_answer_of_today_before_dawn_lies_not_in_the_future():
    file = read_workbook(CASES / "19-a.xlsx")
    (on,) = {answer.on for answer in file.jawaban}
    dawn = datetime(on.year, on.month, on.day, 0, 30, tzinfo=file.zone).astimezone(UTC)
    assert dawn.date() < on
    assert read_numbered(CASES / "19-a.xlsx", now=dawn).file.jawaban == file.jawaban


def test_a_pledge_of_today_before_dawn_lies_not_in_the_future():
    file = read_workbook(CASES / "19-b.xlsx")
    (day,) = {row["tanggal_ikrar"] for row in file["calon"]}
    for hour in (0, 5, 8):
        dawn = datetime(day.year, day.month, day.day, hour, 30, tzinfo=file.zone).astimezone(UTC)
        assert dawn.date() < day
        assert read_numbered(CASES / "19-b.xlsx", now=dawn).file["calon"] == file["calon"]

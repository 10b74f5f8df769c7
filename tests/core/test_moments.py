"""Days and moments: one reader of what people write, one function from a moment to its day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from kondusif.cli import main
from kondusif.files import cells, moments, read_workbook
from kondusif.files.read import read_numbered
from kondusif.files.registers import dialogue_answers
from kondusif.stages import ZONES, Election, StagesError, h, local_day, stage_at
from kondusif.words import table
from kondusif_index.tables.read import open_tables
from tests.core.file_cast import problems
from tests.core.test_files_cases import CASES

TENTH = date(2023, 10, 10)  # a Tuesday


@pytest.mark.parametrize(
    "text",
    [
        "2023-10-10", "2023/10/10", "10/10/2023", "10-10-2023", "10.10.2023", "10 10 2023", "10/10/23",
        "10-10-23", "10 Oktober 2023", "10 OKTOBER 2023", "10 okt 2023",
        "10 Okt. 2023", "10-Okt-2023", "10-OKT-23",
        "10 October 2023", "October 10, 2023", "Oct 10 2023", "Selasa, 10 Oktober 2023",
        "SELASA 10 OKTOBER 2023", "Sel, 10 Okt 2023", "Tuesday, 10 October 2023",
        " 10\u00a0Oktober  2023 ", "10 / 10 / 2023", "10/10/2023 07.00", "2023-10-10T07:00",
        "Selasa 10 Oktober 2023 pukul 07.00",
    ],
)  # fmt: skip
def test_every_way_of_writing_a_day_is_that_day(text):
    assert cells.day(text) == TENTH


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("change", [str, str.upper, str.lower])
def test_every_month_is_read_in_both_languages_long_and_short(month, language, change):
    for family in ("months", "months_long"):
        name = change(table(family, language)[str(month)])
        assert cells.day(f"3 {name} 2023") == date(2023, month, 3)


@pytest.mark.parametrize("text, day", [("3 Agt 2023", 8), ("3 Ags 2023", 8), ("3 Nopember 2023", 11)])
def test_other_spellings_of_a_month_are_read(text, day):
    assert cells.day(text) == date(2023, day, 3)


def test_the_day_comes_first_as_everywhere_in_indonesia():
    assert cells.day("03/04/2023") == cells.day("3-4-23") == date(2023, 4, 3)


@pytest.mark.parametrize(
    "text, advice",
    [
        ("10/25/2023", "hari, bulan, tahun"),
        ("Senin, 10 Oktober 2023", "hari yang cocok"),
        ("31/02/2023", "kalender"),
        ("2023-00-10", "hari, bulan, tahun"),
        ("0000-01-01", "kalender"),
        ("10 M 2023", "hari, bulan, tahun"),
        ("10 Oktobra 2023", "hari, bulan, tahun"),
        (45209, "ubah format sel menjadi Tanggal"),
        (0.29, "ubah format sel menjadi Tanggal"),
        (time(7), "hanya jam"),
        (timedelta(hours=31), "hanya jam"),
    ],
)
def test_a_day_that_contradicts_itself_is_refused_with_advice(text, advice):
    with pytest.raises(cells.BadCell, match=advice):
        cells.day(text)


@pytest.mark.parametrize(
    "text",
    [
        "10/10/2023 07.00", "10/10/2023 7.00", "10/10/23 07:00", "2023-10-10 07.00", "2023-10-10T07:00",
        "2023-10-10T07:00:00", "2023-10-10 07:00:00.000", "10 OKTOBER 2023 pukul 07.00",
        "10 Okt 2023, pkl. 07.00", "Selasa, 10 Oktober 2023, jam 07.00", "10 Oktober 2023 PUKUL 07:00",
    ],
)  # fmt: skip
def test_a_moment_without_a_zone_is_on_the_clock_of_the_operation(text):
    for name in ZONES.values():
        at = moments.located(cells.moment(text), ZoneInfo(name))
        assert at == datetime(2023, 10, 10, 7, tzinfo=ZoneInfo(name))


@pytest.mark.parametrize(
    "zone, hour",
    [
        ("WIB", 0), ("wib", 0), ("WITA", -1), ("wita", -1), ("WIT", -2), ("+07:00", 0), ("+0700", 0),
        ("+07", 0), ("+08:00", -1), ("Z", 7), ("UTC", 7), ("UTC+8", -1), ("GMT+7", 0),
    ],
)  # fmt: skip
@pytest.mark.parametrize("start", ["2023-10-10T07:00:00", "10/10/2023 07.00 ", "10 Oktober 2023 pukul 07.00"])
def test_a_zone_that_is_written_is_that_moment(start, zone, hour):
    at = moments.located(cells.moment(start + zone), ZoneInfo("Asia/Jakarta"))
    assert at == datetime(2023, 10, 10, 7 + hour, tzinfo=ZoneInfo("Asia/Jakarta"))


@pytest.mark.parametrize(
    "raw",
    [
        "2023-10-10", "2023-10-10 25.00", "10/10/2023 07.60", "07.00", time(7), 45209.29, TENTH, "x 07.00",
        "", "2023-10-10T07:00+99:00",
        "10/10/2023 07.00-13:00", "10/10/2023 07.00 - 13.00",
    ],
)  # fmt: skip
def test_half_a_moment_is_refused(raw):
    with pytest.raises(cells.BadCell):
        cells.moment(raw)


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{1,4}[-/. ][0-9a-zA-Z]{1,9}[-/. ][0-9]{1,4}.{0,15}"))
def test_any_text_is_a_day_or_a_refusal_in_our_words(text):
    for read in (cells.day, cells.moment):
        try:
            assert isinstance(read(text), date)
        except cells.BadCell as bad:
            assert "range" not in str(bad)  # Python's own words


@given(
    st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30)),
    st.sampled_from([*ZONES.values()]),
    st.sampled_from([UTC, *(ZoneInfo(name) for name in ZONES.values())]),
)
def test_the_day_of_a_moment_is_the_day_on_the_clock_there_whatever_zone_it_is_kept_in(wall, name, kept):
    here = ZoneInfo(name)
    assert local_day(wall.replace(tzinfo=here).astimezone(kept), here) == date(
        wall.year, wall.month, wall.day
    )


def test_a_moment_without_a_zone_has_no_day():
    with pytest.raises(StagesError):
        local_day(datetime(2023, 10, 10, 7), UTC)


# ---------------------------------------------------------------- in a file


def test_the_zone_of_a_cell_is_converted_to_that_of_the_operation():
    wib, wita = (read_workbook(CASES / f"03-{name}.xlsx").election.vote_at for name in "ae")
    assert (wib.hour, wita.hour) == (8, 7)
    assert wib.tzinfo == wita.tzinfo == ZoneInfo("Asia/Makassar")


HEAD = (
    "kode,nama,polres,waktu_pemungutan,zona_waktu,paket_aturan,pola,latihan\n"
    "uji-h6,Uji,Polres Uji,2026-06-01 07.00,{zone},pp-16-2026,jatim-2021-2023,ya\n"
)


def folder(tmp_path, zone, on):
    (tmp_path / "operasi.csv").write_text(HEAD.format(zone=zone))
    (tmp_path / "desa.csv").write_text(
        "kode,nama,kecamatan,memilih\n99.01.01.2001,Karangjati,Sumberarum,ya\n", encoding="utf-8"
    )
    (tmp_path / "jawaban.csv").write_text(
        f"tempat,butir,nilai,tanggal,sumber,penilai\n99.01.01.2001,A01,2,{on},berkas,bhabin\n"
    )
    return tmp_path


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("minute", [0, 1, 299, 419, 420, 479, 480, 539, 540, 720, 1439])
def test_an_answer_of_today_is_taken_at_every_hour_and_one_of_tomorrow_at_none(tmp_path, zone, minute):
    here = ZoneInfo(ZONES[zone])
    now = (datetime(2026, 5, 30, tzinfo=here) + timedelta(minutes=minute)).astimezone(UTC)
    today = read_numbered(folder(tmp_path, zone, "2026-05-30"), now=now)
    assert [a.on for a in today.file.jawaban] == [date(2026, 5, 30)]
    (problem,) = problems(folder(tmp_path, zone, "2026-05-31"), now=now)
    assert (problem.sheet, problem.column) == ("jawaban", "tanggal")


@pytest.mark.parametrize(
    "zone, written, on",
    [
        ("WITA", "2026-05-29T22:30:00Z", date(2026, 5, 30)),
        ("WIB", "2026-05-29T17:30:00Z", date(2026, 5, 30)),
        ("WIT", "2026-05-30T23:30:00+07:00", date(2026, 5, 31)),
        ("WITA", "2026-05-30T07:00:00+08:00", date(2026, 5, 30)),
    ],
)
def test_a_date_cell_with_a_zone_is_the_day_of_that_moment_where_the_operation_is(
    tmp_path, zone, written, on
):
    assert [a.on for a in read_workbook(folder(tmp_path, zone, written)).jawaban] == [on]


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_dates_of_both_calendars_of_excel_are_read(tmp_path, epoch_1904):
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904 if epoch_1904 else CALENDAR_WINDOWS_1900
    book.active.append([datetime(2023, 10, 10, 7), TENTH, time(7)])
    book.save(tmp_path / "a.xlsx")
    at, day, clock = open_tables(tmp_path / "a.xlsx")[0].rows[0][1]
    assert (cells.moment(at), cells.day(day)) == (datetime(2023, 10, 10, 7), TENTH)
    with pytest.raises(cells.BadCell, match="hanya jam"):
        cells.moment(clock)


def test_a_date_cell_of_iso_8601_with_a_zone_is_that_moment():
    at = datetime(2023, 10, 9, 23, 30, tzinfo=UTC)
    wita = ZoneInfo("Asia/Makassar")
    assert moments.located(cells.moment(at), wita) == at
    assert local_day(cells.day(at), wita) == TENTH


# ---------------------------------------------------------------- of the stages and the command line


@given(
    st.integers(0, 24 * 60 - 1),
    st.integers(-70, 80),
    st.sampled_from([*ZONES]),
    st.sampled_from([*ZONES.values()]),
)
def test_h_and_the_stage_of_a_moment_are_those_of_its_local_day(minute, days, zone, kept):
    election = Election(vote_at=datetime(2023, 10, 10, 7, tzinfo=ZoneInfo(ZONES[zone])), tz=zone)
    start = datetime.combine(election.day + timedelta(days=days), time(), election.zone)
    at = (start + timedelta(minutes=minute)).astimezone(ZoneInfo(kept)).astimezone(UTC)
    assert h(election, at) == days
    assert stage_at(election, at) == stage_at(election, start + timedelta(hours=12))


@pytest.mark.parametrize(
    "at", ["2023-10-10T22:30:00Z", "2023-10-11 05.30", "11/10/23 06.30 WITA", "11 OKT 2023 05:30 WIB"]
)
def test_the_command_line_takes_the_moment_as_it_is_written_and_tells_the_local_day(capsys, at):
    assert main(["status", "--at", at]) == 0
    assert "Rab 11 Okt 2023, 05.30" in capsys.readouterr().out


@pytest.mark.parametrize("minute", [0, 299, 420, 1439])
def test_registers_of_a_file_speak_of_the_local_day(minute):
    file = read_workbook(CASES / "19-b.xlsx")
    start = datetime(2026, 5, 30, tzinfo=file.zone)
    said = dialogue_answers(file, "99.01.01.2001", (start + timedelta(minutes=minute)).astimezone(UTC))
    assert {a.on for a in said} == {date(2026, 5, 30)}
    assert [a.value for a in said if a.item == "F05"] == [100.0]

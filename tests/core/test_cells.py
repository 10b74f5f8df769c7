"""What a cell says, and that nothing is guessed where it could mean two things."""

from datetime import date, datetime, time

import pytest

from kondusif.files import cells
from kondusif_index.tables.write import shielded


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
        (cells.yes_no_unknown, "Tidak  Tahu", "unknown"),
        (cells.yes_no_unknown, 1, "yes"),
        (cells.yes_no_unknown, False, "no"),
        (cells.offset, "H-3 06.30", (3, time(6, 30))),
        (cells.offset, "h-3 pukul 06:30", (3, time(6, 30))),
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


def test_unprintable_marks_are_refused_in_and_dropped_out():
    with pytest.raises(cells.BadCell):
        cells.text("aman\x1b[31m")
    assert shielded("aman\x1b") == "aman"

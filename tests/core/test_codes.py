"""One reader of area codes: every spelling of a code is the same place, and what lost a digit is refused."""

import contextlib
import json
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif.cli import main
from kondusif.errors import ImportRefused
from kondusif.files import cells, read_workbook
from kondusif.files.geojson import read_boundaries
from kondusif.files.history import read_history
from kondusif.files.read import read_numbered
from kondusif.files.sheets import SHEETS
from kondusif.places import Desa, Point, area_code, area_codes, is_kelurahan, official
from kondusif.plots.places import places_of
from tests.core.file_cast import problems

two = st.integers(0, 99).map("{:02d}".format)
PROVINCE = st.integers(11, 99).map(str)
GROUPS = st.tuples(PROVINCE, two, two, st.from_regex(r"[123]\d{3}", fullmatch=True).filter(str.isascii))


def spellings(groups):
    """What people type and spreadsheets make of a code of a village."""
    dotted, digits = ".".join(groups), "".join(groups)
    plain = [dotted, digits, " ".join(groups), "-".join(groups), ",".join(groups), f"'{dotted}", f"’{digits}"]
    odd = [
        f" {dotted}\u00a0",
        f"{dotted}.",
        "\u200b".join(dotted),
        f"{digits}.0",
        f"{groups[0]}{groups[1]}." + dotted[6:],
    ]
    odd += [f"{int(digits):,}", f"{int(digits):,}".replace(",", ".")]
    return [*plain, *odd, int(digits), float(digits)]


@given(GROUPS)
def test_every_spelling_of_a_village_is_the_same_place(groups):
    assert {area_code(raw) for raw in spellings(groups)} == {".".join(groups)}
    assert {cells.kode_desa(raw) for raw in spellings(groups)} == {".".join(groups)}
    assert {official(raw) for raw in spellings(groups) if isinstance(raw, str)} == {".".join(groups)}


@given(GROUPS, st.integers(1, 99))
def test_every_spelling_of_a_station_is_the_same_place(groups, number):
    desa = ".".join(groups)
    for raw in spellings(groups)[:6]:
        for tail in (f"-{number}", f"-{number:02d}", f" - {number}", f"\u2060-{number:02d}"):
            assert cells.kode_place(raw + tail) == f"{desa}-{number:02d}"


@given(GROUPS, st.integers(1, 3))
def test_every_spelling_of_an_area_is_the_same_area(groups, depth):
    groups = groups[:depth]
    dotted, digits = ".".join(groups), "".join(groups)
    for raw in (dotted, f"{dotted}.", digits, int(digits), float(digits), f"'{dotted}"):
        assert area_code(raw) == dotted


@given(st.lists(GROUPS, min_size=1, max_size=4), st.sampled_from(["; ", ";", ", ", ",", "\n", ";\n", " ; "]))
def test_a_list_holds_the_same_places_however_they_are_spelled_and_divided(places, mark):
    wanted = tuple(".".join(groups) for groups in places)
    texts = [raw for raw in spellings(places[0]) if isinstance(raw, str) and "," not in raw]
    for k, raw in enumerate(texts):
        others = [
            (texts if n == 0 else [".".join(g), "".join(g)])[k % 2 if n else k] for n, g in enumerate(places)
        ]
        assert area_codes(mark.join([raw, *others[1:]])) == wanted
    for alone in (int("".join(places[0])), float("".join(places[0]))):
        assert cells.listed_codes(alone) == wanted[:1]


@pytest.mark.parametrize(
    "raw", ["99.01.01.2001, 2002", "99.01.01, 12", "9901012001; 99.01.02; 1001", "99.01\n12"]
)
def test_the_end_of_a_code_is_not_taken_for_an_area_elsewhere(raw):
    with pytest.raises(ValueError, match="lengkap"):
        area_codes(raw)
    assert area_codes("12; 1201; 99.01.01.2001") == ("12", "12.01", "99.01.01.2001")


def test_codes_may_be_divided_by_spaces_where_none_stands_within_a_code():
    assert area_codes("99.01.01 99.01.02") == ("99.01.01", "99.01.02")
    assert area_codes("9901012001 99.01.01.2002-3") == ("99.01.01.2001", "99.01.01.2002-03")
    assert area_codes("99 01 01 2001; 99 01 01 2002 - 1") == ("99.01.01.2001", "99.01.01.2002-01")
    with pytest.raises(ValueError, match="titik koma"):
        area_codes("35 36")  # two provinces, or a kabupaten
    assert area_codes("") == area_codes(" ; ") == ()


@pytest.mark.parametrize(
    "raw, advice",
    [
        ("3,51E+09", "bukan 3,5E"), ("3.514E+09", "bukan 3,5E"), ("3514e6", "bukan 3,5E"),
        (99.1, "semua nolnya"), ("99.1", "semua nolnya"), (351405201, "semua nolnya"),
        ("35.14.5.2001", "semua nolnya"),
        ("3514060006", "BPS"), (3514064006, "BPS"), (3.514e9, "BPS"),
        (datetime(2035, 5, 14), "Teks"), (date(2035, 5, 14), "Teks"), (time(7), "Teks"),
        (timedelta(1), "Teks"), (True, "Teks"), ("desa", ""), ("", ""), (float("nan"), ""),
        ("35.14.05.2001-00", ""), ("05.14", ""), ("35.14.05.20011", ""),
        ("35.14.05.2001-100", ""), ("35.14.05.2001.03", ""),
        (-3514052001, ""), ([1], ""),
    ],
)  # fmt: skip
def test_a_code_that_lost_something_is_refused_with_advice(raw, advice):
    for read in (area_code, cells.kode_desa):
        with pytest.raises(ValueError) as caught:
            read(raw)
        assert advice in str(caught.value) and bool(str(caught.value)) is bool(advice)


@pytest.mark.parametrize("raw", ["35.14.05", 351405, "35.14.05.2001-03"])
def test_an_area_or_a_station_is_no_village(raw):
    with pytest.raises(cells.BadCell):
        cells.kode_desa(raw)


@given(st.text(max_size=30) | st.floats() | st.integers())
def test_anything_is_an_official_code_or_refused(raw):
    with contextlib.suppress(ValueError):
        assert area_code(area_code(raw)) == area_code(raw)


@pytest.mark.parametrize("last, votes", [("1001", False), ("2001", True), ("3001", True)])
def test_a_kelurahan_elects_no_village_head(tmp_path, last, votes):
    assert is_kelurahan(f"99.01.01.{last}") is not votes
    head = "kode,nama,kecamatan,memilih\n"
    (tmp_path / "desa.csv").write_text(
        f"{head}99.01.01.{last},Karangjati,Sumberarum,tidak\n", encoding="utf-8"
    )
    assert len(read_workbook(tmp_path).desa) == 1
    (tmp_path / "desa.csv").write_text(f"{head}99.01.01.{last},Karangjati,Sumberarum,ya\n", encoding="utf-8")
    if votes:
        assert len(read_workbook(tmp_path).desa) == 1
    else:
        assert [(p.column, p.found) for p in problems(tmp_path)] == [("kode", "99.01.01.1001")]


@pytest.mark.parametrize("column", ["wilayah", "bukan_di", "desa"])
def test_a_column_of_codes_is_read_by_the_same_reader(column):
    kinds = {c.type.name for sheet in SHEETS for c in sheet.columns if c.name == column}
    assert kinds <= {"daftar kode", "kode desa"}


# ---------------------------------------------------------------- where else codes come in


@pytest.mark.parametrize("code", spellings(("99", "01", "01", "2001")))
def test_a_property_of_geojson_is_a_code_in_any_spelling(code):
    ring = [[112.0, -7.0], [112.1, -7.0], [112.1, -7.1], [112.0, -7.0]]
    feature = {
        "type": "Feature",
        "properties": {"kode": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    document = {"type": "FeatureCollection", "features": [feature]}
    known = [Desa("99.01.01.2001", "Karangjati", "Sumberarum", "", Point(-7.03, 112.07), True)]
    raw = json.dumps(document).encode()
    assert [*read_boundaries(raw, "batas.geojson", known).outlines] == ["99.01.01.2001"]
    assert [place.code for place in places_of(document)] == ["99.01.01.2001"]


def test_a_place_of_a_past_vote_is_a_code_in_any_spelling():
    rows = "9901012001/2019,10,1,tidak ada\n99 01 01 2002,10,1,hijau\nlama-3,10,1,\n"
    found = read_history("tempat,skor,tingkat,kejadian\n" + rows)
    assert [o.place for o in found] == ["99.01.01.2001/2019", "99.01.01.2002", "lama-3"]


def test_a_place_of_a_past_vote_stands_once_in_whatever_spelling():
    with pytest.raises(ImportRefused):
        read_history("tempat,skor,tingkat,kejadian\n9901012001,10,1,\n99.01.01.2001,10,1,\n")


def test_units_are_rolled_up_by_their_code_in_any_spelling(tmp_path, capsys):
    (tmp_path / "classes.csv").write_text(
        "uCode,score,class\n9901012001,10,1\n99.01.01.2002,20,1\n99 01 02 2001,30,2\n"
    )
    (tmp_path / "coverage.csv").write_text("uCode,coverage\n9901012001,1\n99.01.01.2002,1\n99 01 02 2001,1\n")
    assert main(["roll-up", str(tmp_path), "--to", "kecamatan", "--json"]) == 0
    assert [(a["code"], a["mean"]) for a in json.loads(capsys.readouterr().out)] == [
        ("99.01.01", 15.0),
        ("99.01.02", 30.0),
    ]


def test_voters_are_found_by_the_code_of_a_unit_in_any_spelling(tmp_path, capsys):
    (tmp_path / "classes.csv").write_text("uCode,score,class\n9901012001,10,1\n99.01.01.2002,20,1\n")
    (tmp_path / "coverage.csv").write_text("uCode,coverage\n99.01.01.2001,1\n99.01.01.2002,1\n")
    (tmp_path / "iData.csv").write_text("uCode,pemilih\n99.01.01.2001,300\n99 01 01 2002,100\n")
    asked = ["roll-up", str(tmp_path), "--to", "kecamatan", "--data", str(tmp_path / "iData.csv")]
    assert main([*asked, "--weight", "pemilih", "--json"]) == 0
    assert [(a["mean"], a["coverage"]) for a in json.loads(capsys.readouterr().out)] == [(12.5, 1.0)]


@pytest.mark.parametrize("code", ["35.14.05.2001", "3514052001", "35 14 05 2001", "'35.14.05.2001"])
def test_a_command_takes_a_code_in_any_spelling(capsys, code):
    main(["withdraw-check", "--desa", code, "--to", "l1", "--json"])
    assert json.loads(capsys.readouterr().out)["desa"] == "35.14.05.2001"


# ---------------------------------------------------------------- what is pointed out


def village_list(tmp_path, *codes):
    rows = "".join(f"{code},Desa {n},Sumberarum,ya\n" for n, code in enumerate(codes))
    (tmp_path / "desa.csv").write_text("kode,nama,kecamatan,memilih\n" + rows, encoding="utf-8")
    return read_numbered(tmp_path / "desa.csv").remarks


def test_codes_of_ten_digits_are_pointed_out_once_as_they_may_be_of_bps(tmp_path):
    (remark,) = village_list(tmp_path, "99.01.01.2001", "9901012002", "9901012003")
    assert (remark.sheet, remark.row, remark.column) == ("desa", 3, "kode")
    assert remark.found.startswith("2 kode") and "BPS" in remark.expected


def test_codes_with_points_are_not_pointed_out(tmp_path):
    assert village_list(tmp_path, "99.01.01.2001", "99.01.01.3001") == ()

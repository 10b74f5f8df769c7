"""What can be read in two ways is refused or asked, column by column; a code is a text or a whole number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from kondusif.cli import BAD_FILE, OK, main
from kondusif.errors import ImportRefused, RecipeError
from kondusif_index.index import build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.tables.columns import read_columns, read_data, read_meta
from kondusif_index.tables.numbers import column_numbers, number
from kondusif_index.tree import Node, Tree

TREE = Tree((Node("T"), Node("a", "T", 1.0, True, 1, 0.0, 1e6)))
META = "iCode,Parent,Type,Weight,Direction,goalpost_lower,goalpost_upper\nT,,Aggregate,1,1,,\n"
META += "a,T,Indicator,1,1,0,1000\n"


@pytest.mark.parametrize(
    ("text", "comma", "point"),
    [
        ("950", 950.0, 950.0),
        ("-950", -950.0, -950.0),
        ("\u2212950", -950.0, -950.0),
        ("1.250", 1250.0, 1.25),
        ("1,250", 1.25, 1250.0),
        ("-12.500", -12500.0, -12.5),
        ("+12,500", 12.5, 12500.0),
        ("0.250", None, 0.25),
        ("0,250", 0.25, None),
        ("12,5", 12.5, None),
        ("12.5", None, 12.5),
        (",5", 0.5, None),
        (".5", None, 0.5),
        ("1.250,75", 1250.75, None),
        ("1,250.75", None, 1250.75),
        ("1.250.000", 1250000.0, None),
        ("1,250,000", None, 1250000.0),
        ("1250.000", None, 1250.0),
        ("1e5", 1e5, 1e5),
        ("1.250e3", None, 1250.0),
        ("1,5E-2", 0.015, None),
        ("1 250", 1250.0, 1250.0),
        ("1\u00a0250,5", 1250.5, None),
        ("1\u202f250.5", None, 1250.5),
        ("1\u2009250", 1250.0, 1250.0),
        ("1'250.5", None, 1250.5),
        ("1\u2019250", 1250.0, 1250.0),
        *(
            (bad, None, None)
            for bad in ("12 5", "1.25.000", "1,250.000,5", "1.2.3", "5-", "(5)", "75 %", "75%", "1_0", "Rp5")
        ),
        *(
            (bad, None, None)
            for bad in ("", "-", "--5", "- 5", "nan", "inf", "1e400", "0x1F", "1.250,", "01.250.")
        ),
    ],
)
def test_a_text_is_read_by_its_decimal_mark_and_without_one_only_where_it_has_one_reading(text, comma, point):
    for mark, value in ((",", comma), (".", point)):
        if value is None:
            with pytest.raises(ValueError):
                number(text, mark)
        else:
            assert number(text, mark) == value
    known = {value for value in (comma, point) if value is not None}
    if len(known) == 1:
        assert number(text) == known.pop()
    else:
        with pytest.raises(ValueError, match="1800" if known else None):
            number(text)


COLUMNS = {
    "nothing settles it": (["1.250", "12.500", "950"], None, [1250.0, 12500.0, 950.0], [1.25, 12.5, 950.0]),
    "nor do commas": (["1,250", "12,500", "950"], None, [1.25, 12.5, 950.0], [1250.0, 12500.0, 950.0]),
    "one alone": (["1.250"], None, [1250.0], [1.25]),
    "a comma does": (["1.250", "12,5"], [1250.0, 12.5], [1250.0, 12.5], None),
    "thousands and a comma": (["1.250", "1.250,75"], [1250.0, 1250.75], [1250.0, 1250.75], None),
    "a point does": (["1.250", "12.5"], [1.25, 12.5], None, [1.25, 12.5]),
    "a leading zero does": (["1.250", "0.500"], [1.25, 0.5], None, [1.25, 0.5]),
    "millions do": (["1.250", "1.250.000"], [1250.0, 1250000.0], [1250.0, 1250000.0], None),
    "spaces tell nothing": (["1.250", "2 500"], None, [1250.0, 2500.0], [1.25, 2500.0]),
    "nor do powers of ten": (["1.250", "1e5"], None, [1250.0, 1e5], [1.25, 1e5]),
    "both marks settle nothing": (["1.250", "12,5", "12.5"], None, None, None),
    "but each is read where it has one reading": (["12,5", "12.5", "7"], [12.5, 12.5, 7.0], None, None),
}


@pytest.mark.parametrize(("cells", "alone", "comma", "point"), COLUMNS.values(), ids=list(COLUMNS))
def test_a_column_is_settled_by_itself_or_by_decimal_and_never_by_guess(cells, alone, comma, point):
    for mark, values in (("", alone), (",", comma), (".", point)):
        got, bad = column_numbers(cells, mark)
        if values is None:
            assert bad and all(np.isnan(got[k]) for k in bad)
        else:
            assert not bad and got.tolist() == values


@given(st.lists(st.floats(-9999, 9999).map(lambda x: round(x, 3)), min_size=1, max_size=6), st.booleans())
def test_a_column_written_one_way_is_never_read_the_other(values, comma):
    """Whatever is taken is what was written; what may be something else is not taken."""
    cells = [f"{x:,.3f}".replace(",", "_").replace(".", "," if comma else ".") for x in values]
    cells = [cell.replace("_", "." if comma else ",") for cell in cells]
    got, bad = column_numbers(cells)
    assert all(k in bad or got[k] == pytest.approx(x) for k, x in enumerate(values))
    got, bad = column_numbers(cells, "," if comma else ".")
    assert not bad and got.tolist() == pytest.approx(values)


def test_a_number_of_a_workbook_or_a_frame_is_never_read_in_two_ways(tmp_path):
    book = Workbook()
    for row in (["uCode", "a"], [3514052001, 1.25], [3514052002.0, 12.5], ["x", 950]):
        book.active.append(row)
    book.save(tmp_path / "d.xlsx")
    data = read_data(tmp_path / "d.xlsx", TREE)
    assert data.units == ("3514052001", "3514052002", "x") and data.column("a").tolist() == [
        1.25,
        12.5,
        950.0,
    ]
    got, bad = column_numbers([1.25, "1.250", 12])
    assert list(bad) == [1] and got[[0, 2]].tolist() == [1.25, 12.0]  # a number tells nothing of a text


@pytest.fixture
def measure(tmp_path):
    def go(cells, *more, meta=META):
        rows = "".join(f"u{k};{cell}\n" for k, cell in enumerate(cells))
        for name, text in (("d.csv", f"uCode;a\n{rows}"), ("m.csv", meta), ("r.toml", "")):
            (tmp_path / name).write_text(text, encoding="utf-8")
        given = {"--data": "d.csv", "--meta": "m.csv", "--recipe": "r.toml", "--out": "out"}
        return main(["measure", *more, *(x for k, v in given.items() for x in (k, str(tmp_path / v)))])

    return go


def test_measure_refuses_with_file_row_column_and_advice(measure, tmp_path, capsys):
    assert measure(["1.250", "12.500", "950"]) == BAD_FILE
    said = capsys.readouterr().err
    assert "d.csv, baris 2, kolom a: ditemukan 1.250" in said and "1250 atau 1,25" in said
    assert "baris 3, kolom a: ditemukan 12.500" in said and "--decimal" in said and "baris 4" not in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("mark", "score"), [(",", "100.0"), (".", "0.125")])
def test_measure_takes_the_answer_by_decimal(measure, tmp_path, mark, score):
    assert measure(["1.250", "12.500", "950"], "--decimal", mark) == OK
    assert (tmp_path / "out/scores.csv").read_text().splitlines()[1] == f"u0,{score}"


def test_what_has_the_other_mark_is_refused_under_decimal(measure, capsys):
    assert measure(["12.5"], "--decimal", ",") == BAD_FILE
    assert "seharusnya bilangan dengan koma desimal" in capsys.readouterr().err


def test_goalposts_and_weights_that_can_be_read_in_two_ways_are_refused_too(measure, capsys):
    assert measure(["5"], meta=META.replace(",0,1000", ",0,1.000")) == BAD_FILE
    assert "m.csv, baris 3, kolom goalpost_upper: ditemukan 1.000" in capsys.readouterr().err


def test_results_of_measure_are_read_back_with_their_decimal_points(measure, tmp_path):
    """Scores such as 12.125 and 33.375, all with three decimals, are no thousands."""
    meta = META.replace(",0,1000", ",0,100")
    assert measure(["12,125", "33,375"], "--decimal", ",", meta=meta) == OK
    assert main(["compare", str(tmp_path / "out"), str(tmp_path / "out")]) == OK


def test_another_mark_is_refused_by_the_library_too():
    with pytest.raises(RecipeError, match="decimal"):
        read_columns({"a": [1]}, decimal=";")


# ------------------------------------------------------------------------------- codes


@pytest.fixture(params=["pandas", "polars"])
def frame(request):
    return pytest.importorskip(request.param).DataFrame


def test_a_null_code_is_refused_by_its_row(frame):
    for codes in (["x", None], [3514052001.0, None]):
        with pytest.raises(ImportRefused, match="baris 2, kolom uCode: ditemukan kosong"):
            build(IndexRecipe(), frame({"uCode": codes, "a": [1.0, 2.0]}), TREE)


def test_a_code_held_as_a_number_is_its_digits_and_labels_likewise(frame):
    table = frame({"uCode": [3514052001.0, 3514052002.0], "a": [1.0, 2.0], "kec": [351405.0, None]})
    built = build(IndexRecipe(), table, TREE)
    assert built.units == ("3514052001", "3514052002") and built.raw.groups["kec"] == ("351405", "")


def test_a_code_that_is_no_whole_number_is_refused(frame):
    with pytest.raises(ImportRefused, match=r"baris 2, kolom uCode: ditemukan 3514052002\.5"):
        build(IndexRecipe(), frame({"uCode": [3514052001.0, 3514052002.5], "a": [1.0, 2.0]}), TREE)


def test_a_code_that_its_type_cannot_hold_is_refused_and_not_another_village(frame):
    """As 32-bit float 3514052001 is 3514052096."""
    table = frame({"uCode": np.array([3514052001, 2], dtype=np.float32), "a": [1.0, 2.0]})
    with pytest.raises(ImportRefused, match="baris 1, kolom uCode"):
        build(IndexRecipe(), table, TREE)


def test_a_yes_is_no_number(frame):
    with pytest.raises(ImportRefused, match="ditemukan True"):
        build(IndexRecipe(), frame({"uCode": ["x", "y"], "a": [True, False]}), TREE)


def test_a_parquet_file_of_float_codes_and_a_null(tmp_path):
    polars = pytest.importorskip("polars")
    path = tmp_path / "d.parquet"
    polars.DataFrame({"uCode": [3514052001.0, 3514052002.0], "a": [1.0, None]}).write_parquet(path)
    assert read_data(path, TREE).units == ("3514052001", "3514052002")
    polars.DataFrame({"uCode": ["x", None], "a": [1.0, 2.0]}).write_parquet(path)
    with pytest.raises(ImportRefused, match=r"d\.parquet, baris 2, kolom uCode: ditemukan kosong"):
        read_data(path, TREE)


def test_rows_of_a_hierarchy_that_are_set_aside_may_hold_anything(tmp_path):
    (tmp_path / "m.csv").write_text(META + "people,,Denominator,banyak,,,\n", encoding="utf-8")
    assert [node.code for node in read_meta(tmp_path / "m.csv").nodes] == ["T", "a"]

"""``kondusif plot`` works on the files of ``kondusif measure --out`` alone, and says what it lacks."""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from kondusif.cli import BAD_FILE, OK, REFUSED, USAGE, main
from kondusif.cli.plotting import FIGURES
from kondusif.errors import ImportRefused
from kondusif.plots.folder import REST, Folder, read_numbers
from tests.requires import ROOT

GOLD = ROOT / "tests" / "golden" / "pilkades-a" / "00_input"
RECIPE = """
[normalise]
method = "minmax"
[aggregate]
method = "arithmetic"
[classes]
cuts = [17, 21]
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory) -> Path:
    """What ``kondusif measure`` writes for the invented villages."""
    folder = tmp_path_factory.mktemp("ukur")
    (folder / "r.toml").write_text(RECIPE, encoding="utf-8")
    out = folder / "hasil"
    asked = ["--data", GOLD / "iData.csv", "--meta", GOLD / "iMeta.csv", "--recipe", folder / "r.toml"]
    assert main(["measure", *map(str, asked), "--out", str(out)]) == OK
    return out


def squares(path: Path, codes) -> Path:
    features = [
        {
            "properties": {"kode": code, "nama": code},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[k, 0], [k + 1, 0], [k + 1, 1], [k, 1], [k, 0]]],
            },
        }
        for k, code in enumerate(codes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def write(path: Path, rows) -> Path:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.mark.parametrize("kind", FIGURES)
def test_each_kind_from_the_files_alone(kind, measured, tmp_path, capsys):
    out = tmp_path / "g" / f"{kind}.svg"
    more = {
        "slope": ["--with", str(measured), "--names", "H-21,H-7"],
        "map": ["--boundaries", str(squares(tmp_path / "b.geojson", ["99.01.2001", "99.01.2002", "99.99"]))],
        "strip": ["--group", "kecamatan", "--data", str(GOLD / "iData.csv"), "--axis", "0,40"],
        "bars": ["--cuts", "17,21", "--most", "0"],
    }
    asked = ["plot", kind, "--from", str(measured), "--out", str(out), "--json", *more.get(kind, [])]
    assert main(asked) == OK
    said = json.loads(capsys.readouterr().out)
    assert ("without_boundary" in said) == (kind == "map")
    assert (said["file"], said["mark"]) == (str(out), "LATIHAN - DATA ILUSTRATIF")
    assert out.read_bytes().startswith(b"<?xml")


def test_the_parts_of_a_bar_are_the_dimensions_and_add_up(measured):
    found = Folder(measured).bars()
    assert found.parts == tuple("ABCDEF") and Folder(measured).code == "IDX"
    np.testing.assert_allclose(np.nansum(found.values, axis=1), found.scores, atol=1e-9)
    assert set(found.levels) == {1, 2, 3}


def test_without_known_parents_the_largest_indicators_stay_and_the_rest_is_one(tmp_path):
    write(tmp_path / "scores.csv", [["uCode", "T"], ["a", 10], ["b", ""]])
    header = ["uCode", *(f"i{k}" for k in range(9)), "sum"]
    write(
        tmp_path / "contributions.csv", [header, ["b", *[""] * 9, ""], ["a", 4, 2, 1, 1, 1, *[0.25] * 4, 10]]
    )
    found = Folder(tmp_path).bars(3)
    assert found.parts == ("i0", "i1", "i2", REST)
    assert found.values[0].tolist() == [4, 2, 1, 3] and np.isnan(found.scores[1])
    assert not Folder(tmp_path).illustrative
    grouped = Folder(tmp_path, parents={f"i{k}": "XY"[k % 2] for k in range(9)}).bars()
    assert grouped.parts == ("X", "Y") and grouped.values[0].sum() == 10


def test_files_are_joined_by_unit_not_by_row(tmp_path):
    write(tmp_path / "scores.csv", [["uCode", "P", "T"], ["a", 1, 10], ["b", 2, 50]])
    write(tmp_path / "classes.csv", [["uCode", "score", "class"], ["b", 50, 3], ["a", 10, 1]])
    write(tmp_path / "bands.csv", [["uCode", "low", "high"], ["b", 45, 55]])
    write(tmp_path / "contributions.csv", [["uCode", "P1", "sum"], ["b", 50, 50], ["a", 10, 10]])
    found = Folder(tmp_path).bars()
    assert found.levels == (1, 3) and found.values[:, 0].tolist() == [10, 50]
    assert np.isnan(found.low[0]) and found.high[1] == 55
    assert Folder(tmp_path, top="P").strip().scores.tolist() == [1, 2]
    with pytest.raises(ImportRefused, match="satu dari P, T"):
        Folder(tmp_path, top="Q").strip()


def test_a_row_that_says_so_makes_the_figure_illustrative(tmp_path):
    write(tmp_path / "scores.csv", [["uCode", "T", "ilustratif"], ["35.14", 10, "ya"]])
    assert Folder(tmp_path).illustrative and Folder(tmp_path).code == "T"


def test_a_column_of_words_is_left_aside(tmp_path):
    write(tmp_path / "scores.csv", [["uCode", "nama", "T"], ["a", "Desa A", 10], ["b", "Desa B", 50]])
    write(tmp_path / "classes.csv", [["uCode", "label", "level"], ["a", "Rawan", 2], ["b", "Sangat", 3]])
    assert Folder(tmp_path).code == "T" and Folder(tmp_path).levels() == (2, 3)


def test_every_bad_cell_is_named_at_once(tmp_path):
    path = write(tmp_path / "scores.csv", [["uCode", "T"], ["a", "x"], ["a", "inf"], ["", "1"]])
    with pytest.raises(ImportRefused) as refused:
        read_numbers(path)
    assert [(p.row, p.column) for p in refused.value.problems] == [
        (3, "uCode"),
        (4, "uCode"),
        (2, "T"),
        (3, "T"),
    ]


def test_what_lacks_is_said(measured, tmp_path, capsys):
    out = ["--out", str(tmp_path / "x.png")]
    for asked, code, says in (
        (["slope", "--from", str(measured)], USAGE, "--with"),
        (["map", "--from", str(measured)], USAGE, "--boundaries"),
        (["strip", "--from", str(measured), "--group", "kecamatan"], USAGE, "--data"),
        (["strip", "--from", str(measured), "--cuts", "a,b"], USAGE, "20,40"),
        (["strip", "--from", str(measured), "--axis", "9,1"], USAGE, "0,40"),
        (["strip", "--from", str(measured), "--labels", "A,B"], USAGE, "kelas 3"),
        (["strip", "--from", str(measured), "--cuts", "1,2", "--labels", "A,B,C,D"], USAGE, "2 batas dan 4"),
        (["strip", "--from", str(measured), "--cuts", "2,1"], USAGE, "terendah"),
        (["bars", "--from", str(measured), "--most", "-1"], USAGE, "0 untuk semua"),
        (["bars", "--from", str(measured), "--code", "Q"], BAD_FILE, "satu dari A"),
        (["map", "--from", str(measured), "--boundaries", str(GOLD / "iMeta.csv")], BAD_FILE, "JSON"),
        (["bars", "--from", str(tmp_path)], BAD_FILE, "scores.csv"),
        (["heat", "--from", str(measured), "--meta", str(GOLD / "subset.csv")], BAD_FILE, "subset.csv"),
        (["heat", "--from", str(measured), "--meta", str(GOLD / "answers_raw.csv")], BAD_FILE, "kolom iCode"),
        (
            ["map", "--from", str(measured), "--boundaries", str(squares(tmp_path / "b.json", ["35.14"]))],
            BAD_FILE,
            "35.14",
        ),
        (
            ["map", "--from", str(measured), "--key", "z", "--boundaries", str(tmp_path / "b.json")],
            BAD_FILE,
            "b.json, baris 1, kolom z",
        ),
    ):
        assert main(["plot", *asked, *out]) == code, asked
        assert says in capsys.readouterr().err
    assert main(["plot", "bars", "--from", str(measured), "--out", str(tmp_path / "x.gif")]) == USAGE
    with pytest.raises(SystemExit):
        main(["plot", "pie", "--from", str(measured), *out])
    assert not (tmp_path / "x.png").exists()


def test_a_unit_without_a_boundary_is_named_in_the_terminal(measured, tmp_path, capsys):
    units = Folder(measured).scores.units
    path = squares(tmp_path / "b.json", units[2:])
    asked = ["plot", "map", "--from", str(measured), "--boundaries", str(path), "--out"]
    assert main([*asked, str(tmp_path / "x.svg")]) == OK
    said = capsys.readouterr().out
    assert "2 satuan tanpa batas wilayah" in said and units[0] in said and units[1] in said
    assert main([*asked, str(tmp_path / "x.svg"), "--json"]) == OK
    assert sorted(json.loads(capsys.readouterr().out)["without_boundary"]) == sorted(units[:2])


def test_a_class_from_too_few_answers_is_provisional_on_the_map(tmp_path):
    write(tmp_path / "scores.csv", [["uCode", "T"], ["a", 10], ["b", 20]])
    write(tmp_path / "classes.csv", [["uCode", "score", "class"], ["a", 10, 1], ["b", 20, 2]])
    write(tmp_path / "coverage.csv", [["uCode", "coverage", "grade"], ["a", 0.69, "D"], ["b", 0.7, "C"]])
    assert Folder(tmp_path).provisional == {"a"}


def test_the_bounds_are_named_by_the_shares_that_measure_drew(tmp_path):
    write(tmp_path / "scores.csv", [["uCode", "T"], ["a", 10]])
    write(tmp_path / "contributions.csv", [["uCode", "P1", "sum"], ["a", 10, 10]])
    write(tmp_path / "bands.csv", [["uCode", "low", "high"], ["a", 5, 15]])
    assert Folder(tmp_path).bars().band == "rentang skor (bands.csv)"
    write(tmp_path / "uncertainty.csv", [["uCode", "q0.025", "q0.5", "q0.975"], ["a", 5, 10, 15]])
    assert Folder(tmp_path).bars().band == "rentang skor (2,5 % sampai 97,5 %)"


def test_without_the_extra_it_says_how_to_install(measured, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["plot", "strip", "--from", str(measured), "--out", str(tmp_path / "x.png")]) == REFUSED
    text = capsys.readouterr().err
    assert "pip install kondusif[plot]" in text and "memerlukan matplotlib" in text


# ---------------------------------------------------------------- classes and the mark come with the files


def scale_of(folder, *more):
    from kondusif.cli import parser
    from kondusif.cli.plotting import _scale

    return _scale(
        parser().parse_args(["plot", "strip", "--from", "x", "--out", "x.png", *more]), Folder(folder)
    )


def test_cut_offs_and_names_are_those_that_measure_wrote(measured):
    assert Folder(measured).steps[1] == (17.0, 21.0)
    found = scale_of(measured)
    assert (found.cuts, len(found.labels)) == ((17.0, 21.0), 3)
    assert found.labels == Folder(measured).steps[0]


def test_cut_offs_asked_for_take_their_place(measured):
    assert scale_of(measured, "--cuts", "10,30").cuts == (10.0, 30.0)
    assert scale_of(measured, "--labels", "Rendah,Sedang,Tinggi").labels == ("Rendah", "Sedang", "Tinggi")
    four = scale_of(measured, "--cuts", "10,20,30")
    assert four.labels == ("Kelas 1", "Kelas 2", "Kelas 3", "Kelas 4")


def test_without_cut_offs_on_file_none_is_drawn(tmp_path):
    write(tmp_path / "scores.csv", [["uCode", "T"], ["a", 10]])
    assert Folder(tmp_path).steps == ((), ()) and scale_of(tmp_path).cuts == ()


@pytest.mark.parametrize(
    ("rows", "bad"),
    [
        ([[1, "A", "", 20], [2, "B", 20, 10], [3, "C", 10, ""]], [(3, "below")]),
        ([[1, "A", "", 20], [2, "B", 21, ""]], [(3, "from")]),
        ([[1, "A", "", 20], [3, "B", 20, ""]], [(3, "class")]),
        ([[1, "A", "", "dua"], [2, "B", 20, ""]], [(2, "below")]),
        ([[1, "A", "", 20], [2, "B", 20, 40]], [(3, "below")]),
        ([[1, "A", 0, 20], [2, "B", 20, ""]], [(2, "from")]),
        ([], [(None, "")]),
    ],
)
def test_classes_that_do_not_follow_each_other_are_refused_by_row(tmp_path, rows, bad):
    write(tmp_path / "cuts.csv", [["class", "label", "from", "below"], *rows])
    with pytest.raises(ImportRefused) as refused:
        Folder(tmp_path).steps  # noqa: B018
    assert [(p.row, p.column) for p in refused.value.problems] == bad


@pytest.mark.parametrize("name", ["ilustratif", "illustrative"])
def test_measure_carries_the_mark_of_made_up_rows_to_the_figures(tmp_path, name, capsys):
    """Also where the first unit falls out: the mark follows the unit, not the row."""
    header = ["uCode", "A1", "A2", name]
    rows = [["35.1", "", "", ""], ["35.2", 2, 5, "ya"], ["35.3", 3, 1, ""], ["35.4", 9, 2, ""]]
    write(tmp_path / "d.csv", [header, *rows])
    meta = ["iCode", "Parent", "Type", "Weight", "Direction"]
    leaves = [[c, "T", "Indicator", 1, 1] for c in ("A1", "A2")]
    write(tmp_path / "m.csv", [meta, *leaves, ["T", "", "Aggregate", 1, 1]])
    text = RECIPE + '[screen]\nmethod = "availability"\n'
    (tmp_path / "r.toml").write_text(text, encoding="utf-8")
    asked = ["--data", tmp_path / "d.csv", "--meta", tmp_path / "m.csv", "--recipe", tmp_path / "r.toml"]
    assert main(["measure", *map(str, asked), "--out", str(tmp_path / "out")]) == OK, capsys.readouterr().err
    for file in ("scores.csv", "classes.csv"):
        with (tmp_path / "out" / file).open(encoding="utf-8", newline="") as f:
            told = {row["uCode"]: row[name] for row in csv.DictReader(f)}
        assert told == {"35.2": "ya", "35.3": "", "35.4": ""}, file
    assert Folder(tmp_path / "out").illustrative and Folder(tmp_path / "out").code == "T"


@pytest.mark.parametrize("kind", ["bars", "strip", "heat", "correlations"])
def test_one_unit_with_a_letter_that_no_font_has_is_drawn_and_said_in_the_language_of_the_rest(
    tmp_path, capsys, kind
):
    (tmp_path / "r.toml").write_text(RECIPE, encoding="utf-8")
    data = (GOLD / "iData.csv").read_text(encoding="utf-8").splitlines()[:2]
    (tmp_path / "d.csv").write_text(data[0] + "\n\u540d" + data[1][10:] + "\n", encoding="utf-8")
    words = ["--data", tmp_path / "d.csv", "--meta", GOLD / "iMeta.csv", "--recipe", tmp_path / "r.toml"]
    assert main(["measure", *map(str, words), "--out", str(tmp_path / "out")]) == OK
    capsys.readouterr()
    out = str(tmp_path / "a.png")
    assert main(["plot", kind, "--from", str(tmp_path / "out"), "--out", out]) == OK
    told = capsys.readouterr().err
    assert told in ("", "perhatikan: fon gambar tidak memuat huruf \u540d\n")

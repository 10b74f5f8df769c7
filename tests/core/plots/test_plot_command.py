"""``kondusif plot`` works on the files of ``kondusif measure --out`` alone, and says what it lacks."""

import csv
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from kondusif.cli import BAD_FILE, OK, REFUSED, USAGE, main
from kondusif.cli.plotting import KINDS
from kondusif.errors import ImportRefused
from kondusif.plots.folder import REST, Folder, read_table
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


@pytest.mark.parametrize("kind", KINDS)
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
    assert json.loads(capsys.readouterr().out) == {"file": str(out), "mark": "LATIHAN - DATA ILUSTRATIF"}
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
        read_table(path)
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
    ):
        assert main(["plot", *asked, *out]) == code, asked
        assert says in capsys.readouterr().err
    assert main(["plot", "bars", "--from", str(measured), "--out", str(tmp_path / "x.gif")]) == USAGE
    with pytest.raises(SystemExit):
        main(["plot", "pie", "--from", str(measured), *out])
    assert not (tmp_path / "x.png").exists()


def test_without_the_extra_it_says_how_to_install(measured, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert main(["plot", "strip", "--from", str(measured), "--out", str(tmp_path / "x.png")]) == REFUSED
    text = capsys.readouterr().err
    assert "pip install kondusif[plot]" in text and "belum terpasang" in text

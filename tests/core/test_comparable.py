"""Results on different scales are compared with a warning that says what differs, never in silence."""

import json
import re

import pytest

from kondusif.cli import BAD_FILE, OK, main
from kondusif.cli.comparable import scale_differences

META = "iCode,Parent,Type,Weight,Direction,goalpost_lower,goalpost_upper\nT,,Aggregate,1,1,,\n"
META += "a,T,Indicator,1,1,0,100\nb,T,Indicator,2,1,0,100\n"
DATA = "uCode,a,b\nu1,10,20\nu2,30,47\nu3,50,61\n"
PLAIN = "classes = {cuts = [20, 40]}\n"


@pytest.fixture
def made(tmp_path):
    def go(name, recipe=PLAIN, meta=META, data=DATA):
        folder = tmp_path / name
        folder.mkdir()
        for file, text in (("d.csv", data), ("m.csv", meta), ("r.toml", recipe)):
            (folder / file).write_text(text, encoding="utf-8")
        given = {"--data": "d.csv", "--meta": "m.csv", "--recipe": "r.toml", "--out": "out"}
        assert main(["measure", *(x for k, v in given.items() for x in (k, str(folder / v)))]) == OK
        return folder / "out"

    return go


CASES = {
    "cuts": ({"recipe": "classes = {cuts = [20, 42.5]}\n"}, "batas kelas berbeda: 20; 40 dan 20; 42,5"),
    "no classes": ({"recipe": ""}, "batas kelas berbeda: 20; 40 dan tanpa kelas"),
    "ends of the scale": (
        {"recipe": PLAIN + "normalise = {scale = [1, 100]}\n"},
        "skala berbeda: goalposts 0 sampai 100 dan goalposts 1 sampai 100",
    ),
    "a scale by the data": (
        {"recipe": PLAIN + "normalise = {method = 'minmax'}\n", "data": DATA + "u4,7,7\n"},
        "skala mengikuti data tiap sisi (minmax)",
    ),
    "goalposts": (
        {"meta": META.replace("1,1,0,100", "1,1,0,50")},
        "goalposts, arah atau transformasi berbeda: a",
    ),
    "directions": ({"meta": META.replace("2,1,0", "2,-1,0")}, "goalposts, arah atau transformasi berbeda: b"),
    "weights": ({"meta": META.replace("2,1,0", "3,1,0")}, "bobot berbeda: b"),
    "indicators": (
        {"meta": META + "c,T,Indicator,1,1,0,9\n", "data": "uCode,a,b,c\nu1,1,2,3\nu2,2,3,4\nu3,4,5,6\n"},
        "indikator hanya sesudah: c",
    ),
    "means": (
        {"recipe": PLAIN + "aggregate = {method = 'geometric'}\n"},
        "cara menggabungkan berbeda: arithmetic dan geometric",
    ),
    "filling": (
        {"recipe": PLAIN + "impute = {method = 'mean'}\n"},
        "cara mengisi yang kosong berbeda: tidak dipakai",
    ),
    "floors": ({"recipe": PLAIN + "floors = [{item = 'a', at = 9, level = 2}]\n"}, "kelas minimum berbeda"),
    "units": ({"data": DATA + "u4,1,1\n"}, "satuan berbeda: 3 dan 4, 3 di antaranya sama"),
}


@pytest.mark.parametrize(("other", "said"), CASES.values(), ids=list(CASES))
def test_each_thing_that_differs_is_said(made, other, said, capsys):
    before, after = made("a"), made("b", **other)
    capsys.readouterr()
    assert main(["compare", str(before), str(after)]) == OK
    assert f"Perhatikan: {said}" in capsys.readouterr().out
    assert main(["compare", str(before), str(after), "--json"]) == OK
    assert any(said in text for text in json.loads(capsys.readouterr().out)["warnings"])


def test_other_answers_on_the_same_scale_are_compared_without_a_word(made, capsys):
    before, after = made("a"), made("b", data=DATA.replace("47", "40"))
    assert scale_differences(before, after) == ()
    assert main(["compare", str(before), str(after)]) == OK
    assert "Perhatikan" not in capsys.readouterr().out


def test_the_same_answers_on_a_scale_of_their_own_range_are_on_one_scale(made):
    how = PLAIN + "normalise = {method = 'minmax'}\n"
    assert scale_differences(made("a", how), made("b", how)) == ()


def test_a_folder_that_does_not_say_how_it_was_made_is_named(made):
    before, after = made("a"), made("b")
    (after / "recipe.toml").unlink()
    assert scale_differences(before, after) == ("tidak diketahui instrumennya (recipe.toml): out",)
    (after / "cuts.csv").write_text("class,label\n1,x\n", encoding="utf-8")
    assert main(["compare", str(before), str(after)]) == BAD_FILE


def test_a_slope_of_two_scales_says_so_on_the_figure_and_in_the_terminal(made, tmp_path, capsys):
    pytest.importorskip("matplotlib")
    before, after = made("a"), made("b", recipe="classes = {cuts = [20, 42.5]}\n")
    capsys.readouterr()
    out = tmp_path / "s.svg"
    assert main(["plot", "slope", "--from", str(before), "--with", str(after), "--out", str(out)]) == OK
    assert "Perhatikan: batas kelas berbeda" in capsys.readouterr().out
    assert main(["plot", "slope", "--from", str(before), "--with", str(before), "--out", str(out)]) == OK
    assert "Perhatikan" not in capsys.readouterr().out


def test_one_decimal_sign_in_the_text_of_a_comparison(made, capsys):
    """Indonesian prose has the comma, also in the points of indicators; the CSV and JSON keep the point."""
    before, after = made("a"), made("b", data=DATA.replace("47", "40.5"))
    capsys.readouterr()
    assert main(["compare", str(before), str(after)]) == OK
    text = capsys.readouterr().out
    assert "b-4,33" in text and not re.search(r"\d\.\d", text)

"""Results side by side: every aggregate, not only the top, and more than two of them."""

import csv
import json

import pytest

from kondusif.cli import BAD_FILE, OK, USAGE, main
from kondusif_index.audit.compare import Course

META = """iCode,Parent,Type,Weight,Direction,goalpost_lower,goalpost_upper
T,,Aggregate,,,,
a,T,Aggregate,1,,,
b,T,Aggregate,1,,,
a1,a,Indicator,1,1,0,100
b1,b,Indicator,1,1,0,100
"""
RECIPE = 'normalise = {method = "goalposts"}\nclasses = {cuts = [20, 40]}\n'
YEARS = {  # a1, b1 by unit: a rises while b falls in u
    "2019": {"u": (10, 30), "v": (10, 10), "w": (50, 50), "x": ("", "")},
    "2021": {"u": (20, 20), "v": (20, 20), "w": (50, 50), "x": (5, 5)},
    "2023": {"u": (30, 10), "v": (30, 30), "w": (50, 51), "y": (1, 1)},
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("versi")
    (folder / "m.csv").write_text(META, encoding="utf-8")
    (folder / "r.toml").write_text(RECIPE, encoding="utf-8")
    for year, units in YEARS.items():
        rows = [f"{unit},{a},{b}" for unit, (a, b) in units.items()]
        (folder / f"{year}.csv").write_text("\n".join(["uCode,a1,b1", *rows]) + "\n", encoding="utf-8")
        asked = ["--data", folder / f"{year}.csv", "--meta", folder / "m.csv", "--recipe", folder / "r.toml"]
        assert main(["measure", *map(str, asked), "--out", str(folder / year)]) == OK
    return folder


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def compared(results, years, *more):
    return main(["compare", *(str(results / year) for year in years), *more])


def test_every_aggregate_is_compared_though_the_top_did_not_move(results, tmp_path, capsys):
    assert compared(results, ("2019", "2021"), "--aggregates", str(tmp_path / "a.csv")) == OK
    text = capsys.readouterr().out
    assert "3 satuan bernilai di kedua sisi" in text and "Tiap unsur, 2019 dan 2021:" in text
    found = {(r["iCode"], r["uCode"]): r for r in rows(tmp_path / "a.csv")}
    assert {code for code, _ in found} == {"T", "a", "b"}
    assert [found[code, "u"]["difference"] for code in ("T", "a", "b")] == ["0.0", "10.0", "-10.0"]
    assert found["b", "u"]["rank_before"] == "2" and found["b", "u"]["rank_after"] == "2"
    assert found["a", "x"]["difference"] == "" and found["a", "x"]["rank_before"] == ""
    assert (found["a", "u"]["from"], found["a", "u"]["to"]) == ("2019", "2021")


def test_what_is_said_of_each_aggregate_is_what_the_scores_say(results, capsys):
    assert compared(results, ("2019", "2021"), "--json") == OK
    found = {one["code"]: one for one in json.loads(capsys.readouterr().out)["aggregates"]}
    assert {code: one["scored"] for code, one in found.items()} == {"T": 3, "a": 3, "b": 3}
    assert found["a"]["mean_difference"] == pytest.approx(20 / 3)
    assert found["b"]["mean_difference"] == pytest.approx(0)


def test_three_results_give_the_course_of_every_unit(results, tmp_path, capsys):
    out = ["--times", "2019,2021,2023", "--out", str(tmp_path / "c.csv")]
    assert compared(results, YEARS, *out) == OK
    text = capsys.readouterr().out
    assert "3 hasil: 2019, 2021, 2023." in text and "3 dari 5 satuan bernilai di semuanya." in text
    assert "Arah: 1 naik, 0 turun, 2 tetap, 0 naik turun, 2 belum diketahui." in text
    assert "v: 10,00 -> 20,00 -> 30,00, naik (5,00 poin tiap satuan waktu)" in text
    assert "Tiap unsur, 2021 dan 2023:" in text
    found = {r["uCode"]: r for r in rows(tmp_path / "c.csv")}
    assert list(found) == ["u", "v", "w", "x", "y"]
    assert [found["v"][f"score_{y}"] for y in YEARS] == ["10.0", "20.0", "30.0"]
    assert [found["v"][f"class_{y}"] for y in YEARS] == ["1", "2", "2"]
    assert found["v"]["rank_2023"] == "2" and found["y"]["rank_2023"] == "4"
    assert found["x"]["score_2023"] == "" and found["x"]["class_2019"] == "" and found["x"]["rank_2019"] == ""
    assert (found["v"]["slope"], found["v"]["course"]) == ("5.0", Course.RISING)
    assert (found["y"]["slope"], found["y"]["course"], found["y"]["dates"]) == ("", Course.UNKNOWN, "1")


def test_three_results_as_one_document_without_nan(results, capsys):
    assert compared(results, YEARS, "--json") == OK
    text = capsys.readouterr().out
    assert "NaN" not in text
    found = json.loads(text)
    assert found["versions"] == [*YEARS] and found["times"] == [1, 2, 3] and len(found["pairs"]) == 2
    assert {t["unit"]: t["course"] for t in found["trends"]}["u"] == "steady"
    assert len(found["aggregates"]) == 6


def test_three_results_say_between_which_two_the_scale_changed(results, tmp_path, capsys):
    recipe = RECIPE.replace("[20, 40]", "[30, 60]")
    (tmp_path / "r.toml").write_text(recipe, encoding="utf-8")
    asked = ["--data", results / "2023.csv", "--meta", results / "m.csv", "--recipe", tmp_path / "r.toml"]
    assert main(["measure", *map(str, asked), "--out", str(tmp_path / "lain")]) == OK
    folders = [results / "2019", results / "2021", tmp_path / "lain"]
    assert main(["compare", *map(str, folders)]) == OK
    text = capsys.readouterr().out
    assert "Perhatikan: 2021 dan lain: batas kelas berbeda: 20; 40 dan 30; 60." in text
    assert "2019 dan 2021: batas kelas" not in text


def test_results_of_one_name_are_told_apart_by_their_folders(results, tmp_path, capsys):
    for place in ("x", "y"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "2019").symlink_to(results / "2019")
    assert main(["compare", str(tmp_path / "x/2019"), str(tmp_path / "y/2019")]) == OK
    text = capsys.readouterr().out
    assert f"Tiap unsur, {tmp_path / 'x/2019'} dan {tmp_path / 'y/2019'}:" in text


@pytest.mark.parametrize(
    ("years", "more", "code", "said"),
    [
        (("2019", "2021"), ("--times", "1,2"), USAGE, "tiga hasil"),
        (tuple(YEARS), ("--times", "1,2"), USAGE, "satu bilangan tiap hasil"),
        (tuple(YEARS), ("--times", "1,2,dua"), USAGE, "satu bilangan tiap hasil"),
        (tuple(YEARS), ("--times", "1,2,1"), USAGE, "satu bilangan tiap hasil"),
        (("2019", "2021", "lain"), (), BAD_FILE, "lain/classes.csv"),
    ],
)
def test_what_does_not_fit_is_refused(results, tmp_path, years, more, code, said, capsys):
    assert compared(results, years, *more, "--aggregates", str(tmp_path / "a.csv")) == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "a.csv").exists()

"""``kondusif unit``: one unit on one page, whose numbers are those of the files."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from kondusif.cli import BAD_FILE, OK, USAGE, main
from kondusif.cli.unit import _number
from kondusif_index.data import Data, Why
from kondusif_index.errors import RecipeError
from kondusif_index.explain.counterfactual import CounterfactualReason
from kondusif_index.explain.unit import unit_profile
from kondusif_index.pipeline import build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.aggregate import Aggregating
from kondusif_index.steps.classify import Classing, IndexFloor
from kondusif_index.steps.impute import Imputing
from kondusif_index.steps.normalise import Normalising
from kondusif_index.tree import Node, Tree

GOLD = Path(__file__).parents[1] / "golden/pilkades-a/00_input"
RECIPE = """
normalise = {method = "minmax"}
classes = {cuts = [13, 17, 21], labels = ["Aman", "Tenang", "Awas", "Bahaya"]}
floors = [{item = "D05", at = 1, level = 3}]
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Two results over the same villages, with other weights."""
    folder = tmp_path_factory.mktemp("satuan")
    for name, more in (("lama", 'weigh = {method = "equal"}'), ("baru", "uncertainty = {draws = 50}")):
        (folder / f"{name}.toml").write_text(RECIPE + more, encoding="utf-8")
        asked = ["measure", "--data", str(GOLD / "iData.csv"), "--meta", str(GOLD / "iMeta.csv")]
        assert main([*asked, "--recipe", str(folder / f"{name}.toml"), "--out", str(folder / name)]) == OK
    return folder


def by_unit(path):
    with path.open(encoding="utf-8", newline="") as file:
        return {row["uCode"]: row for row in csv.DictReader(file)}


def report(folder, unit, *more):
    return main(["unit", str(folder), "--unit", unit, "--data", str(GOLD / "iData.csv"), *more])


@pytest.mark.parametrize("unit", ["99.01.2001", "99.01.2002", "99.02.2001"])
def test_the_report_says_what_the_files_say(measured, unit, capsys):
    files = {
        name: by_unit(measured / f"baru/{name}.csv") for name in ("classes", "ranks", "coverage", "scores")
    }
    if unit not in files["classes"]:
        unit = list(files["classes"])[-1]
    assert report(measured / "baru", unit, "--json") == OK
    found = json.loads(capsys.readouterr().out)
    mine = files["classes"][unit]
    assert found["score"] == float(mine["score"]) and str(found["level"]) == mine["class"]
    assert found["label"] == mine["label"] and " ".join(found["floors"]) == mine["floors"]
    assert str(found["overall"]["rank"]) == files["ranks"][unit]["IDX"]
    assert found["coverage"] == float(files["coverage"][unit]["coverage"])
    assert sum(p["points"] for p in found["parts"]) == pytest.approx(found["score"], abs=1e-9)
    for one in found["aggregates"]:
        assert one["score"] == float(files["scores"][unit][one["code"]])
    assert found["mark"] == "LATIHAN - DATA ILUSTRATIF"


def test_the_report_reads_as_a_page(measured, tmp_path, capsys):
    unit = "99.01.2001"
    assert report(measured / "baru", unit) == OK
    text = capsys.readouterr().out
    score = float(by_unit(measured / "baru/scores.csv")[unit]["IDX"])
    for said in (
        "# Laporan satuan 99.01.2001",
        f"{score:.2f}".replace(".", ","),
        "peluang kelas ini",
        "hitungan ulang",
        "| kecamatan | K01 |",
        "Yang membentuk skor",
        "satu kelas",
        "belum dijawab",
        "LATIHAN",
    ):
        assert said in text, said
    assert "nan" not in text and "|  |  |  |" not in text
    for name in ("x.html", "x.md"):
        assert report(measured / "baru", unit, "--out", str(tmp_path / name)) == OK
        assert f"Ditulis: {tmp_path / name}" in capsys.readouterr().out
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "size: A4" in page and "<script" not in page and "http" not in page and 'lang="id"' in page
    assert (tmp_path / "x.md").read_text(encoding="utf-8") == text


def test_what_changed_since_sums_to_the_difference(measured, capsys):
    more = ["--before", str(measured / "lama"), "--before-data", str(GOLD / "iData.csv")]
    assert report(measured / "baru", "99.01.2001", *more, "--json") == OK
    change = json.loads(capsys.readouterr().out)["change"]
    old = float(by_unit(measured / "lama/scores.csv")["99.01.2001"]["IDX"])
    assert change["before"] == pytest.approx(old)
    assert sum(p["points"] for p in change["parts"]) == pytest.approx(change["after"] - old, abs=1e-9)
    assert report(measured / "baru", "99.01.2001", *more) == OK
    text = capsys.readouterr().out
    assert "Perubahan sejak lama" in text and "bobot lain" in text


def test_a_page_holds_no_more_than_a_page(tmp_path, capsys):
    """Groups, aggregates, gaps and reasons are cut where they would not fit, and the rest is counted."""
    groups = [f"g{k}" for k in range(30)]
    meta = ["iCode,Parent,Type,goalpost_lower,goalpost_upper", "T,,Aggregate,,"]
    meta += [f"{g},T,Aggregate,," for g in groups]
    meta += [f"{g}_{k},{g},Indicator,0,10" for g in groups for k in range(3)]
    codes = [f"{g}_{k}" for g in groups for k in range(3)]
    labels = [f"kelompok{k}" for k in range(12)]
    answers = [str(k % 9) if k % 3 else "" for k in range(90)]
    data = [["uCode", *codes, *labels], *([unit, *answers, *["sama"] * 12] for unit in "ab")]
    (tmp_path / "m.csv").write_text("\n".join(meta), encoding="utf-8")
    (tmp_path / "d.csv").write_text("\n".join(map(",".join, data)), encoding="utf-8")
    (tmp_path / "r.toml").write_text("classes = {cuts = [20, 40]}\n", encoding="utf-8")
    asked = ["--data", tmp_path / "d.csv", "--meta", tmp_path / "m.csv", "--recipe", tmp_path / "r.toml"]
    assert main(["measure", *map(str, asked), "--out", str(tmp_path / "out")]) == OK
    capsys.readouterr()
    assert main(["unit", str(tmp_path / "out"), "--unit", "a", "--data", str(tmp_path / "d.csv")]) == OK
    text = capsys.readouterr().out
    assert "| 6 lainnya |" in text and "| 22 lainnya |" in text and "dan 6 lainnya." in text
    assert "sementara" in text and len(text.splitlines()) < 75


def test_a_unit_without_a_score_has_a_page_that_says_so(tmp_path, capsys):
    meta = "iCode,Parent,Type,goalpost_lower,goalpost_upper\nT,,Aggregate,,\nx,T,Indicator,0,10\n"
    (tmp_path / "m.csv").write_text(meta, encoding="utf-8")
    (tmp_path / "d.csv").write_text("uCode,x\na,\nb,5\n", encoding="utf-8")
    (tmp_path / "r.toml").write_text("classes = {cuts = [20]}\n", encoding="utf-8")
    asked = ["--data", tmp_path / "d.csv", "--meta", tmp_path / "m.csv", "--recipe", tmp_path / "r.toml"]
    assert main(["measure", *map(str, asked), "--out", str(tmp_path / "out")]) == OK
    unit = ["unit", str(tmp_path / "out"), "--unit", "a", "--data", str(tmp_path / "d.csv")]
    capsys.readouterr()
    assert main(unit) == OK
    text = capsys.readouterr().out
    assert "| Skor | belum diketahui |" in text and "belum ada kelas" in text and "nan" not in text
    assert main([*unit, "--before", str(tmp_path / "out"), "--before-data", str(tmp_path / "d.csv")]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_what_does_not_fit_is_refused_and_named(measured, tmp_path, capsys):
    data = (GOLD / "iData.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "other.csv").write_text("\n".join(data[:50]), encoding="utf-8")
    ours, all_of_it = measured / "baru", GOLD / "iData.csv"
    for folder, data, code, said in (
        (ours, all_of_it, USAGE, "99.01.2003"),
        (ours, tmp_path / "other.csv", BAD_FILE, "data lain"),
        (tmp_path, all_of_it, BAD_FILE, "build.json"),
    ):
        assert main(["unit", str(folder), "--unit", "99.01.200", "--data", str(data)]) == code
        told = capsys.readouterr().err
        assert said in told and "Traceback" not in told
    assert report(measured / "baru", "99.01.2001", "--out", str(tmp_path / "x.pdf")) == USAGE
    assert ".html" in capsys.readouterr().err
    assert report(measured / "baru", "99.01.2001", "--before", str(measured / "lama")) == USAGE
    assert not (tmp_path / "x.pdf").exists()


@pytest.mark.parametrize(
    ("value", "said"),
    [(1234567.0, "1.234.567"), (18.1, "18,1"), (839.0, "839"), (0.0, "0"), (float("nan"), "–")],
)
def test_a_value_is_told_as_people_write_it(value, said):
    assert _number(value) == said


# ---------------------------------------------------------------- the profile itself


def a_build(seed=1, n=40, **more):
    nodes = [Node("T"), Node("a", "T", 2.0), Node("b", "T")]
    nodes += [
        Node(
            f"{g}{k}",
            g,
            1.0 + k,
            leaf=True,
            direction=1 - 2 * (k == 1),
            lo=0.0,
            hi=10.0,
            name=f"Indikator {g}{k}",
        )
        for g in "ab"
        for k in range(3)
    ]
    tree = Tree(tuple(nodes))
    dice = np.random.default_rng(seed)
    x = dice.uniform(0, 10, (n, 6)).round(1)
    x[dice.random(x.shape) < 0.1] = np.nan
    recipe = IndexRecipe(normalise=Normalising("goalposts"), classes=Classing(cuts=(45, 55)), **more).on(tree)
    groups = {"kec": tuple(f"K{k % 4}" for k in range(n))}
    return build(recipe, Data(tuple(f"u{k}" for k in range(n)), tree.leaf_codes, x, groups=groups))


@pytest.mark.parametrize(
    "how", [{}, {"aggregate": Aggregating("generalised", p=2.0)}, {"impute": Imputing("median")}]
)
def test_the_way_into_another_class_leads_there(how):
    """Put the values that are named into the data, and the class by score is the one that was promised."""
    built = a_build(**how)
    seen = set()
    for unit in built.units[:20]:
        found = unit_profile(built, unit)
        for other, step in ((found.lower, -1), (found.higher, 1)):
            seen.add(other.reason)
            if other.steps is None:
                continue
            assert other.target == found.by_score + step
            values = built.raw.values.copy()
            for move in other.steps:
                values[built.units.index(unit), built.raw.at[move.code]] = move.after
            again = build(built.recipe, built.raw.with_values(values))
            k = again.units.index(unit)
            assert int(again.classed.levels[k]) == other.level
            assert again.score[k] == pytest.approx(other.after, abs=1e-6)
    assert CounterfactualReason.FOUND in seen


def test_ranks_in_the_group_are_those_of_its_units_alone():
    built = a_build()
    for k, unit in enumerate(built.units):
        (mine,) = unit_profile(built, unit).groups
        inside = [built.score[j] for j in range(k % 4, 40, 4) if not np.isnan(built.score[j])]
        assert (mine.code, mine.name, mine.among) == ("kec", f"K{k % 4}", len(inside))
        assert mine.rank == 1 + sum(x > built.score[k] for x in inside)


def test_a_floor_and_what_is_missing_are_told():
    built = a_build(floors=(IndexFloor("a0", 0.0, 3),))
    k = int(np.flatnonzero((built.classed.levels < 3) & ~np.isnan(built.raw.values[:, 0]))[0])
    found = unit_profile(built, built.units[k])
    assert found.level == 3 and found.by_score < 3 and found.floors == ("a0",)
    gap, column = np.argwhere(np.isnan(built.raw.values))[0]
    missing = dict(unit_profile(built, built.units[gap]).missing)
    assert missing[built.tree.leaf_codes[column]] == Why.ABSENT
    with pytest.raises(RecipeError, match="no unit"):
        unit_profile(built, "?")

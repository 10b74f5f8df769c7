"""On files, through ``kondusif measure``: whatever looks at an index again starts from what was published."""

import csv
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kondusif.cli import OK, main
from kondusif.errors import RecipeError
from kondusif_index.data import Data, Why
from kondusif_index.index import build as build_files
from kondusif_index.pipeline import build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.aggregate import Aggregating
from kondusif_index.steps.classify import Classing, IndexFloor
from kondusif_index.steps.normalise import Normalising
from kondusif_index.tree import Node, Tree
from kondusif_index.uncertainty.leave_one_out import leave_one_out
from kondusif_index.uncertainty.sobol import SobolRuns

META = """\
iCode,Parent,Type,Weight,Direction,goalpost_lower,goalpost_upper,Denominator
T,,Aggregate,1,1,,,
x,T,Indicator,1,1,0,20,people
y,T,Indicator,2,1,0,100,
"""
DATA = "uCode,x,y,people,kec\nu1,10,20,2,k\nu2,NA,40,4,k\nu3,30,NA,5,l\nu4,8,60,0.5,l\n"
STILL = "[uncertainty]\ndraws = 7\nnoise = {sd = 0.0, flip = 0.0}\nweights = {method = 'none'}\n"
STEPS = {
    "denominate": "denominate = {}\n",
    "impute": "impute = {method = 'group_mean', group = 'kec', fall_back = true}\n",
    "treat": "treat = {method = 'winsorise'}\n",
    "screen": "screen = {method = 'availability', least_available = 0.5}\n",
}


def measured(folder: Path, data: str, meta: str, recipe: str, last: str = "") -> dict[str, list[dict]]:
    """Files of results by name, rows as mappings."""
    given = {"data": data, "meta": meta, "last": last}
    words = ["measure", "--recipe", str(folder / "r.toml"), "--out", str(folder / "out")]
    (folder / "r.toml").write_text(recipe, encoding="utf-8")
    for name, text in given.items():
        if text:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
            words += [f"--{name}", str(folder / f"{name}.csv")]
    assert main(words) == OK
    return {p.stem: list(csv.DictReader(p.open(encoding="utf-8"))) for p in (folder / "out").glob("*.csv")}


ORDERS = [
    (*before, "normalise") for n in range(1, 5) for before in permutations(STEPS, n) if "denominate" in before
]


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_nominal_is_the_build_in_every_order_of_steps(order, tmp_path, capsys):
    """``order = ["impute", "denominate", "normalise"]``: 13.50 was 9.52, "pasti" of another class."""
    recipe = f"order = {list(order)}\n" + "".join(STEPS[s] for s in order if s != "normalise")
    recipe += "leave_one_out = true\nclasses = {cuts = [10, 30, 50]}\n"
    sobol = "[sobol]\nsize = 4\noutput = 'class_change'\nspread = 0.0\nsd = 0.0\n"
    files = measured(tmp_path, DATA, META, recipe + STILL + sobol)
    capsys.readouterr()
    for score, published, drawn in zip(files["scores"], files["classes"], files["uncertainty"], strict=True):
        assert float(drawn["nominal"]) == float(score["T"])
        assert float(drawn["mean"]) == pytest.approx(float(score["T"]), abs=1e-12)
        assert float(drawn[f"p_{published['class']}"]) == 1.0
        assert drawn["firmness"] == "pasti"
    alone = {row["iCode"]: float(row["largest_shift"]) for row in files["leave_one_out"]}
    both = [abs(float(r["x"]) - float(r["y"])) for r in files["normalised"] if r["x"] and r["y"]]
    assert alone["x"] == pytest.approx(max(both) / 3) and alone["y"] == pytest.approx(max(both) * 2 / 3)


def test_the_chance_of_a_class_set_by_a_floor_is_that_of_the_published_class(tmp_path, capsys):
    """Class 3 by a floor had ``p_3`` 0.0."""
    data = "uCode,x,y\nu1,10,20\nu2,1,40\n"
    meta = META.replace(",people", ",")
    recipe = "leave_one_out = true\nclasses = {cuts = [60, 80]}\nfloors = [{item = 'x', at = 9, level = 3}]\n"
    sobol = "[sobol]\nsize = 16\noutput = 'class_change'\nfactors = 'weights'\n"
    files = measured(tmp_path, data, meta, recipe + STILL + sobol)
    assert [row["class"] for row in files["classes"]] == ["3", "1"]
    assert [(r["p_1"], r["p_3"]) for r in files["uncertainty"]] == [("0.0", "1.0"), ("1.0", "0.0")]
    assert {row["total"] for row in files["sobol"]} == {"0.0"}  # no weight moves a class that a floor set
    changes = {row["iCode"]: row["class_changes"] for row in files["leave_one_out"]}
    assert changes == {"x": "1", "y": "0"}  # without x its floor does not fire


def test_leave_one_out_starts_from_the_score_where_an_indicator_does_not_apply(tmp_path):
    """``min_available = 0.6`` and one of three that does not apply: the nominal score was NaN, not 20."""
    meta = "iCode,Parent,Type,Weight,Direction,goalpost_lower,goalpost_upper\nT,,Aggregate,1,1,,\n"
    meta += "".join(f"{c},T,Indicator,1,1,0,100\n" for c in "abc")
    data = "uCode,a,b,c\nu1,10,not_applicable,30\n"
    recipe = "leave_one_out = true\naggregate = {min_available = 0.6}\n"
    files = measured(tmp_path, data, meta, recipe + STILL)
    assert [row["T"] for row in files["scores"]] == ["20.0"]
    assert files["uncertainty"][0]["nominal"] == "20.0" and files["uncertainty"][0]["failed"] == "0"
    found = {row["iCode"]: row["largest_shift"] for row in files["leave_one_out"]}
    assert found == {"a": "10.0", "b": "0.0", "c": "10.0"}


def test_leave_one_out_sees_the_answers_of_the_last_election(tmp_path):
    """``--last`` was given, and every look after the build refused for lack of it."""
    meta, last = META.replace(",people", ","), "uCode,x,y\nu1,10,20\nu2,11,40\n"
    recipe = "leave_one_out = true\nimpute = {method = 'last'}\nclasses = {cuts = [40]}\n"
    files = measured(
        tmp_path, "uCode,x,y\nu1,10,20\nu2,NA,40\n", meta, recipe + STILL + "[sobol]\nsize = 4\n", last
    )
    assert float(files["scores"][1]["T"]) == pytest.approx(45.0)
    assert float(files["uncertainty"][1]["p_2"]) == 1.0
    assert float(files["leave_one_out"][0]["largest_shift"]) == pytest.approx(10.0)


# ------------------------------------------------------- without an indicator is a build without it

CODES = ("a0", "a1", "a2", "b0", "b1")


def a_tree(weights, without=""):
    nodes = [Node("a", "T", weights[5]), Node("b", "T", weights[6]), Node("T")]
    leaves = [
        Node(c, c[0], w, True, 1, 0.0, 50.0) for c, w in zip(CODES, weights, strict=False) if c != without
    ]
    kept = {leaf.parent for leaf in leaves} | {"", "T"}
    return Tree((*leaves, *(n for n in nodes if not n.parent or n.code in kept)))


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 0.5, 0.6, (0.6, 0.5), 1.0]),
    st.booleans(),
    st.sampled_from(["arithmetic", "geometric", "median", ("harmonic", "arithmetic")]),
    st.sampled_from(["goalposts", "minmax", "zscore"]),
)
def test_leaving_one_out_is_the_build_without_it(seed, least, count, method, scale):
    """Cells that do not apply, shares that must be there, several levels, floors: indicator by indicator."""
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 50, (9, 5)).astype(float)
    kinds = np.array([Why.PRESENT] * 5 + [Why.ABSENT, Why.NOT_APPLICABLE, Why.REFUSED], dtype=np.uint8)
    why = rng.choice(kinds, x.shape)
    x[why != Why.PRESENT] = np.nan
    data = Data(tuple(f"u{k}" for k in range(9)), CODES, x, why)
    weights = rng.choice([0.5, 1.0, 3.0], 7)
    lines = {"scale": (1, 100)} if scale != "zscore" else {"mean": 60.0, "sd": 9.0}
    recipe = IndexRecipe(
        normalise=Normalising(scale, **lines),
        aggregate=Aggregating(method, min_available=least, count_not_applicable=count),
        classes=Classing(cuts=(30.0, 55.0)),
        floors=(IndexFloor("a1", 40.0, 3), IndexFloor("b0", 30.0, 2)),
    )
    try:
        built = build(recipe, data, a_tree(weights))
        found = leave_one_out(built)
    except RecipeError:
        assume(False)
    np.testing.assert_allclose(found.nominal, built.score, rtol=0, atol=1e-12)
    for code in CODES:
        rest = [c for c in CODES if c != code]
        floors = tuple(f for f in recipe.floors if f.item != code)
        fewer = IndexRecipe(recipe.kode, normalise=recipe.normalise, aggregate=recipe.aggregate,
                            classes=recipe.classes, floors=floors)  # fmt: skip
        without = build(fewer, data.of(rest), a_tree(weights, code))
        row = found.codes.index(code)
        np.testing.assert_allclose(found.scores[row], without.score, rtol=0, atol=1e-9)
        assert found.levels[row].tolist() == without.levels.tolist()


def test_a_sobol_run_with_nothing_moved_changes_no_class(tmp_path):
    """Floors, gaps and steps in another order: the base of every run is the published class."""
    (tmp_path / "d.csv").write_text(DATA, encoding="utf-8")
    (tmp_path / "m.csv").write_text(META, encoding="utf-8")
    recipe = "order = ['impute', 'denominate', 'normalise']\n" + STEPS["impute"] + STEPS["denominate"]
    recipe += "classes = {cuts = [10, 30]}\nfloors = [{item = 'x', at = 9, level = 3}]\n"
    recipe += "[sobol]\nsize = 4\noutput = 'class_change'\nfactors = 'both'\nspread = 0.0\nsd = 0.0\n"
    runs = SobolRuns(build_files(recipe, tmp_path / "d.csv", tmp_path / "m.csv"))
    half = np.full((2, len(runs.names)), 0.3)
    assert runs.outputs(half, half).tolist() == [[0.0, 0.0]] * (len(runs.names) + 2)

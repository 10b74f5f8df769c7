"""Plain tables: any tree, every problem at once, nothing written when refused."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import ImportRefused, RecipeError
from kondusif.measure.first_index import Node, Steps, Tree, index
from kondusif.measure.normalise import Spec
from kondusif.measure.tables import TableRecipe, run_tables

META = """iCode,Parent,Direction,Weight,Type,goalpost_lower,goalpost_upper
a,P,1,1,Indicator,0,10
b,P,-1,3,Indicator,0,10
c,Q,1,1,Indicator,0,100
d,TOP,1,1,Indicator,0,1
P,Q,1,2,Aggregate,,
Q,TOP,1,1,Aggregate,,
TOP,,1,1,Aggregate,,
group,,,,Group,,
"""
DATA = """uCode,group,a,b,c,d
u1,x,5,10,50,1
u2,x,,0,NA,0.5
u3,y,10,0,100,1
"""
RECIPE = '[normalise]\nmethod = "goalposts"\n[classes]\ncuts = [30, 60]\n'


@pytest.fixture
def run(tmp_path):
    def go(data=DATA, meta=META, recipe=RECIPE):
        for name, text in (("iData.csv", data), ("iMeta.csv", meta), ("r.toml", recipe)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        out = tmp_path / "out"
        run_tables(tmp_path / "iData.csv", tmp_path / "iMeta.csv", tmp_path / "r.toml", out)
        return {
            path.stem: {row["uCode"]: row for row in csv.DictReader(path.open(encoding="utf-8"))}
            for path in sorted(out.iterdir())
        }

    go.out = tmp_path / "out"
    return go


def test_a_tree_of_three_levels_worked_by_hand(run):
    got = run()
    assert set(got) == {"normalised", "scores", "contributions", "coverage", "classes"}
    # u1: a 50, b 0 -> P 12.5; c 50 -> Q (2 x 12.5 + 50) / 3 = 25; d 100 -> TOP 62.5
    assert {k: float(got["scores"]["u1"][k]) for k in ("P", "Q", "TOP")} == {
        "P": 12.5,
        "Q": 25.0,
        "TOP": 62.5,
    }
    # u2: a and c missing -> P 100, Q 100, d 50 -> TOP 75
    assert {k: float(got["scores"]["u2"][k]) for k in ("P", "Q", "TOP")} == {"P": 100, "Q": 100, "TOP": 75}
    assert got["contributions"]["u2"]["a"] == ""
    assert float(got["contributions"]["u2"]["b"]) == 50
    for unit, row in got["contributions"].items():
        assert float(row["sum"]) == pytest.approx(float(got["scores"][unit]["TOP"]), abs=1e-12)
    # shares: d 1/2, c 1/6, a 1/12, b 1/4
    assert float(got["coverage"]["u2"]["coverage"]) == pytest.approx(0.75)
    assert [row["class"] for row in got["classes"].values()] == ["3", "3", "3"]


def test_too_few_children_leave_a_parent_missing(run):
    got = run(recipe=RECIPE + "[aggregate]\nmin_available = 0.6\n")
    assert got["scores"]["u2"]["P"] == "" and got["scores"]["u2"]["TOP"] == ""
    assert got["classes"]["u2"]["class"] == ""


def test_row_order_never_matters(run):
    head, *rows = DATA.splitlines(keepends=True)
    assert run(data=head + "".join(reversed(rows))) == run()


def test_every_bad_cell_is_named_at_once(run):
    with pytest.raises(ImportRefused) as caught:
        run(data="uCode,a,b,c,d\nu1,x,1,2,3\nu1,1,1,inf,3\n,1,1,1,1\n")
    where = [(p.row, p.column) for p in caught.value.problems]
    assert where == [(2, "a"), (3, "uCode"), (3, "c"), (4, "uCode")]
    assert not run.out.exists()


@pytest.mark.parametrize(
    "data",
    ["uCode,a,b,c\nu1,1,1,1\n", "uCode,a,b,c,d\n", "uCode,a,b,c,d\nu1,1,1,1,1,9\n", "a,b,c,d\n1,1,1,1\n", ""],
)
def test_a_table_of_another_shape_is_refused(run, data):
    with pytest.raises(ImportRefused):
        run(data=data)


@pytest.mark.parametrize(
    "old, new, error",
    [
        ("a,P,1,1,", "a,P,2,1,", ImportRefused),
        ("a,P,1,1,", "a,P,1,berat,", ImportRefused),
        ("a,P,1,1,", "a,P,1,0,", RecipeError),
        ("a,P,1,1,", "a,X,1,1,", RecipeError),
        ("a,P,1,1,", "b,P,1,1,", RecipeError),
        ("TOP,,1", "TOP,Q,1", RecipeError),
        ("Indicator,0,1\n", "Indicator,1,1\n", RecipeError),
        ("iCode,Parent", "iCode,Induk", ImportRefused),
    ],
)
def test_a_tree_that_is_none_is_refused(run, old, new, error):
    assert old in META
    with pytest.raises(error):
        run(meta=META.replace(old, new))


@pytest.mark.parametrize(
    "recipe",
    [
        "[normalise",
        '[normalise]\nmethod = "zscore"\n',
        "[normalise]\nscale = [1]\n",
        "[normalise]\nscale = [1, 0]\n",
        '[aggregate]\nmethod = "median"\n',
        "[aggregate]\nmin_available = 2\n",
        "[classes]\ncuts = [40, 20]\n",
        "[kelas]\ncuts = [1]\n",
        '[normalise]\nmetode = "minmax"\n',
    ],
)
def test_a_recipe_that_cannot_be_followed_is_refused(recipe):
    with pytest.raises(RecipeError):
        TableRecipe.from_toml(recipe)


def test_instrument_without_a_transform_needs_a_code_of_the_catalogue(run):
    with pytest.raises(ImportRefused):
        run(recipe='[normalise]\nmethod = "instrument"\n')


def test_instrument_with_its_own_transform(run):
    head, *rows = META.splitlines()
    kinds = ["map{5:0.25}", "linear_inverse", "linear_clamp", "boolean", "", "", "", ""]
    meta = "\n".join([f"{head},Transform", *(f'{r},"{k}"' for r, k in zip(rows, kinds, strict=True))])
    got = run(meta=meta, recipe='[normalise]\nmethod = "instrument"\n')
    assert [float(got["normalised"]["u1"][c]) for c in "abcd"] == [25, 0, 50, 100]


def test_a_column_of_one_value_is_refused_by_minmax():
    tree = Tree((Node("a", "T", 1, Spec("a")), Node("T", "", 1)))
    with pytest.raises(RecipeError, match="a: minmax"):
        index(tree, ["u", "v"], {"a": np.array([3.0, 3.0])}, Steps())


cell = st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6))
weight = st.floats(0.01, 100)


@st.composite
def trees(draw):
    """Aggregates in a chain of random branching, two to nine indicators hung below them."""
    aggregates = [Node("T", "", 1.0)]
    for k in range(draw(st.integers(0, 4))):
        parent = draw(st.sampled_from([n.code for n in aggregates]))
        aggregates.append(Node(f"P{k}", parent, draw(weight)))
    parents = [n.code for n in aggregates]
    hung = parents + draw(st.lists(st.sampled_from(parents), min_size=1, max_size=5))
    leaves = [
        Node(f"i{k}", parent, draw(weight), Spec(f"i{k}", draw(st.sampled_from([1, -1])), -10.0, 10.0))
        for k, parent in enumerate(hung)
    ]
    return Tree((*aggregates, *leaves))


@settings(max_examples=60, deadline=None)
@given(trees(), st.data())
def test_contributions_of_any_tree_sum_to_its_top(tree, data):
    units = [f"u{k}" for k in range(data.draw(st.integers(1, 5)))]
    table = {
        n.code: np.array(data.draw(st.lists(cell, min_size=len(units), max_size=len(units))))
        for n in tree.leaves
    }
    steps = Steps("goalposts", min_available=data.draw(st.sampled_from([0.0, 0.5, 1.0])))
    got = index(tree, units, table, steps)
    top = got.scores[tree.top]
    added = np.nansum(np.column_stack(list(got.contributions.values())), axis=1)
    known = ~np.isnan(top)
    assert np.abs(added - top)[known].max(initial=0) < 1e-9
    assert ((top[known] >= -1e-9) & (top[known] <= 100 + 1e-9)).all()
    assert ((got.coverage >= 0) & (got.coverage <= 1 + 1e-9)).all()
    assert sum(tree.shares.values()) == pytest.approx(1)


@pytest.fixture
def with_people():
    """Indicator a per head: ``Denominator`` names a column of iData that is no indicator."""
    meta = META.replace("goalpost_upper\n", "goalpost_upper,Denominator\n").replace(
        "a,P,1,1,Indicator,0,10", "a,P,1,1,Indicator,0,10,people"
    )
    data = DATA.replace("uCode,group", "uCode,people").replace("u1,x", "u1,2").replace("u2,x", "u2,5")
    return {"meta": meta, "data": data.replace("u3,y", "u3,4")}


def test_a_denominator_divides_where_the_recipe_says_so(run, with_people):
    use = "[denominate]\nuse = {}\n" + RECIPE
    divided = run(**with_people, recipe=use.format("true"))["normalised"]
    plain = run(**with_people, recipe=use.format("false"))["normalised"]
    assert (float(divided["u1"]["a"]), float(plain["u1"]["a"])) == (25, 50)
    assert divided["u2"]["a"] == "" and divided["u1"]["b"] == plain["u1"]["b"]


def test_a_denominator_is_neither_forgotten_nor_guessed(run, with_people):
    with pytest.raises(RecipeError, match="people"):
        run(**with_people)
    nought = with_people | {"data": with_people["data"].replace("u3,4", "u3,0")}
    with pytest.raises(ImportRefused, match="pembagi bukan nol"):
        run(**nought, recipe="[denominate]\nuse = true\n" + RECIPE)
    assert not run.out.exists()


@pytest.mark.parametrize(
    "recipe, key",
    [
        ("[normalise]\nscale = 100\n", "normalise.scale"),
        ("[normalise]\nscale = [100, 0]\n", "normalise.scale"),
        ('[classes]\ncuts = ["20"]\n', "classes.cuts"),
        ('[aggregate]\nmin_available = "half"\n', "aggregate.min_available"),
        ('[denominate]\nuse = "yes"\n', "denominate.use"),
    ],
)
def test_a_recipe_error_names_the_key(recipe, key):
    with pytest.raises(RecipeError, match=key):
        TableRecipe.from_toml(recipe)

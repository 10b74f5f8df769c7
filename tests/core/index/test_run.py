"""Plain tables: any tree, every problem at once, nothing written when refused."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import ImportRefused, RecipeError
from kondusif.instrument.catalogue import catalogue
from kondusif_index.data import Data, Why
from kondusif_index.index import run_files
from kondusif_index.pipeline import build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.aggregate import Aggregating
from kondusif_index.steps.normalise import Normalising
from kondusif_index.tree import Node, Tree

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
RECIPE = 'ragged = true\n[normalise]\nmethod = "goalposts"\n[classes]\ncuts = [30, 60]\n'


@pytest.fixture
def run(tmp_path):
    def go(data=DATA, meta=META, recipe=RECIPE):
        for name, text in (("iData.csv", data), ("iMeta.csv", meta), ("r.toml", recipe)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        out = tmp_path / "out"
        inputs = (tmp_path / "iData.csv", tmp_path / "iMeta.csv", tmp_path / "r.toml")
        run_files(*inputs, out, indicators=catalogue())
        return {
            path.stem: {row["uCode"]: row for row in csv.DictReader(path.open(encoding="utf-8"))}
            for path in sorted(out.glob("*.csv"))
            if path.stem not in ("weights", "cuts")
        }

    go.out = tmp_path / "out"
    return go


def test_a_tree_of_three_levels_worked_by_hand(run):
    got = run()
    assert set(got) == {
        "normalised",
        "scores",
        "ranks",
        "ranks_groups",
        "contributions",
        "coverage",
        "classes",
    }
    # u1: a 50, b 0 -> P 12.5; c 50 -> Q (2 x 12.5 + 50) / 3 = 25; d 100 -> TOP 62.5
    scores = {u: {k: float(row[k]) for k in ("P", "Q", "TOP")} for u, row in got["scores"].items()}
    assert scores["u1"] == pytest.approx({"P": 12.5, "Q": 25.0, "TOP": 62.5}, abs=1e-12)
    # u2: a and c missing -> P 100, Q 100, d 50 -> TOP 75
    assert scores["u2"] == pytest.approx({"P": 100, "Q": 100, "TOP": 75}, abs=1e-12)
    assert got["contributions"]["u2"]["a"] == ""
    assert float(got["contributions"]["u2"]["b"]) == 50
    for unit, row in got["contributions"].items():
        assert float(row["sum"]) == pytest.approx(float(got["scores"][unit]["TOP"]), abs=1e-12)
    # shares: d 1/2, c 1/6, a 1/12, b 1/4
    assert float(got["coverage"]["u2"]["coverage"]) == pytest.approx(0.75)
    assert [row["class"] for row in got["classes"].values()] == ["3", "3", "3"]
    assert [got["coverage"][u]["grade"] for u in ("u1", "u2")] == ["A", "C"]


def test_too_few_children_leave_a_parent_missing(run):
    got = run(recipe=RECIPE + "[aggregate]\nmin_available = 0.6\n")
    assert got["scores"]["u2"]["P"] == "" and got["scores"]["u2"]["TOP"] == ""
    assert got["classes"]["u2"]["class"] == ""


def test_row_order_never_matters(run):
    head, *rows = DATA.splitlines(keepends=True)
    turned = run(data=head + "".join(reversed(rows)))
    assert {name: dict(sorted(rows.items())) for name, rows in turned.items()} == run()


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
        ("a,P,1,1,", "a,P,1,-1,", RecipeError),
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
        '[normalise]\nmethod = "zskor"\n',
        "[normalise]\nscale = [1]\n",
        "[normalise]\nscale = [1, 0]\n",
        '[aggregate]\nmethod = "modus"\n',
        "[aggregate]\nmin_available = 2\n",
        "[classes]\ncuts = [40, 20]\n",
        "[kelas]\ncuts = [1]\n",
        '[normalise]\nmetode = "minmax"\n',
    ],
)
def test_a_recipe_that_cannot_be_followed_is_refused(recipe):
    with pytest.raises(RecipeError):
        IndexRecipe.from_toml(recipe)


def test_instrument_without_a_transform_needs_a_code_of_the_catalogue(run):
    with pytest.raises(ImportRefused):
        run(recipe='ragged = true\n[normalise]\nmethod = "instrument"\n')


def test_instrument_with_its_own_transform(run):
    head, *rows = META.splitlines()
    kinds = ["map{5:0.25}", "linear_inverse", "linear_clamp", "boolean", "", "", "", ""]
    meta = "\n".join([f"{head},Transform", *(f'{r},"{k}"' for r, k in zip(rows, kinds, strict=True))])
    got = run(meta=meta, recipe='ragged = true\n[normalise]\nmethod = "instrument"\n')
    assert [float(got["normalised"]["u1"][c]) for c in "abcd"] == [25, 0, 50, 100]


def test_a_constant_indicator_stays_in_the_index_with_a_warning():
    """COINr makes it NaN, and so lets it vanish."""
    tree = Tree((Node("a", "T", leaf=True), Node("b", "T", leaf=True), Node("T")))
    data = Data(("u", "v"), ("a", "b"), np.array([[3.0, 1.0], [3.0, 2.0]]))
    built = build(IndexRecipe(normalise=Normalising("minmax")), data, tree)
    assert built.score.tolist() == [25.0, 75.0]
    assert any("a" in w for w in built.warnings)


def test_a_level_may_be_skipped_only_where_the_recipe_says_so(run):
    with pytest.raises(RecipeError, match="c: skips a level below Q"):
        run(recipe=RECIPE.replace("ragged = true\n", ""))


def test_a_stored_recipe_gives_the_same_bits_without_the_meta_table(run, tmp_path):
    run()
    first = {p.name: p.read_bytes() for p in run.out.iterdir()}
    (tmp_path / "again.toml").write_bytes(first["recipe.toml"])
    run_files(tmp_path / "iData.csv", None, tmp_path / "again.toml", tmp_path / "out2")
    assert {p.name: p.read_bytes() for p in (tmp_path / "out2").iterdir()} == first


def test_a_hierarchy_comes_from_one_place(run, tmp_path):
    run()
    with pytest.raises(RecipeError, match="keep one"):
        run_files(tmp_path / "iData.csv", tmp_path / "iMeta.csv", run.out / "recipe.toml", tmp_path / "x")
    with pytest.raises(RecipeError, match="holds no hierarchy"):
        run_files(tmp_path / "iData.csv", None, tmp_path / "r.toml", tmp_path / "x")


def test_a_gap_says_why_and_what_does_not_apply_is_not_owed(run):
    got = run(data=DATA.replace("u2,x,,0,NA,0.5", "u2,x,not_applicable,0,stale,0.5"))
    # of the applicable: b 1/4, c 1/6, d 1/2; answered b and d
    assert float(got["coverage"]["u2"]["coverage"]) == pytest.approx((1 / 4 + 1 / 2) / (1 - 1 / 12))
    assert got["coverage"]["u2"]["coverage_P"] == "1.0"


def test_a_floor_lifts_a_class_and_is_named(run):
    recipe = 'ragged = true\nfloors = [{item = "a", at = 10, level = 2}]\n' + RECIPE.split("\n", 1)[1]
    got = run(data=DATA.replace("u3,y,10,0,100,1", "u3,y,10,10,0,0"), recipe=recipe)["classes"]
    assert (got["u3"]["by_score"], got["u3"]["class"], got["u3"]["floors"]) == ("1", "2", "a")
    assert got["u1"]["floors"] == ""


def test_last_elections_answers_fill_what_is_missing(run, tmp_path):
    recipe = RECIPE + '[impute]\nmethod = "last"\n'
    with pytest.raises(RecipeError, match="last"):
        run(recipe=recipe)
    (tmp_path / "last.csv").write_text(DATA.replace("u2,x,,0,NA,0.5", "u2,x,2,9,30,0"), encoding="utf-8")
    files = [tmp_path / n for n in ("iData.csv", "iMeta.csv", "r.toml")]
    built = run_files(*files, tmp_path / "filled", last=tmp_path / "last.csv")
    assert dict(zip(built.tree.leaf_codes, built.stages["impute"].values[1], strict=True)) == {
        "a": 2.0, "b": 0.0, "c": 30.0, "d": 0.5,
    }  # fmt: skip
    assert built.coverage[1] == pytest.approx(0.75)  # what is filled was still not answered


def test_a_column_in_logarithms_does_not_fit_its_goalposts():
    tree = Tree((Node("a", "T", leaf=True, lo=0, hi=100), Node("T")))
    data = Data(tuple("uvwxyz"), ("a",), np.array([[1.0], [1.5], [2], [3], [4], [99]]))
    logs = IndexRecipe.from_toml('[treat]\nmethod = "log_ct"\n')
    with pytest.raises(RecipeError, match="a: treated into another unit"):
        build(logs, data, tree)
    free = IndexRecipe.from_toml('[treat]\nmethod = "log_ct"\n[normalise]\nmethod = "minmax"\n')
    assert build(free, data, tree).score[-1] == 100


def test_why_and_gaps_must_agree():
    with pytest.raises(RecipeError, match="agree"):
        Data(("u",), ("a",), np.array([[1.0]]), np.array([[Why.STALE]], dtype=np.uint8))
    with pytest.raises(RecipeError, match="stands twice: u"):
        Data(("u", "u"), ("a",), np.zeros((2, 1)))
    with pytest.raises(RecipeError, match="finite"):
        Data(("u",), ("a",), np.array([[np.inf]]))


def test_the_digest_of_data_knows_values_and_reasons_but_no_order():
    data = Data(("u", "v"), ("a", "b"), np.array([[1.0, np.nan], [-0.0, 2.0]]))
    turned = data.rows([1, 0]).of(["b", "a"])
    assert data.digest == turned.digest
    stale = Data(data.units, data.codes, data.values, np.array([[0, 3], [0, 0]], dtype=np.uint8))
    assert stale.digest != data.digest


cell = st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6))
weight = st.floats(0.01, 100)


@st.composite
def trees(draw):
    """Aggregates in a chain of random branching, two to nine indicators hung below them."""
    aggregates = [Node("T")]
    for k in range(draw(st.integers(0, 4))):
        parent = draw(st.sampled_from([n.code for n in aggregates]))
        aggregates.append(Node(f"P{k}", parent, draw(weight)))
    parents = [n.code for n in aggregates]
    hung = parents + draw(st.lists(st.sampled_from(parents), min_size=1, max_size=5))
    turn = st.sampled_from([1, -1])
    leaves = [
        Node(f"i{k}", parent, draw(weight), True, draw(turn), -10.0, 10.0) for k, parent in enumerate(hung)
    ]
    return Tree((*aggregates, *leaves), ragged=True)


@settings(max_examples=60, deadline=None)
@given(trees(), st.data())
def test_contributions_of_any_tree_sum_to_its_top(tree, data):
    units = tuple(f"u{k}" for k in range(data.draw(st.integers(1, 5))))
    columns = [data.draw(st.lists(cell, min_size=len(units), max_size=len(units))) for _ in tree.leaves]
    table = Data(units, tree.leaf_codes, np.array(columns).T)
    least = data.draw(st.sampled_from([0.0, 0.5, 1.0]))
    built = build(IndexRecipe(aggregate=Aggregating(min_available=least)), table, tree)
    known = ~np.isnan(built.score)
    added = np.nansum(built.contributions.points, axis=1)
    assert np.abs(added - built.score)[known].max(initial=0) < 1e-9
    assert ((built.score[known] >= -1e-9) & (built.score[known] <= 100 + 1e-9)).all()
    assert ((built.coverage >= 0) & (built.coverage <= 1)).all()
    assert sum(tree.shares()[c] for c in tree.leaf_codes) == pytest.approx(1)


@settings(max_examples=30, deadline=None)
@given(trees())
def test_any_recipe_reads_back_the_same(tree):
    recipe = IndexRecipe(aggregate=Aggregating("geometric", floor=1.0)).on(tree)
    assert IndexRecipe.from_toml(recipe.to_toml()) == recipe
    assert IndexRecipe.from_toml(recipe.to_toml()).digest == recipe.digest


@settings(max_examples=40, deadline=None)
@given(trees(), st.data())
def test_an_indicator_of_weight_zero_changes_nothing(tree, data):
    units = ("u", "v", "w")
    columns = [data.draw(st.lists(cell, min_size=3, max_size=3)) for _ in tree.leaves]
    table = Data(units, tree.leaf_codes, np.array(columns).T)
    more = Tree((*tree.nodes, Node("idle", tree.leaves[0].parent, 0.0, True, 1, -10.0, 10.0)), ragged=True)
    extra = data.draw(st.lists(cell, min_size=3, max_size=3))
    wider = Data(units, (*tree.leaf_codes, "idle"), np.column_stack([table.values, extra]))
    one, two = build(IndexRecipe(), table, tree), build(IndexRecipe(), wider, more)
    assert np.allclose(one.score, two.score, rtol=0, atol=1e-12, equal_nan=True)
    assert np.allclose(one.coverage, two.coverage, rtol=0, atol=1e-12)


@pytest.fixture
def with_people():
    """Indicator a per head: ``Denominator`` names a column of iData that is no indicator."""
    meta = META.replace("goalpost_upper\n", "goalpost_upper,Denominator\n").replace(
        "a,P,1,1,Indicator,0,10", "a,P,1,1,Indicator,0,10,people"
    )
    data = DATA.replace("uCode,group", "uCode,people").replace("u1,x", "u1,2").replace("u2,x", "u2,5")
    return {"meta": meta, "data": data.replace("u3,y", "u3,4")}


def test_a_denominator_divides_where_the_recipe_says_so(run, with_people):
    use = RECIPE + '[denominate]\nmethod = "{}"\n'
    divided = run(**with_people, recipe=use.format("tree"))["normalised"]
    plain = run(**with_people, recipe=use.format("none"))["normalised"]
    assert (float(divided["u1"]["a"]), float(plain["u1"]["a"])) == (25, 50)
    assert divided["u2"]["a"] == "" and divided["u1"]["b"] == plain["u1"]["b"]


def test_a_denominator_is_neither_forgotten_nor_guessed(run, with_people):
    with pytest.raises(RecipeError, match="people"):
        run(**with_people)
    nought = with_people | {"data": with_people["data"].replace("u3,4", "u3,0")}
    with pytest.raises(RecipeError, match="u3, a: people is 0"):
        run(**nought, recipe=RECIPE + '[denominate]\nmethod = "tree"\n')
    assert not run.out.exists()


@pytest.mark.parametrize(
    "recipe, key",
    [
        ("[normalise]\nscale = 100\n", "normalise.scale"),
        ("[normalise]\nscale = [100, 0]\n", "normalise.scale"),
        ('[classes]\ncuts = ["20"]\n', "classes.cuts"),
        ('[aggregate]\nmin_available = "half"\n', "aggregate.min_available"),
        ('[denominate]\nuse = "yes"\n', "denominate.use"),
        ("[classes]\ncuts = [1]\nlabels = [1]\n", "classes.labels"),
        ('order = ["treat"]\n', "order"),
        ('order = ["normalise", "lompat"]\n', "lompat"),
        ('floors = [{item = "a", at = 1, level = 1}]\n', "floors need classes"),
    ],
)
def test_a_recipe_error_names_the_key(recipe, key):
    with pytest.raises(RecipeError, match=key):
        IndexRecipe.from_toml(recipe)

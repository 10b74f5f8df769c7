"""A mean stays within its children; what equals a cut to 10 decimals is on it (method 8.9, 8.11)."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kondusif.cli import OK, main
from kondusif_index.audit.roll_up import roll_up
from kondusif_index.data import Data
from kondusif_index.fast import score as swept
from kondusif_index.fast import tree_weights
from kondusif_index.linear import linear_normalisation
from kondusif_index.pipeline import build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.results import ranks
from kondusif_index.rounding import edges
from kondusif_index.steps.aggregate import Aggregating, aggregate
from kondusif_index.steps.classify import Classing, classify, level_of
from kondusif_index.steps.impute import Filling, Imputing, impute
from kondusif_index.steps.means import Mean, mean
from kondusif_index.steps.normalise import Normalising
from kondusif_index.tree import Node, Tree
from kondusif_index.uncertainty.leave_one_out import leave_one_out
from kondusif_index.uncertainty.monte_carlo import monte_carlo
from kondusif_index.uncertainty.perturbation import AnswerNoise, Perturbation, Sobol, WeightNoise
from kondusif_index.uncertainty.sobol import drivers

MEANS = (
    Mean(),
    Mean("geometric"),
    Mean("harmonic"),
    Mean("generalised", p=2.0),
    Mean("generalised", p=-3.0),
    Mean("generalised", p=0.1),
    Mean("geometric", floor=2.0),
    Mean("owa", orness=0.3),
    Mean("owa", order=(3.0, 1.0, 1.0)),
    Mean("median"),
    Mean("median_step"),
)
WEIGHTS = st.one_of(st.integers(1, 9).map(float), st.floats(0.01, 10), st.just(0.0))
VALUES = st.one_of(st.floats(1, 100), st.sampled_from([1 / 3, 20.0, 40.0, 50.0, 100.0, 0.1]))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(MEANS), st.data())
def test_a_mean_never_leaves_the_range_of_its_children(how, data):
    k = data.draw(st.integers(1, 7))
    w = np.array(data.draw(st.lists(WEIGHTS, min_size=k, max_size=k)))[:, None]
    assume(w.sum() > 0)
    alike = data.draw(st.booleans())
    x = [data.draw(VALUES)] * k if alike else data.draw(st.lists(VALUES, min_size=k, max_size=k))
    column = np.array(x)[:, None]
    found = mean(how, column, w)[0]
    there = how.floored(column)[w > 0]
    assert there.min() <= found <= there.max()


def random_tree(rng, shapes=(2, 3, 4)):
    """A tree of two to four levels with weights of every kind."""
    nodes, parents = [Node("top")], ["top"]
    for _ in range(int(rng.integers(1, 4))):
        below = []
        for parent in parents:
            for k in range(int(rng.choice(shapes))):
                code = f"{parent}.{k}"
                weight = float(rng.choice([1, 2, 3, 7, 0.1, 1 / 3, rng.random() + 0.01]))
                nodes.append(Node(code, parent, weight, False, 1, 0.0, 100.0))
                below.append(code)
        parents = below
    leaves = set(parents)
    made = [Node(n.code, n.parent, n.weight, n.code in leaves, 1, n.lo, n.hi) for n in nodes]
    return Tree(tuple(made))


@pytest.mark.parametrize("cut", [20.0, 40.0, 50.0, 35.7, 1 / 3])
@pytest.mark.parametrize("seed", range(40))
def test_a_unit_whose_every_answer_stands_on_a_cut_is_on_it(seed, cut):
    """6.5 % of such trees fell below, by 7e-15."""
    tree = random_tree(np.random.default_rng(seed))
    still = Perturbation(3, noise=AnswerNoise(0.0, 0.0), weights=WeightNoise("uniform", spread=0.5))
    recipe = IndexRecipe(classes=Classing(cuts=(cut,)), uncertainty=still, leave_one_out=True)
    data = Data(
        ("at", "below"), tree.leaf_codes, np.array([[cut], [cut - 0.001]]) * np.ones(len(tree.leaves))
    )
    built = build(recipe, data, tree)
    assert built.score[0] == cut and built.levels.tolist() == [2, 1]
    assert built.classed.distance[0] == 0 and built.classed.nearest[0] == -1
    assert monte_carlo(built).class_probability.tolist() == [[0.0, 1.0], [1.0, 0.0]]
    assert (leave_one_out(built).levels == [2, 1]).all()
    line = linear_normalisation(data.values, tree.leaves, recipe.normalise)
    tops = swept(data.values, line, tree_weights(tree))[:, -1]
    assert level_of(tops, (cut,)).tolist() == [2, 1]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 9)), min_size=2, max_size=6),
    st.sampled_from([20, 40]),
)
def test_a_mean_that_is_a_cut_in_exact_arithmetic_is_on_it(answers, cut):
    """The last answer is what brings the exact mean to the cut."""
    top = sum(x * w for x, w in answers)
    whole = sum(w for _, w in answers) + 3
    last = Fraction(cut * whole - top, 3)
    assume(0 <= last <= 100)
    w = np.array([*(w for _, w in answers), 3], dtype=float)[:, None]
    x = np.array([*(float(x) for x, _ in answers), float(last)])[:, None]
    assert level_of(mean(Mean(), x, w), (float(cut),)).tolist() == [2]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8, unique=True).map(sorted), st.floats(-1e6, 1e6))
def test_equal_ranks_are_equal_classes(cuts, score):
    noisy = np.array([score, np.nextafter(score, np.inf), np.nextafter(score, -np.inf)])
    for cut in cuts:
        at = np.array([cut, np.nextafter(cut, np.inf), np.nextafter(cut, -np.inf)])
        if abs(cut) < 1e4 and len(set(ranks(at).tolist())) == 1:
            assert len(set(level_of(at, cuts).tolist())) == 1
    assert np.ptp(level_of(noisy, cuts)) <= 1 and edges(cuts) == tuple(sorted(edges(cuts)))


@pytest.mark.parametrize(
    "how", [Classing("natural", count=2), Classing("quantile", count=2), Classing("mean_sd")]
)
def test_noise_of_rounding_parts_no_two_units(how):
    scores = np.array([50.0, 49.99999999999999, 50.000000000000014, 80.0, 80.00000000000001])
    found = classify(scores, how).levels
    assert len(set(found[:3].tolist())) == 1 and len(set(found[3:].tolist())) == 1


def test_scores_equal_but_for_rounding_are_all_in_the_class_of_the_mean():
    assert classify(np.array([50.0, 49.99999999999999]), Classing("mean_sd")).levels.tolist() == [3, 3]


def test_the_lowest_edge_of_custom_classes_takes_what_equals_it():
    how = Classing("custom", edges={"low": 20.0, "high": 40.0})
    assert classify(np.array([19.999999999999996, 39.99999999999999]), how).levels.tolist() == [1, 2]


def test_a_veto_is_reached_by_what_equals_it_to_10_decimals():
    how = Mean("veto", veto_at=90.0, veto_to=95.0)
    x = np.array([[89.99999999999999, 89.9], [10.0, 10.0]])
    assert mean(how, x, np.ones((2, 1))).tolist() == [95.0, pytest.approx(49.95)]


def test_a_class_change_of_a_sobol_run_is_never_rounding():
    tree = Tree(
        (Node("T"), *(Node(c, "T", w, True, 1, 0.0, 100.0) for c, w in zip("ab", (1.0, 2.0), strict=True)))
    )
    sobol = Sobol(16, factors="weights", spread=0.9, output="class_change")
    recipe = IndexRecipe(classes=Classing(cuts=(50.0,)), sobol=sobol)
    assert drivers(build(recipe, Data(("u",), ("a", "b"), np.array([[50.0, 50.0]])), tree)).variance == 0


@given(st.lists(st.floats(0.1, 1e4), min_size=1, max_size=9), VALUES)
def test_an_area_of_equal_scores_has_that_score(voters, score):
    units = [f"35.14.05.{2001 + k}" for k in range(len(voters))]
    (area,) = roll_up(units, np.full(len(voters), score), to=3, weights=np.array(voters))
    assert area.mean == score and area.coverage <= 1


@pytest.mark.parametrize("method", ["mean", "group_mean", "row_mean"])
@given(x=VALUES, n=st.integers(1, 12))
def test_a_gap_filled_by_a_mean_of_equals_is_that_value(method, x, n):
    codes = tuple(f"c{k:02d}" for k in range(n + 1))
    tree = Tree((Node("T"), *(Node(c, "T", 1.0, True) for c in codes)))
    values = np.full((n + 1, n + 1), x)
    values[0, 0] = np.nan
    data = Data(tuple(f"u{k}" for k in range(n + 1)), codes, values, groups={"g": ("k",) * (n + 1)})
    stage = "normalised" if method == "row_mean" else "raw"
    filled = impute(data, tree, Imputing(method, stage, group="g", each={"c01": Filling()} if n else {}))
    assert filled.data.values[0, 0] == x


def test_a_grade_is_reached_by_a_coverage_that_equals_it():
    """0.85 of the weight answered, as floating point adds it."""
    weights = (0.1,) * 8 + (0.05, 0.15)
    tree = Tree((Node("T"), *(Node(f"c{k}", "T", w, True, 1, 0.0, 1.0) for k, w in enumerate(weights))))
    values = np.ones((1, 10))
    values[0, 9] = np.nan
    assert build(IndexRecipe(), Data(("u",), tree.leaf_codes, values), tree).grade == ("B",)


def test_two_answers_of_50_with_weights_1_and_2_are_in_the_class_from_50(tmp_path):
    """The command on files: 49.99999999999999 was class 1."""
    meta = "iCode,Parent,Type,Weight,Direction,goalpost_lower,goalpost_upper\n"
    meta += "T,,Aggregate,1,1,,\na,T,Indicator,1,1,0,100\nb,T,Indicator,2,1,0,100\n"
    recipe = "leave_one_out = true\nclasses = {cuts = [50]}\n[uncertainty]\ndraws = 20\n"
    recipe += "noise = {sd = 0.0, flip = 0.0}\nweights = {method = 'uniform', spread = 0.9}\n"
    for name, text in (("m.csv", meta), ("d.csv", "uCode,a,b\nu1,50,50\nu2,49,49\n"), ("r.toml", recipe)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    words = ["measure", "--data", "d.csv", "--meta", "m.csv", "--recipe", "r.toml", "--out", "out"]
    assert main([w if "." not in w and w != "out" else str(tmp_path / w) for w in words]) == OK
    rows = [line.split(",") for line in (tmp_path / "out/classes.csv").read_text().splitlines()]
    assert [row[rows[0].index("class")] for row in rows[1:]] == ["2", "1"]
    drawn = [line.split(",") for line in (tmp_path / "out/uncertainty.csv").read_text().splitlines()]
    assert [float(row[drawn[0].index("p_2")]) for row in drawn[1:]] == [1.0, 0.0]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["arithmetic", "geometric", "harmonic"]))
def test_contributions_still_sum_to_a_score_that_was_held_in_its_range(seed, method):
    rng = np.random.default_rng(seed)
    tree = random_tree(rng)
    answers = rng.choice([20.0, 40.0, 50.0, 100 / 3], (4, 1)) * np.ones((4, len(tree.leaves)))
    how = IndexRecipe(aggregate=Aggregating(method), normalise=Normalising("goalposts", scale=(0, 100)))
    built = build(how, Data(tuple("abcd"), tree.leaf_codes, answers), tree)
    assert np.nansum(built.contributions.points, axis=1) == pytest.approx(built.score, abs=1e-12)
    again = aggregate(built.normalised, tree, how.aggregate).top
    assert again.tolist() == answers[:, 0].tolist()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["goalposts", "minmax"]), st.booleans())
def test_no_sweep_and_no_draw_leaves_the_ends_of_the_scale(seed, method, gaps):
    """Answers at the ends, under goalposts and weights of every kind: 0 and 100 hold, as step by step."""
    rng = np.random.default_rng(seed)
    shape = random_tree(rng)
    low, high = rng.choice([0.0, 0.1, 1 / 3, 7.0]), rng.choice([8.3, 33.3, 1000.1])
    tree = Tree(tuple(Node(n.code, n.parent, n.weight, n.leaf, 1, low, high) for n in shape.nodes))
    x = rng.choice([low, high, high], (16, 1)) * np.ones((16, len(tree.leaves)))
    x[0], x[1] = low, high
    if gaps:
        x[2:, 1:][rng.random((14, x.shape[1] - 1)) < 0.2] = np.nan
    weights = WeightNoise("uniform", spread=0.9)
    recipe = IndexRecipe(
        normalise=Normalising(method),
        uncertainty=Perturbation(
            9, noise=AnswerNoise(0.3, 0.1) if gaps else AnswerNoise(0.0, 0.0), weights=weights
        ),
    )
    built = build(recipe, Data(tuple(f"u{k:02d}" for k in range(16)), tree.leaf_codes, x), tree)
    line = linear_normalisation(x, tree.leaves, recipe.normalise)
    for scores in (built.score, swept(x, line, tree_weights(tree)), monte_carlo(built).scores):
        assert np.nanmin(scores) >= 0.0 and np.nanmax(scores) <= 100.0

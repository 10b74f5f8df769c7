"""One loop runs the steps: whatever looks at a build again finds the build, unit by unit, class by class."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.data import Data, Why
from kondusif_index.pipeline import build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.steps.aggregate import Aggregating
from kondusif_index.steps.classify import Classing, IndexFloor
from kondusif_index.steps.denominate import Denominating
from kondusif_index.steps.impute import Imputing
from kondusif_index.steps.normalise import LinearNormalising, Normalising
from kondusif_index.steps.screen import Screening
from kondusif_index.steps.treat import Treating
from kondusif_index.steps.weigh import Weighing
from kondusif_index.tree import Node, Tree
from kondusif_index.uncertainty.leave_one_out import leave_one_out
from kondusif_index.uncertainty.monte_carlo import monte_carlo
from kondusif_index.uncertainty.perturbation import (
    AnswerNoise,
    Perturbation,
    Sobol,
    WeightDraws,
    WeightNoise,
)
from kondusif_index.uncertainty.sobol import SobolRuns, drivers

CODES = ("a0", "a1", "a2", "b0", "b1", "idle")
STILL = Perturbation(3, noise=AnswerNoise(0.0, 0.0), weights=WeightNoise("none"))
ORDERS = [(*before, "normalise") for before in permutations(("denominate", "screen", "impute", "treat"))]
GAPS = ("none", "cells", "column", "unit", "not_applicable_column")


def a_tree(ragged):
    nodes = [Node("top"), Node("a", "top", 3.0), Node("b", "top", 1.0)]
    nodes += [
        Node(f"a{k}", "a", 1.0 + k, True, (-1, 1, 1)[k], 1.0, 20.0, denominator="people" if k == 1 else "")
        for k in range(3)
    ]
    nodes += [Node("b0", "b", 2.0, True, 1, 1.0, 9.0), Node("b1", "b", 1.0, True, 1, 1.0, 30.0)]
    nodes.append(Node("idle", "top" if ragged else "b", 0.0, True, 1, 1.0, 30.0))
    return Tree(tuple(nodes), ragged)


def some_data(rng, gaps):
    """Whole and broken answers above zero, counts by people; every kind of gap in every place."""
    n = 14
    x = rng.gamma(2.0, 3.0, (n, 6)).round(1) + 1.0
    x[:, 3] = rng.integers(1, 10, n)
    x[0, 4] = 60.0  # what treatment looks for
    people = rng.choice([2.0, 4.0, 5.0], n)
    x[:, 1] *= people
    why = np.zeros(x.shape, dtype=np.uint8)
    if gaps != "none":
        kinds = [Why.PRESENT] * 12 + [Why.ABSENT, Why.NOT_APPLICABLE, Why.STALE, Why.REFUSED]
        why = rng.choice(np.array(kinds, dtype=np.uint8), x.shape)
    if gaps == "column":
        why[:, 2] = Why.ABSENT
    if gaps == "not_applicable_column":
        why[:, 4] = Why.NOT_APPLICABLE
    if gaps == "unit":
        why[3] = Why.ABSENT
    x[why != Why.PRESENT] = np.nan
    units = tuple(f"u{k:02d}" for k in rng.permutation(n))
    return Data(units, CODES, x, why, {"kec": tuple("xyz"[k % 3] for k in range(n))}, {"people": people})


SCALES = (
    Normalising("goalposts", scale=(1, 100)),
    Normalising("minmax", scale=(1, 100)),
    Normalising("zscore", mean=50.0, sd=10.0),
    Normalising("prank", scale=(1, 100), ties="average"),
)
MEANS = (
    Aggregating(),
    Aggregating(min_available=0.6),
    Aggregating(min_available=0.6, count_not_applicable=True),
    Aggregating(("geometric", "arithmetic"), floor=1.0),
    Aggregating("median", min_available=0.5),
    Aggregating("veto", veto_at=90.0),
)
FLOORS = (
    (),
    (IndexFloor("a1", 30.0, 3), IndexFloor("b0", 2.0, 2, below=True)),
    (IndexFloor("b0", 8.0, 2, above=True), IndexFloor("idle", 9.0, 3)),
)
IMPUTATIONS = (
    None,
    Imputing("median"),
    Imputing("group_mean", group="kec", fall_back=True),
    Imputing("em"),
    Imputing("row_mean", stage="normalised"),
    Imputing("mean", stage="normalised"),
)


@st.composite
def recipes(draw):
    one_of = st.sampled_from
    return IndexRecipe(
        order=draw(one_of(ORDERS)),
        denominate=draw(one_of([None, Denominating(), Denominating(by={"b1": "a0"}, bad="missing")])),
        screen=draw(one_of([None, Screening("availability", 0.7), Screening(exclude=("u05",))])),
        impute=draw(one_of(IMPUTATIONS)),
        treat=draw(one_of([None, Treating("winsorise"), Treating("coin")])),
        normalise=draw(one_of(SCALES)),
        weigh=draw(one_of([Weighing(), Weighing("equal"), Weighing("critic", level=1)])),
        aggregate=draw(one_of(MEANS)),
        classes=draw(one_of([Classing(cuts=(35.0, 55.0)), Classing("quantile"), Classing("mean_sd")])),
        floors=draw(one_of(FLOORS)),
        uncertainty=STILL,
        sobol=Sobol(
            4, factors=draw(one_of(["weights", "noise", "both"])), spread=0.0, sd=0.0, output="class_change"
        ),
    )


def built_or_refused(recipe, data, tree):
    """What cannot be built is not looked at again."""
    try:
        return build(recipe, data, tree)
    except RecipeError:
        assume(False)


def found_or_refused(look, *asked):
    """What a look at a build finds, or its refusal, which names the setting of the classes."""
    try:
        return look(*asked)
    except RecipeError as refused:
        assert str(refused).startswith("classes.scheme: all scores are equal"), refused
        assume(False)


@settings(max_examples=50, deadline=None)
@given(recipes(), st.sampled_from(GAPS), st.booleans(), st.integers(0, 2**32 - 1))
def test_without_noise_every_draw_and_run_is_the_build(recipe, gaps, ragged, seed):
    data, tree = some_data(np.random.default_rng(seed), gaps), a_tree(ragged)
    built = built_or_refused(recipe, data, tree)
    drawn = found_or_refused(monte_carlo, built)
    for scores in (drawn.nominal, *drawn.scores):
        np.testing.assert_allclose(scores, built.score, rtol=0, atol=1e-9)
    known = np.isin(built.levels, np.arange(1, 6))
    mine = drawn.class_probability[np.flatnonzero(known), built.levels[known] - 1]
    assert mine.tolist() == [1.0] * int(known.sum())
    assert drawn.unknown.tolist() == (~known).astype(float).tolist()
    assert drawn.nominal_class.tolist() == built.levels.tolist()
    runs = SobolRuns(built)
    half = np.full((2, len(runs.names)), 0.5)
    assert np.nan_to_num(runs.outputs(half, half)).tolist() == [[0.0, 0.0]] * (len(runs.names) + 2)


@settings(max_examples=25, deadline=None)
@given(recipes(), st.sampled_from(GAPS), st.booleans(), st.integers(0, 2**32 - 1))
def test_the_sweep_and_the_steps_agree_on_any_weights_and_answers(recipe, gaps, ragged, seed):
    """Draws of weights, zero among them, and of answers: one linear sweep or step by step."""
    rng = np.random.default_rng(seed)
    data, tree = some_data(rng, gaps), a_tree(ragged)
    how = Perturbation(6, weights=WeightNoise("given"), normalise=(LinearNormalising("minmax"),))
    recipe = replace(recipe, impute=None, treat=None, uncertainty=how)
    table = WeightDraws(CODES, rng.choice([0.0, 0.5, 2.0], (6, 6)))
    built = built_or_refused(recipe, data, tree)
    by_sweep = found_or_refused(monte_carlo, built, table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kondusif_index.uncertainty.rescorer.why_not_linear", lambda *_: "not today")
        by_steps = monte_carlo(built, table)
    np.testing.assert_allclose(by_sweep.scores, by_steps.scores, rtol=0, atol=1e-9)
    np.testing.assert_allclose(by_sweep.class_probability, by_steps.class_probability, rtol=0, atol=1e-12)


@settings(max_examples=25, deadline=None)
@given(recipes(), st.sampled_from(GAPS), st.booleans(), st.integers(0, 2**32 - 1))
def test_leaving_nothing_out_is_the_build(recipe, gaps, ragged, seed):
    """``idle`` has no weight: without it the scores are the build's; classes are but for its own floor."""
    data, tree = some_data(np.random.default_rng(seed), gaps), a_tree(ragged)
    assume(recipe.impute is None or recipe.impute.method not in ("em", "row_mean"))
    built = built_or_refused(recipe, data, tree)
    found = found_or_refused(leave_one_out, built)
    row = found.codes.index("idle")
    np.testing.assert_allclose(found.nominal, built.score, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.scores[row], built.score, rtol=0, atol=1e-9)
    others = tuple(floor for floor in built.recipe.floors if floor.item != "idle")
    bare = build(replace(built.recipe, floors=others), data)
    assert found.levels[row].tolist() == bare.levels.tolist()
    assert found.nominal_class.tolist() == built.levels.tolist()


# ------------------------------------------------------------ the faults that were silent


def plain_data(**values):
    made = np.array([[np.nan if v is None else float(v) for v in one] for one in values.values()]).T
    return Data(
        tuple(f"u{k}" for k in range(len(made))),
        tuple(values),
        made,
        other={"people": np.full(len(made), 2.0)},
    )


def plain_tree(**denominators):
    return Tree(
        (
            Node("top"),
            *(Node(c, "top", 1.0, True, 1, 0.0, 10.0, denominator=denominators.get(c, "")) for c in "xy"),
        )
    )


def test_a_step_that_divides_after_another_is_run_in_every_draw():
    """Before, draws stopped at the first step that neither divides nor screens, and never divided."""
    recipe = IndexRecipe(
        order=("impute", "denominate", "screen", "treat", "normalise"),
        impute=Imputing("mean"),
        denominate=Denominating(),
        uncertainty=STILL,
    )
    built = build(recipe, plain_data(x=(2, 4, None), y=(1, 2, 3)), plain_tree(x="people"))
    assert monte_carlo(built).scores[0].tolist() == built.score.tolist()


def test_a_screen_after_imputation_still_lets_imputation_see_all_units():
    recipe = IndexRecipe(
        order=("denominate", "impute", "screen", "treat", "normalise"),
        impute=Imputing("mean"),
        screen=Screening(exclude=("u1",)),
        uncertainty=STILL,
    )
    built = build(recipe, plain_data(x=(2, 10, None), y=(1, 2, 3)), plain_tree())
    assert built.units == ("u0", "u2")
    assert built.score.tolist() == [15.0, 45.0]  # the mean of 2 and 10 is 6
    assert monte_carlo(built).scores[0].tolist() == [15.0, 45.0]


def test_a_floor_decides_the_class_of_a_draw_as_of_the_build():
    noise = AnswerNoise(sd=0.0, flip=0.0, by_code={"x": 0.1})
    recipe = IndexRecipe(
        classes=Classing(cuts=(90.0,)),
        floors=(IndexFloor("x", 3.0, 2),),
        uncertainty=Perturbation(400, noise=noise, weights=WeightNoise("none")),
    )
    built = build(recipe, plain_data(x=(3.5, 1.5, None), y=(1.25, 1.25, 1.25)), plain_tree())
    found = monte_carlo(built)
    assert found.nominal_class.tolist() == [2, 1, 1]
    assert 0.6 < found.class_probability[0, 1] < 0.8  # half a standard deviation above the floor
    assert 0.03 < found.class_probability[1, 1] < 0.12  # one and a half below it
    assert found.class_probability[2].tolist() == [1.0, 0.0]


def test_a_floor_on_a_column_that_is_divided_is_looked_at_in_its_own_unit():
    recipe = IndexRecipe(
        denominate=Denominating(),
        classes=Classing(cuts=(90.0,)),
        floors=(IndexFloor("x", 6.0, 2),),
        uncertainty=STILL,
        leave_one_out=True,
    )
    built = build(recipe, plain_data(x=(6, 5.9, None), y=(1, 1, 1)), plain_tree(x="people"))
    assert monte_carlo(built).class_probability.tolist() == [[0, 1], [1, 0], [1, 0]]
    found = leave_one_out(built)
    assert found.levels[found.codes.index("y")].tolist() == [2, 1, 0]
    assert found.levels[found.codes.index("x")].tolist() == [1, 1, 1]


def test_class_changes_of_a_sobol_run_count_floors():
    """Answers move a unit over its floor, whatever its score."""
    recipe = IndexRecipe(
        classes=Classing(cuts=(99.0,)),
        floors=(IndexFloor("x", 3.0, 2),),
        sobol=Sobol(64, factors="noise", sd=0.1, output="class_change"),
    )
    found = drivers(build(recipe, plain_data(x=(3.1, 2.9), y=(1.1, 1.3)), plain_tree()))
    assert found.variance > 0
    assert found.total[found.names.index("noise:x")] > 0.5
    assert found.total[found.names.index("noise:y")] == 0.0


def test_an_alternative_that_a_treatment_rules_out_is_refused_by_name():
    how = replace(STILL, normalise=(LinearNormalising("goalposts"),))
    recipe = IndexRecipe(treat=Treating("log_ct"), normalise=Normalising("minmax"), uncertainty=how)
    built = build(recipe, plain_data(x=(1, 1.5, 2, 3, 4, 99), y=(1, 2, 3, 4, 5, 6)), plain_tree())
    with pytest.raises(RecipeError, match=r"uncertainty\.normalise\[0\]: x: treated into another unit"):
        monte_carlo(built)


def test_classes_that_the_spread_cannot_part_are_refused_by_name():
    recipe = IndexRecipe(classes=Classing("mean_sd"), uncertainty=STILL)
    built = build(recipe, plain_data(x=(2, 2), y=(2, 2)), plain_tree())
    with pytest.raises(RecipeError, match=r"classes\.scheme: all scores are equal"):
        monte_carlo(built)


def test_a_child_that_a_draw_weighs_zero_is_not_owed():
    """Counted for ``min_available`` are the children that have weight in that draw, not in the recipe."""
    table = WeightDraws(("x", "y"), np.array([[1.0, 0.0]]))
    how = Perturbation(1, noise=AnswerNoise(0.0, 0.0), weights=WeightNoise("given"))
    recipe = IndexRecipe(aggregate=Aggregating(min_available=1.0), uncertainty=how)
    built = build(recipe, plain_data(x=(2, 4), y=(None, 3)), plain_tree())
    assert monte_carlo(built, table).scores.tolist() == [[20.0, 40.0]]

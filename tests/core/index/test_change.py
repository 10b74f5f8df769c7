"""Method 8.12: why a score is another one than last time, in points that sum to the difference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import MissingAnswers, RecipeError
from kondusif_index.data import Data
from kondusif_index.explain.change import Cause, ScoreBasis, score_change
from kondusif_index.steps.aggregate import Aggregating
from kondusif_index.steps.means import Mean
from kondusif_index.tree import Node, Tree

NAN = np.nan
MEANS = (
    Mean(),
    Mean("geometric"),
    Mean("harmonic"),
    Mean("generalised", p=0.5),
    Mean("generalised", p=-2.0),
    Mean("geometric", floor=20.0),
    Mean("owa", orness=0.8),
    Mean("median"),
    Mean("median_step"),
    Mean("veto", veto_at=70.0, veto_to=90.0),
)
CODES = tuple(f"{group}{k}" for group in "PQ" for k in range(1, 5))


def tree(weights=(1.0,) * 10, without=()) -> Tree:
    given_weights = dict(zip((*CODES, "P", "Q"), weights, strict=True))
    for code in ("P1", "P2", "Q1", "Q2", "P"):
        given_weights[code] = given_weights[code] or 1.0
    return Tree(
        (
            *(Node(c, c[0], given_weights[c], leaf=True) for c in CODES if c not in without),
            *(Node(g, "TOP", given_weights[g]) for g in "PQ"),
            Node("TOP"),
        )
    )


def one(row, shape=None, how=None, raw=None) -> ScoreBasis:
    data = Data(("99.01",), CODES, np.array([row], dtype=float))
    other = None if raw is None else Data(("99.01",), CODES, np.array([raw], dtype=float))
    return ScoreBasis(data, shape or tree(), how or Aggregating(), raw=other)


@st.composite
def assessments(draw, shape=None, how=None):
    cell = st.one_of(st.sampled_from([1.0, 40.0, 70.0, 100.0, NAN]), st.floats(1, 100))
    weights = draw(st.lists(st.sampled_from([0.0, 1.0, 1.0, 2.0]), min_size=10, max_size=10))
    gone = draw(st.sets(st.sampled_from(("P3", "P4", "Q3", "Q4"))))
    how = how or Aggregating(
        draw(st.sampled_from(MEANS)),
        by_code={"P": draw(st.sampled_from(MEANS)), "TOP": draw(st.sampled_from(MEANS))},
        min_available=draw(st.sampled_from([0.0, 0.5, 0.8])),
    )
    row = draw(st.lists(cell, min_size=8, max_size=8))
    return one(row, shape or tree(weights, gone), how)


def compared(before, after):
    try:
        return score_change(before, after, "99.01")
    except MissingAnswers:
        return None


@settings(max_examples=300, deadline=None)
@given(assessments(), assessments())
def test_the_parts_sum_to_the_difference_and_swap_sign_with_the_sides(before, after):
    found = compared(before, after)
    if found is None:
        return
    assert sum(p.points for p in found.parts) == pytest.approx(found.difference, abs=1e-9)
    back = compared(after, before)
    both = [sorted(p.points for p in side.parts if abs(p.points) > 1e-6) for side in (found, back)]
    assert both[0] == pytest.approx([-x for x in both[1][::-1]], abs=1e-6)


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(MEANS))
def test_under_one_recipe_only_answers_are_named(chance, how):
    recipe = Aggregating(how)
    before, after = (chance.draw(assessments(tree(), recipe)) for _ in range(2))
    found = compared(before, after)
    if found is None:
        return
    assert {p.cause for p in found.parts} <= {Cause.VALUE, Cause.ANSWERED, Cause.LOST}
    a, b = before.data.values[0], after.data.values[0]
    same = {c for c, x, y in zip(CODES, a, b, strict=True) if x == y or (x != x and y != y)}
    assert not same & {p.code for p in found.parts if abs(p.points) > 1e-9}


def test_nothing_changed_is_no_part():
    assert score_change(one([5.0] * 8), one([5.0] * 8), "99.01").parts == ()


def test_worked_example():  # method 8.12
    before = one([20, 40, NAN, 60, 10, 10, 10, 10])
    after = one([60, 40, 80, 60, 10, 10, 10, NAN])
    found = score_change(before, after, "99.01")
    assert (found.before, found.after) == (25.0, 35.0)
    assert [(p.cause, p.code, round(p.points, 4), p.before, p.after) for p in found.parts] == [
        (Cause.VALUE, "P1", 5.0, 20.0, 60.0),
        (Cause.ANSWERED, "P3", 5.0, None, 80.0),
        (Cause.LOST, "Q4", 0.0, 10.0, None),
    ]


def test_more_weight_on_what_stands_high_is_told_by_code():
    row = [80, 20, 20, 20, 10, 10, 10, 10]
    found = score_change(one(row), one(row, tree((3.0, *(1.0,) * 9))), "99.01")
    assert {p.cause for p in found.parts} == {Cause.WEIGHT}
    first = found.parts[0]
    assert (first.code, first.before, first.after) == ("P1", 0.25, 0.5) and first.points > 0


def test_a_new_indicator_does_not_blame_its_siblings():
    row = [10, 10, 10, 90, 10, 10, 10, 10]
    found = score_change(one(row, tree(without=("P4",))), one(row), "99.01")
    assert {(p.cause, p.code) for p in found.parts} == {(Cause.ADDED, "P4")}
    assert sum(p.points for p in found.parts) == pytest.approx(10.0)


def test_another_mean_is_told_at_its_aggregate():
    row = [10, 90, 10, 90, 10, 10, 10, 10]
    found = score_change(one(row), one(row, how=Aggregating(by_code={"P": "geometric"})), "99.01")
    assert [(p.cause, p.code) for p in found.parts] == [(Cause.METHOD, "P")]


def test_the_same_answer_on_another_scale_is_told_apart():
    raw = [1, 2, 3, 4, 1, 1, 1, 1]
    found = score_change(one([10] * 8, raw=raw), one([20, *[10] * 7], raw=raw), "99.01")
    assert [(p.cause, p.code, p.before, p.after) for p in found.parts] == [(Cause.SCALE, "P1", 1.0, 1.0)]


def test_a_group_that_now_has_enough_answers_is_counted():
    how = Aggregating(min_available=0.5)
    before = one([10] * 4 + [90, NAN, NAN, NAN], how=how)
    found = score_change(before, one([10] * 4 + [90, 90, NAN, NAN], how=how), "99.01")
    assert [(p.cause, p.code) for p in found.parts] == [(Cause.COUNTED, "Q1"), (Cause.ANSWERED, "Q2")]
    assert found.difference == 40


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(MissingAnswers, match="no_score"):
        score_change(one([NAN] * 8), one([1.0] * 8), "99.01")
    moved = Tree((*tree().nodes[:7], Node("Q4", "P", leaf=True), *tree().nodes[8:]))
    with pytest.raises(RecipeError, match="Q4: not in the same place"):
        score_change(one([1.0] * 8), one([1.0] * 8, moved), "99.01")
    with pytest.raises(RecipeError, match=r"99\.77: not in this assessment"):
        score_change(one([1.0] * 8), one([1.0] * 8), "99.77")

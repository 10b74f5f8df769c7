"""Pairwise comparison, best and worst, points: one judge and several (method 8.8)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.weights.elicited import (
    BestToWorst,
    ahp,
    ahp_panel,
    best_worst,
    best_worst_panel,
    budget,
    comparisons,
)

WEIGHTS = st.lists(st.floats(0.05, 1), min_size=2, max_size=9).map(lambda w: np.array(w) / sum(w))


@st.composite
def judges(draw, low=2, high=8):
    """A reciprocal matrix on Saaty's scale."""
    n = draw(st.integers(low, high))
    matrix = np.ones((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            told = draw(st.integers(1, 9))
            matrix[i, j] = told if draw(st.booleans()) else 1 / told
            matrix[j, i] = 1 / matrix[i, j]
    return matrix


# --- AHP


@given(WEIGHTS)
def test_a_consistent_judge_gets_his_weights_back_with_cr_zero(weights):
    found = ahp(weights[:, None] / weights[None, :])
    assert found.weights == pytest.approx(weights, abs=1e-9)
    assert (found.cr, found.ci, found.worst) == (0, 0, None)


@settings(max_examples=60)
@given(judges(), st.randoms())
def test_order_of_codes_never_matters(matrix, rng):
    order = list(range(len(matrix)))
    rng.shuffle(order)
    first, second = ahp(matrix), ahp(matrix[np.ix_(order, order)])
    assert second.weights == pytest.approx(first.weights[order], abs=1e-9)
    assert second.cr == pytest.approx(first.cr, abs=1e-9)


@settings(max_examples=60)
@given(judges())
def test_weights_solve_the_eigenvalue_equation(matrix):
    found = ahp(matrix)
    assert found.weights.sum() == pytest.approx(1)
    assert found.weights.min() > 0
    assert matrix @ found.weights == pytest.approx(found.lambda_max * found.weights, abs=1e-8)
    assert found.lambda_max >= len(matrix)


@given(judges())
def test_lambda_max_of_the_judge_turned_round_is_the_same(matrix):
    assert ahp(matrix.T).lambda_max == pytest.approx(ahp(matrix).lambda_max, abs=1e-8)


@given(judges(2, 2))
def test_the_reciprocal_judge_of_two_codes_has_the_inverse_weights(matrix):
    first, second = ahp(matrix).weights, ahp(matrix.T).weights
    assert first[0] / first[1] == pytest.approx(second[1] / second[0])


@given(WEIGHTS)
def test_the_reciprocal_of_a_consistent_judge_has_the_inverse_weights(weights):
    matrix = weights[:, None] / weights[None, :]
    inverse = 1 / ahp(matrix).weights
    assert ahp(matrix.T).weights == pytest.approx(inverse / inverse.sum(), abs=1e-9)


def test_the_worst_judgement_is_the_one_that_was_spoilt():
    weights = np.array([0.4, 0.3, 0.2, 0.1])
    matrix = weights[:, None] / weights[None, :]
    matrix[1, 3], matrix[3, 1] = 1 / 5, 5
    worst = ahp(matrix).worst
    assert (worst.row, worst.column, worst.given) == (1, 3, 0.2)
    assert worst.fits > 0.5


@pytest.mark.parametrize(
    "matrix, message",
    [
        ([[1, 2], [0.4, 1]], "1>2 2 and 2>1 0.4 are not each other's inverse"),
        ([[1, -2], [-0.5, 1]], "1>2 is -2.0, expected a number above 0"),
        ([[1, 2, 3], [0.5, 1, 1]], "square matrix"),
        ([[2]], "1>1 2 and 1>1 2"),
        (np.ones((16, 16)), "1 to 15 rows"),
    ],
)
def test_an_unsound_matrix_is_refused(matrix, message):
    with pytest.raises(RecipeError, match=message):
        ahp(matrix)


def test_pairs_and_full_rows_are_the_same_judge():
    codes = ("A", "B", "C")
    pairs = comparisons({"B>A": "1/3", "A > C": 5, "B>C": "3"}, codes, "ahli")
    rows = comparisons(
        {"codes": ("C", "A", "B"), "A": (5, 1, 3), "B": (3, "1/3", 1), "C": (1, "1/5", "1/3")}, codes, "ahli"
    )
    assert np.allclose(pairs, rows, atol=1e-15)
    assert pairs[0].tolist() == [1, 3, 5]


@pytest.mark.parametrize(
    "judge, message",
    [
        ({"A>B": 3, "A>C": 5}, "ahli: not compared: B>C"),
        ({"A>B": 3, "B>A": 3, "A>C": 5, "B>C": 3}, "A>B 3 and B>A 3 are not"),
        ({"A>B": 0, "A>C": 5, "B>C": 3}, "A>B: found 0, expected a number above 0"),
        ({"A>B": "1/0", "A>C": 5, "B>C": 3}, "found '1/0'"),
        ({"A>B": "three", "A>C": 5, "B>C": 3}, "found 'three'"),
        ({"A>Q": 1}, "'A>Q' is no pair of A, B, C"),
        ({"A>A": 1}, "'A>A' is no pair of A, B, C"),
        ({"codes": ("A", "B")}, "expected A, B, C"),
        ({"codes": ("A", "B", "C"), "A": (1, 2, 3)}, "one row for each of A, B, C"),
        ({"codes": ("A", "B", "C"), "A": (1, 2), "B": (1,), "C": (1,)}, "expected 3 numbers"),
    ],
)
def test_an_unsound_judge_is_refused_by_name(judge, message):
    with pytest.raises(RecipeError, match=message):
        comparisons(judge, ("A", "B", "C"), "ahli")


# --- several judges

ONE = {"A>B": 3, "A>C": 5, "B>C": 3}
OTHER = {"A>B": "1/3", "A>C": "1/5", "B>C": "1/3"}


@pytest.mark.parametrize("joined", ["judgements", "weights"])
def test_a_judge_and_his_mirror_cancel_out(joined):
    found = ahp_panel({"x": ONE, "y": OTHER}, ("A", "B", "C"), joined, "ahp")
    assert found.weights == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize("joined", ["judgements", "weights"])
def test_two_judges_who_agree_are_one(joined):
    found = ahp_panel({"x": ONE, "y": ONE}, ("A", "B", "C"), joined, "ahp")
    assert found.weights == pytest.approx(ahp(comparisons(ONE, ("A", "B", "C"), "")).weights)


@settings(max_examples=40)
@given(judges(3, 3), judges(3, 3))
def test_of_three_codes_joining_judgements_or_weights_is_one(first, second):
    """The eigenvector of a matrix of three is its row geometric mean."""
    joint = ahp(np.sqrt(first * second)).weights
    apart = np.sqrt(ahp(first).weights * ahp(second).weights)
    assert joint == pytest.approx(apart / apart.sum(), abs=1e-9)


def test_of_four_codes_it_is_not_where_judges_are_inconsistent():
    codes = ("A", "B", "C", "D")
    tame = {"A>B": 2, "A>C": 3, "A>D": 4, "B>C": 2, "B>D": 2, "C>D": 1}
    wild = {"A>B": 7, "A>C": "1/5", "A>D": 9, "B>C": 3, "B>D": "1/4", "C>D": 6}
    aij = ahp_panel({"x": tame, "y": wild}, codes, "judgements", "ahp")
    aip = ahp_panel({"x": tame, "y": wild}, codes, "weights", "ahp")
    assert aij.joint.cr < aij.checks["y"].cr
    assert aip.joint is None
    by_hand = np.sqrt(aip.alone["x"] * aip.alone["y"])
    assert aip.weights == pytest.approx(by_hand / by_hand.sum())
    assert aij.weights != pytest.approx(aip.weights, abs=1e-3)


@given(st.integers(1, 5))
def test_budget_of_identical_experts_is_their_points(n):
    points = {f"ahli_{k}": np.array([50.0, 30.0, 20.0]) for k in range(n)}
    for centre in ("mean", "median"):
        assert budget(points, centre, 0.05, "budget").weights == pytest.approx([0.5, 0.3, 0.2])


def test_thirds_may_be_written_as_33_33():
    assert budget({"x": np.full(3, 33.33)}, "mean", 0.05, "b").weights == pytest.approx([1 / 3] * 3)


# --- best and worst


@settings(max_examples=40, deadline=None)
@given(WEIGHTS)
def test_a_consistent_best_worst_judge_gets_his_weights_back(weights):
    best, worst = int(np.argmax(weights)), int(np.argmin(weights))
    if best == worst:
        return
    for model in ("linear", "ratio") if len(weights) <= 3 else ("linear",):
        found = best_worst(best, worst, weights[best] / weights, weights / weights[worst], model)
        assert found.weights == pytest.approx(weights, abs=1e-6)
        assert found.cr == pytest.approx(0, abs=1e-9)


@settings(max_examples=60)
@given(st.integers(2, 9), st.integers(1, 9), st.integers(1, 9))
def test_the_ratio_model_is_feasible_and_no_better_one_is_near(whole, left, right):
    if left > whole or right > whole:
        return
    found = best_worst(0, 2, [1, left, whole], [whole, right, 1], "ratio")
    w = found.weights

    def miss(w):
        return max(abs(w[0] / w[1] - left), abs(w[1] / w[2] - right), abs(w[0] / w[2] - whole))

    assert w.min() > 0
    assert miss(w) == pytest.approx(found.xi, abs=1e-9)
    for k in range(3):
        for step in (0.999, 1.001):
            near = w.copy()
            near[k] *= step
            assert miss(near) >= found.xi - 1e-12


def test_consistency_index_is_the_table_of_the_source():
    """cr = xi / index (Rezaei 2015): 1.00, 1.63, 2.30, 3.00, 3.73, 4.47, 5.23 for a_BW from 3 to 9."""
    for whole, index in zip(range(2, 10), (0.44, 1.00, 1.63, 2.30, 3.00, 3.73, 4.47, 5.23), strict=True):
        found = best_worst(0, 2, [1, whole, whole], [whole, whole, 1], "ratio")
        assert found.xi / found.cr == pytest.approx(index, abs=1e-12)


JUDGE = BestToWorst("C", "A", {"A": 8, "B": 2}, {"B": 5})


def test_order_of_codes_never_matters_to_best_worst():
    first = best_worst_panel({"x": JUDGE}, ("A", "B", "C"), "linear", "mean", "bwm").weights
    second = best_worst_panel({"x": JUDGE}, ("C", "A", "B"), "linear", "mean", "bwm").weights
    assert second == pytest.approx(first[[2, 0, 1]], abs=1e-12)


@pytest.mark.parametrize(
    "judge, message",
    [
        (BestToWorst("Q", "A", {}, {}), "bwm.x.best: Q is none of A, B, C"),
        (BestToWorst("A", "A", {}, {}), "A is best and worst"),
        (BestToWorst("C", "A", {"A": 8}, {"B": 5}), "over: not judged: B"),
        (BestToWorst("C", "A", {"B": 2}, {"B": 5}), "over: not judged: A"),
        (BestToWorst("C", "A", {"A": 8, "B": 0.5}, {"B": 5}), "over: below 1: B"),
        (BestToWorst("C", "A", {"A": 8, "B": 2}, {"B": 5, "C": 7}), "told in two ways"),
        (BestToWorst("C", "A", {"A": 8, "B": 2, "Q": 2}, {"B": 5}), "over: unknown: Q"),
    ],
)
def test_an_unsound_best_worst_judge_is_refused_by_name(judge, message):
    with pytest.raises(RecipeError, match=message):
        best_worst_panel({"x": judge}, ("A", "B", "C"), "linear", "mean", "bwm")


def test_the_ratio_model_refuses_four_codes():
    with pytest.raises(RecipeError, match="ratio model"):
        best_worst(0, 3, [1, 2, 3, 4], [4, 3, 2, 1], "ratio")

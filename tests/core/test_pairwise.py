"""Comparing two at a time: weights, consistency, the judgement that strays, several judges (method 8.8)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif.instrument import pairwise

CODES = ("A", "B", "C", "D")


def consistent(weights: dict[str, float]) -> dict[pairwise.Pair, float]:
    return {(a, b): weights[a] / weights[b] for a, b in pairwise.pairs(tuple(weights))}


def test_judgements_that_agree_give_their_weights_back():
    weights = {"A": 0.4, "B": 0.3, "C": 0.2, "D": 0.1}
    judged = pairwise.judge(CODES, consistent(weights))
    assert judged.weights == pytest.approx(weights, abs=1e-12)
    assert judged.cr == pytest.approx(0, abs=1e-12) and judged.worst is None


def test_the_worked_example_of_method_8_8():
    # 3 x 3: 2, 6 and 4 times; eigenvalue 3.00920, CI 0.00460, RI 0.58
    judged = pairwise.judge("ABC", {("A", "B"): 2.0, ("A", "C"): 6.0, ("B", "C"): 4.0})
    matrix = np.array([[1, 2, 6], [1 / 2, 1, 4], [1 / 6, 1 / 4, 1]])
    values, vectors = np.linalg.eig(matrix)
    top = np.argmax(values.real)
    expected = np.abs(vectors[:, top].real)
    assert list(judged.weights.values()) == pytest.approx(list(expected / expected.sum()), abs=1e-12)
    assert judged.cr == pytest.approx((values[top].real - 3) / 2 / 0.58, abs=1e-10)
    assert judged.cr == pytest.approx(0.0079, abs=5e-5)


def test_the_judgement_that_strays_is_named_with_what_the_others_imply():
    said = consistent({"A": 0.4, "B": 0.3, "C": 0.2, "D": 0.1}) | {("A", "D"): 1 / 9}
    judged = pairwise.judge(CODES, said)
    assert judged.worst is not None and judged.worst.pair == ("A", "D")
    assert judged.worst.said == pytest.approx(1 / 9)
    assert judged.worst.implied == pytest.approx(4)
    assert judged.cr > pairwise.ACCEPTED and not judged.consistent


def test_two_always_agree():
    assert pairwise.judge("AB", {("A", "B"): 9.0}).cr == 0


@pytest.mark.parametrize("said, why", [({}, "pair_missing"), ({("A", "B"): 10.0}, "pair_scale")])
def test_what_is_no_judgement_is_refused_with_its_pair(said, why):
    with pytest.raises(RecipeError) as caught:
        pairwise.judge("AB", said)
    assert caught.value.reason == why and caught.value.facts["pair"] == ("A", "B")


def test_judges_combine_by_the_geometric_mean_in_any_order():
    one, two = {("A", "B"): 4.0}, {("A", "B"): 1 / 9}
    both = pairwise.combine("AB", [one, two])
    assert both[("A", "B")] == pytest.approx(2 / 3)
    assert both == pairwise.combine("AB", [two, one])


def test_a_judge_who_left_pairs_open_does_not_count():
    assert pairwise.combine("ABC", [{("A", "B"): 9.0}, dict.fromkeys(pairwise.pairs("ABC"), 1.0)]) == {
        p: 1.0 for p in pairwise.pairs("ABC")
    }
    with pytest.raises(RecipeError) as caught:
        pairwise.combine("ABC", [{("A", "B"): 9.0}])
    assert caught.value.reason == "no_judge"


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=12))
def test_rounded_weights_still_sum_to_one(numbers):
    codes = {f"C{n:02d}": x / sum(numbers) for n, x in enumerate(numbers)}
    rounded = pairwise.rounded(codes)
    assert sum(round(w * 10_000) for w in rounded.values()) == 10_000
    assert all(abs(rounded[c] - codes[c]) <= 1e-4 for c in codes)


@given(st.permutations(CODES), st.lists(st.integers(1, 9), min_size=6, max_size=6))
def test_the_order_of_the_codes_changes_no_weight(order, steps):
    said = dict(zip(pairwise.pairs(CODES), map(float, steps), strict=True))
    turned = {(a, b): said.get((a, b)) or 1 / said[(b, a)] for a, b in pairwise.pairs(tuple(order))}
    one, two = pairwise.judge(CODES, said), pairwise.judge(tuple(order), turned)
    assert {c: two.weights[c] for c in CODES} == pytest.approx(dict(one.weights), abs=1e-9)
    assert two.cr == pytest.approx(one.cr, abs=1e-9)

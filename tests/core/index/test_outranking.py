"""Units compared two by two (method 8.10)."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.audit.outranking import Outranking, outrank
from kondusif_index.data import Data

CODES = ("A", "B", "C")
WEIGHTS = {"A": 0.5, "B": 0.3, "C": 0.2}
NAN = np.nan


def data(values, codes=CODES):
    values = np.asarray(values, dtype=float)
    return Data(tuple(f"99.{k:03d}" for k in range(len(values))), codes, values)


def plain(values, weights, how):
    """The definition, pair by pair."""
    n = len(values)
    matrix = np.zeros((n, n))
    for i, j in itertools.permutations(range(n), 2):
        won = held = 0.0
        for x, y, w in zip(values[i], values[j], weights, strict=True):
            lacks = np.isnan(x) or np.isnan(y)
            if lacks and how.missing == "skip":
                continue
            held += w
            won += w / 2 if lacks or abs(x - y) <= how.tie else w if x > y else 0
        matrix[i, j] = won / held if held else 0.5
    return matrix


CELL = st.sampled_from([NAN, 0.0, 1.0, 1.0 + 1e-12, 2.0, 3.5])
TABLE = st.integers(1, 9).flatmap(
    lambda n: st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=n, max_size=n)
)
POLICY = st.sampled_from(["split", "skip"])


@settings(max_examples=80, deadline=None)
@given(TABLE, POLICY)
def test_the_matrix_is_its_definition(values, missing):
    how = Outranking(missing=missing)
    found = outrank(data(values), WEIGHTS, how)
    assert found.matrix == pytest.approx(plain(values, WEIGHTS.values(), how), abs=1e-12)


@settings(max_examples=80, deadline=None)
@given(TABLE, POLICY, st.randoms())
def test_order_of_rows_and_columns_changes_no_bit_even_with_missing_values(values, missing, rng):
    """COINr gives an indicator with a missing value to the unit that stands later in the table."""
    first = outrank(data(values), WEIGHTS, Outranking(missing=missing))
    order, columns = list(range(len(values))), [0, 1, 2]
    rng.shuffle(order)
    rng.shuffle(columns)
    moved = data(values).rows(order).of([CODES[k] for k in columns])
    second = outrank(moved, {CODES[k]: WEIGHTS[CODES[k]] for k in columns}, Outranking(missing=missing))
    assert np.array_equal(second.matrix, first.matrix[np.ix_(order, order)])
    assert np.array_equal(second.copeland, first.copeland[order], equal_nan=True)
    pairs = {tuple(order[k] for k in pair) for pair in second.dominance.pareto}
    assert pairs == {tuple(pair) for pair in first.dominance.pareto.tolist()}


@settings(max_examples=80, deadline=None)
@given(TABLE, POLICY)
def test_what_one_wins_the_other_loses(values, missing):
    found = outrank(data(values), WEIGHTS, Outranking(missing=missing))
    n = len(values)
    off = ~np.eye(n, dtype=bool)
    assert (found.matrix + found.matrix.T)[off] == pytest.approx(1, abs=1e-15)
    assert np.nansum(found.copeland) == 0


@settings(max_examples=40, deadline=None)
@given(TABLE)
def test_any_rising_scale_gives_the_same_scores(values):
    x = np.asarray(values)
    x = np.where(x == 1.0 + 1e-12, 1.0, x)
    first = outrank(data(x), WEIGHTS).copeland
    other = outrank(data(np.exp(x) * 7), {"A": 5, "B": 3, "C": 2}).copeland
    assert np.array_equal(other, first, equal_nan=True)


@settings(max_examples=40, deadline=None)
@given(TABLE)
def test_turning_every_direction_mirrors_the_scores(values):
    first = outrank(data(values), WEIGHTS).copeland
    assert np.array_equal(outrank(data(-np.asarray(values)), WEIGHTS).copeland, -first, equal_nan=True)


@settings(max_examples=40, deadline=None)
@given(TABLE)
def test_small_blocks_give_the_same_bits(values):
    many = np.tile(np.asarray(values), (150, 1)) + np.arange(len(values) * 150)[:, None] % 7
    whole = outrank(data(many), WEIGHTS, Outranking(memory=2000))
    parts = outrank(data(many), WEIGHTS, Outranking(memory=1))
    assert np.array_equal(whole.matrix, parts.matrix)
    assert np.array_equal(whole.dominance.pareto, parts.dominance.pareto)


def test_an_indicator_of_weight_zero_changes_nothing():
    values = [[1, 2, 3], [3, 2, 1], [2, 2, 2]]
    with_zero = outrank(data(values), {"A": 0.5, "B": 0.5, "C": 0})
    without = outrank(data(values).of(["A", "B"]), {"A": 0.5, "B": 0.5})
    assert np.array_equal(with_zero.matrix, without.matrix)
    assert np.array_equal(with_zero.dominance.pareto, without.dominance.pareto)


def test_a_half_within_rounding_is_a_draw():
    """0.1 + 0.2 and 0.3 differ in the last bit; COINr compares == 0.5 and one of the two wins."""
    values = [[1, 1, 0], [0, 0, 1]]
    assert outrank(data(values), {"A": 0.1, "B": 0.2, "C": 0.3}).copeland.tolist() == [0, 0]
    assert outrank(data(values), {"A": 0.1, "B": 0.2, "C": 0.3001}).copeland.tolist() == [-1, 1]


def test_values_within_the_tie_band_are_equal():
    close = data([[1.0], [1.0 + 1e-10], [1.1]], ("A",))
    assert outrank(close, {"A": 1}).copeland.tolist() == [-1, -1, 2]
    assert outrank(close, {"A": 1}, Outranking(tie=0.2)).copeland.tolist() == [0, 0, 0]


def test_split_and_skip_where_a_value_is_missing():
    values = [[1, 5, NAN], [2, 4, 3]]
    split = outrank(data(values), WEIGHTS).matrix[0, 1]
    skip = outrank(data(values), WEIGHTS, Outranking(missing="skip")).matrix[0, 1]
    assert split == pytest.approx(0.3 + 0.2 / 2)
    assert skip == pytest.approx(0.3 / 0.8)


def test_units_without_any_answer_have_no_score_and_decide_nothing():
    values = np.array([[3, 3, 3], [NAN] * 3, [1, 1, 1]])
    for missing in ("split", "skip"):
        found = outrank(data(values), WEIGHTS, Outranking(missing=missing))
        assert found.copeland.tolist()[::2] == [1, -1]
        assert np.isnan(found.copeland[1])
        assert found.matrix[0, 1] == found.matrix[1, 0] == 0.5


def test_dominance_of_both_kinds():
    found = outrank(data([[3, 3, 3], [2, 2, 2], [2, 2, 1], [0, 9, 0], [9, NAN, 9]]), WEIGHTS).dominance
    assert found.strict.tolist() == [[0, 1], [0, 2]]
    assert found.pareto.tolist() == [[0, 1], [0, 2], [1, 2]]
    assert found.pareto_share == pytest.approx(3 / 10)
    assert found.strict_share == pytest.approx(2 / 10)


@pytest.mark.parametrize(
    "weights, message",
    [
        ({"A": 1, "Q": 1}, "no such column: Q"),
        ({"A": 1, "B": -0.1}, "weight below 0 or not finite: B"),
        ({"A": 0, "B": 0}, "sum to zero"),
    ],
)
def test_unsound_weights_are_refused_by_name(weights, message):
    with pytest.raises(RecipeError, match=message):
        outrank(data([[1, 2, 3]]), weights)


@pytest.mark.parametrize(
    "table, field", [({"tie": -1}, "tie"), ({"half": 0.5}, "half"), ({"missing": "guess"}, "missing")]
)
def test_settings_name_the_field(table, field):
    with pytest.raises(RecipeError, match=f"^{field}: found"):
        Outranking(**table)


def test_worked_example():  # method 8.10
    values = [[3, 1, 2], [1, 2, 2], [2, 2, NAN]]
    split = outrank(data(values), WEIGHTS)
    skip = outrank(data(values), WEIGHTS, Outranking(missing="skip"))
    assert split.matrix[0, 1:].tolist() == pytest.approx([0.6, 0.6])
    assert skip.matrix[0, 1:].tolist() == pytest.approx([0.6, 0.625])
    assert (split.matrix[1, 2], skip.matrix[1, 2]) == pytest.approx((0.25, 0.1875))
    assert split.copeland.tolist() == skip.copeland.tolist() == [2, -2, 0]

"""Correlation takes units out pair by pair, says what does not vary, and minds no order (method 8.15)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from kondusif.errors import RecipeError
from kondusif_index.audit.correlations import (
    Coefficient,
    correlate,
    correlations_between,
    covariance,
    with_ancestors,
    with_denominators,
    with_parents,
    within_level,
)
from kondusif_index.data import Data
from kondusif_index.tree import Node, Tree

KINDS = tuple(Coefficient)
cells = st.one_of(st.just(np.nan), st.integers(-4, 9).map(float), st.floats(-1e6, 1e6, width=32))
tables = hnp.arrays(np.float64, st.tuples(st.integers(2, 25), st.integers(1, 5)), elements=cells)
TREE = Tree(
    (
        Node("a", "P", leaf=True),
        Node("b", "P", leaf=True),
        Node("c", "Q", leaf=True),
        Node("P", "T"),
        Node("Q", "T"),
        Node("T"),
    )
)


def frame(values, codes=None, **more):
    values = np.asarray(values, dtype=float)
    codes = codes or tuple("abcdefgh"[: values.shape[1]])
    return Data(tuple(f"99.01.{2000 + k}" for k in range(len(values))), codes, values, **more)


def alone(a, b, kind):
    """One pair by scipy, on the units that have both."""
    both = ~(np.isnan(a) | np.isnan(b))
    a, b = a[both], b[both]
    if len(a) < 2 or (a == a[0]).all() or (b == b[0]).all():
        return np.nan, np.nan
    find = {"pearson": stats.pearsonr, "spearman": stats.spearmanr, "kendall": stats.kendalltau}[kind]
    with np.errstate(all="ignore"):
        found = find(a, b)
    return found.statistic, found.pvalue


@settings(deadline=None, max_examples=80)
@given(tables, st.sampled_from(KINDS))
def test_every_pair_is_what_scipy_says_of_the_units_that_have_both(x, kind):
    r, p, n = correlate(x, x, kind)
    for i in range(x.shape[1]):
        for j in range(x.shape[1]):
            expected, chance = alone(x[:, i], x[:, j], kind)
            assert n[i, j] == (~(np.isnan(x[:, i]) | np.isnan(x[:, j]))).sum()
            np.testing.assert_allclose(r[i, j], expected, rtol=0, atol=1e-9)
            if n[i, j] > 2 and abs(expected) < 1 - 1e-9:
                np.testing.assert_allclose(p[i, j], chance, rtol=0, atol=1e-7)


@settings(deadline=None, max_examples=50)
@given(tables, st.sampled_from(KINDS), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit_and_that_of_columns_nothing(x, kind, dice):
    data = frame(x)
    rows = list(range(len(x)))
    dice.shuffle(rows)
    codes = list(data.codes)
    dice.shuffle(codes)
    one = correlations_between(data, data.codes, None, kind)
    assert np.array_equal(
        one.r, correlations_between(data.rows(rows), data.codes, None, kind).r, equal_nan=True
    )
    other = correlations_between(data.rows(rows), codes, None, kind)
    where = [codes.index(c) for c in data.codes]
    np.testing.assert_allclose(one.r, other.r[np.ix_(where, where)], rtol=0, atol=1e-9)


@settings(deadline=None, max_examples=50)
@given(
    hnp.arrays(np.float64, (12, 3), elements=st.one_of(st.just(np.nan), st.integers(-9, 9).map(float))),
    st.sampled_from(KINDS),
    st.sampled_from([-3.0, 0.001, 1e7]),
)
def test_scale_means_nothing_and_a_minus_turns_the_sign(x, kind, times):
    y = x.copy()
    y[:, 0] *= times
    one, two = correlate(x, x, kind)[0], correlate(y, y, kind)[0]
    sign = np.ones((3, 3))
    if times < 0:
        sign[0, 1:] = sign[1:, 0] = -1
    np.testing.assert_allclose(two, one * sign, rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_a_constant_column_is_nan_and_the_others_stay(kind):
    found = correlations_between(frame([[1, 5, 2], [2, 5, 4], [4, 5, 9.0]]), "abc", None, kind)
    assert np.isnan(found.r[1]).all() and np.isnan(found.r[:, 1]).all()
    assert found.r[0, 2] == pytest.approx(1.0, abs=0.02)


def test_a_column_that_is_flat_only_where_the_other_answered_has_no_correlation():
    flat_there = [0.1, 0.1, 0.1, 0.1, 7.0]
    other = [1, 2, 3, 4, np.nan]
    for kind in KINDS:
        r, p, n = correlate(np.array([flat_there]).T, np.array([other]).T, kind)
        assert np.isnan(r).all() and np.isnan(p).all() and n[0, 0] == 4


def test_a_far_value_outside_the_pair_costs_no_digits():
    a = np.array([1.0, 2, 3, 4.5, 1e12])
    b = np.array([2.0, 1, 4, 3, np.nan])
    expected = stats.pearsonr(a[:4], b[:4]).statistic
    assert correlate(a[:, None], b[:, None])[0][0, 0] == pytest.approx(expected, abs=1e-12)


def test_the_diagonal_is_one_with_p_zero():
    found = correlations_between(frame(np.random.default_rng(4).normal(size=(9, 3))), "abc")
    assert (np.diagonal(found.r) == 1).all() and (np.diagonal(found.p) == 0).all()


def test_two_units_say_nothing_for_sure():
    r, p, n = correlate(np.array([[1.0], [2.0]]), np.array([[5.0], [3.0]]))
    assert r[0, 0] == pytest.approx(-1) and (p[0, 0], n[0, 0]) == (1, 2)


@settings(deadline=None, max_examples=50)
@given(tables)
def test_covariance_is_pairwise_with_n_minus_one(x):
    found = covariance(x)
    scale = max(float(np.nanmax(np.abs(x), initial=0)) ** 2, 1)
    for i in range(x.shape[1]):
        for j in range(x.shape[1]):
            both = ~(np.isnan(x[:, i]) | np.isnan(x[:, j]))
            expected = np.cov(x[both, i], x[both, j])[0, 1] if both.sum() > 1 else np.nan
            np.testing.assert_allclose(found[i, j], expected, rtol=0, atol=1e-10 * scale)


def test_parents_ancestors_levels_and_denominators():
    dice = np.random.default_rng(8)
    x = dice.normal(size=(30, 3))
    p = x[:, :2].mean(axis=1)
    values = np.column_stack([x, p, x[:, 2], (p + x[:, 2]) / 2])
    data = frame(values, ("a", "b", "c", "P", "Q", "T"), other={"voters": x[:, 0] * 1000})
    parents = {(k.code, k.ancestor): k.r for k in with_parents(data, TREE)}
    assert list(parents) == [("a", "P"), ("b", "P"), ("c", "Q"), ("P", "T"), ("Q", "T")]
    assert parents["c", "Q"] == pytest.approx(1)
    assert parents["a", "P"] == pytest.approx(np.corrcoef(x[:, 0], p)[0, 1])
    above = [(k.level, k.code, k.ancestor) for k in with_ancestors(data, TREE)]
    assert above[:3] == [(2, "a", "P"), (2, "b", "P"), (2, "c", "Q")] and above[3] == (3, "a", "T")
    assert within_level(data, TREE, 2).rows == ("P", "Q")
    beside = with_denominators(data, ("a", "b"))
    assert beside.columns == ("voters",) and beside.r[0, 0] == pytest.approx(1)
    assert with_denominators(frame(x), ("a",)).r.shape == (1, 0)


def test_an_unknown_kind_names_the_known_ones():
    with pytest.raises(RecipeError, match="pearson, spearman, kendall"):
        correlate(np.zeros((2, 1)), np.zeros((2, 1)), "distance")

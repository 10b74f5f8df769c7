"""Entropy, CRITIC, MEREC, components and equal influence, beside pymcdm and by rule (method 8.8)."""

import numpy as np
import pymcdm.weights as others
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.audit.correlations import correlate
from kondusif_index.weights.balanced import balance, influence, infomax
from kondusif_index.weights.statistical import (
    critic,
    entropy,
    merec,
    principal,
)


def sample(seed, n=30, k=5, common=0.8):
    rng = np.random.default_rng(seed)
    return np.exp(0.4 * (common * rng.normal(size=(n, 1)) + rng.normal(size=(n, k)))) * 10


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_another_program_finds_the_same_weights(seed):
    x = sample(seed)
    assert entropy(x).weights == pytest.approx(others.entropy_weights(x), abs=1e-12)
    assert critic(x).weights == pytest.approx(others.critic_weights(x), abs=1e-12)
    assert merec(x).weights == pytest.approx(others.merec_weights(x, np.ones(5)), abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
@example(187316)  # solved from one child and not from another, before all were taken from the heaviest
def test_order_of_rows_and_columns_never_matters(seed):
    x = sample(seed)
    rng = np.random.default_rng(seed)
    x[rng.random(x.shape) < 0.1] = np.nan
    rows, columns = rng.permutation(len(x)), rng.permutation(5)
    for method in (entropy, critic, merec, balance):
        assert method(x[np.ix_(rows, columns)]).weights == pytest.approx(method(x).weights[columns], abs=1e-8)


def test_missing_cells_are_left_out_and_not_zero():
    x = sample(3)
    longer = np.vstack([x, np.full((7, 5), np.nan)])
    for method in (entropy, critic, merec, balance):
        assert method(longer).weights == pytest.approx(method(x).weights, abs=1e-12)


def test_entropy_and_merec_with_gaps_are_their_definition():
    x = with_gaps(11)
    told, change = [], []
    for j in range(5):
        column = x[~np.isnan(x[:, j]), j]
        p = column / column.sum()
        told.append(1 + (p * np.log(p)).sum() / np.log(len(p)))
        moved = []
        for row in x:
            if not np.isnan(row[j]):
                size = {k: abs(np.log(np.nanmin(x[:, k]) / row[k])) for k in range(5) if not np.isnan(row[k])}
                whole, rest = sum(size.values()), sum(s for k, s in size.items() if k != j)
                moved.append(abs(np.log(1 + rest / len(size)) - np.log(1 + whole / len(size))))
        change.append(np.mean(moved))
    assert entropy(x).weights == pytest.approx(np.array(told) / sum(told), abs=1e-12)
    assert merec(x).weights == pytest.approx(np.array(change) / sum(change), abs=1e-12)


def test_pairwise_correlation_is_the_one_of_the_units_that_have_both():
    x = sample(4)
    x[:9, 0] = np.nan
    x[5:20, 1] = np.nan
    both = ~np.isnan(x[:, 0]) & ~np.isnan(x[:, 1])
    assert correlate(x, x)[0][0, 1] == pytest.approx(np.corrcoef(x[both, 0], x[both, 1])[0, 1], abs=1e-12)


def test_columns_that_never_meet_have_no_correlation():
    x = sample(5, n=20)
    x[:10, 0] = np.nan
    x[10:, 1] = np.nan
    assert np.isnan(correlate(x, x)[0][0, 1])
    assert critic(x).weights.sum() == pytest.approx(1)


def test_twins_share_equally():
    x = sample(6, k=3)
    twins = np.column_stack([x, x[:, 2]])
    found = balance(twins)
    assert found.weights[2] == pytest.approx(found.weights[3], abs=1e-6)
    assert np.ptp(found.influence) < 1e-6


def test_perfectly_correlated_columns_tell_nothing_apart():
    x = sample(7, k=1)
    found = critic(np.column_stack([x, 2 * x + 5]))
    assert found.even
    assert found.weights == pytest.approx([0.5, 0.5])


@given(st.floats(1e-6, 1e6), st.integers(2, 30))
def test_a_constant_column_is_flat_at_any_size(size, n):
    x = np.column_stack([np.full(n, size), np.linspace(1, 2, n)])
    for method in (entropy, merec, critic):
        assert method(x).flat.tolist() == [True, False]
        assert method(x).weights.tolist() == [0, 1]


# --- components


def test_components_carry_all_the_variance_and_the_largest_loading_is_positive():
    found = principal(sample(8))
    assert found.share.sum() == pytest.approx(1)
    assert (found.sdev**2).sum() == pytest.approx(5)
    for column in found.loadings.T:
        assert column[np.argmax(np.abs(column))] > 0
        assert column @ column == pytest.approx(1)


def test_uncorrelated_columns_have_no_first_component():
    x = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1.0]])
    assert not principal(x).settled
    assert principal(sample(9)).settled


# --- equal influence


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 1.5))
def test_no_weights_from_zero_up_give_the_least_heard_child_more(seed, common):
    x = sample(seed, common=common)
    found = balance(x)
    least = np.min(found.influence)
    assert found.influence[~found.beyond] == pytest.approx(least, abs=1e-9)
    assert (found.influence[found.beyond] >= least - 1e-9).all()
    rng = np.random.default_rng(seed)
    for _ in range(20):
        assert np.min(influence(x, rng.dirichlet(np.ones(5)))) <= least + 1e-9


def with_gaps(seed):
    x = sample(seed, n=60)
    x[np.random.default_rng(seed).random(x.shape) < 0.2] = np.nan
    return x


@pytest.mark.parametrize("seed", range(25))
def test_missing_cells_do_not_upset_the_balance(seed):
    found = balance(with_gaps(seed))
    assert not found.uneven
    assert np.ptp(found.influence[~found.beyond]) < 1e-9


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_influence_is_even_or_said_to_be_uneven(seed):
    found = balance(with_gaps(seed))
    assert (np.ptp(found.influence[~found.beyond]) > 1e-9) == found.uneven


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_no_weights_have_a_larger_mean_correlation_than_infomax(seed):
    x = sample(seed)
    best = infomax(x).influence.mean()
    rng = np.random.default_rng(seed)
    for _ in range(20):
        assert influence(x, rng.dirichlet(np.ones(5))).mean() <= best + 1e-9


def test_children_that_cancel_out_are_refused():
    x = sample(10, k=1)
    with pytest.raises(RecipeError, match="cancel out"):
        balance(np.column_stack([x, -x]))
    with pytest.raises(RecipeError, match="above 0"):
        balance(sample(10), aim=0.0)

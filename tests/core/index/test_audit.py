"""The audit asks; it never guesses (method 8.15)."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from kondusif.errors import RecipeError
from kondusif_index import settings as recipe_settings
from kondusif_index.audit.correlations import correlate, covariance
from kondusif_index.audit.statistics import (
    Auditing,
    Flag,
    alphas,
    audit,
    components,
    cronbach,
    statistics,
    with_aggregates,
)
from kondusif_index.data import Data, Why
from kondusif_index.tree import Node, Tree

TREE = Tree(
    (
        *(Node(c, "P", leaf=True) for c in "abc"),
        *(Node(c, "Q", leaf=True) for c in "de"),
        Node("P", "T"),
        Node("Q", "T"),
        Node("T"),
    )
)
UNITS = tuple(f"99.01.{2000 + k}" for k in range(40))
BASE = np.random.default_rng(5).normal(size=(40, 5))
VALUES = np.column_stack(
    [BASE[:, 0], BASE[:, 0] + 0.1 * BASE[:, 1], BASE[:, 2], BASE[:, 3], -BASE[:, 3] + 0.5 * BASE[:, 4]]
)
RAW = Data(UNITS, tuple("abcde"), VALUES, other={"voters": np.exp(BASE[:, 2])})
P, Q = VALUES[:, :3].mean(axis=1), VALUES[:, 3:].mean(axis=1)
SCORED = with_aggregates(RAW, ("P", "Q", "T"), np.column_stack([P, Q, (P + Q) / 2]))


def of(found, flag):
    return tuple(f for f in found.findings if f.flag is flag)


def test_repeating_contradicting_and_size_are_each_named():
    found = audit(RAW, SCORED, TREE)
    assert [(f.code, f.other, f.parent) for f in of(found, Flag.REDUNDANT)] == [("a", "b", "P")]
    assert [(f.code, f.other, f.parent) for f in of(found, Flag.CONFLICT)] == [("d", "e", "Q")]
    assert [(f.code, f.other) for f in of(found, Flag.SIZE)] == [("c", "voters")]
    assert "Q" in {f.code for f in of(found, Flag.LOOSE)}
    assert {k.code for k in found.ancestors if k.ancestor == "T"} == set("abcde")


def test_a_child_that_pulls_against_its_parent_is_named():
    flipped = SCORED.values.copy()
    flipped[:, SCORED.at["c"]] *= -1
    found = audit(RAW, SCORED.with_values(flipped), TREE)
    assert ("c", "P") in {(f.code, f.parent) for f in of(found, Flag.AGAINST)}


def test_noise_is_not_asked_about_where_the_recipe_says_so():
    few = SCORED.rows(range(4))
    loose = Auditing(kind="pearson")
    strict = replace(loose, significance=0.001)
    ask = (Flag.REDUNDANT, Flag.CONFLICT)
    assert sum(len(of(audit(RAW.rows(range(4)), few, TREE, loose), f)) for f in ask) > 0
    assert sum(len(of(audit(RAW.rows(range(4)), few, TREE, strict), f)) for f in ask) <= 1


def test_a_constant_indicator_does_not_vanish():
    """COINr lets it vanish silently; here it is named and its rows stay, as NaN."""
    values = VALUES.copy()
    values[:, 0] = 7.0
    flat = RAW.with_values(values)
    found = audit(flat, flat, TREE)
    assert [f.code for f in of(found, Flag.CONSTANT)] == ["a"]
    assert found.denominators.rows == tuple("abcde") and np.isnan(found.denominators.r[0]).all()
    assert next(c for c in found.components if c.parent == "P").codes == ("b", "c")


def test_few_answers_zeros_and_outliers():
    values = VALUES.copy()
    values[:21, 0] = np.nan
    values[:, 1] = 0.0
    values[0, 1] = 12.0
    found = audit(RAW.with_values(values), SCORED, TREE)
    assert [f.code for f in of(found, Flag.FEW)] == ["a"]
    assert [f.code for f in of(found, Flag.ZEROS)] == ["a", "b"]  # of all units, the missing ones included
    assert [f.code for f in of(found, Flag.OUTLYING)] == ["b"]


@settings(deadline=None, max_examples=60)
@given(
    hnp.arrays(
        np.float64,
        (15, 2),
        elements=st.one_of(st.just(np.nan), st.integers(0, 5).map(float), st.floats(-1e4, 1e4, width=32)),
    ),
    st.permutations(range(15)),
)
def test_statistics_mind_no_order_and_agree_with_scipy(x, order):
    data = Data(UNITS[:15], ("a", "b"), x)
    found, again = statistics(data), statistics(data.rows(order))
    for s, t in zip(found, again, strict=True):
        assert repr(s) == repr(t)  # every bit, NaN included
        given_ = data.column(s.code)[~np.isnan(data.column(s.code))]
        assert (s.available, s.units) == (len(given_), 15)
        if s.unique > 1 and len(given_) > 3 and s.std > 1e-3 * np.abs(given_).max():
            assert s.skew == pytest.approx(stats.skew(given_, bias=False), abs=1e-9)
            assert s.kurt == pytest.approx(stats.kurtosis(given_, bias=False), abs=1e-8)


def test_a_column_without_answers_has_statistics_all_the_same():
    (s,) = statistics(Data(("x", "y"), ("a",), np.full((2, 1), np.nan)))
    assert (s.available, s.share_available, s.unique) == (0, 0.0, 0)
    assert np.isnan([s.mean, s.std, s.skew, s.share_same]).all()


def test_alpha_of_copies_is_one_and_of_opposites_has_none():
    a = BASE[:, [0]]
    assert cronbach(np.hstack([a, a, a])) == pytest.approx(1)
    assert np.isnan(cronbach(a))
    assert np.isnan(cronbach(np.zeros((5, 2))))


def test_the_worked_example():  # method 8.15
    x = np.array([[1, 2], [2, 1], [3, 4], [4, 3.0]])
    for kind, expected in (("pearson", 0.6), ("spearman", 0.6), ("kendall", 1 / 3)):
        assert correlate(x, x, kind)[0][0, 1] == pytest.approx(expected)
    assert correlate(x, x)[1][0, 1] == pytest.approx(0.4)
    assert covariance(x) == pytest.approx(np.array([[5 / 3, 1], [1, 5 / 3]]))
    assert cronbach(x) == pytest.approx(0.75)


def test_alpha_is_of_the_children_of_a_parent():
    held = next(x for x in alphas(SCORED, TREE) if x.parent == "P")
    assert (held.items, held.alpha) == (3, pytest.approx(cronbach(VALUES[:, :3])))


def test_components_add_to_one_and_the_largest_loading_is_positive():
    for c in components(SCORED, TREE):
        assert sum(c.shares) == pytest.approx(1)
        assert list(c.shares) == sorted(c.shares, reverse=True)
        assert max(c.loadings, key=abs) > 0 and np.linalg.norm(c.loadings) == pytest.approx(1)


def test_components_take_only_units_that_have_every_child():
    gone = SCORED.values.copy()
    gone[:10, 0] = np.nan
    assert next(c for c in components(SCORED.with_values(gone), TREE) if c.parent == "P").units == 30


def test_aggregates_beside_indicators_keep_why_a_cell_is_missing():
    values = VALUES.copy()
    values[0, 0] = np.nan
    why = RAW.why.copy()
    why[0, 0] = Why.REFUSED
    both = with_aggregates(Data(UNITS, RAW.codes, values, why), ("T",), np.full((40, 1), np.nan))
    assert both.why[0, 0] == Why.REFUSED and both.why[0, -1] == Why.ABSENT


@pytest.mark.parametrize(
    "plain, name",
    [
        ({"kind": "distance"}, "kind"),
        ({"redundant": 1.5}, "redundant"),
        ({"conflict": 0.5}, "conflict"),
        ({"available": -0.1}, "available"),
        ({"redundnat": 0.5}, "redundnat"),
    ],
)
def test_settings_refuse_by_name(plain, name):
    with pytest.raises(RecipeError, match=name):
        recipe_settings.read(Auditing, plain, "audit")


@pytest.mark.parametrize("kind", ["pearson", "spearman", "kendall"])
@pytest.mark.parametrize("n", [0, 1, 2])
def test_hardly_any_unit_is_no_error(n, kind):
    found = audit(RAW.rows(range(n)), SCORED.rows(range(n)), TREE, Auditing(kind=kind))
    assert len(found.raw) == 5 and found.denominators.r.shape == (5, 1) and found.components == ()


def test_the_order_of_rows_changes_no_bit_of_an_audit():
    order = np.random.default_rng(3).permutation(40)
    assert repr(audit(RAW.rows(order), SCORED.rows(order), TREE)) == repr(audit(RAW, SCORED, TREE))

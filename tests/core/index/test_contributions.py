"""Method 8.12: parts of a score sum to it, for every mix of means; nobody is paid for nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.data import Data
from kondusif_index.explain.contributions import contributions
from kondusif_index.steps.aggregate import Aggregating, aggregate
from kondusif_index.steps.means import Mean
from kondusif_index.tree import Node, Tree

NAN = np.nan
MEANS = (
    Mean(),
    Mean("geometric"),
    Mean("harmonic"),
    Mean("generalised", p=0.5),
    Mean("generalised", p=3.0),
    Mean("generalised", p=-2.0),
    Mean("generalised", p=1e-9),
    Mean("geometric", floor=20.0),
    Mean("owa", orness=0.8),
    Mean("owa", orness=0.0),
    Mean("owa", order=(4.0, 2.0, 1.0, 0.0)),
    Mean("median"),
    Mean("median_step"),
    Mean("veto", veto_at=70.0),
    Mean("veto", veto_at=40.0, veto_to=90.0),
)
CODES = tuple(f"{group}{k}" for group in "PQR" for k in range(1, 5))
WEIGHTS = st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0])


def tree(weights=()):
    given_weights = dict(zip((*CODES, "P", "Q", "R"), weights, strict=False))
    for group in "PQR":
        given_weights[f"{group}1"] = given_weights.get(f"{group}1") or 1.0
    given_weights["P"] = given_weights.get("P") or 1.0
    return Tree(
        (
            *(Node(c, c[0], given_weights.get(c, 1.0), leaf=True) for c in CODES),
            *(Node(g, "TOP", given_weights.get(g, 1.0)) for g in "PQR"),
            Node("TOP"),
        )
    )


@st.composite
def cases(draw):
    # Few values, so that ties, values at the veto and gaps are common.
    cell = st.one_of(st.sampled_from([1.0, 40.0, 70.0, 100.0, NAN]), st.floats(1, 100))
    n = draw(st.integers(1, 5))
    rows = draw(st.lists(st.lists(cell, min_size=12, max_size=12), min_size=n, max_size=n))
    means = tuple(draw(st.sampled_from(MEANS)) for _ in range(4))
    how = Aggregating(
        means[0],
        by_code=dict(zip(("P", "Q", "TOP"), means[1:], strict=True)),
        min_available=draw(st.sampled_from([0.0, 0.5, 0.75])),
    )
    return (
        Data(tuple(f"99.{k}" for k in range(n)), CODES, np.array(rows)),
        tree(draw(st.lists(WEIGHTS, min_size=15, max_size=15))),
        how,
    )


@settings(max_examples=300, deadline=None)
@given(cases(), st.sampled_from([None, "mean"]))
def test_parts_sum_to_the_score_whatever_the_means(case, against):
    data, shape, how = case
    got = contributions(data, shape, how, against=against)
    scored = ~np.isnan(got.score)
    assert (np.isnan(got.points).all(axis=1) >= ~scored).all()
    total = got.base + np.nansum(got.points, axis=1)
    assert np.abs(total - got.score)[scored] == pytest.approx(0, abs=1e-9)
    assert (np.isnan(got.points[scored]) == np.isnan(data.values[scored])).all()
    idle = [k for k, c in enumerate(got.codes) if shape.weights[c] == 0]
    assert (np.nan_to_num(got.points[:, idle]) == 0).all()


@settings(max_examples=100, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_order_of_rows_and_columns_changes_no_bit(case, chance):
    data, shape, how = case
    order = list(range(len(CODES)))
    chance.shuffle(order)
    rows = list(range(len(data.units)))[::-1]
    turned = data.of([CODES[k] for k in order]).rows(rows)
    nodes = list(shape.nodes)
    chance.shuffle(nodes)
    for against in (None, "mean"):
        one = contributions(data, shape, how, against=against)
        two = contributions(turned, Tree(tuple(nodes)), how, against=against)
        assert set(one.codes) == set(two.codes) == set(CODES)
        where = [two.codes.index(code) for code in one.codes]
        assert np.array_equal(one.points[rows], two.points[:, where], equal_nan=True)


@settings(max_examples=200, deadline=None)
@given(cases())
def test_who_stands_where_the_other_stands_has_no_part(case):
    data, shape, how = case
    other = {c: 50.0 for c in CODES}
    values = data.values.copy()
    values[:, ::2] = np.where(np.isnan(values[:, ::2]), NAN, 50.0)
    got = contributions(data.with_values(values), shape, how, against=other)
    assert np.nan_to_num(got.points[:, ::2]) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("how", MEANS)
def test_same_role_same_part(how):
    shape = Tree((*(Node(c, "T", leaf=True) for c in "abc"), Node("T")))
    data = Data(("u",), tuple("abc"), np.array([[80.0, 80.0, 30.0]]))
    for against in (None, {"a": 20.0, "b": 20.0, "c": 60.0}):
        a, b, _ = contributions(data, shape, Aggregating(how), against=against).points[0]
        assert a == pytest.approx(b, abs=1e-9)


def test_worked_example():  # method 8.12
    shape = Tree((*(Node(c, "T", leaf=True) for c in "abc"), Node("T")))
    data = Data(("u",), tuple("abc"), np.array([[16.0, 54.0, 1.0]]))
    found = contributions(data, shape, Aggregating("geometric"), against={"a": 2.0, "b": 2.0, "c": 2.0})
    assert (round(found.base[0], 4), round(found.score[0], 4)) == (2, 9.5244)
    # ln 8, ln 27 and ln 1/2 sum to ln 108; 7.5244 points in that proportion
    assert found.points[0].round(4).tolist() == [3.3418, 5.2966, -1.1139]
    veto = Aggregating("veto", veto_at=50.0, veto_to=60.0)
    parts = contributions(data, shape, veto)
    assert parts.points[0].round(4).tolist() == [5.3333, 54.3333, 0.3333]


def test_the_other_unit_must_be_whole():
    shape = Tree((Node("a", "T", leaf=True), Node("b", "T", leaf=True), Node("T")))
    data = Data(("u",), ("a", "b"), np.array([[1.0, 2.0]]))
    with pytest.raises(RecipeError, match="no value for b"):
        contributions(data, shape, Aggregating(), against={"a": 1.0})
    with pytest.raises(RecipeError, match="'median'"):
        contributions(data, shape, Aggregating(), against="median")


def test_a_veto_reached_on_the_way_belongs_to_the_child_that_reaches_it():
    shape = Tree((Node("a", "T", leaf=True), Node("b", "T", leaf=True), Node("T")))
    data = Data(("u",), ("a", "b"), np.array([[80.0, 10.0]]))
    how = Aggregating("veto", veto_at=80.0, veto_to=100.0)
    got = contributions(data, shape, how, against={"a": 20.0, "b": 30.0})
    assert got.points[0] == pytest.approx([85.0, -10.0])
    assert aggregate(data, shape, how).top[0] == 100

"""Filling what is missing (method 8.5)."""

import sys
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.data import Why
from kondusif_index.settings import read
from kondusif_index.steps.impute import METHODS, Filling, Imputing, expect, impute
from kondusif_index.tree import Node, Tree
from tests.core.index.step_cast import answers, column, columns, same, shuffled, shuffled_tree, tree

ONE = tree("x")
KEC = ("k1", "k1", "k1", "k2", "k2", "k3")
SIX = column(1, 2, None, 9, None, None, groups=KEC)


def fill(data, how, made=ONE, **more):
    return impute(data, made, how, **more).data.column("x").tolist()


@pytest.mark.parametrize(
    ("how", "third", "fifth", "sixth"),
    [
        (Imputing("mean"), 4, 4, 4),
        (Imputing("median"), 2, 2, 2),
        (Imputing("group_mean", group="kec"), 1.5, 9, None),
        (Imputing("group_median", group="kec", fall_back=True), 1.5, 9, 2),
        (Imputing("constant", constant=7.5), 7.5, 7.5, 7.5),
        (Imputing(), None, None, None),
    ],
)
def test_worked_example(how, third, fifth, sixth):  # method 8.5
    want = [1, 2, third, 9, fifth, sixth]
    assert fill(SIX, how) == pytest.approx([np.nan if v is None else v for v in want], nan_ok=True)


def test_a_unit_without_a_label_belongs_to_no_group():
    data = column(1, None, 5, groups=("", "", "k1"))
    assert np.isnan(fill(data, Imputing("group_mean", group="kec"))[1])
    assert fill(data, Imputing("group_mean", group="kec", fall_back=True))[1] == 3


def test_last_election_by_unit_and_code():
    last = columns(y=(5, 6), x=(70, 80))
    last = last.rows([1, 0])
    got = impute(column(None, 1, None), ONE, Imputing("last"), last=last)
    assert got.data.column("x").tolist()[:2] == [70, 1]
    assert np.isnan(got.data.column("x")[2]), "u3 was not there"
    with pytest.raises(RecipeError, match="last election"):
        impute(SIX, ONE, Imputing("last"))


ROWS = Tree(
    (
        *(Node(c, p, leaf=True) for c, p in (("x", "A"), ("b", "A"), ("c", "A"), ("d", "B"))),
        Node("A", "IDX"),
        Node("B", "IDX"),
        Node("IDX"),
    )
)


def test_row_within_the_aggregate():  # method 8.5
    data = columns(x=(None, 10, None), b=(20, 10, None), c=(50, 10, None), d=(90, 10, 70))
    assert fill(data, Imputing("row_mean", "normalised"), ROWS)[0] == 35
    assert fill(data, Imputing("row_median", "normalised", level=3), ROWS)[0] == 50
    assert np.isnan(fill(data, Imputing("row_mean", "normalised"), ROWS)[2]), "nothing beside it"
    assert fill(data, Imputing("row_mean", "normalised", level=3), ROWS)[2] == 70
    with pytest.raises(RecipeError, match="level"):
        impute(data, ROWS, Imputing("row_mean", "normalised", level=9))


def test_a_filled_value_is_never_made_of_filled_ones():
    data = columns(x=(None, 1), b=(None, 1), c=(60, 1), d=(0, 1))
    got = impute(
        data, ROWS, Imputing("row_mean", "normalised", each={"b": Filling("constant", constant=0.0)})
    )
    assert got.data.column("x")[0] == 60


def test_what_does_not_apply_is_never_filled():
    data = column(1, None, None, why=[Why.PRESENT, Why.NOT_APPLICABLE, Why.STALE])
    got = impute(data, ONE, Imputing("mean"))
    assert got.filled[:, 0].tolist() == [False, False, True]
    assert got.data.why[:, 0].tolist() == [Why.PRESENT, Why.NOT_APPLICABLE, Why.PRESENT]


def test_each_column_its_own_way_and_told_which():
    data = columns(x=(1, None), y=(4, None), z=(2, None))
    how = Imputing("mean", each={"y": Filling("constant", constant=0.0), "z": Filling("none")})
    got = impute(data, tree("x", "y", "z"), how)
    assert [METHODS[k] for k in got.by[1]] == ["mean", "constant", "none"]
    assert got.filled.tolist() == [[False] * 3, [True, True, False]]


@pytest.mark.parametrize(
    "plain",
    [
        {"method": "guess"},
        {"method": "row_mean"},
        {"method": "last", "stage": "normalised"},
        {"method": "group_mean"},
        {"method": "constant"},
        {"stage": "later"},
        {"tolerance": 0.0},
        {"ridge": -1.0},
        {"most_rounds": 0},
        {"level": 1},
        {"each": {"x": {"method": "row_mean"}}},
    ],
)
def test_settings_that_mean_nothing(plain):
    with pytest.raises(RecipeError, match="impute"):
        read(Imputing, plain, "impute")


def test_unknown_names_are_refused():
    with pytest.raises(RecipeError, match=r"each.*y"):
        impute(SIX, ONE, Imputing(each={"y": Filling("mean")}))
    with pytest.raises(RecipeError, match="kabupaten"):
        impute(SIX, ONE, Imputing("group_mean", group="kabupaten"))
    with pytest.raises(RecipeError, match="kabupaten"):
        impute(column(1, 2), ONE, Imputing("group_mean", group="kabupaten"))


# --- expectation, maximisation -------------------------------------------------------------------------


def test_em_where_the_answer_is_known_in_closed_form():  # method 8.5
    """One column complete, one with gaps: the regression on the complete units (Anderson 1957)."""
    x = np.array([1.0, 2.0, 4.0, 5.0, 7.0, 8.0])
    y = np.array([2.0, 3.0, 9.0, 10.0, np.nan, np.nan])
    slope, start = np.polyfit(x[:4], y[:4], 1)
    got = expect(np.column_stack([x, y]), "xy", ridge=0.0, tolerance=1e-12, most_rounds=5000)
    np.testing.assert_allclose(got.values[4:, 1], start + slope * x[4:], atol=1e-8)
    np.testing.assert_allclose(got.mean, [x.mean(), start + slope * x.mean()], atol=1e-8)
    assert got.covariance[0, 1] == pytest.approx(slope * x.var(), abs=1e-8)
    assert 1 < got.rounds < 5000


def test_em_reports_and_the_unit_does_not_matter():
    data = columns(x=(1, 2, 4, 5, 7, None), y=(2, 3, 9, 10, None, None), z=(5, 5, 5, 5, 5, None))
    how, made = Imputing("em"), tree("x", "y", "z")
    got = impute(data, made, how)
    assert got.em.rounds > 1
    assert got.em.change <= how.tolerance
    assert got.data.column("z")[5] == 5
    scaled = data.with_values(data.values * [1000.0, 1.0, 1.0])
    other = impute(scaled, made, how).data.values / [1000.0, 1.0, 1.0]
    np.testing.assert_allclose(other, got.data.values, atol=1e-9)


def test_em_with_more_columns_than_units():
    dice = np.random.default_rng(5)
    x = dice.normal(size=(6, 12))
    x[dice.random(x.shape) < 0.15] = np.nan
    got = expect(x, [str(k) for k in range(12)], 0.05, 1e-6, 5000)
    assert np.isfinite(got.values).all()


@pytest.mark.parametrize("gap", [0.05, 0.2, 0.5])
@pytest.mark.parametrize(("n", "k", "ridge"), [(333, 28, 0.01), (60, 7, 1e-3), (40, 28, 0.01), (9, 3, 0.1)])
def test_em_for_all_rows_at_once_gives_what_row_by_row_gives(n, k, ridge, gap, monkeypatch):  # method 8.5
    dice = np.random.default_rng(n + k)
    x = dice.normal(size=(n, 4)) @ dice.normal(size=(4, k)) + dice.normal(size=(n, k))
    x[dice.random(x.shape) < gap] = np.nan
    x[1] = np.nan  # a unit without any answer
    asked = (x, [str(c) for c in range(k)], ridge, 1e-6, 5000)
    quick = expect(*asked)
    monkeypatch.setattr(sys.modules[expect.__module__], "WELL_CONDITIONED", 0.0)
    slow = expect(*asked)
    assert quick.rounds == slow.rounds
    for name in ("values", "mean", "covariance"):
        np.testing.assert_allclose(getattr(quick, name), getattr(slow, name), rtol=0, atol=1e-9)


def test_em_of_copies_is_as_exact_as_row_by_row(monkeypatch):
    """Near copies without a ridge: the inverse would lose the digits that tell them apart."""
    dice = np.random.default_rng(3)
    x = dice.normal(size=(50, 3))
    x = np.column_stack([x, x[:, 0] + 1e-3 * dice.normal(size=50)])
    x[dice.random(x.shape) < 0.1] = np.nan
    quick = expect(x, "wxyz", 0.0, 1e-6, 5000)
    monkeypatch.setattr(sys.modules[expect.__module__], "WELL_CONDITIONED", 0.0)
    np.testing.assert_allclose(quick.values, expect(x, "wxyz", 0.0, 1e-6, 5000).values, rtol=0, atol=1e-9)


def test_em_of_a_regency_takes_milliseconds_a_round():
    """333 villages with 28 indicators, each missing others: all together well under 0.3 s."""
    dice = np.random.default_rng(8)
    x = dice.normal(size=(333, 28)) @ dice.normal(size=(28, 28)) + 0.5 * dice.normal(size=(333, 28))
    x[dice.random(x.shape) < 0.2] = np.nan
    start = process_time()
    found = expect(x, [str(c) for c in range(28)], 0.001, 1e-6, 1000)
    assert found.rounds > 50
    assert process_time() - start < 4e-3 * found.rounds  # was 12e-3; takes 0.4e-3 on a quiet machine


def test_em_that_cannot_be_says_so():
    empty = columns(x=(1, 2), y=(None, None))
    with pytest.raises(RecipeError, match="no value in y"):
        impute(empty, tree("x", "y"), Imputing("em"))
    data = columns(x=(1, 2, 4, 5, 7), y=(2, 3, 9, None, None))
    with pytest.raises(RecipeError, match="after 1 rounds"):
        impute(data, tree("x", "y"), Imputing("em", most_rounds=1))


# --- properties ----------------------------------------------------------------------------------------


def settings_of(method):
    stage = "normalised" if method.startswith("row") else "raw"
    return Imputing(method, stage, group="kec", constant=1.0, fall_back=True, tolerance=1e-4, ridge=0.1)


@given(answers(), st.sampled_from(METHODS))
def test_what_is_present_or_does_not_apply_is_never_touched(data, method):
    got = impute(data, tree(*data.codes), settings_of(method), last=data.rows([0]))
    seen, outside = data.why == Why.PRESENT, data.why == Why.NOT_APPLICABLE
    assert (got.data.values[seen] == data.values[seen]).all()
    assert np.isnan(got.data.values[outside]).all()
    assert (got.data.why[outside] == Why.NOT_APPLICABLE).all()
    assert (got.filled == (np.isnan(data.values) & ~np.isnan(got.data.values))).all()
    assert (got.filled == (got.by > 0)).all()


@given(answers(), st.sampled_from(["mean", "median", "group_mean", "group_median", "constant", "em"]))
def test_nothing_that_applies_stays_empty(data, method):
    got = impute(data, tree(*data.codes), settings_of(method))
    assert (np.isnan(got.data.values) == (data.why == Why.NOT_APPLICABLE)).all()


@given(answers(), st.sampled_from(["mean", "median", "group_mean", "group_median"]))
def test_a_filled_value_lies_among_those_it_is_made_of(data, method):
    got = impute(data, tree(*data.codes), settings_of(method)).data.values
    assert (np.nanmin(got, axis=0) >= np.nanmin(data.values, axis=0) - 1e-9).all()
    assert (np.nanmax(got, axis=0) <= np.nanmax(data.values, axis=0) + 1e-9).all()


@given(answers(), st.sampled_from(METHODS), st.integers(0, 99))
def test_order_of_rows_and_columns_never_matters(data, method, seed):
    how, made, last = settings_of(method), tree(*data.codes), data.rows([0])
    other = shuffled(data, seed)
    one = impute(data, made, how, last=last).data
    assert same(one, impute(other, shuffled_tree(made, other), how, last=last).data)

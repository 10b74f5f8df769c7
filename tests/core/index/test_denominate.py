"""Counts to rates (method 8.4)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.settings import read
from kondusif_index.steps.denominate import Denominating, denominate
from tests.core.index.step_cast import answers, column, columns, same, shuffled, shuffled_tree, tree

RATE = tree("x", x={"denominator": "people"})


def test_worked_example():  # method 8.4
    data = column(3, 0, None, other={"people": [1500, 800, 900]})
    got = denominate(data, RATE, Denominating(factor={"people": 0.001})).data
    assert got.column("x").tolist()[:2] == [2.0, 0.0]
    assert np.isnan(got.column("x")[2])


def test_the_recipe_speaks_over_the_tree():
    data = column(6, 8, other={"people": [2, 4], "area": [3, 2]})
    assert denominate(data, RATE, Denominating(by={"x": "area"})).data.column("x").tolist() == [2.0, 4.0]
    assert denominate(data, RATE, Denominating(by={"x": ""})).data.column("x").tolist() == [6.0, 8.0]
    assert same(denominate(data, RATE, Denominating("none")).data, data)


def test_an_indicator_divides_as_it_was_before():
    data = columns(x=(8, 9), y=(2, 3), other={"people": [2, 1]})
    made = tree("x", "y", x={"denominator": "y"}, y={"denominator": "people"})
    got = denominate(data, made, Denominating()).data
    assert got.column("x").tolist() == [4.0, 3.0]
    assert got.column("y").tolist() == [1.0, 3.0]


@pytest.mark.parametrize(("bad", "word"), [(0, "0"), (-5, "-5"), (np.nan, "missing"), (np.inf, "inf")])
def test_a_bad_denominator_is_refused_by_name(bad, word):
    data = column(3, 4, other={"people": [10, bad]})
    with pytest.raises(RecipeError, match=f"u2, x: people is {word}"):
        denominate(data, RATE, Denominating())
    got = denominate(data, RATE, Denominating(bad="missing"))
    assert got.data.column("x")[0] == 0.3
    assert np.isnan(got.data.column("x")[1])
    assert got.warnings == (f"u2, x: people is {word}",)


def test_a_bad_denominator_below_a_missing_value_harms_nobody():
    data = column(3, None, other={"people": [10, 0]})
    assert denominate(data, RATE, Denominating()).warnings == ()


@pytest.mark.parametrize(
    ("how", "names"),
    [
        (Denominating(by={"x": "cattle"}), "cattle"),
        (Denominating(by={"z": "people"}), "z"),
        (Denominating(by={"x": "x"}), "itself"),
        (Denominating(factor={"area": 0.1}), "area"),
    ],
)
def test_unknown_names_are_refused(how, names):
    with pytest.raises(RecipeError, match=names):
        denominate(column(1, 2, other={"people": [1, 2], "area": [1, 2]}), RATE, how)


@pytest.mark.parametrize("plain", [{"bad": "ignore"}, {"factor": {"people": 0.0}}, {"method": "divide"}])
def test_settings_that_mean_nothing(plain):
    with pytest.raises(RecipeError, match="denominate"):
        read(Denominating, plain, "denominate")


@given(answers(), st.integers(0, 99))
def test_order_never_matters(data, seed):
    made = tree(*data.codes, a={"denominator": "people"})
    other = shuffled(data, seed)
    assert same(
        denominate(data, made, Denominating()).data,
        denominate(other, shuffled_tree(made, other), Denominating()).data,
    )

"""Which units have enough data (method 8.4)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.data import Why
from kondusif_index.settings import read
from kondusif_index.steps.screen import Screening, availability, screen
from kondusif_index.tree import Node, Tree
from tests.core.index.step_cast import answers, columns, shuffled, shuffled_tree, tree

P, A, N = Why.PRESENT, Why.ABSENT, Why.NOT_APPLICABLE
THREE = columns(
    a=(1, None, 0), b=(0, None, 0), c=(3, 2, None), d=(4, 5, None),
    why=[P, P, P, P, A, A, P, P, P, P, N, A],
)  # fmt: skip
FOUR = tree("a", "b", "c", "d")


def test_worked_example():  # method 8.4
    got = screen(THREE, FOUR, Screening("both", least_available=0.6, least_nonzero=0.4)).summary
    assert got.available.tolist() == [1.0, 0.5, 2 / 3]
    assert got.nonzero.tolist() == [0.75, 1.0, 0.0]
    assert got.missing.tolist() == [0, 2, 1]
    assert got.not_applicable.tolist() == [0, 0, 1]
    assert got.included.tolist() == [True, False, False]


def test_by_default_nothing_is_removed():
    got = screen(THREE, FOUR, Screening())
    assert got.data is THREE
    assert got.removed == ()
    assert got.summary.low_data.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("method", "removed"),
    [("availability", ("u2",)), ("nonzero", ("u3",)), ("both", ("u2", "u3"))],
)
def test_each_rule(method, removed):
    got = screen(THREE, FOUR, Screening(method, least_available=0.6, least_nonzero=0.4))
    assert got.removed == removed
    assert got.data.units == tuple(u for u in THREE.units if u not in removed)


def test_a_share_equal_to_the_threshold_is_enough():
    assert screen(THREE, FOUR, Screening("availability", least_available=0.5)).removed == ()


def test_what_does_not_apply_is_not_missing():
    data = columns(a=(1, 1), b=(None, None), why=[P, N, P, A])
    got = screen(data, tree("a", "b"), Screening("availability", least_available=0.9))
    assert got.removed == ("u2",)
    assert got.summary.available.tolist() == [1.0, 0.5]


def test_a_unit_to_which_nothing_applies_has_low_data():
    data = columns(a=(None, 1), why=[N, P])
    got = screen(data, tree("a"), Screening("availability"))
    assert np.isnan(got.summary.available[0])
    assert got.removed == ("u1",)


def test_units_forced_in_and_out():
    how = Screening("availability", least_available=0.6, include=("u2",), exclude=("u1",))
    got = screen(THREE, FOUR, how)
    assert got.data.units == ("u2", "u3")
    assert got.summary.forced == ("exclude", "include", "")
    assert got.summary.low_data.tolist() == [False, True, False], "forcing hides no flag"


def test_availability_below_every_aggregate():
    leaves = [Node(c, p, leaf=True) for c, p in (("a", "A"), ("b", "A"), ("c", "B"), ("d", "B"))]
    deep = Tree((*leaves, Node("A", "IDX"), Node("B", "IDX"), Node("IDX")))
    got = availability(THREE, deep)
    assert got.codes == ("A", "B", "IDX")
    assert got.values[1].tolist() == [0.0, 1.0, 0.5]
    assert got.values[2].tolist() == [1.0, 0.0, 2 / 3]


@pytest.mark.parametrize(
    ("plain", "names"),
    [
        ({"method": "byNA"}, "method"),
        ({"least_available": 1.5}, "least_available"),
        ({"include": ["u1"], "exclude": ["u1"]}, "u1"),
        ({"least": 0.5}, "least"),
    ],
)
def test_settings_that_contradict_themselves(plain, names):
    with pytest.raises(RecipeError, match=names):
        read(Screening, plain, "screen")


def test_an_unknown_unit_and_an_empty_index_are_errors():
    with pytest.raises(RecipeError, match="u9"):
        screen(THREE, FOUR, Screening(include=("u9",)))
    with pytest.raises(RecipeError, match="no unit is left"):
        screen(THREE, FOUR, Screening(exclude=THREE.units))


@given(answers(), st.integers(0, 99))
def test_order_never_matters(data, seed):
    how = Screening("both", least_available=0.7, least_nonzero=0.5, include=data.units[:1])
    other = shuffled(data, seed)
    one = screen(data, tree(*data.codes), how)
    two = screen(other, shuffled_tree(tree(*data.codes), other), how)
    assert set(one.removed) == set(two.removed)


@given(answers(), st.floats(0, 1))
def test_a_higher_threshold_never_brings_a_unit_back(data, least):
    made = tree(*data.codes)
    low = screen(data, made, Screening("availability", least_available=least * 0.9))
    high = screen(data, made, Screening("availability", least_available=least))
    assert set(low.removed) <= set(high.removed)

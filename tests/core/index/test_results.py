"""Ranks are safe from noise, groups keep to themselves, nobody without a score is ranked (method 8.16)."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kondusif.errors import RecipeError
from kondusif_index.data import Data
from kondusif_index.output import write
from kondusif_index.pipeline import build
from kondusif_index.recipe import IndexRecipe
from kondusif_index.results import ranks, ranks_within, strengths, weaknesses
from kondusif_index.tree import Node, Tree

TREE = Tree(
    (
        Node("a", "T", leaf=True, name="Incidents", unit="count"),
        Node("b", "T", leaf=True, direction=-1, name="Roads"),
        Node("c", "T", leaf=True),
        Node("T", name="Index"),
    )
)
DATA = Data(
    ("w", "x", "y", "z"),
    ("a", "b", "c"),
    np.array([[3, 9, 1], [3, 1, 1], [5, 2, 1], [np.nan, 4, 1.0]]),
    groups={"kecamatan": ("K1", "K1", "K2", "")},
)
scores = hnp.arrays(np.float64, st.integers(1, 30), elements=st.one_of(st.just(np.nan), st.floats(0, 100)))


@settings(deadline=None)
@given(scores, st.randoms(use_true_random=False))
def test_ranks_count_those_above_and_mind_no_order(x, dice):
    found = ranks(x)
    short = np.round(x, 10)
    for k, value in enumerate(short):
        assert found[k] == (0 if np.isnan(value) else 1 + (short > value).sum())
    order = list(range(len(x)))
    dice.shuffle(order)
    assert ranks(x[order]).tolist() == found[order].tolist()


def test_noise_ranks_nobody_apart_but_every_bit_counts_when_asked():  # method 8.16
    x = np.array([0.1 + 0.2, 0.3, 0.2])
    assert ranks(x).tolist() == [1, 1, 3]
    assert ranks(x, None).tolist() == [1, 2, 3]


def test_large_values_are_not_lost_in_rounding():
    assert ranks(np.array([1e300, 2e300, -1e300])).tolist() == [2, 1, 3]


def test_ranks_in_groups_leave_out_the_unit_in_no_group():
    found = ranks_within(np.array([1.0, 2, 3, 4]), DATA.group("kecamatan"))
    assert found.tolist() == [2, 1, 1, 0]
    with pytest.raises(RecipeError, match="2 labels for 4"):
        ranks_within(np.zeros(4), ["K1", "K2"])


def test_an_unknown_unit_is_refused_by_name():
    with pytest.raises(RecipeError, match="'q'"):
        strengths(DATA, TREE, "q")


def test_ranks_in_groups_are_the_ranks_of_the_group_alone(tmp_path):
    """Of every label that units share; a column in which nobody shares one is left aside."""
    tree = Tree((Node("t"), *(Node(c, "t", leaf=True, lo=0.0, hi=9.0) for c in "ab")))
    labels = ("K1", "K1", "K2", "", "K2", "K1")
    groups = {"kec": labels, "nama": tuple("uvwxyz"), "ilustratif": ("ya",) * 6}
    x = np.array([[3.0, 1], [3, 1], [9, 9], [5, 5], [np.nan, np.nan], [8, 0]])
    built = build(IndexRecipe().on(tree), Data(tuple("uvwxyz"), ("a", "b"), x, groups=groups))
    write(built, tmp_path)
    with (tmp_path / "ranks_groups.csv").open(encoding="utf-8", newline="") as file:
        found = [tuple(row.values()) for row in csv.DictReader(file)]
    assert found == [
        ("u", "kec", "K1", "3", "2"),
        ("v", "kec", "K1", "3", "2"),
        ("w", "kec", "K2", "1", "1"),
        ("y", "kec", "K2", "1", ""),
        ("z", "kec", "K1", "3", "1"),
    ]
    plain = build(IndexRecipe().on(tree), Data(tuple("uv"), ("a", "b"), x[:2]))
    write(plain, tmp_path)
    assert not (tmp_path / "ranks_groups.csv").exists()


def test_strengths_follow_the_direction_and_skip_what_says_nothing():
    best = strengths(DATA, TREE, "x")
    assert [(t.code, t.rank, t.among, t.value) for t in best] == [("b", 1, 4, 1.0)]
    assert [(t.code, t.rank) for t in weaknesses(DATA, TREE, "w")] == [("a", 2), ("b", 4)]
    everything = {t.code for u in DATA.units for t in (*strengths(DATA, TREE, u), *weaknesses(DATA, TREE, u))}
    assert everything == {"a", "b"}  # c is the same everywhere; z has no answer to a
    assert strengths(DATA, TREE, "y", most=0) == () and weaknesses(DATA, TREE, "w", most=0) == ()

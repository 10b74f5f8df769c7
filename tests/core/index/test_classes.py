"""Method 8.11: half-open classes, compared to 10 decimals; no score is no class."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.settings import read
from kondusif_index.steps.classify import Classed, Classing, classify

NAN = np.nan
SCORES = st.lists(st.one_of(st.floats(0, 100), st.just(NAN), st.sampled_from([20.0, 40.0])), max_size=30)
SCHEMES = [
    Classing(cuts=(20.0, 40.0)),
    Classing("mean_sd"),
    Classing("quantile", count=4),
    Classing("quantile", shares=(0.7, 0.2, 0.1)),
    Classing("custom", edges={"rendah": 0.0, "sedang": 21.7, "tinggi": 68.5}),
]


def levels(scores, how) -> list[int]:
    return classify(np.array(scores), how).levels.tolist()


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (19.9999999998, 1),
        (19.999999999999996, 2),
        (20.0, 2),
        (20.000000000000004, 2),
        (-5.0, 1),
        (40.0, 3),
        (NAN, 0),
    ],
)
def test_a_cut_belongs_to_the_class_above(score, level):
    assert levels([score], Classing(cuts=(20.0, 40.0))) == [level]


@pytest.mark.parametrize(
    ("score", "distance", "side"),
    [(18.0, 2.0, 1), (20.0, 0.0, -1), (25.0, 5.0, -1), (30.0, 10.0, 1), (55.0, 15.0, -1), (NAN, NAN, 0)],
)
def test_distance_to_the_nearest_cut_and_its_side(score, distance, side):
    got = classify(np.array([score]), Classing(cuts=(20.0, 40.0)))
    assert got.distance[0] == pytest.approx(distance, nan_ok=True)
    assert got.nearest[0] == side


def test_worked_example():  # method 8.11
    scores = np.array([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0])
    got = classify(scores, Classing("mean_sd", k=(-1.0, 1.0), labels=("low", "mid", "high")))
    assert np.round(got.cuts, 4).tolist() == [2.8619, 7.1381]
    assert got.counts == (1, 6, 1)
    assert classify(scores, Classing("quantile", count=4)).cuts == (4.0, 4.5, 5.5)
    assert classify(scores, Classing("natural", count=3)).cuts == (4.0, 7.0)


@given(SCORES, st.sampled_from(SCHEMES))
def test_higher_is_never_a_lower_class_and_order_does_not_matter(scores, how):
    there = [s for s in scores if s == s]
    if not there:
        return
    got, back = (classify(np.array(s), how) for s in (scores, scores[::-1]))
    assert got.cuts == back.cuts and got.levels.tolist() == back.levels[::-1].tolist()
    for a, la in zip(scores, got.levels, strict=True):
        assert (la == 0) == (a != a)
        assert all(la <= lb for b, lb in zip(scores, got.levels, strict=True) if a <= b)


@given(st.lists(st.integers(0, 12), min_size=4, max_size=40), st.integers(2, 4))
def test_natural_breaks_never_part_equal_scores(scores, count):
    if len(set(scores)) < count:
        with pytest.raises(RecipeError, match="different scores"):
            classify(np.array(scores, dtype=float), Classing("natural", count=count))
        return
    got = levels([float(s) for s in scores], Classing("natural", count=count))
    assert len({(s, k) for s, k in zip(scores, got, strict=True)}) == len(set(scores))
    assert set(got) == set(range(1, count + 1))


def test_many_scores_are_classed_by_natural_breaks_too():
    scores = np.concatenate([np.linspace(0, 10, 4000), np.linspace(50, 60, 4000)])
    assert classify(scores, Classing("natural", count=2)).counts == (4000, 4000)


def test_equal_scores_are_all_in_the_class_of_the_mean():
    assert levels([0.1 + 0.2] * 3 + [NAN], Classing("mean_sd")) == [3, 3, 3, 0]


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        ({"cuts": [40.0, 20.0]}, "classes.cuts: .* must rise"),
        ({}, "at least one cut"),
        ({"scheme": "even"}, "'even', expected one of fixed"),
        ({"cuts": [1.0], "labels": ["a"]}, "1 for 2 classes"),
        ({"scheme": "quantile", "shares": [0.5, 0.4]}, "sum to 1"),
        ({"scheme": "natural", "count": 1}, "2 to 20"),
        ({"scheme": "custom", "edges": {"a": 0.0}}, "at least two"),
    ],
)
def test_settings_that_make_no_classes_are_refused(plain, message):
    with pytest.raises(RecipeError, match=message):
        read(Classing, plain, "classes")


def test_nothing_may_lie_below_the_lowest_custom_class():
    how = Classing("custom", edges={"low": 10.0, "high": 20.0})
    assert isinstance(classify(np.array([10.0, 25.0]), how), Classed)
    with pytest.raises(RecipeError, match="9 lies below the lowest edge 10"):
        classify(np.array([9.0]), how)

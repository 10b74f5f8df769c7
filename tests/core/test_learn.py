"""Class against incidents: figures worked by hand, and nothing learned from silence (method 10)."""

import tracemalloc
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import MissingAnswers, RecipeError
from kondusif.learn import Outcome, _best, auc, calibrate, wilson

CUTS = (20.0, 40.0)


def places(*rows, level=None):
    return [
        Outcome(f"99.01.01.{2001 + k}", score, level or 1 + (score >= 20) + (score >= 40), severity)
        for k, (score, severity) in enumerate(rows)
    ]


def test_hit_rate_by_class_and_the_missed_ones():
    got = calibrate(places((5, 0), (10, 3), (25, 1), (26, 0), (50, 0), (60, None)), CUTS)
    assert {k: (r.hit, r.n) for k, r in got.by_level.items()} == {1: (1, 2), 2: (1, 2), 3: (0, 1)}
    assert [o.score for o in got.missed] == [10] and [o.score for o in got.quiet] == [50]
    assert got.unknown == ("99.01.01.2006",) and got.places == 5


def test_wilson_of_one_in_ten():
    one = wilson(1, 10)
    assert (round(one.low, 3), round(one.high, 3)) == (0.018, 0.404)
    assert wilson(0, 0).rate is None and (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


def test_brier_of_the_worked_example():
    rows = [Outcome(str(k), 10.0, 1, s) for k, s in enumerate((0, 0, 0, 1))]
    rows += [Outcome(f"x{k}", 50.0, 3, 1) for k in range(2)]
    got = calibrate(rows, CUTS)
    by_hand = (3 * 0.375**2 + 0.875**2 + 2 * 0.25**2) / 6
    assert got.brier == pytest.approx(by_hand) and round(by_hand, 4) == 0.2188
    assert got.skill is not None and got.skill > 0


def test_auc_counts_pairs_in_order_and_ties_half():
    scores, bad = np.array([1.0, 2, 3, 4]), np.array([False, True, False, True])
    assert auc(scores, bad)[0] == 0.75
    assert auc(np.ones(4), bad)[0] == 0.5
    assert auc(scores, np.zeros(4, dtype=bool)) == (None, None, None)


def test_the_interval_of_auc_holds_what_resampling_gives():
    dice = np.random.default_rng(7)
    bad = np.arange(200) < 60
    scores = dice.normal(0, 1, 200) + bad
    area, low, high = auc(scores, bad)
    drawn = [
        auc(np.concatenate([dice.choice(scores[bad], 60), dice.choice(scores[~bad], 140)]), bad)[0]
        for _ in range(400)
    ]
    assert low < area < high
    assert (low, high) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])), abs=0.025)


def test_a_cheaper_cut_off_is_suggested_with_what_it_would_have_changed():
    got = calibrate(places((5, 0), (10, 0), (15, 1), (22, 0), (30, 1)), CUTS)
    (cut,) = got.cuts  # no grave incident, so nothing is said of the second cut-off
    assert (cut.between, cut.now, cut.suggested) == ((1, 2), 20.0, 12.5)
    assert (cut.misses_now, cut.alarms_now, cut.misses, cut.alarms) == (1, 1, 0, 1)
    assert cut.moved == ("99.01.01.2003",)
    assert cut.low <= cut.suggested <= cut.high


def test_a_cut_off_stays_where_nothing_is_cheaper():
    got = calibrate(places((5, 0), (10, 0), (25, 2), (30, 3), (45, 3), (50, 2)), CUTS)
    assert got.cuts[0].suggested == 20.0
    assert got.cuts[0].moved == ()


def test_silence_teaches_nothing():
    with pytest.raises(MissingAnswers):
        calibrate(places((5, None), (50, None)), CUTS)


def test_a_place_twice_and_a_level_that_is_none_are_refused():
    with pytest.raises(RecipeError, match="twice"):
        calibrate([*places((5, 0)), *places((6, 0))], CUTS)
    with pytest.raises(RecipeError, match="level"):
        Outcome("x", 5.0, 4, 0)
    with pytest.raises(RecipeError, match="severity"):
        Outcome("x", 5.0, 1, 7)


SOME = st.lists(
    st.tuples(st.floats(0, 100), st.one_of(st.none(), st.integers(0, 3))), min_size=2, max_size=25
).filter(lambda rows: any(s is not None for _, s in rows))


@settings(max_examples=40, deadline=None)
@given(SOME, st.integers(0, 99))
def test_order_changes_nothing_and_every_figure_stays_in_its_range(rows, seed):
    given = places(*rows)
    mixed = list(given)
    Random(seed).shuffle(mixed)
    one, two = calibrate(given, CUTS, resamples=20), calibrate(mixed, CUTS, resamples=20)
    assert one == two
    assert 0 <= one.brier <= 1 and one.places + len(one.unknown) == len(rows)
    if one.auc is not None:
        assert 0 <= one.auc_low <= one.auc <= one.auc_high <= 1
    for cut in one.cuts:
        assert 5 * cut.misses + cut.alarms <= 5 * cut.misses_now + cut.alarms_now or cut.between == (2, 3)
    if len(one.cuts) == 2:
        assert one.cuts[0].suggested <= one.cuts[1].suggested


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), min_size=4, max_size=40), st.integers(1, 99))
def test_the_cheapest_cut_off_is_that_of_trying_every_one(rows, now):
    scores, bad = np.array([s / 4 for s, _ in rows]), np.array([b for _, b in rows])

    def cost(c):
        return 5 * (bad & (scores < c)).sum() + (~bad & (scores >= c)).sum()

    seen = np.unique(scores)
    every = [float(now), *(round(float(a + b) / 2, 2) for a, b in pairwise(seen))]
    found = _best(scores, bad, float(now))
    assert cost(found) == min(map(cost, every))
    assert found == float(now) or cost(found) < cost(now)


def test_five_thousand_places_need_no_table_of_five_thousand_squared():
    dice = np.random.default_rng(3)
    rows = [
        Outcome(f"p{k}", float(s), 1 + (s >= 20) + (s >= 40), int(b))
        for k, (s, b) in enumerate(zip(dice.uniform(0, 60, 5000), dice.integers(0, 4, 5000), strict=True))
    ]
    tracemalloc.start()
    got = calibrate(rows, CUTS, resamples=5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert got.places == 5000 and peak < 20e6  # bytes

"""Method 8.12: the fewest indicators, then the least effort, that bring a score into another class."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kondusif.errors import RecipeError
from kondusif_index.data import Data
from kondusif_index.explain.counterfactual import (
    CounterfactualReason,
    Lever,
    counterfactual,
    levers,
    set_cover,
)
from kondusif_index.steps.aggregate import Aggregating, aggregate
from kondusif_index.steps.classify import level_of
from kondusif_index.steps.means import Mean
from kondusif_index.tree import Node, Tree

NAN = np.nan
CUTS = (20.0, 40.0)
OTHERS = (
    Mean("geometric"),
    Mean("owa", orness=0.7),
    Mean("veto", veto_at=60.0, veto_to=60.0),
    Mean("harmonic"),
)


def flat(n: int, weights=None, **goalposts) -> Tree:
    weights = weights or (1.0,) * n
    codes = "abcdefgh"[:n]
    return Tree(
        (
            *(Node(c, "T", w, leaf=True, **goalposts) for c, w in zip(codes, weights, strict=True)),
            Node("T"),
        )
    )


def one(*row: float) -> Data:
    return Data(("99.01",), tuple("abcdefgh"[: len(row)]), np.array([row], dtype=float))


def same(_: str, raw):
    return raw


def to(code: str, now: float, *values: float) -> Lever:
    return Lever(code, now, values, values, tuple(abs(v - now) / 100 for v in values))


def test_worked_example():  # method 8.12
    tree = flat(4, (0.4, 0.3, 0.2, 0.1), lo=0.0, hi=100.0)
    row = one(60, 50, 40, 10)
    now = dict(zip("abcd", row.values[0], strict=True))
    assert aggregate(row, tree, Aggregating()).top[0] == pytest.approx(48.0)
    free = levers(tree, now, same, dict.fromkeys("abcd", 10.0))
    found = counterfactual(row, tree, Aggregating(), CUTS, "99.01", free)
    assert [(s.code, s.before, s.after, round(s.points, 6)) for s in found.steps] == [("a", 60, 30, -12)]
    assert (found.after, found.level) == (pytest.approx(36.0), 2)  # 40 itself is still the class above
    bound = levers(tree, now, same, dict.fromkeys("abcd", 10.0), fixed="a")
    found = counterfactual(row, tree, Aggregating(), CUTS, "99.01", bound)
    assert [(s.code, s.before, s.after) for s in found.steps] == [("b", 50, 20)]
    up = counterfactual(row, tree, Aggregating(), (20.0, 50.0), "99.01", free, target=3)
    assert [(s.code, s.after) for s in up.steps] == [("a", 70)]


@pytest.mark.parametrize(
    ("row", "can", "target", "reason"),
    [
        ((NAN, NAN), [to("a", 5, 1)], None, CounterfactualReason.NO_SCORE),
        ((10, 10), [to("a", 10, 0)], None, CounterfactualReason.NO_CLASS),
        ((50, 50), [to("a", 50, 0)], 4, CounterfactualReason.NO_CLASS),
        ((50, 50), [to("a", 50, 40)], None, CounterfactualReason.OUT_OF_REACH),
        ((50, 50), [], None, CounterfactualReason.OUT_OF_REACH),
        ((90, NAN), [to("b", 50, 0)], None, CounterfactualReason.OUT_OF_REACH),
    ],
)
def test_where_nothing_does_it_the_reason_is_named(row, can, target, reason):
    found = counterfactual(one(*row), flat(2), Aggregating(), CUTS, "99.01", can, target=target)
    assert (found.steps, found.reason) == (None, reason)


@st.composite
def games(draw, most=4):
    n = draw(st.integers(1, most))
    row = draw(st.lists(st.sampled_from([5.0, 30.0, 50.0, 65.0, 100.0, NAN]), min_size=n, max_size=n))
    weights = draw(st.lists(st.sampled_from([1.0, 2.0, 5.0]), min_size=n, max_size=n))
    can = [
        to(
            c,
            x,
            *draw(st.lists(st.sampled_from([1.0, 10.0, 20.0, 40.0, 60.0, 90.0]), max_size=4, unique=True)),
        )
        for c, x in zip("abcdefgh", row, strict=False)
    ]
    return one(*row), flat(n, tuple(weights)), [c for c in can if not np.isnan(c.now)], draw(st.booleans())


def next_class(row, tree, how, up):
    level = int(level_of(aggregate(row, tree, how).top, CUTS)[0])
    return level + (1 if up else -1)


def by_trying_everything(row, tree, how, can, up):
    """(indicators, effort) of the best set, or None."""
    top = aggregate(row, tree, how).top[0]
    level = np.searchsorted(CUTS, top, side="right") + 1
    for count in range(1, len(can) + 1):
        efforts = []
        for chosen in combinations(can, count):
            for picked in product(*[range(len(c.values)) for c in chosen]):
                values = row.values.copy()
                for lever, j in zip(chosen, picked, strict=True):
                    values[0, row.at[lever.code]] = lever.scaled[j]
                score = aggregate(row.with_values(values), tree, how).top[0]
                reached = np.searchsorted(CUTS, score, side="right") + 1
                if (reached > level) if up else (reached < level):
                    efforts.append(sum(c.effort[j] for c, j in zip(chosen, picked, strict=True)))
        if efforts:
            return count, min(efforts)
    return None


@settings(max_examples=200, deadline=None)
@given(games())
def test_arithmetic_agrees_with_trying_everything(game):
    row, tree, can, up = game
    found = counterfactual(
        row, tree, Aggregating(), CUTS, "99.01", can, next_class(row, tree, Aggregating(), up)
    )
    if found.reason in (CounterfactualReason.NO_SCORE, CounterfactualReason.NO_CLASS):
        return
    best = by_trying_everything(row, tree, Aggregating(), can, up)
    assert (found.steps is None) == (best is None) and found.fewest and found.least
    if best:
        assert (len(found.steps), sum(s.effort for s in found.steps)) == (best[0], pytest.approx(best[1]))


@settings(max_examples=150, deadline=None)
@given(games(), st.sampled_from(OTHERS))
def test_other_means_find_the_fewest_and_what_they_find_is_scored_again(game, mean):
    row, tree, can, up = game
    how = Aggregating(mean)
    found = counterfactual(row, tree, how, CUTS, "99.01", can, next_class(row, tree, how, up))
    if found.reason in (CounterfactualReason.NO_SCORE, CounterfactualReason.NO_CLASS):
        return
    best = by_trying_everything(row, tree, how, can, up)
    assert (found.steps is None) == (best is None)
    if best:
        if found.fewest:
            assert len(found.steps) == best[0]
        if found.least:
            assert sum(s.effort for s in found.steps) == pytest.approx(best[1])
        values = row.values.copy()
        for step in found.steps:
            values[0, row.at[step.code]] = step.after
        assert aggregate(row.with_values(values), tree, how).top[0] == found.after
        assert (found.level >= found.target) if up else (found.level <= found.target)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_search_agrees_with_trying_everything(chance):
    tenths = st.integers(1, 20).map(lambda x: x / 10)
    options = chance.draw(
        st.lists(
            st.lists(st.tuples(st.integers(-2, 6), tenths), min_size=1, max_size=4), min_size=1, max_size=6
        )
    )
    need = chance.draw(st.integers(1, 20))
    gains = [np.array([float(g) for g, _ in o]) for o in options]
    efforts = [np.array([e for _, e in o]) for o in options]
    picked, proven = set_cover(gains, efforts, float(need))
    assert proven
    for count in range(1, len(options) + 1):
        totals = [
            sum(e for _, e in picks)
            for chosen in combinations(options, count)
            for picks in product(*chosen)
            if sum(g for g, _ in picks) >= need
        ]
        if totals:
            assert len(picked) == count
            assert sum(efforts[k][j] for k, j in picked) == pytest.approx(min(totals))
            assert sum(gains[k][j] for k, j in picked) >= need
            return
    assert picked is None


def test_forty_five_indicators_are_proven():
    dice = np.random.default_rng(45)
    codes = tuple(f"{g}{k:02}" for g in "ABCDE" for k in range(9))
    tree = Tree(
        (
            *(
                Node(c, c[0], float(w), leaf=True, lo=0.0, hi=100.0)
                for c, w in zip(codes, dice.integers(1, 6, 45), strict=True)
            ),
            *(Node(g, "T") for g in "ABCDE"),
            Node("T"),
        )
    )
    row = Data(("99.01",), codes, dice.integers(0, 101, (1, 45)).astype(float))
    can = levers(tree, dict(zip(codes, row.values[0], strict=True)), same, dict.fromkeys(codes, 1.0))
    found = counterfactual(row, tree, Aggregating(), (10.0, 30.0), "99.01", can, target=2)
    assert found.steps and found.fewest and found.least and found.level == 2
    assert sum(s.points for s in found.steps) == pytest.approx(found.after - found.before, abs=1e-9)
    again = counterfactual(
        row.of(codes[::-1]), tree, Aggregating(), (10.0, 30.0), "99.01", can[::-1], target=2
    )
    assert again.steps == found.steps


class TestLevers:
    def test_a_list_or_a_step_between_goalposts(self):
        tree = flat(2, lo=0.0, hi=3.0)
        listed, stepped = levers(tree, {"a": 1.0, "b": 1.0}, same, {"a": [0.5, 2.0], "b": 1.0})
        assert listed.values == (0.5, 2.0) and listed.effort == pytest.approx((0.5 / 3, 1 / 3))
        assert stepped.values == (0.0, 2.0, 3.0)

    def test_what_is_fixed_unanswered_or_not_allowed_has_none(self):
        tree = flat(4, lo=0.0, hi=3.0)
        now = {"a": 1.0, "b": NAN, "c": 1.0, "d": 2.0}
        found = levers(tree, now, same, {"a": 1.0, "b": 1.0, "d": 1.0}, fixed=["a"])
        assert [c.code for c in found] == ["d"]

    def test_a_step_needs_goalposts(self):
        with pytest.raises(RecipeError, match="a: a step needs goalposts"):
            levers(flat(1), {"a": 1.0}, same, {"a": 1.0})

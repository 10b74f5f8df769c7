"""The smallest realistic set of changes that brings a score into another class (method 8.12).

With arithmetic means this is a knapsack of multiple choice: of every lever at most one option, each with a
gain and an effort. The number of levers comes first: the largest gains tell the fewest. Among sets of that
many, lever by lever, only those are kept that no other beats in both gain and effort (Nemhauser and Ullmann
1969) and that can still end below the best set known, by a Lagrange bound on what is still to gain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.steps.aggregate import Aggregating, aggregate, leaf_columns
from kondusif_index.steps.classify import level_of
from kondusif_index.tree import Column, Matrix, Tree

EDGE = 1e-9  # points; closer to a cut than rounding can tell
SETS = 3  # up to so many indicators, every set is tried where the means are not arithmetic
KEPT = 12  # sets whose effort is worked out there
SLACK = 1e-12  # efforts closer than this are one
FIRST_LOOK, MOST = 300, 100_000  # sets kept: to find a good set first; then before giving up the proof

Pick = tuple[tuple[int, int], ...]  # lever and which of its options


class CounterfactualReason(StrEnum):
    """Why there is no such set."""

    FOUND = "found"
    NO_SCORE = "no_score"  # the unit has no score, so no class to leave
    NO_CLASS = "no_class"  # there is no class in that direction
    OUT_OF_REACH = "out_of_reach"  # everything that can change, changed as far as it goes, is not enough


@dataclass(frozen=True)
class Lever:
    """What one indicator can become, in its own unit and normalised; ``effort`` of each, more than zero.

    ``now`` is its value today in its own unit. The default effort is the share of the range that is moved.
    """

    code: str
    now: float
    values: tuple[float, ...]
    scaled: tuple[float, ...]
    effort: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CounterfactualStep:
    """One indicator moved: its own unit, from and to, points it adds at the top when moved alone, effort."""

    code: str
    before: float
    after: float
    points: float
    effort: float


@dataclass(frozen=True)
class Counterfactual:
    """``steps`` bring the score to ``after``, in class ``level``; None with a ``reason`` where nothing does.

    ``fewest``: no set with fewer indicators does it. ``least``: no set of as many takes less effort. Both
    are proven for arithmetic means; for others ``fewest`` up to three indicators and ``least`` for one.
    """

    unit: str
    before: float
    after: float
    level: int
    target: int
    steps: tuple[CounterfactualStep, ...] | None
    reason: CounterfactualReason
    fewest: bool = True
    least: bool = True


def levers(
    tree: Tree,
    now: Mapping[str, float],
    scale: Callable[[str, Column], Column],
    allowed: Mapping[str, float | Sequence[float]],
    fixed: Iterable[str] = (),
) -> tuple[Lever, ...]:
    """A lever for every answered indicator that can change.

    ``now``: raw value by code (NaN or absent: unanswered, no lever). ``scale(code, raw)`` normalises.
    ``allowed``: the values that an indicator can take, or the step between its goalposts ``lo`` and ``hi``;
    an indicator that is not in it, or is in ``fixed``, cannot change. Effort is the share of the range that
    is moved. Raises ``RecipeError`` where a step is given for an indicator without goalposts.
    """
    answered = {code for code, value in now.items() if not np.isnan(value)}
    free = answered & set(allowed) - set(fixed)
    found = []
    for node in sorted(tree.leaves, key=lambda n: n.code):
        if node.code not in free:
            continue
        value, given = now[node.code], allowed[node.code]
        goalposts = () if node.lo is None or node.hi is None else (node.lo, node.hi)
        if isinstance(given, Sequence):
            values = np.array(sorted(given), dtype=float)
        elif goalposts and given > 0:
            low, high = min(goalposts), max(goalposts)
            values = low + given * np.arange(np.floor((high - low) / given + 1e-9) + 1)
        else:
            raise RecipeError(
                f"{node.code}: a step needs goalposts lo and hi, and is above zero", code=node.code
            )
        values = values[values != value]
        span = float(np.ptp(goalposts or (*values, value))) or 1.0
        columns = (values, np.asarray(scale(node.code, values), dtype=float), np.abs(values - value) / span)
        found.append(Lever(node.code, float(value), *(tuple(c.tolist()) for c in columns)))
    return tuple(found)


def counterfactual(
    data: Data,
    tree: Tree,
    how: Aggregating,
    cuts: Sequence[float],
    unit: str,
    can: Sequence[Lever],
    target: int | None = None,
) -> Counterfactual:
    """Fewest indicators, then least total effort, that bring ``unit`` to ``target`` (one class down).

    ``data`` is normalised and stays as it is. Arithmetic throughout: exact. Other means: one, two and three
    indicators are tried in full, then greedily. What is returned was always scored again by ``aggregate``.
    """
    row = data.rows([data.units.index(unit)])
    before = float(aggregate(row, tree, how).top[0])
    level = int(level_of(np.array(before), cuts))
    goal = level - 1 if target is None else target
    none = Counterfactual(unit, before, before, level, goal, None, CounterfactualReason.NO_CLASS)
    if not level:
        return replace(none, reason=CounterfactualReason.NO_SCORE)
    if goal == level or not 1 <= goal <= len(cuts) + 1:
        return none
    usable = [c for c in can if c.values and not np.isnan(row.column(c.code)[0])]
    search = _Search(row, tree, how, tuple(cuts), sorted(usable, key=lambda c: c.code), goal, goal > level)
    linear = all(m.linear for m in how.means(tree).values())
    picked, fewest, least = search.arithmetic(before) if linear else search.other_means()
    if picked is None:
        return replace(none, reason=CounterfactualReason.OUT_OF_REACH)
    after = float(search.score([picked])[0])
    alone = search.score([(one,) for one in picked]) - before
    steps = []
    for (k, j), points in zip(picked, alone.tolist(), strict=True):
        lever = search.can[k]
        steps.append(CounterfactualStep(lever.code, lever.now, lever.values[j], points, lever.effort[j]))
    steps.sort(key=lambda s: (-abs(s.points), s.code))
    reached = int(level_of(np.array(after), cuts))
    return Counterfactual(
        unit, before, after, reached, goal, tuple(steps), CounterfactualReason.FOUND, fewest, least
    )


@dataclass
class _Search:
    """One unit, its levers, and the class to reach, from below (``up``) or above."""

    row: Data
    tree: Tree
    how: Aggregating
    cuts: tuple[float, ...]
    can: list[Lever]
    goal: int
    up: bool

    def score(self, picks: Sequence[Pick]) -> Column:
        """Exact score of every pick."""
        values = np.repeat(self.row.values, len(picks), axis=0)
        for k, pick in enumerate(picks):
            for lever, j in pick:
                values[k, self.row.at[self.can[lever].code]] = self.can[lever].scaled[j]
        units = tuple(map(str, range(len(picks))))
        why = np.repeat(self.row.why, len(picks), axis=0)
        return aggregate(Data(units, self.row.codes, values, why), self.tree, self.how).top

    def reaches(self, scores: Column) -> NDArray[np.bool_]:
        levels = level_of(scores, self.cuts)
        return np.asarray((levels > 0) & (levels >= self.goal if self.up else levels <= self.goal))

    def arithmetic(self, before: float) -> tuple[Pick | None, bool, bool]:
        """Exact: each move adds its share times its step, whatever the others do."""
        shares = _shares_of_answered(self.row, self.tree, self.how)
        gains = []
        for c in self.can:
            moved = np.array(c.scaled) - self.row.column(c.code)[0]
            gains.append((shares[c.code] if self.up else -shares[c.code]) * moved)
        efforts = [np.array(c.effort) for c in self.can]
        need = self.cuts[self.goal - 2] - before if self.up else before - self.cuts[self.goal - 1]
        for least in (need - EDGE, need + EDGE):  # at the very cut, only scoring again can tell
            picked, proven = set_cover(gains, efforts, least)
            if picked is None or self.reaches(self.score([picked]))[0]:
                return picked, True, proven
        return None, True, True

    def other_means(self) -> tuple[Pick | None, bool, bool]:
        """Sets of extreme moves: every set up to three indicators, then greedily; then each move eased."""
        one: list[Pick] = [((k, j),) for k, c in enumerate(self.can) for j in range(len(c.values))]
        if good := self._successful(one):
            return min(good, key=self._effort), True, True
        furthest = np.argmax if self.up else np.argmin
        far = [(k, int(furthest(c.scaled))) for k, c in enumerate(self.can)]
        for size in range(2, SETS + 1):
            if good := self._successful(list(combinations(far, size)))[:KEPT]:
                return min(map(self._ease, good), key=self._effort), True, False
        pick: Pick = ()
        while left := [move for move in far if move not in pick]:
            longer = [(*pick, move) for move in left]
            pick = longer[self._nearest_first(self.score(longer))[0]]
            if self._successful([pick]):
                return self._ease(self._prune(pick)), False, False
        return None, True, True

    def _nearest_first(self, scores: Column) -> NDArray[np.intp]:
        """Positions, the score nearest the goal (or furthest beyond it) first."""
        return np.argsort(-scores if self.up else scores, kind="stable")

    def _successful(self, picks: Sequence[Pick]) -> list[Pick]:
        """Those that reach the goal, the furthest first."""
        if not picks:
            return []
        scores = self.score(picks)
        there = self.reaches(scores)
        return [picks[k] for k in self._nearest_first(scores) if there[k]]

    def _prune(self, pick: Pick) -> Pick:
        """Without the moves that it can do without."""
        for one in pick:
            without = tuple(p for p in pick if p != one)
            if self._successful([without]):
                pick = without
        return pick

    def _ease(self, pick: Pick) -> Pick:
        """Every move made as small as the others allow, the dearest first."""
        for lever, _ in sorted(pick, key=lambda p: (-self.can[p[0]].effort[p[1]], p)):
            others = tuple(p for p in pick if p[0] != lever)
            tries = [(*others, (lever, j)) for j in range(len(self.can[lever].values))]
            pick = min(self._successful(tries), key=self._effort)
        return pick

    def _effort(self, pick: Pick) -> tuple[float, Pick]:
        return sum(self.can[k].effort[j] for k, j in pick), pick


def _shares_of_answered(row: Data, tree: Tree, how: Aggregating) -> Mapping[str, float]:
    """Of one unit: share of every code in the top, gaps re-weighted."""
    columns = {**leaf_columns(row, tree), **aggregate(row, tree, how).by_code}
    gone = {code for code, column in columns.items() if np.isnan(column[0])}
    weights = {n.code: n.weight * (n.code not in gone or n.parent in gone) for n in tree.nodes}
    return tree.shares(weights)


def set_cover(gains: Sequence[Column], efforts: Sequence[Column], need: float) -> tuple[Pick | None, bool]:
    """Fewest levers, then least effort, that gain ``need``: the set, sorted by lever, or None where all
    levers together do not gain it; and whether it is proven.

    ``gains[k][j]`` and ``efforts[k][j]`` are of option j of lever k; options that gain nothing are left
    aside.
    """
    if need <= 0:
        return (), True
    useful = [_undominated(k, g, e) for k, (g, e) in enumerate(zip(gains, efforts, strict=True))]
    options = sorted((o for o in useful if len(o)), key=lambda o: (-o[-1, 0], o[0, 2]))
    enough = np.flatnonzero(np.cumsum([o[-1, 0] for o in options]) >= need)
    if not len(enough):
        return None, True
    knapsack = _Knapsack(options, need, int(enough[0]) + 1)
    knapsack.run(FIRST_LOOK)
    proven = knapsack.run(MOST)
    return tuple(sorted(knapsack.best)), proven


def _undominated(lever: int, gain: Column, effort: Column) -> Matrix:
    """Options (m, 4) by rising gain and effort, without those another beats: gain, effort, lever, option."""
    order = np.lexsort((-gain, effort))
    best = np.maximum.accumulate(np.concatenate([[0.0], gain[order]]))[:-1]
    keep = order[gain[order] > best]
    return np.column_stack([gain[keep], effort[keep], np.full(len(keep), lever), keep])


class _Knapsack:
    """Sets of exactly ``count`` levers; levers are sorted by their largest gain, the largest first.

    A state is a row: gain, effort, and the place of its last choice in ``trail``, where each choice names the
    one before it, its lever and its option.
    """

    def __init__(self, options: list[Matrix], need: float, count: int) -> None:
        self.options, self.need, self.count = options, need, count
        self.best: Pick = ()
        self.effort = np.inf
        self.trail: list[tuple[int, int, int]] = []
        most = np.concatenate([[0.0], np.cumsum([o[-1, 0] for o in options])])
        last = len(options)
        # attainable[i, r]: the most that r levers from the i-th on can gain
        ends = np.minimum(np.arange(last + 1)[:, None] + np.arange(count + 1), last)
        self.attainable = most[ends] - most[:, None]
        prices = np.concatenate([o[:, 1] / o[:, 0] for o in options])
        self.prices = np.unique(np.quantile(prices, np.linspace(0, 1, 40)))
        self.prices = np.concatenate([self.prices, self.prices[-1] * 2.0 ** np.arange(1, 6)])
        # surplus[k]: at each price of a point, what lever k earns at best
        # saved[i, r]: what the best r levers from the i-th on earn
        earned = [(self.prices[:, None] * o[:, 0] - o[:, 1]).max(axis=1) for o in options]
        surplus = np.maximum(earned, 0.0)
        self.saved = np.zeros((last + 1, count + 1, len(self.prices)))
        for i in range(last):
            ranked = np.cumsum(-np.sort(-surplus[i:], axis=0), axis=0)
            self.saved[i, 1:] = ranked[np.minimum(np.arange(count), last - i - 1)]

    def run(self, most: int) -> bool:
        """Whether every set was looked at; with a small ``most`` only the promising ones are."""
        whole = True
        self.trail = [(-1, -1, -1)]
        start = np.zeros((1, 3))
        states = [start, *[start[:0]] * (self.count - 1)]
        for i, options in enumerate(self.options):
            if len(states[-1]):
                self._finish(options, states[-1])
            for taken in range(self.count - 1, 0, -1):
                if len(states[taken - 1]):
                    states[taken], all_kept = self._longer(i, taken, states, most)
                    whole = whole and all_kept
                elif len(states[taken]):
                    states[taken] = self._worth_keeping(i + 1, taken, states[taken])
            states[0] = self._worth_keeping(i + 1, 0, states[0])
        return whole

    def _longer(self, i: int, taken: int, states: list[Matrix], most: int) -> tuple[Matrix, bool]:
        """Sets of ``taken`` levers with an option of the i-th, or without; whether all of them are kept."""
        shorter, options = states[taken - 1], self.options[i]
        gain = (shorter[:, :1] + options[:, 0]).ravel()
        effort = (shorter[:, 1:2] + options[:, 1]).ravel()
        fresh = np.stack([gain, effort, -1.0 - np.arange(len(gain))], axis=1)
        kept = self._worth_keeping(i + 1, taken, np.concatenate([states[taken], fresh]))
        whole = len(kept) <= most
        if not whole:
            kept = kept[np.argsort(self._bound(i + 1, taken, kept), kind="stable")[:most]]
        new = kept[:, 2] < 0
        before, option = np.divmod(-1 - kept[new, 2].astype(np.intp), len(options))
        kept[new, 2] = len(self.trail) + np.arange(len(before))
        chosen = (shorter[before, 2], options[option, 2], options[option, 3])
        self.trail.extend(zip(*(c.astype(int).tolist() for c in chosen), strict=True))
        return kept, whole

    def _finish(self, options: Matrix, states: Matrix) -> None:
        """The last choice: the least option that closes what is still to gain."""
        option = np.searchsorted(options[:, 0], self.need - states[:, 0])
        efforts = np.append(options[:, 1], np.inf)  # beyond the last option there is none
        total = states[:, 1] + efforts[option]
        if total.min() < self.effort - SLACK:
            row = int(total.argmin())
            self.effort = float(total[row])
            _, _, lever, j = options[option[row]]
            picked, at = [(int(lever), int(j))], int(states[row, 2])
            while at > 0:
                at, *choice = self.trail[at]
                picked.append((choice[0], choice[1]))
            self.best = tuple(picked)

    def _bound(self, i: int, taken: int, states: Matrix) -> Column:
        """Least effort with which each state can end (Lagrange, the best of several prices)."""
        rest = self.need - states[:, 0]
        found = states[:, 1].copy()
        for price, save in zip(self.prices, self.saved[i, self.count - taken], strict=True):
            np.maximum(found, states[:, 1] + price * rest - save, out=found)
        return found

    def _worth_keeping(self, i: int, taken: int, states: Matrix) -> Matrix:
        """States that can still gain enough, end below the best, and that no other beats."""
        states = states[states[:, 0] + self.attainable[i, self.count - taken] >= self.need]
        if not len(states):
            return states
        states = states[self._bound(i, taken, states) < self.effort - SLACK]
        states = states[np.lexsort((-states[:, 0], states[:, 1]))]
        before = np.maximum.accumulate(np.concatenate([[-np.inf], states[:, 0]]))[:-1]
        return states[states[:, 0] > before]

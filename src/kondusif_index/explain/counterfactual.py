"""The smallest realistic set of changes that brings a score into another class (method 8.12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.explain.set_cover import Pick, cheapest
from kondusif_index.steps.aggregate import Aggregating, aggregate, family, leaf_columns, reweighted
from kondusif_index.steps.classify import level_of
from kondusif_index.tree import Column, Tree

EDGE = 1e-9  # points; closer to a cut than rounding can tell
SETS = 3  # up to so many indicators, every set is tried where the means are not arithmetic
KEPT = 12  # sets whose effort is worked out there


class Reason(StrEnum):
    """Why there is no such set."""

    FOUND = "found"
    NO_SCORE = "no_score"  # the unit has no score, so no class to leave
    NO_CLASS = "no_class"  # there is no class in that direction
    OUT_OF_REACH = "out_of_reach"  # everything that can change, changed as far as it goes, is not enough


@dataclass(frozen=True)
class Lever:
    """What one indicator can become, in its own unit and normalised; ``effort`` of each, more than zero.

    ``now`` is its value today in its own unit. The default effort is the share of ``span`` that is moved.
    """

    code: str
    now: float
    values: tuple[float, ...]
    scaled: tuple[float, ...]
    effort: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One indicator moved: its own unit, from and to, points it adds at the top when moved alone, and
    effort.
    """

    code: str
    before: float
    after: float
    points: float
    effort: float


@dataclass(frozen=True)
class Smallest:
    """``steps`` bring the score to ``after``, in class ``level``; None with a ``reason`` where nothing does.

    ``fewest``: no set with fewer indicators does it. ``least``: no set of as many takes less effort. Both
    are proven for arithmetic means; for others ``fewest`` up to three indicators and ``least`` for one.
    """

    unit: str
    before: float
    after: float
    level: int
    target: int
    steps: tuple[Step, ...] | None
    reason: Reason
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
    found = []
    held = set(fixed)
    for node in sorted(tree.leaves, key=lambda n: n.code):
        value = now.get(node.code, np.nan)
        if node.code in held or node.code not in allowed or np.isnan(value):
            continue
        given = allowed[node.code]
        if isinstance(given, Sequence):
            values = np.array(sorted(given), dtype=float)
        else:
            if node.lo is None or node.hi is None or not given > 0:
                raise RecipeError(
                    f"{node.code}: a step needs goalposts lo and hi, and is above zero", code=node.code
                )
            low, high = sorted((node.lo, node.hi))
            values = low + given * np.arange(np.floor((high - low) / given + 1e-9) + 1)
        values = values[values != value]
        ends = [*values, value] if node.lo is None or node.hi is None else [node.lo, node.hi]
        span = max(ends) - min(ends) or 1.0
        effort = np.abs(values - value) / span
        scaled = np.asarray(scale(node.code, values), dtype=float)
        found.append(
            Lever(
                node.code,
                float(value),
                tuple(values.tolist()),
                tuple(scaled.tolist()),
                tuple(effort.tolist()),
            )
        )
    return tuple(found)


def smallest(
    data: Data,
    tree: Tree,
    how: Aggregating,
    cuts: Sequence[float],
    unit: str,
    can: Sequence[Lever],
    *,
    weights: Mapping[str, float] | None = None,
    target: int | None = None,
    up: bool = False,
) -> Smallest:
    """Fewest indicators, then least total effort, that bring ``unit`` to ``target`` (one class down, or up).

    ``data`` is normalised and stays as it is. Arithmetic throughout: exact. Other means: one, two and three
    indicators are tried in full, then greedily. What is returned was always scored again by ``aggregate``.
    """
    tree = reweighted(tree, weights)
    game = _Game(
        data.rows([data.units.index(unit)]), tree, how, tuple(cuts), sorted(can, key=lambda c: c.code)
    )
    before = game.score([()])[0]
    level = int(level_of(before, cuts))
    goal = target if target is not None else level + (1 if up else -1)
    nothing = Smallest(unit, float(before), float(before), level, goal, None, Reason.NO_CLASS)
    if not level:
        return Smallest(unit, float(before), float(before), 0, goal, None, Reason.NO_SCORE)
    if goal == level or not 1 <= goal <= len(cuts) + 1:
        return nothing
    game.aim(float(before), goal, up=goal > level)
    picked, fewest, least = game.linear() if game.arithmetic else game.other()
    if picked is None:
        return Smallest(unit, float(before), float(before), level, goal, None, Reason.OUT_OF_REACH)
    after = float(game.score([picked])[0])
    alone = game.score([(one,) for one in picked]) - before
    steps = [
        Step(c.code, c.now, c.values[j], float(points), c.effort[j])
        for (k, j), points in zip(picked, alone, strict=True)
        for c in (game.can[k],)
    ]
    steps.sort(key=lambda s: (-abs(s.points), s.code))
    reached = int(level_of(np.array(after), cuts))
    return Smallest(unit, float(before), after, reached, goal, tuple(steps), Reason.FOUND, fewest, least)


class _Game:
    """One unit, its levers, and how far the score must go."""

    def __init__(
        self, row: Data, tree: Tree, how: Aggregating, cuts: tuple[float, ...], can: list[Lever]
    ) -> None:
        self.row, self.tree, self.how, self.cuts = row, tree, how, cuts
        answered = {c for c in tree.leaf_codes if not np.isnan(row.column(c)[0])}
        self.can = [c for c in can if c.code in answered and c.values]
        self.arithmetic = all(m.linear for m in how.means(tree).values())

    def aim(self, before: float, goal: int, *, up: bool) -> None:
        self.up, self.goal = up, goal
        self.need = self.cuts[goal - 2] - before if up else before - self.cuts[goal - 1]

    def score(self, picks: Sequence[Pick]) -> Column:
        """Exact score of every pick."""
        values = np.repeat(self.row.values, len(picks), axis=0)
        for k, pick in enumerate(picks):
            for lever, j in pick:
                values[k, self.row.at[self.can[lever].code]] = self.can[lever].scaled[j]
        rows = Data(
            tuple(map(str, range(len(picks)))), self.row.codes, values, np.repeat(self.row.why, len(picks), 0)
        )
        return aggregate(rows, self.tree, self.how).top

    def reaches(self, scores: Column) -> NDArray[np.bool_]:
        levels = level_of(scores, self.cuts)
        return np.asarray((levels > 0) & (levels >= self.goal if self.up else levels <= self.goal))

    def linear(self) -> tuple[Pick | None, bool, bool]:
        """Exact: each move adds its share times its step, whatever the others do."""
        worth = shares(self.row, self.tree, self.how)
        sign = 1.0 if self.up else -1.0
        gains = [
            sign * worth.get(c.code, 0.0) * (np.array(c.scaled) - self.row.column(c.code)[0])
            for c in self.can
        ]
        efforts = [np.array(c.effort) for c in self.can]
        for need in (self.need - EDGE, self.need + EDGE):  # at the very cut, only scoring again can tell
            picked, proven = cheapest(gains, efforts, need)
            if picked is None or self.reaches(self.score([picked]))[0]:
                return picked, True, proven
        return None, True, True

    def other(self) -> tuple[Pick | None, bool, bool]:
        """Sets of extreme moves: every set up to three indicators, then greedily; then each move eased."""
        one = [((k, j),) for k, c in enumerate(self.can) for j in range(len(c.values))]
        if good := [one[k] for k in np.flatnonzero(self.reaches(self.score(one)))] if one else []:
            return min(good, key=lambda p: (self._effort(p), p)), True, True
        far = [int(np.argmax(c.scaled) if self.up else np.argmin(c.scaled)) for c in self.can]
        for size in range(2, SETS + 1):
            sets = [tuple((k, far[k]) for k in chosen) for chosen in combinations(range(len(far)), size)]
            scores = self.score(sets) if sets else np.empty(0)
            good = [sets[k] for k in self._ahead(scores) if self.reaches(scores[[k]])[0]][:KEPT]
            if good:
                return min(map(self._eased, good), key=lambda p: (self._effort(p), p)), True, False
        pick: Pick = ()
        left = list(range(len(far)))
        while left:
            scores = self.score([(*pick, (k, far[k])) for k in left])
            best = int(self._ahead(scores)[0])
            reached = self.reaches(scores[[best]])[0]
            pick = (*pick, (left[best], far[left.pop(best)]))
            if reached:
                return self._eased(self._pruned(pick)), False, False
        return None, True, True

    def _ahead(self, scores: Column) -> NDArray[np.intp]:
        """Positions, the score nearest the goal first."""
        return np.argsort(-scores if self.up else scores, kind="stable")

    def _pruned(self, pick: Pick) -> Pick:
        """Without the moves that it can do without."""
        for one in pick:
            without = tuple(p for p in pick if p != one)
            if self.reaches(self.score([without]))[0]:
                pick = without
        return pick

    def _eased(self, pick: Pick) -> Pick:
        """Every move made as small as the others allow, the dearest first."""
        for lever, _ in sorted(pick, key=lambda p: (-self.can[p[0]].effort[p[1]], p)):
            others = tuple(p for p in pick if p[0] != lever)
            tries = [(*others, (lever, j)) for j in range(len(self.can[lever].values))]
            good = [tries[k] for k in np.flatnonzero(self.reaches(self.score(tries)))]
            pick = min(good, key=lambda p: (self._effort(p), p))
        return pick

    def _effort(self, pick: Pick) -> float:
        return sum(self.can[k].effort[j] for k, j in pick)


def shares(row: Data, tree: Tree, how: Aggregating) -> dict[str, float]:
    """Of one unit: how much the top moves with a point of each indicator, arithmetic means; gaps
    re-weighted.
    """
    columns = {**leaf_columns(row, tree), **aggregate(row, tree, how).by_code}
    found = {tree.top: 1.0}
    for code in reversed(tree.upward):
        if code not in found or np.isnan(columns[code][0]):
            continue
        codes, _, w = family(tree, code, columns)
        found |= {c: found[code] * float(w[k, 0] / w.sum()) for k, c in enumerate(codes)}
    return found

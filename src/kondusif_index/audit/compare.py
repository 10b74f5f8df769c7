"""Two versions, recipes or dates beside each other, and a course over several dates (method 8.16).

Only units on both sides are compared; the others are listed. A missing score is never taken for zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from kondusif_index.audit.correlations import Coefficient, correlate
from kondusif_index.errors import RecipeError
from kondusif_index.results import ranks
from kondusif_index.rounding import DECIMALS
from kondusif_index.tree import Column, Matrix

LEAST = 2.0  # points: a course moves when its scores range over it and its line changes by it [P]
FIT = 0.5  # share of the variance (0-1) that a line explains; below it the course swings [P]


@dataclass(frozen=True)
class Side:
    """Scores of units, NaN for none; ``levels`` are classes, 0 for none; empty where there are no classes."""

    units: tuple[str, ...]
    scores: Column
    levels: tuple[int, ...] = ()
    label: str = ""

    def __post_init__(self) -> None:
        name, n = self.label or "side", len(self.units)
        if self.scores.shape != (n,):
            raise RecipeError(f"{name}: scores are {self.scores.shape}, for {n} units")
        if self.levels and len(self.levels) != n:
            raise RecipeError(f"{name}: {len(self.levels)} classes for {n} units")
        if any(level < 0 for level in self.levels):
            raise RecipeError(f"{name}: a class below 0")
        if twice := sorted(u for u, count in Counter(self.units).items() if count > 1):
            raise RecipeError(f"{name}: units stand twice: {', '.join(twice)}", units=twice)


@dataclass(frozen=True, slots=True)
class Shift:
    """One unit on both sides. ``climbed`` is how many ranks it went up; 0 ranks or levels mean none.

    Ranks are among the units with a score on both sides, so that a unit that came or went shifts nobody.
    """

    unit: str
    before: float
    after: float
    difference: float
    rank_before: int
    rank_after: int
    climbed: int
    level_before: int = 0
    level_after: int = 0

    @property
    def class_moved(self) -> bool:
        return self.level_before != self.level_after


@dataclass(frozen=True)
class BuildComparison:
    """``shifts`` in the order of the larger change first. ``moves[i, j]`` counts units that went from class i
    to class j; 0 is no class. Correlations and means are over the ``scored`` units with both scores."""

    before: str
    after: str
    shifts: tuple[Shift, ...]
    moves: NDArray[np.int64]
    pearson: float
    spearman: float
    kendall: float
    scored: int
    mean_difference: float
    mean_shift: float
    largest_shift: int
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]

    @property
    def changed(self) -> tuple[Shift, ...]:
        """Units whose class moved; to or from no class counts as moved."""
        return tuple(s for s in self.shifts if s.class_moved)


def compare(before: Side, after: Side) -> BuildComparison:
    """What changed between two sides over the same units.

    ``only_before`` and ``only_after`` stand on one side alone; ``lost`` and ``gained`` stand on both but
    have a score on one. ``mean_shift`` is the mean of absolute rank shifts.
    """
    old, new = set(before.units), set(after.units)
    both = sorted(old & new)
    a, levels_a = _at(before, both)
    b, levels_b = _at(after, both)
    scored = ~(np.isnan(a) | np.isnan(b))
    ranks_a, ranks_b = ranks(np.where(scored, a, np.nan)), ranks(np.where(scored, b, np.nan))
    columns = (a, b, b - a, ranks_a, ranks_b, ranks_a - ranks_b, levels_a, levels_b)
    shifts = [Shift(*row) for row in zip(both, *map(np.ndarray.tolist, columns), strict=True)]
    size = 1 + max(levels_a.max(initial=0), levels_b.max(initial=0))
    moves = np.zeros((size, size), dtype=np.int64)
    np.add.at(moves, (levels_a, levels_b), 1)
    r = {kind: correlate(a[:, None], b[:, None], kind)[0].item() for kind in Coefficient}
    rank_moves = np.abs(ranks_a - ranks_b)[scored]
    lost = tuple(s.unit for s in shifts if isnan(s.after) and not isnan(s.before))
    gained = tuple(s.unit for s in shifts if isnan(s.before) and not isnan(s.after))
    return BuildComparison(
        before=before.label,
        after=after.label,
        shifts=tuple(sorted(shifts, key=_largest_first)),
        moves=moves,
        pearson=r[Coefficient.PEARSON],
        spearman=r[Coefficient.SPEARMAN],
        kendall=r[Coefficient.KENDALL],
        scored=int(scored.sum()),
        mean_difference=_mean((b - a)[scored]),
        mean_shift=_mean(rank_moves),
        largest_shift=int(rank_moves.max(initial=0)),
        only_before=tuple(sorted(old - new)),
        only_after=tuple(sorted(new - old)),
        lost=lost,
        gained=gained,
    )


def _mean(x: NDArray[np.float64 | np.int64]) -> float:
    return float(x.mean()) if len(x) else np.nan


def _at(side: Side, units: Sequence[str]) -> tuple[Column, NDArray[np.int64]]:
    """Scores and classes of these units; class 0 where the side has no classes."""
    where = {unit: k for k, unit in enumerate(side.units)}
    rows = np.array([where[u] for u in units], dtype=np.intp)
    levels = np.array(side.levels or (0,) * len(side.units), dtype=np.int64)
    return side.scores[rows], levels[rows]


def _largest_first(s: Shift) -> tuple[bool, float, str]:
    return isnan(s.difference), -round(abs(s.difference), DECIMALS), s.unit


class Course(StrEnum):
    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    SWINGING = "swinging"  # moves, but not one way
    UNKNOWN = "unknown"  # fewer than two dates with a score


@dataclass(frozen=True, slots=True)
class Trend:
    """``slope`` in points per unit of time (per year, when times are years), ``last_change`` from the date
    with a score before the last one; ``fit`` is R2 of the line. NaN where there are too few dates."""

    unit: str
    dates: int
    slope: float
    fit: float
    first: float
    last: float
    last_change: float
    course: Course


def trend(units: Sequence[str], times: Sequence[float], scores: Matrix) -> tuple[Trend, ...]:
    """Least-squares line of each unit's scores (n_units, n_times) over ``times``; gaps are left out.

    Raises ``RecipeError`` on times that repeat or shapes that do not fit.
    """
    if scores.shape != (len(units), len(times)):
        raise RecipeError(f"scores are {scores.shape}, not {(len(units), len(times))}")
    when = np.asarray(times, dtype=np.float64)
    if not np.isfinite(when).all() or len(np.unique(when)) != len(when):
        raise RecipeError("times must be numbers, each once", times=list(times))
    order = np.argsort(when)
    return tuple(_trend(u, when[order], row[order]) for u, row in zip(units, scores, strict=True))


def _trend(unit: str, when: Column, row: Column) -> Trend:
    here = ~np.isnan(row)
    t, y = when[here], row[here]
    n = len(y)
    if n < 2:
        one = float(y[0]) if n else np.nan
        return Trend(unit, n, np.nan, np.nan, one, one, np.nan, Course.UNKNOWN)
    line = stats.linregress(t, y)
    fit = float(line.rvalue**2) if np.ptp(y) > 0 else 1.0
    course = _course(float(np.ptp(y)), fit, float(line.slope * (t[-1] - t[0])))
    return Trend(unit, n, float(line.slope), fit, float(y[0]), float(y[-1]), float(y[-1] - y[-2]), course)


def _course(span: float, fit: float, change: float) -> Course:
    """The first that fits names it; ``change`` of the line, ``span`` of the scores themselves."""
    if round(span, DECIMALS) < LEAST:
        return Course.STEADY
    if round(fit, DECIMALS) < FIT:
        return Course.SWINGING
    if round(abs(change), DECIMALS) < LEAST:
        return Course.STEADY
    return Course.RISING if change > 0 else Course.FALLING

"""Two versions, recipes or dates beside each other, and a course over several dates (method 8.16).

Only units on both sides are compared; the others are listed. A missing score is never taken for zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from kondusif_index.audit.correlations import Kind, correlate
from kondusif_index.errors import RecipeError
from kondusif_index.results import DECIMALS, ranks
from kondusif_index.tree import Column, Matrix


@dataclass(frozen=True)
class Side:
    """Scores of units, NaN for none; ``levels`` are classes, 0 for none; empty where there are no classes."""

    units: tuple[str, ...]
    scores: Column
    levels: tuple[int, ...] = ()
    label: str = ""

    def __post_init__(self) -> None:
        scores = np.asarray(self.scores, dtype=np.float64)
        object.__setattr__(self, "scores", scores)
        if scores.shape != (len(self.units),):
            raise RecipeError(
                f"{self.label or 'side'}: scores are {scores.shape}, for {len(self.units)} units"
            )
        if self.levels and len(self.levels) != len(self.units):
            raise RecipeError(
                f"{self.label or 'side'}: {len(self.levels)} classes for {len(self.units)} units"
            )
        if any(level < 0 for level in self.levels):
            raise RecipeError(f"{self.label or 'side'}: a class below 0")
        if len(set(self.units)) != len(self.units):
            twice = sorted({u for u in self.units if self.units.count(u) > 1})
            raise RecipeError(f"{self.label or 'side'}: units stand twice: {', '.join(twice)}", units=twice)


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
class Comparison:
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


def compare(before: Side, after: Side, decimals: int | None = DECIMALS) -> Comparison:
    """What changed between two sides over the same units.

    ``only_before`` and ``only_after`` stand on one side alone; ``lost`` and ``gained`` stand on both but
    have a score on one. ``mean_shift`` is the mean of absolute rank shifts.
    """
    old, new = ({u: k for k, u in enumerate(s.units)} for s in (before, after))
    both = sorted(old.keys() & new.keys())
    a = before.scores[[old[u] for u in both]] if both else np.empty(0)
    b = after.scores[[new[u] for u in both]] if both else np.empty(0)
    with_classes = bool(before.levels or after.levels)
    levels_a = [before.levels[old[u]] if before.levels else 0 for u in both]
    levels_b = [after.levels[new[u]] if after.levels else 0 for u in both]
    scored = ~(np.isnan(a) | np.isnan(b))
    ranks_a, ranks_b = (ranks(np.where(scored, s, np.nan), decimals) for s in (a, b))
    shifts = [
        Shift(
            unit,
            float(a[k]),
            float(b[k]),
            float(b[k] - a[k]),
            int(ranks_a[k]),
            int(ranks_b[k]),
            int(ranks_a[k] - ranks_b[k]),
            levels_a[k],
            levels_b[k],
        )
        for k, unit in enumerate(both)
    ]
    size = 1 + max((*levels_a, *levels_b), default=0) if with_classes else 1
    moves = np.zeros((size, size), dtype=np.int64)
    np.add.at(moves, (np.array(levels_a, dtype=int), np.array(levels_b, dtype=int)), 1)
    r = {kind: float(correlate(a[:, None], b[:, None], kind)[0][0, 0]) for kind in Kind}
    rank_moves = np.abs(ranks_a - ranks_b)[scored]
    return Comparison(
        before=before.label,
        after=after.label,
        shifts=tuple(sorted(shifts, key=_largest_first)),
        moves=moves,
        pearson=r[Kind.PEARSON],
        spearman=r[Kind.SPEARMAN],
        kendall=r[Kind.KENDALL],
        scored=int(scored.sum()),
        mean_difference=float((b - a)[scored].mean()) if scored.any() else np.nan,
        mean_shift=float(rank_moves.mean()) if scored.any() else np.nan,
        largest_shift=int(rank_moves.max(initial=0)),
        only_before=tuple(sorted(old.keys() - new.keys())),
        only_after=tuple(sorted(new.keys() - old.keys())),
        lost=tuple(u for k, u in enumerate(both) if np.isnan(b[k]) and not np.isnan(a[k])),
        gained=tuple(u for k, u in enumerate(both) if np.isnan(a[k]) and not np.isnan(b[k])),
    )


def _largest_first(s: Shift) -> tuple[bool, float, str]:
    return s.difference != s.difference, -round(abs(s.difference), DECIMALS), s.unit


class Course(StrEnum):
    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    SWINGING = "swinging"  # moves, but not one way
    UNKNOWN = "unknown"  # fewer than two dates with a score


@dataclass(frozen=True)
class Trending:
    """When a course counts as one.

    ``least``: change of the fitted line from the first to the last date with a score, in points; less is
    steady unless the scores themselves range over it. ``fit``: share of the variance that the line explains
    (0-1); where the scores range over ``least`` and the line explains less, the course is swinging.
    """

    least: float = 2.0
    fit: float = 0.5

    def __post_init__(self) -> None:
        if not (isfinite(self.least) and self.least > 0):
            raise RecipeError(f"least: found {self.least}, expected above 0", key="least")
        if not (isfinite(self.fit) and 0 <= self.fit <= 1):
            raise RecipeError(f"fit: found {self.fit}, expected 0 to 1", key="fit")


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


def trend(
    units: Sequence[str], times: Sequence[float], scores: Matrix, how: Trending | None = None
) -> tuple[Trend, ...]:
    """Least-squares line of each unit's scores (n_units, n_times) over ``times``; gaps are left out.

    Rule: fewer than two scores, unknown; else with D the change of the line over the unit's own dates and R
    the range of its scores: R < least, steady; R2 < fit, swinging; abs(D) < least, steady; else rising
    or falling by the sign of D. Raises ``RecipeError`` on times that repeat or shapes that do not fit.
    """
    how = how or Trending()
    scores = np.asarray(scores, dtype=np.float64)
    if scores.shape != (len(units), len(times)):
        raise RecipeError(f"scores are {scores.shape}, not {(len(units), len(times))}")
    when = np.asarray(times, dtype=np.float64)
    if not np.isfinite(when).all() or len(set(when.tolist())) != len(when):
        raise RecipeError("times must be numbers, each once", times=list(times))
    order = np.argsort(when)
    return tuple(_trend(u, when[order], row[order], how) for u, row in zip(units, scores, strict=True))


def _trend(unit: str, when: Column, row: Column, how: Trending) -> Trend:
    here = ~np.isnan(row)
    t, y = when[here], row[here]
    n = len(y)
    if n < 2:
        one = float(y[0]) if n else np.nan
        return Trend(unit, n, np.nan, np.nan, one, one, np.nan, Course.UNKNOWN)
    off_t, off_y = t - t.mean(), y - y.mean()
    slope = float((off_t @ off_y) / (off_t @ off_t))
    whole = float(off_y @ off_y)
    fit = 1.0 if whole == 0 else min(1.0, max(0.0, slope * float(off_t @ off_y) / whole))
    change, span = slope * float(t[-1] - t[0]), float(y.max() - y.min())
    course = Course.RISING if change > 0 else Course.FALLING
    if round(span, DECIMALS) < how.least:
        course = Course.STEADY
    elif round(fit, DECIMALS) < how.fit:
        course = Course.SWINGING
    elif round(abs(change), DECIMALS) < how.least:
        course = Course.STEADY
    return Trend(unit, n, slope, fit, float(y[0]), float(y[-1]), float(y[-1] - y[-2]), course)

"""7. What we expected against what happened: how good was the index at a vote that is over? (method 10)

The class was published before the vote; incidents came or did not. Nothing here changes a recipe: a
suggested cut-off is an argument for the next instrument, and two people publish that. Rates of few places
are shown with their interval, so that nobody reads three villages as a law.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import binomtest, norm, rankdata

from kondusif.errors import MissingAnswers, RecipeError
from kondusif.stages import LEVELS

MISS_COSTS = 5.0  # a place left at level 1 where it went wrong weighs as five raised for nothing [P]
SURE = 0.95
SEED = 1  # of the resampled elections
FEW_PLACES = 30  # [P] below this one place moves a rate by more than three points
FEW_HITS = 10  # [P] below this the ranking rests on single incidents


@dataclass(frozen=True, slots=True)
class Outcome:
    """One place after the vote: what was said of it, and the gravest thing that happened.

    ``score`` 0..100 and ``level`` 1..3 as published before the vote; ``severity`` 0 where nothing happened,
    else 1 (light) to 3 (grave); None where nobody reported, which is not the same as nothing.
    """

    place: str
    score: float
    level: int
    severity: int | None

    def __post_init__(self) -> None:
        if self.level not in LEVELS or not (isfinite(self.score) and 0 <= self.score <= 100):
            raise RecipeError(f"{self.place}: level is 1 to 3 and score 0 to 100", place=self.place)
        if self.severity is not None and self.severity not in (0, 1, 2, 3):
            raise RecipeError(f"{self.place}: severity is 0 to 3", place=self.place)


@dataclass(frozen=True, slots=True)
class Rate:
    """``hit`` of ``n`` places went wrong; ``low`` and ``high`` bound the rate at 95 % (Wilson)."""

    hit: int
    n: int
    low: float
    high: float

    @property
    def rate(self) -> float | None:
        return self.hit / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut-off that would have cost least, with what it would have changed.

    ``misses`` and ``alarms`` count places on the wrong side of it, beside those of the cut-off ``now``.
    ``low`` and ``high``: where it lies in 95 % of resampled elections. ``moved``: places that change side.
    """

    between: tuple[int, int]
    now: float
    suggested: float
    low: float
    high: float
    misses: int
    alarms: int
    misses_now: int
    alarms_now: int
    moved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the classes did. ``auc`` is None where all places ended alike: nothing can be ranked then.

    ``brier`` 0 (perfect) to 1: squared error of the incident rate of a place's class among the *other*
    places; ``brier_base`` the same without any class. ``skill`` = 1 - brier / brier_base: below 0 they were
    worse than nothing. ``missed``: level 1 and it went wrong, gravest first; ``quiet``: level 3 and calm.
    """

    places: int
    unknown: tuple[str, ...]
    by_level: dict[int, Rate]
    overall: Rate
    brier: float
    brier_base: float
    skill: float | None
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    missed: tuple[Outcome, ...]
    quiet: tuple[Outcome, ...]
    cuts: tuple[Cut, ...]


def calibrate(
    outcomes: Iterable[Outcome],
    cuts: tuple[float, float],
    *,
    resamples: int = 500,
) -> Calibration:
    """Class against incidents (method 10.1 to 10.4).

    ``cuts``: those in force. Places without a report stay out of every figure and are listed. Raises
    ``MissingAnswers`` when no place has both a score and a report, ``RecipeError`` on a place that stands
    twice.
    """
    rows = sorted(outcomes, key=lambda o: o.place)
    if twice := sorted({a.place for a, b in pairwise(rows) if a.place == b.place}):
        raise RecipeError(f"places stand twice: {', '.join(twice)}", places=twice)
    known = [o for o in rows if o.severity is not None]
    if not known:
        raise MissingAnswers("no_report")
    bad = np.array([bool(o.severity) for o in known])
    levels = np.array([o.level for o in known])
    scores = np.array([o.score for o in known])
    brier, base = _brier(bad, levels)
    area, low, high = auc(scores, bad)
    return Calibration(
        places=len(known),
        unknown=tuple(o.place for o in rows if o.severity is None),
        by_level={k: wilson(int(bad[levels == k].sum()), int((levels == k).sum())) for k in LEVELS},
        overall=wilson(int(bad.sum()), len(known)),
        brier=brier,
        brier_base=base,
        skill=1 - brier / base if base > 0 else None,
        auc=area,
        auc_low=low,
        auc_high=high,
        missed=tuple(sorted((o for o in known if o.level == 1 and o.severity), key=_gravest_first)),
        quiet=tuple(o for o in known if o.level == 3 and not o.severity),
        cuts=_cuts(known, cuts, resamples),
    )


def _gravest_first(o: Outcome) -> tuple[int, float]:
    return -(o.severity or 0), o.score


def wilson(hit: int, n: int) -> Rate:
    """Rate of ``hit`` in ``n`` with the 95 % interval of Wilson (1927); 0 to 1 where there is no place.

    >>> [round(x, 3) for x in (wilson(1, 10).low, wilson(1, 10).high)]
    [0.018, 0.404]
    """
    if n == 0:
        return Rate(0, 0, 0.0, 1.0)
    interval = binomtest(hit, n).proportion_ci(SURE, method="wilson")
    return Rate(hit, n, float(interval.low), float(interval.high))


def _brier(bad: NDArray[np.bool_], levels: NDArray[np.int64]) -> tuple[float, float]:
    """Brier (1950) of leave-one-out rates, by class and over all; (hits + 1/2) / (places + 1), Jeffreys."""

    def score(group: NDArray[np.int64]) -> float:
        others = np.bincount(group)[group] - 1
        hits = np.bincount(group, weights=bad)[group] - bad
        return float(np.mean(((hits + 0.5) / (others + 1) - bad) ** 2))

    return score(levels), score(np.zeros_like(levels))


def auc(
    scores: NDArray[np.float64], bad: NDArray[np.bool_]
) -> tuple[float | None, float | None, float | None]:
    """Chance that a place that went wrong scored above one that did not, ties half; 95 % after DeLong (1988).

    None where all ended alike. The interval is taken on the logit, so it stays within 0 to 1.

    >>> auc(np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, True, False, True]))[0]
    0.75
    """
    up, down = scores[bad], scores[~bad]
    m, n = len(up), len(down)
    if not m or not n:
        return None, None, None
    every = rankdata(np.concatenate([up, down]))
    area = (every[:m].sum() - m * (m + 1) / 2) / (m * n)
    v10 = (every[:m] - rankdata(up)) / n
    v01 = 1 - (every[m:] - rankdata(down)) / m
    variance = (v10.var(ddof=1) / m if m > 1 else 0.25 / m) + (v01.var(ddof=1) / n if n > 1 else 0.25 / n)
    if area in (0.0, 1.0) or variance == 0:  # a perfect ranking of few: bounded by the rule of three
        slack = min(1.0, 3 / min(m, n))
        return float(area), max(0.0, float(area) - slack), min(1.0, float(area) + slack)
    spread = norm.ppf(0.5 + SURE / 2) * sqrt(variance) / (area * (1 - area))
    low, high = expit([logit(area) - spread, logit(area) + spread])
    return float(area), float(low), float(high)


def _cuts(known: Sequence[Outcome], cuts: tuple[float, float], resamples: int) -> tuple[Cut, ...]:
    """For each cut-off, the one that had cost least: misses weigh ``MISS_COSTS`` alarms (method 10.4).

    Level 2 answers for any incident, level 3 for grave ones (2 and above). The second never lies below the
    first. None is suggested where fewer than two places lie on either side of what happened.
    """
    scores = np.array([o.score for o in known])
    found: list[Cut] = []
    for between, now, least in (((1, 2), cuts[0], 1), ((2, 3), cuts[1], 2)):
        bad = np.array([(o.severity or 0) >= least for o in known])
        if min(bad.sum(), (~bad).sum()) < 2:
            continue
        floor = found[0].suggested if found else 0.0
        best = max(_best(scores, bad, now), floor)
        rng = np.random.default_rng([SEED, least])
        picks = [rng.integers(0, len(known), len(known)) for _ in range(resamples)]
        mixed = [pick for pick in picks if 0 < bad[pick].sum() < len(pick)]
        drawn = [_best(scores[pick], bad[pick], now) for pick in mixed]
        low, high = np.quantile(drawn, [(1 - SURE) / 2, (1 + SURE) / 2]) if drawn else (best, best)
        side, side_now = scores >= best, scores >= now
        found.append(
            Cut(
                between=between,
                now=now,
                suggested=best,
                low=float(low),
                high=float(high),
                misses=int((bad & ~side).sum()),
                alarms=int((~bad & side).sum()),
                misses_now=int((bad & ~side_now).sum()),
                alarms_now=int((~bad & side_now).sum()),
                moved=tuple(o.place for o, moves in zip(known, side != side_now, strict=True) if moves),
            )
        )
    return tuple(found)


def _best(scores: NDArray[np.float64], bad: NDArray[np.bool_], now: float) -> float:
    """The cheapest cut-off, to 0.01: ``now`` where none is cheaper, else between two scores, nearest it."""
    seen = np.unique(scores)
    candidates = np.round(np.concatenate([[now], (seen[1:] + seen[:-1]) / 2]), 2)
    misses = np.searchsorted(np.sort(scores[bad]), candidates)
    calm = np.sort(scores[~bad])
    cost = MISS_COSTS * misses + (len(calm) - np.searchsorted(calm, candidates))
    order = np.lexsort((candidates, np.abs(candidates - now), cost))
    return float(candidates[order[0]])

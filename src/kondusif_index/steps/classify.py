"""A score to a class: half-open steps between cuts (method 8.11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from math import fsum, isfinite, sqrt
from typing import Literal

import jenkspy
import numpy as np
from numpy.typing import NDArray

from kondusif_index.errors import RecipeError
from kondusif_index.rounding import edges, rounded
from kondusif_index.settings import Settings, check
from kondusif_index.tree import Column, Matrix

MOST_SCORES = 2_000  # exact natural breaks take time that grows with the square of the number of scores


@dataclass(frozen=True, slots=True)
class Classing(Settings):
    """Where one class ends and the next begins.

    ``scheme``: ``fixed`` (``cuts``), ``mean_sd`` (mean + ``k`` times the standard deviation, n - 1),
    ``quantile`` (``shares`` of the units from the lowest class up, or ``count`` classes of equal share;
    linear between order statistics), ``natural`` (``count`` classes by Jenks' natural breaks), ``custom``
    (``edges``: label = lower edge, the lowest class with its own edge, below which nothing may lie).

    ``labels`` name the classes from the lowest up; without them they are 1, 2, ...
    """

    scheme: Literal["fixed", "mean_sd", "quantile", "natural", "custom"] = "fixed"
    cuts: tuple[float, ...] = ()
    k: tuple[float, ...] = (-1.5, -0.5, 0.5, 1.5)
    count: int = 3
    shares: tuple[float, ...] = ()
    edges: Mapping[str, float] = field(default_factory=dict)
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check(self)
        self._check_cuts()
        if self.labels and len(self.labels) != self.classes:
            raise RecipeError(f"labels: {len(self.labels)} for {self.classes} classes", key="labels")
        if self.labels and self.scheme == "custom":
            raise RecipeError("labels: custom classes take their labels from edges", key="labels")

    def _check_cuts(self) -> None:
        if self.scheme == "fixed" and not self.cuts:
            raise RecipeError("cuts: fixed classes need at least one cut", key="cuts")
        if self.scheme == "custom" and len(self.edges) < 2:
            raise RecipeError("edges: at least two classes, as label = lower edge", key="edges")
        _rising("cuts", self.cuts)
        _rising("k", self.k)
        _rising("edges", tuple(self.edges.values()))
        if not 2 <= self.count <= 20:
            raise RecipeError(f"count: {self.count} classes; 2 to 20", key="count")
        if self.shares and not (min(self.shares) > 0 and abs(fsum(self.shares) - 1) < 1e-9):
            raise RecipeError(f"shares: {list(self.shares)} must be above zero and sum to 1", key="shares")
        if self.scheme == "mean_sd" and not self.k:
            raise RecipeError("k: at least one multiple of the standard deviation", key="k")

    @property
    def classes(self) -> int:
        """How many classes there are."""
        match self.scheme:
            case "fixed":
                return len(self.cuts) + 1
            case "mean_sd":
                return len(self.k) + 1
            case "custom":
                return len(self.edges)
            case "quantile" if self.shares:
                return len(self.shares)
        return self.count

    @property
    def names(self) -> tuple[str, ...]:
        """Labels from the lowest class up."""
        return self.labels or tuple(self.edges) or tuple(str(k + 1) for k in range(self.classes))


@dataclass(frozen=True, slots=True)
class IndexFloor:
    """A floor: a raw value of ``item`` at or beyond ``at`` sets class ``level`` at least, whatever the score.

    ``above``: only beyond. ``below``: at or under ``at`` instead.
    """

    item: str
    at: float
    level: int
    above: bool = False
    below: bool = False

    def __post_init__(self) -> None:
        if self.level < 1:
            raise RecipeError(f"floor on {self.item}: level {self.level} is below 1", key="level")
        if self.above and self.below:
            raise RecipeError(f"floor on {self.item}: above or below, not both", key="above")

    def fires(self, answers: Column, at: float | Column | None = None) -> NDArray[np.bool_]:
        """Where an answer is at or beyond ``at``, by default the floor's own; never where it is missing."""
        limit = self.at if at is None else at
        if self.below:
            return np.asarray(answers <= limit)
        return np.asarray(answers > limit if self.above else answers >= limit)


def _rising(name: str, numbers: Sequence[float]) -> None:
    if not all(isfinite(x) for x in numbers) or any(a >= b for a, b in pairwise(numbers)):
        raise RecipeError(f"{name}: {list(numbers)} must rise from one to the next", key=name)


@dataclass(frozen=True)
class Classed:
    """``levels`` is ``(n_units,)``: 1 for the lowest class, 0 where there is no score.

    Class k holds the scores of ``[cuts[k-2], cuts[k-1])``, compared to 10 decimals, as ranks are.
    ``distance`` is how many points the score lies from the nearest cut (NaN without a score), ``nearest`` on
    which side that cut is: 1 above, -1 at or below the score, 0 without a score. Halfway, the cut above is
    the nearer.
    """

    levels: NDArray[np.int64]
    cuts: tuple[float, ...]
    labels: tuple[str, ...]
    distance: Column
    nearest: NDArray[np.int8]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Label of every unit; empty without a score."""
        return tuple(self.labels[level - 1] if level else "" for level in self.levels)

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """Units in each class, the lowest first; those without a score are in none."""
        return tuple(int((self.levels == k + 1).sum()) for k in range(len(self.labels)))


def classify(scores: Column, how: Classing) -> Classed:
    """Class of every score. Raises ``RecipeError`` when the scheme finds no cuts in these scores, or when a
    score lies below the lowest edge of custom classes.
    """
    scores = np.asarray(scores, dtype=np.float64)
    there = np.sort(rounded(scores[~np.isnan(scores)]))
    cuts = find_cuts(there, how)
    if how.scheme == "custom" and len(there) and there[0] < edges([low := next(iter(how.edges.values()))])[0]:
        raise RecipeError(
            f"edges: score {there[0]:g} lies below the lowest edge {low:g}", score=float(there[0])
        )
    levels = level_of(scores, cuts)
    if how.scheme == "mean_sd" and len(there) and there[0] == there[-1]:
        levels = np.where(levels > 0, 1 + sum(k <= 0 for k in how.k), 0)  # all equal: the class of the mean
    above = np.full(scores.shape, np.inf)
    below = np.full(scores.shape, np.inf)
    for cut, edge in zip(cuts, edges(cuts), strict=True):
        above = np.where(scores < edge, np.minimum(above, cut - scores), above)
        below = np.where(scores >= edge, np.minimum(below, np.maximum(scores - cut, 0.0)), below)
    distance = np.where(np.isnan(scores), np.nan, np.minimum(above, below))
    nearest = np.where(np.isnan(scores), 0, np.where(above <= below, 1, -1)).astype(np.int8)
    return Classed(levels, cuts, how.names, distance, nearest)


def level_of(scores: Matrix, cuts: Sequence[float]) -> NDArray[np.int64]:
    """1 plus the cuts at or below each score, compared to 10 decimals; 0 for NaN. Any shape.

    >>> level_of(np.array([19.9, 20.0 - 1e-14, np.nan]), (20.0, 40.0)).tolist()
    [1, 2, 0]
    """
    level = 1 + np.searchsorted(np.array(edges(cuts), dtype=np.float64), scores, side="right")
    return np.asarray(np.where(np.isnan(scores), 0, level), dtype=np.int64)


def find_cuts(there: Column, how: Classing) -> tuple[float, ...]:
    """Lower edges of classes 2, 3, ..., from the sorted scores that are there."""
    if how.scheme == "fixed":
        return how.cuts
    if how.scheme == "custom":
        return tuple(how.edges.values())[1:]
    if not len(there):
        raise RecipeError(f"classes: no score at all, so {how.scheme} finds no cut", scheme=how.scheme)
    if how.scheme == "mean_sd":
        mean = fsum(there) / len(there)
        sd = sqrt(fsum((there - mean) ** 2) / (len(there) - 1)) if there[0] < there[-1] else 0.0
        return tuple(mean + k * sd for k in how.k)
    if how.scheme == "quantile":
        shares = how.shares or (1 / how.count,) * how.count
        upto = [fsum(shares[: k + 1]) for k in range(len(shares) - 1)]
        return tuple(float(q) for q in np.quantile(there, upto))
    return _natural(there, how.count)


def _natural(there: Column, count: int) -> tuple[float, ...]:
    """Jenks' breaks; the cut is the lowest score of the upper class, so equal scores are never parted.

    Above ``MOST_SCORES`` scores the breaks are those of that many evenly spaced order statistics, each moved
    to the widest gap between its two neighbours.
    """
    different = np.unique(there)
    if len(different) < count:
        raise RecipeError(
            f"count: {count} natural classes, but only {len(different)} different scores; take fewer classes",
            count=count,
            different=len(different),
        )
    if len(different) == count:
        return tuple(float(x) for x in different[1:])
    sample = there
    if len(there) > MOST_SCORES:
        sample = there[np.linspace(0, len(there) - 1, MOST_SCORES).round().astype(np.intp)]
        if len(np.unique(sample)) < count:
            sample = different[np.linspace(0, len(different) - 1, count).round().astype(np.intp)]
    cuts = []
    for top in jenkspy.jenks_breaks(sample.tolist(), n_classes=count)[1:-1]:
        above = sample[np.searchsorted(sample, top, side="right")]
        between = different[(different >= top) & (different <= above)]
        cuts.append(float(between[1 + np.diff(between).argmax()]))
    return tuple(cuts)


FIRM = (0.90, 0.75)  # sure from, almost sure from; RULES 8 [P]


class Firmness(StrEnum):
    """A class in words (RULES 8). The last three are said where more is known of a class than its chance."""

    SURE = "pasti"
    ALMOST = "hampir_pasti"
    RISING = "di_ambang_naik"
    FALLING = "di_ambang_turun"
    UNKNOWN = "tanpa_kelas"  # no score, or the draws that failed hide the answer
    PROVISIONAL = "sementara"  # too little is answered
    FLOOR = "lantai"  # a floor set it, the score alone would be lower
    STEADY = "tetap"  # far from every cut-off, where no chance was computed


def firmness(
    probability: Sequence[float] | Column, level: int, unknown: float = 0.0, firm: tuple[float, float] = FIRM
) -> Firmness:
    """Words for a class of which ``probability`` (by class, the lowest first) is known.

    ``firm``: from where on it is sure, and from where on almost; below, the likelier neighbour, the higher
    when both are as likely. ``level`` 0 has no class; nor is anything said where the draws that failed, the
    share ``unknown``, could have decided.

    >>> firmness((0.06, 0.94), 2)
    <Firmness.SURE: 'pasti'>
    >>> firmness((0.2, 0.7, 0.1), 2)
    <Firmness.FALLING: 'di_ambang_turun'>
    """
    if level == 0:
        return Firmness.UNKNOWN
    sure, almost = firm
    own = float(probability[level - 1])
    if own >= sure:
        return Firmness.SURE
    if own >= almost:
        return Firmness.ALMOST
    above, below = float(np.sum(probability[level:])), float(np.sum(probability[: level - 1]))
    if own + unknown >= almost or above + below == 0:
        return Firmness.UNKNOWN
    return Firmness.RISING if above >= below else Firmness.FALLING

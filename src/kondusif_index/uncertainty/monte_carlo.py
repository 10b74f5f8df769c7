"""How firm a score, a rank and a class are, by a joint Monte Carlo (method 8.13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kondusif_index.blocks import THREADS, in_threads
from kondusif_index.errors import RecipeError
from kondusif_index.pipeline import Build
from kondusif_index.rounding import DECIMALS, edges
from kondusif_index.steps.classify import Firmness, firmness
from kondusif_index.tree import Column, Matrix
from kondusif_index.uncertainty.perturbation import WeightDraws
from kondusif_index.uncertainty.rescorer import Rescorer, nominal_levels

Ranks = NDArray[np.int32]


@dataclass(frozen=True)
class MonteCarlo:
    """All draws of one run. Arrays of units are in the order of ``units``.

    ``scores`` ``(draws, n_units)``, NaN where a draw failed; ``nominal`` and ``nominal_class`` those of the
    build, floors counted; ``cuts`` the lower edges of classes 2, 3, ... (half-open), empty without classes;
    ``floors`` ``(draws, n_units)`` the class that the floors set at least, 0 for none; None without floors;
    ``reasons`` why draws failed, in pairs of unit and draw.
    """

    units: tuple[str, ...]
    scores: Matrix
    nominal: Column
    nominal_class: NDArray[np.int64]
    cuts: tuple[float, ...]
    quantiles: tuple[float, ...]
    reasons: Mapping[str, int]
    floors: NDArray[np.int8] | None = None

    @property
    def draws(self) -> int:
        return len(self.scores)

    @cached_property
    def failed(self) -> NDArray[np.int64]:
        """Draws without a score, of each unit; they are in no mean and no quantile, but in every share."""
        return np.asarray(np.isnan(self.scores).sum(axis=0), dtype=np.int64)

    @cached_property
    def mean(self) -> Column:
        return _mean(self.scores)

    @cached_property
    def sd(self) -> Column:
        """With n - 1; NaN with fewer than two scores."""
        return _sd(self.scores)

    @cached_property
    def bands(self) -> Matrix:
        """``quantiles`` of each unit's scores, ``(n_quantiles, n_units)``, linear between scores."""
        return _quantiles(self.scores, self.quantiles)

    @property
    def outer_band(self) -> tuple[Column, Column]:
        """Lowest and highest of ``bands``; NaN with fewer than two quantiles."""
        if len(self.quantiles) < 2:
            return np.full(len(self.units), np.nan), np.full(len(self.units), np.nan)
        return self.bands[0], self.bands[-1]

    @cached_property
    def ranks(self) -> Ranks:
        """Rank of every unit in every draw, 1 the highest score, equal scores the better rank; 0 failed."""
        return ranks(self.scores)

    @cached_property
    def nominal_rank(self) -> Ranks:
        return np.asarray(ranks(self.nominal[None, :])[0])

    @cached_property
    def mean_rank(self) -> Column:
        return _mean(self._known_ranks)

    @cached_property
    def rank_bands(self) -> Matrix:
        """``quantiles`` of each unit's ranks, ``(n_quantiles, n_units)``."""
        return _quantiles(self._known_ranks, self.quantiles)

    @cached_property
    def _known_ranks(self) -> Matrix:
        return np.where(self.ranks > 0, self.ranks, np.nan)

    @cached_property
    def class_probability(self) -> Matrix:
        """``(n_units, n_classes)``, the lowest first: shares of ALL draws; with ``unknown`` they sum to 1."""
        reached = [self._reaching(level) for level in range(1, len(self.cuts) + 2)]
        reached.append(np.zeros(len(self.units), dtype=np.int64))
        return np.column_stack([a - b for a, b in pairwise(reached)]) / self.draws

    def _reaching(self, level: int) -> NDArray[np.int64]:
        """Draws of each unit in this class or a higher one, by score or by a floor."""
        hit = ~np.isnan(self.scores) if level == 1 else self.scores >= edges(self.cuts)[level - 2]
        if self.floors is not None:
            hit |= self.floors >= level
        return np.asarray(hit.sum(axis=0), dtype=np.int64)

    @cached_property
    def unknown(self) -> Column:
        """Share of draws without a class: without a score, and without a floor that fired."""
        return np.asarray((self.draws - self._reaching(1)) / self.draws)

    @cached_property
    def firmness(self) -> tuple[Firmness, ...]:
        """Of the nominal class of each unit."""
        return tuple(
            firmness(p, int(level), float(lost))
            for p, level, lost in zip(self.class_probability, self.nominal_class, self.unknown, strict=True)
        )


def monte_carlo(built: Build, weights: WeightDraws | None = None, threads: int = THREADS) -> MonteCarlo:
    """The joint Monte Carlo that the recipe asks for: weights, scale, missing values and answers vary.

    Every draw runs the recipe's own steps on the units that the build kept; where those are all linear, in
    one sweep. ``weights``: the table of ``uncertainty.weights`` of method given, a row for each draw. Memory:
    8 bytes per unit and draw, and 4 more once ranks are asked. Raises ``RecipeError`` where the recipe asks
    for none, or the table does not fit.
    """
    how = built.recipe.uncertainty
    if how is None:
        raise RecipeError("the recipe asks for no uncertainty: write [uncertainty]", key="uncertainty")
    if how.weights.method == "given" and weights is None:
        raise RecipeError("uncertainty.weights.file: name the table of draws", key="uncertainty.weights.file")
    if weights is not None and how.draws > len(weights.values):
        raise RecipeError(f"draws: {how.draws}, but the table of weights has {len(weights.values)}")
    rescorer = Rescorer(built, how, weights)
    drawn = rescorer.draw(threads)
    return MonteCarlo(
        built.units,
        drawn.scores,
        built.score,
        nominal_levels(built),
        rescorer.cuts,
        how.quantiles,
        drawn.reasons,
        drawn.floors,
    )


def ranks(scores: Matrix, threads: int = THREADS) -> Ranks:
    """Rank of each score in its row, 1 the highest, equal ones the better; 0 for NaN.

    Scores are rounded to 10 decimals first, so that rounding noise parts nobody.

    >>> ranks(np.array([[3.0, 9.0, 3.0, np.nan]])).tolist()
    [[2, 1, 2, 0]]
    """
    draws, n = scores.shape
    out = np.zeros((draws, n), dtype=np.int32)
    size = max(1, (1 << 16) // max(n, 1))

    def work(block: int) -> None:
        part = np.round(scores[block * size : (block + 1) * size], DECIMALS)
        order = part.argsort(axis=1)
        rising = np.take_along_axis(part, order, axis=1)
        known = n - np.isnan(part).sum(axis=1)
        # place of the last score equal to this one: the next change, carried back
        end = np.full(part.shape, n - 1, dtype=np.int32)
        place = np.arange(n - 1, dtype=np.int32)
        np.copyto(end[:, :-1], place, where=rising[:, :-1] != rising[:, 1:])
        end = np.minimum.accumulate(end[:, ::-1], axis=1)[:, ::-1]
        found = (known[:, None] - end).astype(np.int32)
        found[np.isnan(rising)] = 0
        np.put_along_axis(out[block * size : (block + 1) * size], order, found, axis=1)

    in_threads(-(-draws // size), work, threads if scores.size >= 1 << 16 else 1)
    return out


def _mean(x: Matrix) -> Column:
    """Of each column over what is there, never outside of it; NaN where nothing is."""
    known = ~np.isnan(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(known, x, 0.0).sum(axis=0) / known.sum(axis=0)
        return np.asarray(np.clip(found, np.fmin.reduce(x, axis=0), np.fmax.reduce(x, axis=0)))


def _sd(x: Matrix) -> Column:
    known = ~np.isnan(x)
    away = np.where(known, x - _mean(x), 0.0)
    n = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(n > 1, np.sqrt((away**2).sum(axis=0) / (n - 1)), np.nan))


def _quantiles(x: Matrix, shares: Sequence[float]) -> Matrix:
    """Of each column over what is there; NaN where nothing is."""
    rising = np.sort(np.ascontiguousarray(x.T), axis=1)  # NaN last
    known = (~np.isnan(rising)).sum(axis=1)
    out = np.full((len(shares), len(rising)), np.nan)
    row = np.arange(len(rising))
    for k, share in enumerate(shares):
        place = share * np.maximum(known - 1, 0)
        low = np.floor(place).astype(np.intp)
        a, b = rising[row, low], rising[row, np.minimum(low + 1, np.maximum(known - 1, 0))]
        out[k] = a + (b - a) * (place - low)
    return out

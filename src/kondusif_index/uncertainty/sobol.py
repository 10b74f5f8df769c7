"""What drives an index: Sobol indices of first and total order with confidence (method 8.14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import qmc

from kondusif_index.blocks import THREADS, in_threads
from kondusif_index.errors import RecipeError
from kondusif_index.pipeline import Build
from kondusif_index.steps.classify import level_of
from kondusif_index.tree import Column, Matrix
from kondusif_index.uncertainty.monte_carlo import ranks
from kondusif_index.uncertainty.perturbation import Sobol
from kondusif_index.uncertainty.rescorer import Rescorer, nominal_levels
from kondusif_index.uncertainty.weights import Family, Sums, climb, leaf_sums, top_of


@dataclass(frozen=True)
class Indices:
    """Per factor ``(d,)``: ``first`` and ``total`` order, and the ends of their intervals ``(2, d)``.

    ``variance`` is that of the output (n - 1, over both base samples), ``failed`` how many rows of the sample
    were left out because some run of theirs gave no number. Where the output does not vary all indices are 0.
    """

    names: tuple[str, ...]
    first: Column
    total: Column
    first_interval: Matrix
    total_interval: Matrix
    variance: float
    size: int
    failed: int


def samples(d: int, size: int, seed: int) -> tuple[Matrix, Matrix]:
    """The base samples A and B, ``(size, d)`` in [0, 1).

    They are halves of one scrambled Sobol sequence in 2 d dimensions (Joe and Kuo 2008).
    """
    sequence = qmc.Sobol(2 * d, scramble=True, rng=np.random.default_rng(seed))
    base = sequence.random_base2((size - 1).bit_length())[:size]
    return base[:, :d], base[:, d:]


def spread_out(a: Matrix, b: Matrix) -> Matrix:
    """The whole design ``(size * (d + 2), d)``: A, B, then A with column j taken from B, j = 1..d."""
    mixed = np.repeat(a[None, :, :], a.shape[1], axis=0)
    for j in range(a.shape[1]):
        mixed[j, :, j] = b[:, j]
    return np.vstack([a, b, mixed.reshape(-1, a.shape[1])])


def estimate(y: Column, d: int, how: Sobol, names: Sequence[str] = ()) -> Indices:
    """Indices from the outputs ``(size * (d + 2),)`` of a design as ``spread_out`` orders it (method 8.14).

    Raises ``RecipeError`` when the number of outputs does not fit, or fewer than two rows are complete.
    """
    y = np.asarray(y, dtype=np.float64)
    size = len(y) // (d + 2)
    if d < 1 or size * (d + 2) != len(y):
        raise RecipeError(f"{len(y)} outputs do not fit {d} factors; expected a multiple of {d + 2}")
    rows = y.reshape(d + 2, size)
    known = np.isfinite(rows).all(axis=0)
    rows = rows[:, known]
    n = rows.shape[1]
    if n < 2:
        raise RecipeError(f"only {n} of {size} rows of the sample gave numbers", failed=size - n)
    once = np.ones((1, n))
    first, total, variance = _indices(rows, once, how.estimator)
    rng = np.random.default_rng(how.seed)
    counts = np.stack([np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(how.resamples)])
    firsts, totals, _ = _indices(rows, counts.astype(np.float64), how.estimator)
    ends = [(1 - how.confidence) / 2, (1 + how.confidence) / 2]
    return Indices(
        tuple(names) or tuple(f"x{j + 1}" for j in range(d)),
        first[0],
        total[0],
        np.quantile(firsts, ends, axis=0),
        np.quantile(totals, ends, axis=0),
        float(variance[0]),
        size,
        size - n,
    )


def _indices(rows: Matrix, counts: Matrix, estimator: str) -> tuple[Matrix, Matrix, Column]:
    """First and total order ``(resamples, d)`` and variance, each row of the sample ``counts`` times."""
    a, b, mixed = rows[0], rows[1], rows[2:]
    n = rows.shape[1]
    middle = (a.mean() + b.mean()) / 2  # squares about it: no digits are lost
    around, square = (a - middle) + (b - middle), (a - middle) ** 2 + (b - middle) ** 2
    variance = (counts @ square - (counts @ around) ** 2 / (2 * n)) / (2 * n - 1)
    if estimator == "jansen":
        top = variance[:, None] - counts @ ((b - mixed) ** 2).T / (2 * n)
    else:
        top = counts @ (b * (mixed - a)).T / n
    whole = counts @ ((a - mixed) ** 2).T / (2 * n)
    flat = ~(variance > 0)
    share = np.where(flat, 1.0, variance)[:, None]
    return (
        np.where(flat[:, None], 0.0, top / share),
        np.where(flat[:, None], 0.0, whole / share),
        np.asarray(variance),
    )


CHUNK, CELLS = 64, 1 << 20  # rows of the sample at once: so many, unless their columns outgrow 8 MB
EDGE = 1e-9  # a factor of exactly 0 or 1 would be an error without end

Cube = NDArray[np.float64]  # (rows of the sample, indicators, units)


def drivers(built: Build, threads: int = THREADS) -> Indices:
    """Indices of every indicator's weight, common error, or both, named ``weight:CODE`` and ``noise:CODE``.

    Every run goes through the recipe's own steps; where those are all linear, by what changes alone. Units
    without a score in the build take no part; a run in which any other loses its score, or that is refused,
    is a failed one. Raises ``RecipeError`` where the recipe asks for none.
    """
    runs = SobolRuns(built)
    d, how = len(runs.names), runs.how
    a, b = samples(d, how.size, how.seed)
    size = max(1, min(CHUNK, CELLS // max(runs.rescorer.answers.values.size, 1)))
    y: Matrix = np.empty((d + 2, how.size))

    def work(k: int) -> None:
        part = slice(k * size, (k + 1) * size)
        y[:, part] = runs.outputs(a[part], b[part])

    in_threads(-(-how.size // size), work, threads)
    return estimate(y.ravel(), d, how, runs.names)


class SobolRuns:
    """Factors of a build, what a row of the sample makes of them, and the one number that a run gives.

    ``names`` of the factors, ``weight:CODE`` then ``noise:CODE``; ``factors`` their kind, the row of the
    indicator in the answers and its node in the weights.
    """

    def __init__(self, built: Build) -> None:
        how = built.recipe.sobol
        if how is None:
            raise RecipeError("the recipe asks for no drivers: write [sobol]", key="sobol")
        if how.output == "class_change" and built.classed is None:
            raise RecipeError("output: class_change needs cuts")
        if how.output == "score" and how.unit not in built.units:
            raise RecipeError(f"unit: no such unit: {how.unit}", unit=how.unit)
        self.how, self.rescorer = how, Rescorer(built)
        answers, sampler = self.rescorer.answers, self.rescorer.sampler
        codes = sorted(answers.codes)
        self.rows = [answers.codes.index(c) for c in codes]
        self.nodes = [sampler.codes.index(c) for c in codes]
        kinds = ("weight", "noise") if how.factors == "both" else (how.factors.removesuffix("s"),)
        self.names = [f"{kind}:{c}" for kind in kinds for c in codes]
        places = list(zip(self.rows, self.nodes, strict=True))
        self.factors = [(kind, row, node) for kind in kinds for row, node in places]
        self.known = np.flatnonzero(~np.isnan(self.rescorer.nominal))
        if how.output != "score" and not len(self.known):
            raise RecipeError("no unit has a score, so there is no rank or class to change")
        self.nominal_ranks = ranks(self.rescorer.nominal[None, self.known])[0]
        self.nominal_levels = nominal_levels(built)[self.rescorer.order][self.known]
        self.present = np.ones((len(codes), 1)) if answers.present is None else answers.present
        self.families = sampler.families
        self.paths = _paths(sampler.families)

    def outputs(self, a: Matrix, b: Matrix) -> Matrix:
        """``(factors + 2, rows)``: of A, of B, then of A with each factor from B."""
        return self._by_steps(a, b) if self.rescorer.linear[0] is None else self._by_sums(a, b)

    def _by_steps(self, a: Matrix, b: Matrix) -> Matrix:
        """Every run through the recipe's steps."""
        sample = spread_out(a, b)
        weights, off = self._weights(sample), self._errors(sample)
        failures: Counter[str] = Counter()
        scores = np.empty((len(sample), len(self.rescorer.units)))
        for k, row in enumerate(scores):
            row[:] = self.rescorer.by_steps(self.rescorer.shifted(off[k]), weights[k], failures)
        floors = self._floors(off)
        return self._output(scores, weights, floors).reshape(-1, len(a))

    def _by_sums(self, a: Matrix, b: Matrix) -> Matrix:
        """Runs by the sums that change; the number of threads changes no bit."""
        weights, others, off, other_off = self._weights(a), self._weights(b), self._errors(a), self._errors(b)
        z, columns = self._columns(off), self._columns(other_off)
        floors, other_floors = self._floors(off), self._floors(other_off)
        sums = [leaf_sums(family, weights, z, self.present) for family in self.families]
        means = climb(self.families, weights, sums)
        sums_b = [leaf_sums(family, others, columns, self.present) for family in self.families]
        top_b = top_of(climb(self.families, others, sums_b))
        out = [self._output(top_of(means), weights, floors), self._output(top_b, others, other_floors)]
        for kind, row, node in self.factors:
            path = self.paths[row]
            home, changed, lifted, some = path[0], weights, floors, list(sums)
            if kind == "weight":
                changed = weights.copy()
                changed[:, node] = others[:, node]
                some[home] = self._reweighted(
                    home, row, sums[home], changed, changed[:, node] - weights[:, node], z
                )
            else:
                moved = weights[:, node, None] * (columns[:, row] - z[:, row])
                some[home] = sums[home]._replace(top=sums[home].top + moved)
                lifted = self._mixed(floors, other_floors, row)
            top = top_of(climb(self.families, changed, some, means, path))
            out.append(self._output(top, changed, lifted))
        return np.array(out)

    def _reweighted(self, home: int, row: int, old: Sums, weights: Matrix, more: Column, z: Cube) -> Sums:
        """Sums of a family once an indicator weighs ``more``."""
        count = old.counted
        if count is not None:
            count = leaf_sums(self.families[home], weights, z, self.present).counted
        return Sums(old.top + more[:, None] * z[:, row], old.left + more[:, None] * self.present[row], count)

    def _weights(self, sample: Matrix) -> Matrix:
        weights = np.repeat(self.rescorer.sampler.given[None, :], len(sample), axis=0)
        if self.how.factors != "noise":
            share = sample[:, : len(self.nodes)]
            weights[:, self.nodes] *= 1.0 + self.how.spread * (2.0 * share - 1.0)
        return weights

    def _errors(self, sample: Matrix) -> Matrix:
        """By how much of its range every answer of an indicator is off, ``(rows, indicators)``."""
        off = np.zeros((len(sample), len(self.rows)))
        if self.how.factors != "weights":
            off[:, self.rows] = self.how.sd * ndtri(np.clip(sample[:, -len(self.rows) :], EDGE, 1 - EDGE))
        return off

    def _varying(self, off: Matrix) -> Matrix:
        """One row for all where no answer is off."""
        return off[:1] if self.how.factors == "weights" else off

    def _columns(self, off: Matrix) -> Cube:
        """Normalised answers, 0 where missing."""
        return np.stack([self.rescorer.normalised(one) for one in self._varying(off)])

    def _floors(self, off: Matrix) -> Cube | None:
        """Class that floors set at least, ``(rows, items, units)``, where the output asks for classes."""
        floors = self.rescorer.floors
        if floors is None or self.how.output != "class_change":
            return None
        return np.stack([floors.by_item(self.rescorer.shifted(one)) for one in self._varying(off)])

    def _mixed(self, floors: Cube | None, others: Cube | None, row: int) -> Cube | None:
        """``floors``, those on the indicator of ``row`` taken from ``others``."""
        if floors is None or others is None or self.rescorer.floors is None:
            return None
        code = self.rescorer.answers.codes[row]
        mine = np.array([item == code for item in self.rescorer.floors.items])
        return np.where(mine[:, None], others, floors)

    def _output(self, scores: Matrix, weights: Matrix, floors: Cube | None) -> Column:
        """One number for each row of ``scores`` ``(rows, units)``; NaN where the run failed."""
        for _, bad in self.rescorer.sampler.without_weight(weights):
            scores[bad] = np.nan
        scores = self.rescorer.snapped(scores)
        if self.how.output == "score":
            return np.asarray(scores[:, self.rescorer.units.index(self.how.unit)])
        scores = scores[:, self.known]
        lost = np.isnan(scores).any(axis=1)
        if self.how.output == "rank_shift":
            found = np.abs(ranks(scores, 1) - self.nominal_ranks).mean(axis=1)
        else:
            levels = level_of(scores, self.rescorer.cuts)
            if floors is not None:
                levels = np.maximum(levels, floors.max(axis=1)[:, self.known])
            found = (levels != self.nominal_levels).mean(axis=1)
        return np.asarray(np.where(lost, np.nan, found))


def _paths(families: Sequence[Family]) -> dict[int, list[int]]:
    """Of the row of every indicator: places of the families above it, the lowest first."""
    above = {int(child): f for f, family in enumerate(families) for child in family.below}
    found: dict[int, list[int]] = {}
    for f, family in enumerate(families):
        path = [f]
        while path[-1] in above:
            path.append(above[path[-1]])
        found |= {int(row): path for row in family.rows}
    return found

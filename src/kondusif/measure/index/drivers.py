"""Which indicators' weights and errors drive an index: Sobol over a tree (method 8.14).

A run of the design that takes one factor from B differs from its run of A in one weight or one column of
answers. Only the sums above that indicator are made anew, for all rows of a chunk at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from kondusif.errors import RecipeError
from kondusif.measure.index.blocks import THREADS, in_threads
from kondusif.measure.index.data import Data
from kondusif.measure.index.draws import Shaker
from kondusif.measure.index.lines import Normaliser
from kondusif.measure.index.reweigh import Family
from kondusif.measure.index.shaking import AnswerNoise, Shaking, WeightNoise
from kondusif.measure.index.sobol import Indices, Sobol, read, samples
from kondusif.measure.index.tree import Column, Matrix, Tree
from kondusif.measure.index.uncertainty import ranks

EDGE = 1e-9  # a factor of exactly 0 or 1 would be an error without end
CHUNK, CELLS = 64, 1 << 20  # rows of the sample at once: so many, unless their columns outgrow 8 MB

Cube = NDArray[np.float64]  # (rows of the sample, indicators, units)


def drivers(
    data: Data,
    tree: Tree,
    how: Sobol,
    normal: Normaliser,
    *,
    cuts: Sequence[float] = (),
    least: float | Mapping[str, float] = 0.0,
    threads: int = THREADS,
) -> Indices:
    """Indices of every indicator's weight, common error, or both, named ``weight:CODE`` and ``noise:CODE``.

    ``data`` holds raw answers; missing ones are reweighted. ``normal`` must be linear and the aggregation
    arithmetic; for any other chain hand a function of your own to ``sobol``. Units without a nominal score
    take no part; a run in which any other loses its score is a failed one.
    """
    if how.output == "class_change" and not cuts:
        raise RecipeError("output: class_change needs cuts")
    if how.output == "score" and how.unit not in data.units:
        raise RecipeError(f"unit: no such unit: {how.unit}", unit=how.unit)
    noise = AnswerNoise(0.0, 0.0)
    shaker = Shaker(data, tree, Shaking(1, noise=noise, weights=WeightNoise("none")), normal, least=least)
    runs = _Runs(shaker, how, cuts)
    a, b = samples(len(runs.names), how.size, how.seed)
    size = max(1, min(CHUNK, CELLS // max(shaker.answers.values.size, 1)))
    y = np.empty((len(runs.names) + 2, how.size))

    def work(k: int) -> None:
        part = slice(k * size, (k + 1) * size)
        y[:, part] = runs.outputs(a[part], b[part])

    in_threads(-(-how.size // size), work, threads)
    return read(y.ravel(), len(runs.names), how, runs.names)


@dataclass(frozen=True)
class _Sums:
    """One family in every run: weighted sum of what is there, weight left, children there, score, is there.

    ``(runs, units)`` each; one column stands for all units where nothing is missing.
    """

    top: Matrix
    left: Matrix
    count: Matrix
    score: Matrix
    there: Matrix


class _Runs:
    """The design's runs. Arithmetic is by element: neither chunk nor thread changes a bit."""

    def __init__(self, shaker: Shaker, how: Sobol, cuts: Sequence[float]) -> None:
        self.shaker, self.how = shaker, how
        weigher, answers = shaker.weigher, shaker.answers
        self.families = weigher.families
        self.present = np.ones((len(answers.codes), 1)) if answers.present is None else answers.present
        row = {c: k for k, c in enumerate(answers.codes)}
        node = {c: k for k, c in enumerate(weigher.codes)}
        codes = sorted(row)
        self.rows, self.nodes = [row[c] for c in codes], [node[c] for c in codes]
        kinds = {"both": ("weight", "noise")}.get(how.factors, (how.factors.removesuffix("s"),))
        self.names = [f"{kind}:{c}" for kind in kinds for c in codes]
        self.factors = [(kind, row[c], node[c]) for kind in kinds for c in codes]
        self.home = {int(r): f for f, family in enumerate(self.families) for r in family.rows}
        self.above = {
            int(child): (f, k)
            for f, family in enumerate(self.families)
            for k, child in enumerate(family.below)
        }
        nominal = shaker.nominal()[shaker.rows]
        self.known = np.flatnonzero(~np.isnan(nominal))
        self.nominal_ranks = ranks(nominal[None, self.known])[0]
        self.cuts = np.array(cuts, dtype=np.float64)
        self.levels = np.searchsorted(self.cuts, nominal[self.known], side="right")
        if how.unit:
            self.unit = shaker.data.units.index(how.unit)

    def outputs(self, a: Matrix, b: Matrix) -> Matrix:
        """``(factors + 2, runs)``: of A, of B, then of A with each factor from B."""
        weights, z = self._weights(a), self._columns(a)
        others, columns = self._weights(b), z if self.how.factors == "weights" else self._columns(b)
        sums = self._upward(weights, z)
        out = [self._output(sums, weights), self._output(self._upward(others, columns), others)]
        for kind, row, node in self.factors:
            w = weights[:, node, None]
            if kind == "weight":
                more = others[:, node, None] - w
                changed = weights.copy()
                changed[:, node] = others[:, node]
                out.append(self._output(self._anew(sums, row, weights, more * z[:, row], more), changed))
            else:
                off = columns[:, row] - z[:, row]
                out.append(self._output(self._anew(sums, row, weights, w * off), weights))
        return np.array(out)

    def _weights(self, sample: Matrix) -> Matrix:
        weights = np.repeat(self.shaker.weigher.given[None, :], len(sample), axis=0)
        if self.how.factors != "noise":
            share = sample[:, : len(self.nodes)]
            weights[:, self.nodes] *= 1.0 + self.how.spread * (2.0 * share - 1.0)
        return weights

    def _columns(self, sample: Matrix) -> Cube:
        """Normalised answers, 0 where missing."""
        if self.how.factors == "weights":
            return self.shaker.normalised()[None]
        off = np.zeros((len(sample), len(self.rows)))
        error = ndtri(np.clip(sample[:, -len(self.rows) :], EDGE, 1 - EDGE))
        off[:, self.rows] = self.how.sd * error
        return np.stack([self.shaker.normalised(one) for one in off])

    def _upward(self, weights: Matrix, z: Cube) -> list[_Sums]:
        """Every family's sums, in the order of ``families``: from the indicators up."""
        found: list[_Sums] = []
        for family in self.families:
            w = weights[:, family.nodes, None]
            top, left, count = np.zeros((len(w), 1)), np.zeros((len(w), 1)), np.zeros((1, 1))
            for k, row in enumerate(family.rows):
                top = top + w[:, k] * z[:, row]
                left = left + w[:, k] * self.present[row]
                count = count + family.due[k] * self.present[row]
            for k, child in enumerate(family.below, family.rows.size):
                top = top + w[:, k] * found[child].score
                left = left + w[:, k] * found[child].there
                count = count + family.due[k] * found[child].there
            found.append(_settled(family, top, left, count))
        return found

    def _anew(
        self, sums: list[_Sums], row: int, weights: Matrix, top: Matrix, left: Matrix | None = None
    ) -> list[_Sums]:
        """``sums`` once an indicator adds ``top`` to its family's sum and ``left`` to the weight there."""
        f = self.home[row]
        old, new = sums[f], list(sums)
        weight = old.left if left is None else old.left + left * self.present[row]
        new[f] = _settled(self.families[f], old.top + top, weight, old.count)
        while f in self.above:
            child, (f, k) = f, self.above[f]
            family, old = self.families[f], sums[f]
            place = family.rows.size + k
            w = weights[:, family.nodes[place], None]
            above = old.top + w * (new[child].score - sums[child].score)
            weight, count = old.left, old.count
            moved = new[child].there - sums[child].there
            if moved.any():
                weight, count = weight + w * moved, count + family.due[place] * moved
            new[f] = _settled(family, above, weight, count)
        return new

    def _output(self, sums: list[_Sums], weights: Matrix) -> Column:
        there = np.broadcast_to(sums[-1].there, sums[-1].score.shape) > 0
        scores = np.where(there, sums[-1].score, np.nan)
        for _, bad in self.shaker.weigher.without_weight(weights):
            scores[bad] = np.nan
        if self.how.output == "score":
            return np.asarray(scores[:, self.unit])
        scores = scores[:, self.known]
        lost = np.isnan(scores).any(axis=1)
        if self.how.output == "rank_shift":
            found = np.abs(ranks(scores, 1) - self.nominal_ranks).mean(axis=1)
        else:
            found = (np.searchsorted(self.cuts, scores, side="right") != self.levels).mean(axis=1)
        return np.where(lost, np.nan, found)


def _settled(family: Family, top: Matrix, left: Matrix, count: Matrix) -> _Sums:
    """The score where enough is there, else 0."""
    enough = left > 0
    if family.least > 0:
        enough = enough & ~(count / family.due.sum() < family.least)
    score = np.zeros(top.shape)
    np.divide(top, left, out=score, where=enough)
    return _Sums(top, left, count, score, enough.astype(np.float64))

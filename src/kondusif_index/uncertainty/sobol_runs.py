"""The runs of a Sobol design over a tree: by the sums that change, or step by step (method 8.14)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from kondusif_index.tree import Column, Matrix
from kondusif_index.uncertainty.draws import Shaker
from kondusif_index.uncertainty.monte_carlo import ranks
from kondusif_index.uncertainty.sobol import Sobol, spread_out
from kondusif_index.uncertainty.weights import Family

EDGE = 1e-9  # a factor of exactly 0 or 1 would be an error without end

Cube = NDArray[np.float64]  # (rows of the sample, indicators, units)


class Runs(ABC):
    """Factors of a tree, what a row of the sample makes of them, and the one number that a run gives.

    ``names`` of the factors, ``weight:CODE`` then ``noise:CODE``; ``factors`` their kind, the row of the
    indicator in the data and its node in the weights.
    """

    def __init__(self, shaker: Shaker, how: Sobol, cuts: Sequence[float]) -> None:
        self.shaker, self.how = shaker, how
        row = {c: k for k, c in enumerate(shaker.answers.codes)}
        node = {c: k for k, c in enumerate(shaker.weigher.codes)}
        codes = sorted(row)
        self.rows, self.nodes = [row[c] for c in codes], [node[c] for c in codes]
        kinds = {"both": ("weight", "noise")}.get(how.factors, (how.factors.removesuffix("s"),))
        self.names = [f"{kind}:{c}" for kind in kinds for c in codes]
        self.factors = [(kind, row[c], node[c]) for kind in kinds for c in codes]
        nominal = shaker.nominal()[shaker.rows]
        self.known = np.flatnonzero(~np.isnan(nominal))
        self.nominal_ranks = ranks(nominal[None, self.known])[0]
        self.cuts = np.array(cuts, dtype=np.float64)
        self.levels = np.searchsorted(self.cuts, nominal[self.known], side="right")
        if how.unit:
            self.unit = shaker.data.units.index(how.unit)

    @abstractmethod
    def outputs(self, a: Matrix, b: Matrix) -> Matrix:
        """``(factors + 2, rows)``: of A, of B, then of A with each factor from B."""

    def weights(self, sample: Matrix) -> Matrix:
        weights = np.repeat(self.shaker.weigher.given[None, :], len(sample), axis=0)
        if self.how.factors != "noise":
            share = sample[:, : len(self.nodes)]
            weights[:, self.nodes] *= 1.0 + self.how.spread * (2.0 * share - 1.0)
        return weights

    def errors(self, sample: Matrix) -> Matrix | None:
        """By how much of its range every answer of an indicator is off, ``(rows, indicators)``."""
        if self.how.factors == "weights":
            return None
        off = np.zeros((len(sample), len(self.rows)))
        off[:, self.rows] = self.how.sd * ndtri(np.clip(sample[:, -len(self.rows) :], EDGE, 1 - EDGE))
        return off

    def output(self, scores: Matrix, weights: Matrix) -> Column:
        """One number for each row of ``scores`` ``(rows, units)``; NaN where the run failed."""
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


class Stepped(Runs):
    """Every run goes through the recipe's own steps: any chain, slowly."""

    def outputs(self, a: Matrix, b: Matrix) -> Matrix:
        sample = spread_out(a, b)
        weights, off = self.weights(sample), self.errors(sample)
        scores = np.empty((len(sample), len(self.shaker.rows)))
        for k, score in enumerate(scores):
            score[:] = self.shaker.by_steps(weights[k], None if off is None else off[k])
        return self.output(scores, weights).reshape(-1, len(a))


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


class Swept(Runs):
    """A run with one factor from B differs from its run of A in one weight or one column of answers.

    So only the sums above that indicator are made anew, for many rows at once. Arithmetic is by element:
    neither the number of rows nor of threads changes a bit.
    """

    def __init__(self, shaker: Shaker, how: Sobol, cuts: Sequence[float]) -> None:
        super().__init__(shaker, how, cuts)
        answers = shaker.answers
        self.families = shaker.weigher.families
        self.present = np.ones((len(answers.codes), 1)) if answers.present is None else answers.present
        self.home = {int(r): f for f, family in enumerate(self.families) for r in family.rows}
        self.above = {
            int(child): (f, k)
            for f, family in enumerate(self.families)
            for k, child in enumerate(family.below)
        }

    def outputs(self, a: Matrix, b: Matrix) -> Matrix:
        weights, z = self.weights(a), self._columns(a)
        others, columns = self.weights(b), z if self.how.factors == "weights" else self._columns(b)
        sums = self._upward(weights, z)
        out = [self._read(sums, weights), self._read(self._upward(others, columns), others)]
        for kind, row, node in self.factors:
            w = weights[:, node, None]
            if kind == "weight":
                more = others[:, node, None] - w
                changed = weights.copy()
                changed[:, node] = others[:, node]
                out.append(self._read(self._anew(sums, row, weights, more * z[:, row], more), changed))
            else:
                off = columns[:, row] - z[:, row]
                out.append(self._read(self._anew(sums, row, weights, w * off), weights))
        return np.array(out)

    def _columns(self, sample: Matrix) -> Cube:
        """Normalised answers, 0 where missing."""
        off = self.errors(sample)
        if off is None:
            return self.shaker.normalised()[None]
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

    def _read(self, sums: list[_Sums], weights: Matrix) -> Column:
        top = sums[-1]
        return self.output(
            np.where(np.broadcast_to(top.there, top.score.shape) > 0, top.score, np.nan), weights
        )


def _settled(family: Family, top: Matrix, left: Matrix, count: Matrix) -> _Sums:
    """The score where enough is there, else 0."""
    enough = left > 0
    if family.least > 0:
        enough = enough & ~(count / family.due.sum() < family.least)
    score = np.zeros(top.shape)
    np.divide(top, left, out=score, where=enough)
    return _Sums(top, left, count, score, enough.astype(np.float64))

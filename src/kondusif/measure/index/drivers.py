"""Which indicators' weights and errors drive an index: Sobol over a tree (method 8.14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import ndtri

from kondusif.errors import RecipeError
from kondusif.measure.index.blocks import THREADS, in_threads
from kondusif.measure.index.data import Data
from kondusif.measure.index.draws import CHUNK, Shaker
from kondusif.measure.index.lines import Normaliser
from kondusif.measure.index.shaking import AnswerNoise, Shaking, WeightNoise
from kondusif.measure.index.sobol import Indices, Sobol, sobol
from kondusif.measure.index.tree import Column, Matrix, Tree
from kondusif.measure.index.uncertainty import ranks

EDGE = 1e-9  # a factor of exactly 0 or 1 would be an error without end


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
    codes = tuple(sorted(tree.leaf_codes))
    names = [f"weight:{c}" for c in codes] if how.factors != "noise" else []
    names += [f"noise:{c}" for c in codes] if how.factors != "weights" else []
    run = _Runs(shaker, how, codes, shaker.nominal()[shaker.rows], cuts, threads)
    return sobol(run, len(names), how, names)


class _Runs:
    def __init__(
        self,
        shaker: Shaker,
        how: Sobol,
        codes: tuple[str, ...],
        nominal: Column,
        cuts: Sequence[float],
        threads: int,
    ) -> None:
        self.shaker, self.how, self.threads = shaker, how, threads
        self.cuts = np.array(cuts, dtype=np.float64)
        at = {c: k for k, c in enumerate(shaker.weigher.codes)}
        self.nodes = np.array([at[c] for c in codes], dtype=np.intp)
        row = {c: k for k, c in enumerate(shaker.answers.codes)}
        self.rows = np.array([row[c] for c in codes], dtype=np.intp)
        self.known = np.flatnonzero(~np.isnan(nominal))
        self.nominal = nominal[self.known]
        self.nominal_ranks = ranks(self.nominal[None, :])[0]
        self.levels = np.searchsorted(self.cuts, self.nominal, side="right")
        if how.unit:
            self.unit = shaker.data.units.index(how.unit)

    def __call__(self, sample: Matrix) -> Column:
        out = np.full(len(sample), np.nan)
        chunks = range(0, len(sample), CHUNK)

        def work(k: int) -> None:
            part = slice(chunks[k], chunks[k] + CHUNK)
            out[part] = self._output(self._scores(sample[part]))

        in_threads(len(chunks), work, self.threads)
        return out

    def _scores(self, sample: Matrix) -> Matrix:
        weights = np.repeat(self.shaker.weigher.given[None, :], len(sample), axis=0)
        m = len(self.nodes)
        if self.how.factors != "noise":
            weights[:, self.nodes] *= 1.0 + self.how.spread * (2.0 * sample[:, :m] - 1.0)
        out = np.empty((len(sample), len(self.shaker.rows)))
        if self.how.factors == "weights":
            self.shaker.still(weights, out)
            return out
        off = np.zeros((len(sample), m))
        off[:, self.rows] = self.how.sd * ndtri(np.clip(sample[:, -m:], EDGE, 1 - EDGE))
        self.shaker.shifted(weights, off, out)
        return out

    def _output(self, scores: Matrix) -> Column:
        if self.how.output == "score":
            return np.asarray(scores[:, self.unit])
        scores = scores[:, self.known]
        lost = np.isnan(scores).any(axis=1)
        if self.how.output == "rank_shift":
            found = np.abs(ranks(scores, 1) - self.nominal_ranks).mean(axis=1)
        else:
            found = (np.searchsorted(self.cuts, scores, side="right") != self.levels).mean(axis=1)
        return np.where(lost, np.nan, found)

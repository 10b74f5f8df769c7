"""One draw of the joint Monte Carlo: other weights, other answers, another scale, the score (method 8.13).

Inside, units and codes are sorted by name and columns lie in one piece of memory each: the order of the input
changes no bit. Every draw has its own generator, made from the seed and its number alone, so neither does the
number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kondusif_index.blocks import THREADS, WORTH, in_threads
from kondusif_index.data import Data, Why
from kondusif_index.errors import KondusifError
from kondusif_index.fast import FLAT
from kondusif_index.linear import Asked, Lines, Normaliser, ask
from kondusif_index.tree import Column, Matrix, Tree
from kondusif_index.uncertainty.answers import Answers
from kondusif_index.uncertainty.perturbation import Shaking, WeightDraws
from kondusif_index.uncertainty.weights import Ready, Weigher

CHUNK = 64  # draws that share their weight matrices; part of the arithmetic, never a setting
TOO_LITTLE = "too little is answered for a score"

General = Callable[[Data, Mapping[str, float], int], Column]


@dataclass(frozen=True)
class Drawn:
    """``scores`` ``(draws, n_units)`` of the top, NaN where a draw failed; why, in pairs of unit and draw."""

    scores: Matrix
    reasons: Mapping[str, int]


class Shaker:
    """Draws scores of the top of ``tree`` for the units of ``data`` (raw answers).

    ``normal`` is the recipe's own normalisation, ``least`` the share of children that must be there (one, or
    by code), ``weights`` a table of weight draws, ``last`` earlier answers. Where a normalisation is not
    linear, or always when ``straight`` is False, ``general(data, weights, alternative)`` gives the scores in
    the order of its units; alternative 0 is ``normal``, then ``how.normalise``. ``general`` is asked, too,
    where a share of children must be there and some do not apply: the sweep would count those as missing.
    """

    def __init__(
        self,
        data: Data,
        tree: Tree,
        how: Shaking,
        normal: Normaliser,
        *,
        least: float | Mapping[str, float] = 0.0,
        weights: WeightDraws | None = None,
        last: Data | None = None,
        general: General | None = None,
        straight: bool = True,
    ) -> None:
        self.how, self.general = how, general
        self.tree = Tree(tuple(sorted(tree.nodes, key=lambda n: n.code)), tree.ragged)
        self.rows = np.array(sorted(range(len(data.units)), key=lambda k: data.units[k]), dtype=np.intp)
        self.data = data.rows(self.rows).of(self.tree.leaf_codes)
        asks = any(least.values()) if isinstance(least, Mapping) else least > 0
        if general is not None and asks and (self.data.why == Why.NOT_APPLICABLE).any():
            straight = False
        self.answers = Answers.of(self.data, self.tree, how, last)
        self.weigher = Weigher(self.tree, how.weights, weights, self.answers.codes, least)
        leaves = [self.tree.by_code[c] for c in self.answers.codes]
        self.asked: list[Asked | None] = [
            ask(leaves, one) if straight else None for one in (normal, *how.normalise)
        ]
        if general is None and any(one is None for one in self.asked):
            raise ValueError("a normalisation or aggregation is not linear: `general` must be given")
        self.linear = [straight and one is not None for one in self.asked]

    def draw(self, threads: int = THREADS) -> Drawn:
        """All draws. A draw that fails is NaN and counted."""
        n, draws = len(self.rows), self.how.draws
        scores = np.full((draws, n), np.nan)
        chunks = [(start, min(start + CHUNK, draws)) for start in range(0, draws, CHUNK)]
        said: list[dict[str, int]] = [{} for _ in chunks]

        def work(k: int) -> None:
            said[k] = self._chunk(*chunks[k], scores[chunks[k][0] : chunks[k][1]])

        in_threads(len(chunks), work, threads if not self.answers.still or scores.size >= WORTH else 1)
        reasons: dict[str, int] = {}
        for one in said:
            for reason, count in one.items():
                reasons[reason] = reasons.get(reason, 0) + count
        back = np.empty_like(scores)
        back[:, self.rows] = scores
        return Drawn(back, dict(sorted(reasons.items())))

    def nominal(self) -> Column:
        """The score without any shaking: answers and weights as given, the recipe's own normalisation."""
        answers = self.answers
        if self.how.missing != "reweight":
            as_given = replace(self.how, missing="reweight", group="")
            answers = Answers.of(self.data, self.tree, as_given, None)
        found = np.full((1, len(self.rows)), np.nan)
        self._still(self.weigher.given[None, :], np.zeros(1, np.intp), answers, found, {})
        back = np.empty(len(self.rows))
        back[self.rows] = found[0]
        return back

    def normalised(self, off: Column | None = None) -> Matrix:
        """Columns on their scale ``(rows, units)``, 0 where missing; the recipe's own normalisation, linear.

        ``off`` ``(rows,)``: by how much of its range every answer of an indicator is off; it stays in reach.
        """
        asked = self.asked[0]
        assert asked is not None
        return _normalised(self._shifted(off), asked, self.answers)

    def by_steps(self, weights: Column, off: Column | None = None) -> Column:
        """Scores of the units in the order of ``rows`` by ``general``; NaN where it refuses."""
        out = np.empty(len(self.rows))
        self._ask(self._shifted(off), weights, 0, self.answers, out, {})
        return out

    def _shifted(self, off: Column | None) -> Matrix:
        y = self.answers.values.copy()
        if off is not None:
            y += (off * self.answers.reach[:, 2])[:, None]
            np.maximum(y, self.answers.reach[:, :1], out=y)
            np.minimum(y, self.answers.reach[:, 1:2], out=y)
        return y

    def _score(self, k: int, y: Matrix, asked: Asked, ready: Ready, out: Column) -> None:
        line = _line(y, asked, self.answers)
        base = line.base
        if float(np.abs(line.slope * line.origin).max(initial=0.0)) < FLAT:
            base = base - line.slope * line.origin
        else:
            y -= line.origin[:, None]
        y.reshape(-1)[self.answers.gone] = 0.0
        ready.score(k, line.slope, base, y, self.answers.present, out)

    def _chunk(self, start: int, stop: int, out: Matrix) -> dict[str, int]:
        """Draws ``start`` to ``stop``: dice first, in a fixed order, then the arithmetic."""
        said: dict[str, int] = {}
        dice = [
            np.random.default_rng(np.random.SeedSequence(self.how.seed, spawn_key=(d,)))
            for d in range(start, stop)
        ]
        weights = np.stack([self.weigher.draw(one, d) for d, one in enumerate(dice, start)])
        choice = np.array([int(one.random() * len(self.asked)) for one in dice], dtype=np.intp)
        if self.answers.still:
            self._still(weights, choice, self.answers, out, said)
        else:
            self._moving(weights, choice, dice, out, said)
        if (empty := int(np.isnan(out).sum()) - sum(said.values())) > 0:
            said[TOO_LITTLE] = empty
        return said

    def _still(
        self, weights: Matrix, choice: NDArray[np.intp], answers: Answers, out: Matrix, said: dict[str, int]
    ) -> None:
        """Answers are the same in every draw: draws of one normalisation go through together."""
        for alternative in np.unique(choice):
            mine = np.flatnonzero(choice == alternative)
            asked = self.asked[alternative]
            if asked is None:
                for k in mine:
                    self._ask(answers.values.copy(), weights[k], int(alternative), answers, out[k], said)
                continue
            y = _normalised(answers.values.copy(), asked, answers)
            out[mine] = self._zero_sums(
                self.weigher.together(weights[mine], y, answers.present), weights[mine], said
            )

    def _moving(
        self,
        weights: Matrix,
        choice: NDArray[np.intp],
        dice: Sequence[np.random.Generator],
        out: Matrix,
        said: dict[str, int],
    ) -> None:
        y = np.empty(self.answers.values.shape)
        ready = self.weigher.ready(weights, self.answers.present is None)
        for k, one in enumerate(dice):
            self.answers.draw(one, y)
            asked = self.asked[choice[k]]
            if asked is None:
                self._ask(y, weights[k], int(choice[k]), self.answers, out[k], said)
                continue
            self._score(k, y, asked, ready, out[k])
        out[:] = self._zero_sums(out, weights, said)

    def _zero_sums(self, scores: Matrix, weights: Matrix, said: dict[str, int]) -> Matrix:
        """Draws in which the weights of some parent sum to zero fail whole."""
        failed = np.zeros(len(scores), dtype=bool)
        for parent, bad in self.weigher.without_weight(weights):
            fresh = bad & ~failed
            failed |= bad
            if count := int(fresh.sum()) * scores.shape[1]:
                reason = f"weights under {parent} sum to zero"
                said[reason] = said.get(reason, 0) + count
        scores[failed] = np.nan
        return scores

    def _ask(
        self,
        y: Matrix,
        weights: Column,
        alternative: int,
        answers: Answers,
        out: Column,
        said: dict[str, int],
    ) -> None:
        """One draw by the general steps; a refusal fails the draw and is kept as its reason."""
        assert self.general is not None
        y.reshape(-1)[answers.gone] = np.nan
        values = np.empty(y.T.shape)
        values[:, answers.order] = y.T
        try:
            data = self.data.with_values(values)
            out[:] = self.general(data, self.weigher.named(weights), alternative)
        except (KondusifError, ArithmeticError, ValueError) as error:
            out[:] = np.nan
            said[str(error)] = said.get(str(error), 0) + out.size


def _normalised(y: Matrix, asked: Asked, answers: Answers) -> Matrix:
    """``y`` on its scale, in place; 0 where missing."""
    line = _line(y, asked, answers)
    y -= line.origin[:, None]
    y *= line.slope[:, None]
    y += line.base[:, None]
    y.reshape(-1)[answers.gone] = 0.0
    return y


def _line(y: Matrix, asked: Asked, answers: Answers) -> Lines:
    """The line of every row of ``y``, which is clipped to the goalposts in place."""
    if not asked.by_range:
        line = asked.lines()
    else:
        flat = y.reshape(-1)
        flat[answers.gone] = flat[answers.stand_in]  # neither least nor greatest changes by a value twice
        least, most = y.min(axis=1), y.max(axis=1)
        if asked.by_moments:
            flat[answers.gone] = 0.0
            mean = y.sum(axis=1) / answers.count
            away = y - mean[:, None]
            away.reshape(-1)[answers.gone] = 0.0
            square = np.einsum("ij,ij->i", away, away)
            sd = np.sqrt(square / np.maximum(answers.count - 1, 1))
            line = asked.lines(least, most, mean, sd)
        else:
            line = asked.lines(least, most)
    if line.clips:
        np.maximum(y, line.low[:, None], out=y)
        np.minimum(y, line.high[:, None], out=y)
    return line

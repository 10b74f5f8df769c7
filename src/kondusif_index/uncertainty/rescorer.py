"""The scores of a build again, on other answers, weights and scales: draws and single runs (method 8.13).

Inside, units and codes are sorted by name and columns lie in one piece of memory each: the order of the input
changes no bit. Every draw has its own generator, made from the seed and its number alone, so neither does the
number of threads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from kondusif_index.blocks import THREADS, WORTH, in_threads
from kondusif_index.data import Data
from kondusif_index.errors import KondusifError, RecipeError
from kondusif_index.fast import FLAT
from kondusif_index.linear import LinearNormalisation, LinearSettings, why_not_linear
from kondusif_index.pipeline import Build, run_steps
from kondusif_index.rounding import DECIMALS
from kondusif_index.steps import Context
from kondusif_index.steps.aggregate import aggregate
from kondusif_index.steps.classify import IndexFloor, level_of
from kondusif_index.steps.denominate import divisors
from kondusif_index.tree import Column, Matrix, Tree
from kondusif_index.uncertainty.perturbation import (
    AnswerNoise,
    Perturbation,
    PerturbedAnswers,
    WeightDraws,
    WeightNoise,
)
from kondusif_index.uncertainty.weights import Sums, WeightSampler, climb, top_of

CHUNK = 64  # draws that share their weight matrices; part of the arithmetic, never a setting
TOO_LITTLE = "too little is answered for a score"
LEADING = ("denominate", "screen")  # where these lead, they are not run again
STILL = Perturbation(1, noise=AnswerNoise(0.0, 0.0), weights=WeightNoise("none"))

Levels = NDArray[np.int8]


def entry(built: Build) -> tuple[Data, tuple[str, ...]]:
    """Answers where a perturbation enters, after leading steps that only divide and screen; those steps."""
    done = tuple(takewhile(lambda name: name in LEADING, built.stages))
    return (built.stages[done[-1]] if done else built.raw.of(built.tree.leaf_codes)), done


@dataclass(frozen=True)
class Draws:
    """``scores`` ``(draws, n_units)`` of the top, NaN where a draw failed; ``floors`` the class that the
    floors set at least, 0 for none, or None without floors; ``reasons`` of failures, in pairs of unit and
    draw.
    """

    scores: Matrix
    floors: Levels | None
    reasons: dict[str, int]


class Rescorer:
    """Scores of the top of a build under other weights, answers and normalisations.

    ``how`` says what varies, ``table`` holds weight draws. Runs go through the recipe's own steps, or through
    one linear sweep where ``why_not_linear`` has nothing against it: ``linear`` says so of the recipe's own
    normalisation and of each alternative. ``units`` are those of the build, sorted; arrays of units inside
    stand in that order, and ``in_order`` puts them back. A score that is the build's but for rounding is the
    build's. Raises ``RecipeError`` naming the setting with which no run can be the build's.
    """

    def __init__(self, built: Build, how: Perturbation = STILL, table: WeightDraws | None = None) -> None:
        self.built, self.recipe, self.how = built, built.recipe, how
        tree = built.weighted
        self.tree = Tree(tuple(sorted(tree.nodes, key=lambda n: n.code)), tree.ragged)
        data, self.done = entry(built)
        self.units = tuple(sorted(built.units))
        self.data = data.only(sorted(data.units)).of(self.tree.leaf_codes)
        self.kept = np.flatnonzero(np.isin(self.data.units, self.units))
        self.order = np.array(sorted(range(len(built.units)), key=lambda k: built.units[k]), dtype=np.intp)
        self.nominal: Column = built.score[self.order]
        self.cuts = class_cuts(built)
        self.answers = PerturbedAnswers(self.data, self.tree, how, built.last)
        least = self.recipe.aggregate.least(self.tree)
        self.sampler = WeightSampler(self.tree, how.weights, table, self.answers.codes, least)
        self.floors = PerturbedFloors(self) if self.recipe.floors else None
        self.scales = (None, *how.normalise)
        leaves = [self.tree.by_code[c] for c in self.answers.codes]
        self.linear: list[LinearSettings | None] = []
        for scale in self.scales:
            why = why_not_linear(self.recipe, self.data, self.done, scale)
            self.linear.append(None if why else LinearSettings(leaves, scale or self.recipe.normalise))
        self._refuse_alternatives()

    def _refuse_alternatives(self) -> None:
        """An alternative that the recipe's steps refuse on the answers as given would fail in every draw."""
        for k, scale in enumerate(self.how.normalise):
            if self.linear[k + 1] is not None:
                continue
            try:
                run_steps(self.recipe, self.data, self._context, self.done, scale)
            except RecipeError as error:
                raise RecipeError(f"uncertainty.normalise[{k}]: {error}") from None

    @property
    def _context(self) -> Context:
        return Context(self.built.last, self.units)

    def in_order(self, found: NDArray[np.generic]) -> NDArray[np.generic]:
        """Arrays ``(..., units)`` in the order of the build's units."""
        back = np.empty_like(found)
        back[..., self.order] = found
        return back

    def draw(self, threads: int = THREADS) -> Draws:
        """All draws. A draw that fails is NaN and counted."""
        shape = (self.how.draws, len(self.units))
        scores, floors = np.full(shape, np.nan), np.zeros(shape if self.floors else (0, 0), np.int8)
        chunks = [slice(start, start + CHUNK) for start in range(0, self.how.draws, CHUNK)]
        failures: list[Counter[str]] = [Counter() for _ in chunks]

        def work(k: int) -> None:
            self._chunk(chunks[k].start, scores[chunks[k]], floors[chunks[k]], failures[k])

        in_threads(len(chunks), work, threads if not self.answers.still or scores.size >= WORTH else 1)
        reasons = sum(failures, Counter[str]())
        scores = self.snapped(scores)
        return Draws(
            np.asarray(self.in_order(scores)),
            np.asarray(self.in_order(floors)) if self.floors else None,
            dict(sorted(reasons.items())),
        )

    def snapped(self, scores: Matrix) -> Matrix:
        """``scores`` ``(runs, units)``, in place: the build's own where they differ by rounding alone.

        So no run leaves a class by rounding where the build's score meets a cut.
        """
        np.copyto(scores, self.nominal, where=np.abs(scores - self.nominal) < 10.0**-DECIMALS)
        return scores

    def normalised(self, off: Column | None = None) -> Matrix:
        """Columns on their scale ``(rows, units)``, 0 where missing; the recipe's own normalisation, linear.

        ``off`` as in ``shifted``.
        """
        settings = self.linear[0]
        assert settings is not None
        return _normalised(self.shifted(off), settings, self.answers)

    def shifted(self, off: Column | None) -> Matrix:
        """Answers ``(rows, units)``, each off by a share ``off`` ``(rows,)`` of its range, within reach."""
        y = self.answers.values.copy()
        if off is not None:
            reach = self.answers.reach
            y += (off * reach[:, 2])[:, None]
            np.maximum(y, reach[:, :1], out=y)
            np.minimum(y, reach[:, 1:2], out=y)
        return y

    def by_steps(self, y: Matrix, weights: Column, failures: Counter[str], alternative: int = 0) -> Column:
        """Scores by the recipe's steps on answers ``y``; NaN where they refuse, counted with the reason."""
        y.reshape(-1)[self.answers.gone] = np.nan
        values = np.empty(y.T.shape)
        values[:, self.answers.order] = y.T
        try:
            return self.scored(self.data.with_values(values), weights, alternative)
        except (KondusifError, ArithmeticError, ValueError) as error:
            failures[str(error)] += len(self.units)
            return np.full(len(self.units), np.nan)

    def scored(self, data: Data, weights: Column, alternative: int = 0) -> Column:
        """Scores by the recipe's steps on ``data``, which holds what enters."""
        run = run_steps(self.recipe, data, self._context, self.done, self.scales[alternative])
        return aggregate(run.normalised, self.tree, self.recipe.aggregate, self.sampler.named(weights)).top

    def _chunk(self, start: int, scores: Matrix, floors: Levels, failures: Counter[str]) -> None:
        """Some draws from ``start`` on: random numbers first, in a fixed order, then the arithmetic."""
        numbers = range(start, start + len(scores))
        rngs = [np.random.default_rng(np.random.SeedSequence(self.how.seed, spawn_key=(d,))) for d in numbers]
        weights = np.stack([self.sampler.draw(rng, d) for rng, d in zip(rngs, numbers, strict=True)])
        choice = np.array([int(rng.random() * len(self.scales)) for rng in rngs], dtype=np.intp)
        if self.answers.still:
            self._still(weights, choice, scores, floors, failures)
        else:
            self._moving(weights, choice, rngs, scores, floors, failures)
        by_steps = np.array([settings is None for settings in self.linear])[choice]
        self._fail_without_weight(scores, weights, by_steps, failures)
        if (empty := int(np.isnan(scores).sum()) - failures.total()) > 0:
            failures[TOO_LITTLE] += empty

    def _still(
        self,
        weights: Matrix,
        choice: NDArray[np.intp],
        scores: Matrix,
        floors: Levels,
        failures: Counter[str],
    ) -> None:
        """Answers are the same in every draw: draws of one normalisation go through together."""
        if self.floors is not None:
            floors[:] = self.floors.levels(self.answers.values)
        for alternative in np.unique(choice):
            mine = np.flatnonzero(choice == alternative)
            settings = self.linear[alternative]
            if settings is None:
                for k in mine:
                    y = self.answers.values.copy()
                    scores[k] = self.by_steps(y, weights[k], failures, int(alternative))
                continue
            z = _normalised(self.answers.values.copy(), settings, self.answers)
            scores[mine] = np.clip(self.sampler.tops(weights[mine], z, self.answers.present), *settings.ends)

    def _moving(
        self,
        weights: Matrix,
        choice: NDArray[np.intp],
        rngs: Sequence[np.random.Generator],
        scores: Matrix,
        floors: Levels,
        failures: Counter[str],
    ) -> None:
        y = np.empty(self.answers.values.shape)
        sweep = _DrawSweep(self.sampler, weights, self.answers)
        for k, rng in enumerate(rngs):
            self.answers.draw(rng, y)
            if self.floors is not None:
                floors[k] = self.floors.levels(y)
            settings = self.linear[choice[k]]
            if settings is None:
                scores[k] = self.by_steps(y, weights[k], failures, int(choice[k]))
            else:
                sweep.score(k, y, settings, scores[k])

    def _fail_without_weight(
        self, scores: Matrix, weights: Matrix, by_steps: NDArray[np.bool_], failures: Counter[str]
    ) -> None:
        """Draws of the sweep fail whole where weights of a parent sum to zero; the steps refuse them."""
        failed = by_steps.copy()
        for parent, bad in self.sampler.without_weight(weights):
            fresh = bad & ~failed
            failed |= bad
            if count := int(fresh.sum()) * scores.shape[1]:
                failures[f"weights under {parent} sum to zero"] += count
            scores[fresh] = np.nan


class _DrawSweep:
    """Draws whose answers differ, one by one: a product takes the columns of each to the first aggregates."""

    def __init__(self, sampler: WeightSampler, weights: Matrix, answers: PerturbedAnswers) -> None:
        self.families, self.weights, self.answers = sampler.families, weights, answers
        self.counts = any(family.least > 0 for family in sampler.families)
        if answers.present is None:
            self.shares = sampler.shares(weights)
        else:
            self.leaf = sampler.by_family(weights)

    def score(self, k: int, y: Matrix, settings: LinearSettings, out: Column) -> None:
        """Top score of draw ``k`` of the answers ``y``, which are used up, into ``out``."""
        answers = self.answers
        line = _line(y, settings, answers)
        base = line.base
        if float(np.abs(line.slope * line.origin).max(initial=0.0)) < FLAT:
            base = base - line.slope * line.origin
        else:
            y -= line.origin[:, None]
        if answers.present is None:
            share = self.shares[k]
            np.matmul(share * line.slope, y, out=out)
            out += (share * base).sum()
            np.clip(out, *settings.ends, out=out)
            return
        y.reshape(-1)[answers.gone] = 0.0
        leaf = self.leaf[k]
        parts = [leaf * base, leaf, *([(leaf > 0).astype(np.float64)] if self.counts else [])]
        mask = (np.vstack(parts) @ answers.present).reshape(len(parts), len(leaf), -1)
        top = (leaf * line.slope) @ y
        top += mask[0]
        sums = [
            Sums(top[f : f + 1], mask[1, f : f + 1], mask[2, f : f + 1] if family.least > 0 else None)
            for f, family in enumerate(self.families)
        ]
        out[:] = np.clip(top_of(climb(self.families, self.weights[k : k + 1], sums))[0], *settings.ends)


class PerturbedFloors:
    """Floors looked at on perturbed answers; of a column that is divided before, on the rates.

    ``items``: the indicators that they look at. An answer that division emptied is not perturbed, and fires
    as in the build.
    """

    def __init__(self, run: Rescorer) -> None:
        recipe, self.kept, self.answers = run.recipe, run.kept, run.answers
        raw, entered = run.built.raw.only(run.units), run.data.rows(run.kept)
        dividing = recipe.denominate if "denominate" in run.done else None
        by = {} if dividing is None else divisors(raw.of(run.tree.leaf_codes), recipe.tree, dividing)
        self.items = tuple(sorted({floor.item for floor in recipe.floors}))
        self.floors: list[tuple[IndexFloor, Column, NDArray[np.bool_]]] = []
        for floor in recipe.floors:
            emptied = np.isnan(entered.column(floor.item)) & floor.fires(raw.column(floor.item))
            _, below = by.get(floor.item, ("", np.ones(len(run.kept))))
            at = np.divide(floor.at, below, out=np.full(len(run.kept), np.nan), where=below > 0)
            self.floors.append((floor, at, emptied))

    def by_item(self, y: Matrix) -> Levels:
        """Class that the floors on each item set at least, ``(items, units)``, 0 for none.

        ``y`` is ``(rows, units)``, the answers of a run; places without one may hold anything.
        """
        found = np.zeros((len(self.items), len(self.kept)), np.int8)
        for floor, at, emptied in self.floors:
            row, levels = self.answers.codes.index(floor.item), found[self.items.index(floor.item)]
            hit = floor.fires(y[row, self.kept], at)
            if self.answers.present is not None:
                hit &= self.answers.present[row, self.kept] > 0
            hit |= emptied
            levels[hit] = np.maximum(levels[hit], floor.level)
        return found

    def levels(self, y: Matrix) -> Levels:
        """Class that the floors set at least, ``(units,)``, 0 for none."""
        return np.asarray(self.by_item(y).max(axis=0))


def nominal_levels(built: Build) -> NDArray[np.int64]:
    """Class of every unit of a build, floors counted, 1 the lowest; without classes all scores are in one."""
    return level_of(built.score, ()) if built.levels is None else built.levels


def class_cuts(built: Build) -> tuple[float, ...]:
    """Lower edges of classes 2, 3, ...; none without classes.

    Raises ``RecipeError`` where all scores are equal, so that the recipe's cuts part nothing.
    """
    if built.classed is None:
        return ()
    if (level_of(built.score, built.classed.cuts) != built.classed.levels).any():
        raise RecipeError("classes.scheme: all scores are equal, so mean_sd has no cuts for other draws")
    return built.classed.cuts


def _normalised(y: Matrix, settings: LinearSettings, answers: PerturbedAnswers) -> Matrix:
    """``y`` on its scale, in place; 0 where missing."""
    line = _line(y, settings, answers)
    y -= line.origin[:, None]
    y *= line.slope[:, None]
    y += line.base[:, None]
    y.reshape(-1)[answers.gone] = 0.0
    return y


def _line(y: Matrix, settings: LinearSettings, answers: PerturbedAnswers) -> LinearNormalisation:
    """The line of every row of ``y``, which is clipped to the goalposts in place."""
    if not settings.by_range:
        line = settings.given
    else:
        flat = y.reshape(-1)
        flat[answers.gone] = flat[answers.stand_in]  # neither least nor greatest changes by a value twice
        least, most = y.min(axis=1), y.max(axis=1)
        mean, sd = _moments(y, answers) if settings.by_moments else (None, None)
        line = settings.lines(least, most, mean, sd)
    if line.clips:
        np.maximum(y, line.low[:, None], out=y)
        np.minimum(y, line.high[:, None], out=y)
    return line


def _moments(y: Matrix, answers: PerturbedAnswers) -> tuple[Column, Column]:
    """Mean and sd (n - 1) of every row over what is there."""
    flat = y.reshape(-1)
    flat[answers.gone] = 0.0
    mean = y.sum(axis=1) / answers.count
    away = y - mean[:, None]
    away.reshape(-1)[answers.gone] = 0.0
    square = np.einsum("ij,ij->i", away, away)
    return mean, np.sqrt(square / np.maximum(answers.count - 1, 1))

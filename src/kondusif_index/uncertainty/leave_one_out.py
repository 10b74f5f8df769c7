"""What every score, rank and class would be without one indicator, or one group of them (method 8.13)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data, Why
from kondusif_index.errors import RecipeError
from kondusif_index.pipeline import Build
from kondusif_index.steps.classify import level_of
from kondusif_index.tree import Column, Matrix, Tree
from kondusif_index.uncertainty.monte_carlo import Ranks, ranks
from kondusif_index.uncertainty.rescorer import Levels, PerturbedFloors, Rescorer, nominal_levels


@dataclass(frozen=True)
class LeaveOneOut:
    """``scores`` ``(n_codes, n_units)``: row k without ``codes[k]``; NaN where too little is left.

    ``codes`` are indicators, or aggregates that are left out with all below them. ``nominal`` and
    ``nominal_class`` are those of the build. ``levels`` ``(n_codes, n_units)`` are classes, 1 the lowest, 0
    without one; a floor on an indicator that is left out does not fire.
    """

    units: tuple[str, ...]
    codes: tuple[str, ...]
    nominal: Column
    nominal_class: NDArray[np.int64]
    scores: Matrix
    levels: NDArray[np.int64]

    @cached_property
    def shift(self) -> Matrix:
        """How far each score moves."""
        return np.asarray(self.scores - self.nominal)

    @cached_property
    def ranks(self) -> Ranks:
        return ranks(self.scores)

    @cached_property
    def rank_shift(self) -> NDArray[np.int32]:
        """Places moved, down positive; 0 where either has no rank."""
        nominal = ranks(self.nominal[None, :])[0]
        return np.where((self.ranks > 0) & (nominal > 0), self.ranks - nominal, 0).astype(np.int32)

    @cached_property
    def class_changes(self) -> NDArray[np.int64]:
        """Per code: units whose class is another without it, having none counted too."""
        return np.asarray((self.levels != self.nominal_class).sum(axis=1), dtype=np.int64)


def leave_one_out(built: Build) -> LeaveOneOut:
    """Scores of the top without each indicator in turn, by the recipe's own steps (method 8.14).

    Its weight goes to its siblings; an aggregate whose only indicator of weight goes, goes too. Raises
    ``RecipeError`` when nothing of weight would be left, or a step refuses.
    """
    return _leave_out(built, Rescorer(built), built.tree.leaf_codes)


def leave_group_out(built: Build) -> LeaveOneOut:
    """The same without each aggregate below the top in turn, with all its indicators.

    One without which nothing of weight would be left is not among ``codes``.
    """
    rescorer, groups = Rescorer(built), reversed(built.tree.upward[:-1])
    return _leave_out(built, rescorer, tuple(c for c in groups if _gone(rescorer.tree, c)))


def _leave_out(built: Build, rescorer: Rescorer, codes: tuple[str, ...]) -> LeaveOneOut:
    if not codes:
        nothing = np.empty((0, len(built.units)))
        levels = nothing.astype(np.int64)
        return LeaveOneOut(built.units, codes, built.score, nominal_levels(built), nothing, levels)
    below = [built.tree.under(code) for code in codes]
    weights = np.stack([_without(rescorer, code) for code in codes])
    if rescorer.linear[0] is None:
        scores = np.stack(
            [rescorer.scored(_blank(rescorer.data, b), w) for b, w in zip(below, weights, strict=True)]
        )
    else:
        scores = rescorer.sampler.tops(weights, rescorer.normalised(), rescorer.answers.present)
    scores = rescorer.snapped(scores)
    levels = level_of(scores, rescorer.cuts)
    if rescorer.floors is not None:
        levels = np.maximum(
            levels, [_floors_without(rescorer.floors, rescorer.answers.values, b) for b in below]
        )
    return LeaveOneOut(
        built.units,
        codes,
        built.score,
        nominal_levels(built),
        np.asarray(rescorer.in_order(scores)),
        np.asarray(rescorer.in_order(levels)),
    )


def _without(rescorer: Rescorer, code: str) -> Column:
    """Weights without a code: 0 for it, or for the highest aggregate that it leaves without weight."""
    gone = _gone(rescorer.tree, code)
    if not gone:
        raise RecipeError(f"without {code} nothing of weight is left", code=code)
    weights = rescorer.sampler.given.copy()
    weights[rescorer.sampler.codes.index(gone)] = 0.0
    return weights


def _gone(tree: Tree, code: str) -> str:
    """What goes with a code: itself, or the highest aggregate that it leaves without weight; "" the top."""
    while code != tree.top and not _left(tree, code):
        code = tree.by_code[code].parent
    return "" if code == tree.top else code


def _floors_without(floors: PerturbedFloors, answers: Matrix, codes: Collection[str]) -> Levels:
    """Class that the floors on other indicators set at least."""
    other = np.array([item not in codes for item in floors.items])
    return np.asarray(floors.by_item(answers)[other].max(axis=0, initial=0))


def _left(tree: Tree, code: str) -> float:
    """Weight of the siblings of a code."""
    return sum(n.weight for n in tree.children[tree.by_code[code].parent] if n.code != code)


def _blank(data: Data, codes: Collection[str]) -> Data:
    """The data with indicators that apply nowhere, so that no step sees them."""
    values, why, at = data.values.copy(), data.why.copy(), [data.at[code] for code in codes]
    values[:, at], why[:, at] = np.nan, Why.NOT_APPLICABLE
    return replace(data, values=values, why=why)

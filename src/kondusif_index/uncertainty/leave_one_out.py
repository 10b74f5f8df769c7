"""What every score, rank and class would be without one indicator (method 8.13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kondusif_index import fast
from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.linear import Lines, Normaliser, lines
from kondusif_index.steps.classify import level_of
from kondusif_index.tree import Column, Matrix, Tree
from kondusif_index.uncertainty.monte_carlo import Ranks, ranks


@dataclass(frozen=True)
class LeftOut:
    """``scores`` ``(n_indicators, n_units)``: row k without ``codes[k]``; NaN where too little is left."""

    units: tuple[str, ...]
    codes: tuple[str, ...]
    nominal: Column
    scores: Matrix
    cuts: tuple[float, ...]

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
    def levels(self) -> NDArray[np.int64]:
        """Classes, 1 the lowest, 0 without a score."""
        return level_of(self.scores, self.cuts)

    @cached_property
    def class_changes(self) -> NDArray[np.int64]:
        """Per indicator: units whose class is another without it, having none counted too."""
        return np.asarray((self.levels != level_of(self.nominal, self.cuts)).sum(axis=1), dtype=np.int64)


def leave_one_out(
    data: Data,
    tree: Tree,
    normal: Normaliser,
    *,
    cuts: Sequence[float] = (),
    least: float | Mapping[str, float] = 0.0,
    general: Callable[[Tree], Column] | None = None,
) -> LeftOut:
    """Scores of the top without each indicator in turn; its weight goes to its siblings.

    An aggregate whose only indicator goes, goes too. ``data`` holds raw answers. Where the chain is not
    linear ``general(tree)`` gives the scores of a tree. Raises ``RecipeError`` when the only indicator of
    weight would go, or neither way is open.
    """
    codes, tree = tree.leaf_codes, Tree(tuple(sorted(tree.nodes, key=lambda n: n.code)), tree.ragged)
    values = fast.columns_of(data.values, data.codes, tree)
    straight = lines(values, tree.leaves, normal) if general is None else None
    if straight is None and general is None:
        raise RecipeError("leave one out: a normalisation is not linear; give the general steps")

    def top(of: Tree) -> Column:
        if straight is None:
            assert general is not None
            return general(of)
        keep = np.array([c in of.by_code for c in tree.leaf_codes])
        return fast.score(values[:, keep], _some(straight, keep), fast.plan(of, least=least))[:, -1]

    scores = np.stack([top(without(tree, code)) for code in codes])
    return LeftOut(data.units, codes, top(tree), scores, tuple(cuts))


def without(tree: Tree, code: str) -> Tree:
    """The tree without an indicator; a parent that is left without weight goes with all that is below it."""
    lost = {code}
    for parent in tree.upward:
        left = [n for n in tree.children[parent] if n.code not in lost]
        if not sum(n.weight for n in left) > 0:
            lost |= {c for c in tree.by_code if parent in tree.path(c)}
    if tree.top in lost:
        raise RecipeError(f"without {code} nothing of weight is left", code=code)
    return Tree(tuple(n for n in tree.nodes if n.code not in lost), tree.ragged)


def _some(straight: Lines, keep: NDArray[np.bool_]) -> Lines:
    slope, origin, base = straight.slope[keep], straight.origin[keep], straight.base[keep]
    return Lines(slope, origin, base, straight.low[keep], straight.high[keep], straight.fills)

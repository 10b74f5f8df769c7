"""Normalise and aggregate in one sweep where both are linear (method 8.7, 8.9).

Goalposts, min-max and z-score are ``slope * (clip(x) - origin) + base`` per indicator, and the weighted
arithmetic mean is linear too, so one matrix product per level takes raw answers to scores. Rows go through in
blocks that stay in the cache of a core; what is missing is a zero in the block and a zero in a mask, and the
mask's product gives the weights that are left. Results equal the plain steps to 1e-9.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kondusif_index.blocks import WORTH, bounds, in_threads
from kondusif_index.linear import LinearNormalisation
from kondusif_index.tree import Column, Matrix, Tree

ONE = 1  # thread: a sweep waits for memory, and two threads were measured slower than one
FLAT = 1e4  # while slope * origin stays below, subtracting after the product loses nothing that matters


@dataclass(frozen=True)
class LevelWeights:
    """Aggregates of one level: columns ``at`` in level order, weights ``(children, g)``, 0 for other nodes.

    ``leaf`` weighs the indicators, ``below`` the aggregates of lower levels; None where there are no such
    children. ``least`` is the share of ``due`` children (those of weight above zero) that must be there.
    """

    at: slice
    leaf: Matrix | None
    below: Matrix | None
    least: Column
    due: Column

    @cached_property
    def leaf_counts(self) -> Matrix | None:
        return None if self.leaf is None else (self.leaf > 0).astype(np.float64)

    @cached_property
    def below_counts(self) -> Matrix | None:
        if self.below is None or not self.least.any():
            return None
        return (self.below > 0).astype(np.float64)


@dataclass(frozen=True)
class TreeWeights:
    """A tree as matrices. ``codes`` are its aggregates in the order of ``tree.upward``, the top last.

    ``leaf_codes`` is the order of the columns that it scores; ``shares`` ``(n_leaves, n_aggregates)`` the
    share of each indicator in each aggregate, in level order, when nothing is missing; ``upward`` turns level
    order into ``codes``.
    """

    leaf_codes: tuple[str, ...]
    codes: tuple[str, ...]
    steps: tuple[LevelWeights, ...]
    shares: Matrix
    upward: NDArray[np.intp]


def tree_weights(tree: Tree, least: float | Mapping[str, float] = 0.0) -> TreeWeights:
    """``tree`` as matrices. ``least``: share 0..1 of an aggregate's children that must be there, one or by
    code.
    """
    level_order = [c for level in range(2, tree.depth + 1) for c in tree.at_level(level)]
    at = {c: k for k, c in enumerate(level_order)}
    leaf_at = {c: k for k, c in enumerate(tree.leaf_codes)}
    shares = np.zeros((len(leaf_at), len(at)))
    steps = []
    for level in range(2, tree.depth + 1):
        codes = tree.at_level(level)
        where = slice(at[codes[0]], at[codes[-1]] + 1)
        leaf, below = np.zeros((len(leaf_at), len(codes))), np.zeros((where.start, len(codes)))
        for g, code in enumerate(codes):
            whole = sum(n.weight for n in tree.children[code])
            for node in tree.children[code]:
                share = node.weight / whole
                if node.leaf:
                    leaf[leaf_at[node.code], g] = node.weight
                    shares[leaf_at[node.code], at[code]] += share
                else:
                    below[at[node.code], g] = node.weight
                    shares[:, at[code]] += share * shares[:, at[node.code]]
        wanted = [least[c] if isinstance(least, Mapping) else least for c in codes]
        due = [float(sum(n.weight > 0 for n in tree.children[c])) for c in codes]
        steps.append(
            LevelWeights(
                where,
                leaf if leaf.any() else None,
                below if below.any() else None,
                np.array(wanted, dtype=np.float64),
                np.array(due),
            )
        )
    upward = np.array([at[c] for c in tree.upward], dtype=np.intp)
    return TreeWeights(tree.leaf_codes, tree.upward, tuple(steps), shares, upward)


def score(values: Matrix, how: LinearNormalisation, by: TreeWeights, threads: int = ONE) -> Matrix:
    """Scores ``(n, n_aggregates)`` in the order of ``by.codes``; NaN where too little is there.

    ``values`` is ``(n, n_leaves)`` in the order of ``by.leaf_codes``, raw, NaN for missing. The number of
    threads never changes a bit.
    """
    out = np.empty((len(values), len(by.codes)))
    sweep = _Sweep(how, by)

    def work(start: int, stop: int) -> None:
        part = sweep.block(values[start:stop])
        np.take(part.score, by.upward, axis=1, out=out[start:stop])

    _by_blocks(values, work, threads)
    return out


def contributions(
    values: Matrix, how: LinearNormalisation, by: TreeWeights, threads: int = ONE
) -> tuple[Matrix, Matrix]:
    """``score`` and what each indicator adds to the top: ``(n, n_aggregates)`` and ``(n, n_leaves)``.

    A contribution is the normalised value times its reweighted shares on the way up; a row sums to the top's
    score. Missing indicators add 0; where the top is missing all are NaN (method 8.12).
    """
    out, parts = np.empty((len(values), len(by.codes))), np.empty(values.shape)
    sweep = _Sweep(how, by)

    def work(start: int, stop: int) -> None:
        part = sweep.block(values[start:stop], complete=False)
        np.take(part.score, by.upward, axis=1, out=out[start:stop])
        sweep.split(part, parts[start:stop])

    _by_blocks(values, work, threads)
    return out, parts


def _by_blocks(values: Matrix, work: Callable[[int, int], None], threads: int) -> None:
    blocks = list(bounds(*values.shape))
    in_threads(len(blocks), lambda k: work(*blocks[k]), threads if values.size >= WORTH else 1)


@dataclass
class _Part:
    """One block: scores in level order, what is there (1 or 0), the weight left in each aggregate."""

    score: Matrix
    present: Matrix | None = None  # of indicators
    zeroed: Matrix | None = None  # clip(x) - origin, 0 where missing
    there: Matrix | None = None  # of aggregates
    left: Matrix | None = None


class _Sweep:
    """What all blocks share: the lines folded into the weights."""

    def __init__(self, how: LinearNormalisation, by: TreeWeights) -> None:
        self.how, self.by = how, by
        self.folded = how.slope[:, None] * by.shares
        constant = how.base @ by.shares
        self.direct = not how.clips and float(np.abs(how.slope * how.origin).max(initial=0)) < FLAT
        self.constant = constant - how.origin @ self.folded if self.direct else constant
        self.sloped = [None if s.leaf is None else how.slope[:, None] * s.leaf for s in by.steps]
        self.masked = [None if s.leaf is None else self._on_mask(s) for s in by.steps]

    def _on_mask(self, step: LevelWeights) -> Matrix:
        """What the mask is multiplied with: weights, weighted bases, and counts where a share is asked."""
        assert step.leaf is not None and step.leaf_counts is not None
        parts = [step.leaf, self.how.base[:, None] * step.leaf]
        return np.hstack([*parts, step.leaf_counts] if step.least.any() else parts)

    def block(self, x: Matrix, complete: bool = True) -> _Part:
        here = np.equal(x, x)
        if complete and here.all():
            ready = x if self.direct else self.how.zeroed(x)
            found = ready @ self.folded
            found += self.constant
            return _Part(np.clip(found, *self.how.ends, out=found))
        zeroed = self.how.zeroed(x, here)
        present = here.astype(np.float64)
        n, k = len(x), len(self.by.codes)
        part = _Part(np.empty((n, k)), present, zeroed, np.empty((n, k)), np.empty((n, k)))
        filled = np.empty((n, k))  # scores with 0 where missing
        assert part.there is not None and part.left is not None
        for step, sloped, masked in zip(self.by.steps, self.sloped, self.masked, strict=True):
            g, upto = step.least.size, step.at.start
            top, left, count = np.zeros((n, g)), np.zeros((n, g)), np.zeros((n, g))
            if sloped is not None and masked is not None:
                from_mask = present @ masked
                top += zeroed @ sloped
                top += from_mask[:, g : 2 * g]
                left += from_mask[:, :g]
                if step.least.any():
                    count += from_mask[:, 2 * g :]
            if step.below is not None:
                top += filled[:, :upto] @ step.below
                left += part.there[:, :upto] @ step.below
                if step.below_counts is not None:
                    count += part.there[:, :upto] @ step.below_counts
            enough = left > 0
            if step.least.any():
                enough &= ~(count / step.due < step.least)
            found = filled[:, step.at]
            found[:] = 0.0
            np.divide(top, left, out=found, where=enough)
            np.clip(found, *self.how.ends, out=found, where=enough)
            part.score[:, step.at] = np.where(enough, found, np.nan)
            part.there[:, step.at] = enough
            part.left[:, step.at] = np.where(enough, left, 1.0)
        return part

    def split(self, part: _Part, out: Matrix) -> None:
        """Contributions to the top, from the top down."""
        assert part.zeroed is not None and part.present is not None
        assert part.there is not None and part.left is not None
        factor = np.zeros(part.there.shape)
        factor[:, -1] = part.there[:, -1]
        out[:] = 0.0
        for step in reversed(self.by.steps):
            share = factor[:, step.at] / part.left[:, step.at]
            if step.below is not None:
                upto = step.at.start
                factor[:, :upto] += (share @ step.below.T) * part.there[:, :upto]
            if step.leaf is not None:
                out += share @ step.leaf.T
        value = part.zeroed
        value *= self.how.slope
        value += self.how.base
        value *= part.present
        out *= value
        out[part.there[:, -1] == 0] = np.nan

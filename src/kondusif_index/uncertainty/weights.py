"""Many sets of weights over one tree: drawn, and applied to normalised columns (method 8.13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kondusif_index.errors import RecipeError
from kondusif_index.tree import Column, Matrix, Tree
from kondusif_index.uncertainty.perturbation import WeightDraws, WeightNoise

Places = NDArray[np.intp]
UNITS = 256  # at a time: a chunk of draws by so many units stays in the cache


@dataclass(frozen=True)
class Family:
    """One aggregate: where its children stand. ``nodes`` in the weights, ``rows`` of indicators in the data,
    ``below`` the aggregates of lower levels; indicators come first.
    """

    code: str
    nodes: Places
    rows: Places
    below: Places
    least: float
    due: NDArray[np.bool_]


class Weigher:
    """Weights of every node below the top, in the order of the nodes. ``rows`` are the data's codes."""

    def __init__(
        self,
        tree: Tree,
        how: WeightNoise,
        table: WeightDraws | None,
        rows: Sequence[str],
        least: float | Mapping[str, float],
    ) -> None:
        self.how = how
        nodes = [n for n in tree.nodes if n.parent]
        self.codes = tuple(n.code for n in nodes)
        self.given = np.array([n.weight for n in nodes])
        if (how.method == "given") != (table is not None):
            raise RecipeError("weights: method given needs a table of draws, and only it has one")
        self.table = None if table is None else table.for_tree(tree)
        if unknown := sorted(set(how.levels) - set(range(1, tree.depth))):
            raise RecipeError(f"weights.levels: no such level: {unknown}; 1 to {tree.depth - 1}")
        varies = np.array([not how.levels or tree.level[c] in how.levels for c in self.codes])
        self.spread = np.where(varies, how.spread, 0.0)
        shares = {
            n.code: n.weight / sum(c.weight for c in children)
            for children in tree.children.values()
            for n in children
        }
        self.alpha = how.concentration * np.array([shares[c] for c in self.codes])
        self.varies = varies
        node_at = {c: k for k, c in enumerate(self.codes)}
        row_at = {c: k for k, c in enumerate(rows)}
        order = [c for level in range(2, tree.depth + 1) for c in tree.at_level(level)]
        self.aggregates = {c: k for k, c in enumerate(order)}
        self.families = []
        for code in order:
            children = sorted(tree.children[code], key=lambda n: (not n.leaf, n.code))
            self.families.append(
                Family(
                    code,
                    np.array([node_at[n.code] for n in children], np.intp),
                    np.array([row_at[n.code] for n in children if n.leaf], np.intp),
                    np.array([self.aggregates[n.code] for n in children if not n.leaf], np.intp),
                    least[code] if isinstance(least, Mapping) else least,
                    np.array([n.weight > 0 for n in children]),
                )
            )
        self.leaves = len(rows)

    def draw(self, dice: np.random.Generator, number: int) -> Column:
        """Weights of draw ``number`` (from 0)."""
        if self.how.method == "none":
            return self.given
        if self.table is not None:
            if number >= len(self.table):
                raise RecipeError(f"given weights: {len(self.table)} draws, draw {number + 1} was asked")
            return np.asarray(self.table[number])
        if self.how.method == "uniform":
            return self.given * (1.0 + self.spread * (2.0 * dice.random(self.given.size) - 1.0))
        return np.where(self.varies, dice.standard_gamma(self.alpha), self.given)

    def named(self, weights: Column) -> dict[str, float]:
        return dict(zip(self.codes, weights.tolist(), strict=True))

    def without_weight(self, weights: Matrix) -> Iterator[tuple[str, NDArray[np.bool_]]]:
        """Parents, with the draws in which the weights of their children sum to zero."""
        for family in self.families:
            bad = ~(weights[:, family.nodes].sum(axis=1) > 0)
            if bad.any():
                yield family.code, bad

    def shares(self, weights: Matrix) -> Matrix:
        """Share of every row of the data in the top, ``(draws, rows)``, when nothing is missing."""
        part = np.zeros((len(weights), len(self.families)))
        part[:, -1] = 1.0
        out = np.zeros((len(weights), self.leaves))
        for k in range(len(self.families) - 1, -1, -1):
            family = self.families[k]
            own = weights[:, family.nodes]
            with np.errstate(invalid="ignore", divide="ignore"):
                own = own * (part[:, k] / own.sum(axis=1))[:, None]
            out[:, family.rows] = own[:, : family.rows.size]
            part[:, family.below] = own[:, family.rows.size :]
        return out

    def together(self, weights: Matrix, z: Matrix, present: Matrix | None) -> Matrix:
        """Scores ``(draws, units)`` of normalised columns ``z`` ``(rows, units)``, 0 where missing."""
        if present is None:
            return np.asarray(self.shares(weights) @ z)
        out = np.empty((len(weights), z.shape[1]))
        own = [weights[:, family.nodes] for family in self.families]
        for start in range(0, z.shape[1], UNITS):
            part = slice(start, start + UNITS)
            out[:, part] = self._upward(own, z[:, part], present[:, part])
        return out

    def _upward(self, weights: Sequence[Matrix], z: Matrix, present: Matrix) -> Matrix:
        """``weights`` of each family's children, ``(draws, children)``."""
        found: list[Matrix] = []
        there: list[Matrix | float] = []  # 1 where every unit has a score in every draw, as is usual
        for family, own in zip(self.families, weights, strict=True):
            rows = family.rows
            leaf, below = own[:, : rows.size], own[:, rows.size :]
            top = leaf @ z[rows]
            left = leaf @ present[rows]
            for k, code in enumerate(family.below):
                top += below[:, k : k + 1] * found[code]
                left += below[:, k : k + 1] * there[code]
            enough = left > 0
            if family.least > 0:
                count = family.due[: rows.size].astype(np.float64) @ present[rows]
                for k, code in enumerate(family.below, rows.size):
                    count = count + family.due[k] * there[code]
                enough &= ~(count / family.due.sum() < family.least)
            whole = bool(enough.all())
            if whole:
                top /= left
            else:
                np.divide(top, left, out=top, where=enough)
                top[~enough] = 0.0
            found.append(top)
            there.append(1.0 if whole else enough.astype(np.float64))
        return np.where(there[-1], found[-1], np.nan)

    def ready(self, weights: Matrix, complete: bool) -> Ready:
        """Matrices of a few draws, to be used one by one."""
        return Ready(self, weights, complete)


class Ready:
    """Weights of some draws as matrices: one product per draw takes its columns to the first aggregates."""

    def __init__(self, weigher: Weigher, weights: Matrix, complete: bool) -> None:
        self.weigher, self.weights = weigher, weights
        if complete:
            self.top = weigher.shares(weights)
            return
        self.leaf = np.zeros((len(weights), len(weigher.families), weigher.leaves))
        self.counts = np.zeros((len(weigher.families), weigher.leaves))
        for k, family in enumerate(weigher.families):
            self.leaf[:, k, family.rows] = weights[:, family.nodes[: family.rows.size]]
            self.counts[k, family.rows] = family.due[: family.rows.size]
        self.asks = any(f.least > 0 for f in weigher.families)

    def score(
        self, k: int, slope: Column, base: Column, y: Matrix, present: Matrix | None, out: Column
    ) -> None:
        """Top score of draw ``k`` from ``slope * y + base``, ``y`` 0 where missing, into ``out``."""
        if present is None:
            share = self.top[k]
            np.matmul(share * slope, y, out=out)
            out += (share * base).sum()
            return
        leaf = self.leaf[k]
        top = (leaf * slope) @ y
        parts = [leaf * base, leaf, self.counts] if self.asks else [leaf * base, leaf]
        mask = np.vstack(parts) @ present
        g = len(leaf)
        top += mask[:g]
        left, count = mask[g : 2 * g], mask[2 * g :]
        there = np.empty_like(left)
        for f, family in enumerate(self.weigher.families):
            if family.below.size:
                own = self.weights[k, family.nodes[family.rows.size :]]
                top[f] += own @ top[family.below]
                left[f] += own @ there[family.below]
                if family.least > 0:
                    count[f] += family.due[family.rows.size :].astype(np.float64) @ there[family.below]
            enough = left[f] > 0
            if family.least > 0:
                enough &= ~(count[f] / family.due.sum() < family.least)
            there[f] = enough
            np.divide(top[f], left[f], out=top[f], where=enough)
            if not enough.all():
                top[f][~enough] = 0.0
        out[:] = np.where(there[-1] > 0, top[-1], np.nan)

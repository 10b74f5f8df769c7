"""Many sets of weights over one tree: drawn, and the means of what is there under each (method 8.13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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
    ``below`` the aggregates of lower levels; indicators come first. ``least``: share of its children with a
    weight above 0 that must be there.
    """

    code: str
    nodes: Places
    rows: Places
    below: Places
    least: float


class Sums(NamedTuple):
    """Of the indicators of one family: weighted sum of what is there, weight there, children there.

    ``(runs, units)`` each; one column stands for all units where nothing is missing. ``counted`` is None
    where no share of the children must be there.
    """

    top: Matrix
    left: Matrix
    counted: Matrix | None


class Means(NamedTuple):
    """Score of one family ``(runs, units)``, 0 where it has none; ``there`` is 1 where it has one, else 0."""

    score: Matrix
    there: Matrix | float


class WeightSampler:
    """Weights of every node below the top, in the order of the nodes. ``rows`` are the data's codes."""

    def __init__(
        self,
        tree: Tree,
        how: WeightNoise,
        table: WeightDraws | None,
        rows: Sequence[str],
        least: Mapping[str, float],
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
        self.varies = np.array([not how.levels or tree.level[c] in how.levels for c in self.codes])
        self.spread = np.where(self.varies, how.spread, 0.0)
        whole = {p: sum(c.weight for c in children) for p, children in tree.children.items()}
        self.alpha = how.concentration * np.array([n.weight / whole[n.parent] for n in nodes])
        self.families = _families(tree, self.codes, rows, least)
        self.rows = len(rows)

    def draw(self, rng: np.random.Generator, number: int) -> Column:
        """Weights of draw ``number`` (from 0)."""
        if self.how.method == "none":
            return self.given
        if self.table is not None:
            return np.asarray(self.table[number])
        if self.how.method == "uniform":
            return self.given * (1.0 + self.spread * (2.0 * rng.random(self.given.size) - 1.0))
        return np.where(self.varies, rng.standard_gamma(self.alpha), self.given)

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
        out = np.zeros((len(weights), self.rows))
        for k in range(len(self.families) - 1, -1, -1):
            family = self.families[k]
            own = weights[:, family.nodes]
            with np.errstate(invalid="ignore", divide="ignore"):
                own = own * (part[:, k] / own.sum(axis=1))[:, None]
            out[:, family.rows] = own[:, : family.rows.size]
            part[:, family.below] = own[:, family.rows.size :]
        return out

    def by_family(self, weights: Matrix) -> NDArray[np.float64]:
        """Weight of every row of the data in every family, ``(draws, families, rows)``."""
        out = np.zeros((len(weights), len(self.families), self.rows))
        for k, family in enumerate(self.families):
            out[:, k, family.rows] = weights[:, family.nodes[: family.rows.size]]
        return out

    def tops(self, weights: Matrix, z: Matrix, present: Matrix | None) -> Matrix:
        """Scores ``(draws, units)`` of normalised columns ``z`` ``(rows, units)``, 0 where missing."""
        if present is None:
            return np.asarray(self.shares(weights) @ z)
        out = np.empty((len(weights), z.shape[1]))
        for start in range(0, z.shape[1], UNITS):
            part = slice(start, start + UNITS)
            some, there = z[:, part], present[:, part]
            sums = [leaf_sums(family, weights, some, there) for family in self.families]
            out[:, part] = top_of(climb(self.families, weights, sums))
        return out


def _families(
    tree: Tree, codes: Sequence[str], rows: Sequence[str], least: Mapping[str, float]
) -> tuple[Family, ...]:
    """Every aggregate, from the lowest level up."""
    node_at = {c: k for k, c in enumerate(codes)}
    row_at = {c: k for k, c in enumerate(rows)}
    order = [c for level in range(2, tree.depth + 1) for c in tree.at_level(level)]
    place = {c: k for k, c in enumerate(order)}
    found = []
    for code in order:
        children = sorted(tree.children[code], key=lambda n: (not n.leaf, n.code))
        found.append(
            Family(
                code,
                np.array([node_at[n.code] for n in children], np.intp),
                np.array([row_at[n.code] for n in children if n.leaf], np.intp),
                np.array([place[n.code] for n in children if not n.leaf], np.intp),
                least[code],
            )
        )
    return tuple(found)


def leaf_sums(family: Family, weights: Matrix, z: NDArray[np.float64], present: Matrix) -> Sums:
    """What the indicators of a family bring. ``z`` ``(rows, units)``, or ``(runs, rows, units)``, 0 where
    missing; ``present`` 1 where it is there, else 0.
    """
    own = weights[:, family.nodes[: family.rows.size]]
    there = present[family.rows]
    top = own @ z[family.rows] if z.ndim == 2 else (own[:, None] @ z[:, family.rows])[:, 0]
    return Sums(top, own @ there, (own > 0).astype(np.float64) @ there if family.least > 0 else None)


def climb(
    families: Sequence[Family],
    weights: Matrix,
    sums: Sequence[Sums],
    found: Sequence[Means] = (),
    only: Sequence[int] | None = None,
) -> list[Means]:
    """Means of every family from the sums of its indicators, the lowest level first; the top is the last.

    ``only``: the places of the families to reckon anew, where the others are ``found``.
    """
    means = dict(enumerate(found))
    for f in range(len(families)) if only is None else only:
        family, own = families[f], sums[f]
        top, left, count = own.top, own.left, own.counted
        if family.below.size:
            top = top.copy()  # the sums are used again
        for node, child in zip(family.nodes[family.rows.size :], family.below, strict=True):
            below, weight = means[child], weights[:, node, None]
            top += weight * below.score
            left = left + weight * below.there
            if count is not None:
                count = count + (weight > 0) * below.there
        enough = left > 0
        if count is not None:
            due = (weights[:, family.nodes] > 0).sum(axis=1)[:, None]
            enough &= ~(count / np.maximum(due, 1) < family.least)
        if enough.all():
            means[f] = Means(top / left, 1.0)
        else:
            score = np.divide(top, left, out=np.zeros(top.shape), where=enough)
            means[f] = Means(score, enough.astype(np.float64))
    return [means[f] for f in range(len(families))]


def top_of(means: Sequence[Means]) -> Matrix:
    """Score of the top; NaN where too little is there."""
    return np.where(np.asarray(means[-1].there) > 0, means[-1].score, np.nan)

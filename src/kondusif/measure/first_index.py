"""Anyone's own index: a tree of indicators of any depth over many units, on whole columns (method 1.8).

Arrays are ``(n_units,)`` per code, float64, NaN for missing. Later engines add steps around this one
(treat, impute, weigh, outrank); each takes and gives the same columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import RecipeError
from kondusif.measure.aggregate import AGGREGATORS, enough
from kondusif.measure.normalise import NORMALISERS, Spec

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Node:
    """One code in the tree. ``spec`` only for an indicator; ``weight`` is relative inside ``parent``."""

    code: str
    parent: str
    weight: float
    spec: Spec | None = None


@dataclass(frozen=True)
class Tree:
    """Indicators and aggregates under one top. Raises ``RecipeError`` when it is not one tree."""

    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        codes = [n.code for n in self.nodes]
        if twice := sorted({c for c in codes if codes.count(c) > 1}):
            raise RecipeError(f"codes stand twice: {', '.join(twice)}", codes=twice)
        tops = [n.code for n in self.nodes if not n.parent]
        if len(tops) != 1:
            raise RecipeError(f"one code must have no parent: {', '.join(tops) or 'none'}", codes=tops)
        aggregates = {n.code for n in self.nodes if n.spec is None}
        for node in self.nodes:
            if node.parent and node.parent not in aggregates:
                raise RecipeError(f"{node.code}: parent {node.parent} is no aggregate", code=node.code)
            if not node.weight > 0:
                raise RecipeError(f"{node.code}: weight must be above 0", code=node.code)
        if childless := sorted(aggregates - {n.parent for n in self.nodes}):
            raise RecipeError(f"no children: {', '.join(childless)}", codes=childless)
        if len(self.upward) != len(aggregates):
            raise RecipeError("parents go round in a circle")

    @cached_property
    def by_code(self) -> Mapping[str, Node]:
        return {n.code: n for n in self.nodes}

    @cached_property
    def children(self) -> Mapping[str, tuple[Node, ...]]:
        return {
            a.code: tuple(n for n in self.nodes if n.parent == a.code) for a in self.nodes if a.spec is None
        }

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        return tuple(n for n in self.nodes if n.spec is not None)

    @cached_property
    def top(self) -> str:
        return next(n.code for n in self.nodes if not n.parent)

    @cached_property
    def upward(self) -> tuple[str, ...]:
        """Aggregates, every child before its parent."""
        order: list[str] = []
        waiting = [self.top]
        while waiting:
            code = waiting.pop()
            order.append(code)
            waiting += [n.code for n in self.children[code] if n.spec is None]
        return tuple(reversed(order))

    def path(self, code: str) -> tuple[str, ...]:
        """A code and everything above it, the top last."""
        found = [code]
        while parent := self.by_code[found[-1]].parent:
            found.append(parent)
        return tuple(found)

    @cached_property
    def shares(self) -> Mapping[str, float]:
        """Share of each indicator in the top when nothing is missing; they sum to 1."""
        inside = {
            n.code: n.weight / sum(c.weight for c in self.children[n.parent]) for n in self.nodes if n.parent
        }
        return {
            leaf.code: float(np.prod([inside[c] for c in self.path(leaf.code)[:-1]])) for leaf in self.leaves
        }


@dataclass(frozen=True, slots=True)
class Steps:
    """Which step does what: names in ``NORMALISERS`` and ``AGGREGATORS``, scale, least share of children."""

    normalise: str = "minmax"
    scale: tuple[float, float] = (0.0, 100.0)
    aggregate: str = "arithmetic"
    min_available: float = 0.0

    def __post_init__(self) -> None:
        if self.normalise not in NORMALISERS:
            raise RecipeError(f"no such normalisation: {self.normalise}", known=sorted(NORMALISERS))
        if self.aggregate not in AGGREGATORS:
            raise RecipeError(f"no such aggregation: {self.aggregate}", known=sorted(AGGREGATORS))
        if not self.scale[0] < self.scale[1]:
            raise RecipeError("the scale must rise", scale=self.scale)
        if not 0 <= self.min_available <= 1:
            raise RecipeError("min_available is a share", min_available=self.min_available)


@dataclass(frozen=True, slots=True)
class Index:
    """The result, by code: every column is ``(n_units,)`` in the order of ``units``.

    ``scores`` holds every aggregate; ``contributions`` every indicator, summing to the top's score;
    ``coverage`` is the weighted share answered, 0..1.
    """

    units: tuple[str, ...]
    top: str
    normalised: Mapping[str, Column]
    scores: Mapping[str, Column]
    contributions: Mapping[str, Column]
    coverage: Column = field(repr=False)


def index(tree: Tree, units: Sequence[str], data: Mapping[str, Column], steps: Steps) -> Index:
    """Normalise, aggregate upward, and say what each indicator added.

    ``data``: one raw column per indicator. A parent whose available children fall below ``min_available`` is
    missing, as is one without any.
    """
    turn, gather = NORMALISERS[steps.normalise], AGGREGATORS[steps.aggregate]
    normalised = {
        leaf.code: turn(data[leaf.code], leaf.spec, steps.scale) for leaf in tree.leaves if leaf.spec
    }
    columns = dict(normalised)
    passed: dict[str, Column] = {}  # share of a child in its parent, per unit, after reweighting
    for code in tree.upward:
        children = tree.children[code]
        values = np.column_stack([columns[n.code] for n in children])
        weights = np.array([n.weight for n in children])
        columns[code] = np.where(enough(values, steps.min_available), gather(values, weights), np.nan)
        present = ~np.isnan(values) * weights
        whole = present.sum(axis=1)
        for k, node in enumerate(children):
            passed[node.code] = np.divide(present[:, k], whole, out=np.zeros(len(units)), where=whole > 0)
    return Index(
        units=tuple(units),
        top=tree.top,
        normalised=normalised,
        scores={code: columns[code] for code in columns if code not in normalised},
        contributions={
            leaf.code: np.where(np.isnan(columns[tree.top]), np.nan, columns[leaf.code])
            * np.prod([passed[c] for c in tree.path(leaf.code)[:-1]], axis=0)
            for leaf in tree.leaves
        },
        coverage=np.sum(
            [tree.shares[n.code] * ~np.isnan(columns[n.code]) for n in tree.leaves], axis=0, dtype=np.float64
        ),
    )


def level_of(score: Column, cuts: Sequence[float]) -> NDArray[np.int64]:
    """Class 1.. by half-open cut-offs; 0 where the score is missing (method 2.1)."""
    levels: NDArray[np.int64] = np.digitize(score, np.asarray(cuts, dtype=np.float64)) + 1
    return np.where(np.isnan(score), 0, levels)

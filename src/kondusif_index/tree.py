"""Indicators and aggregates under one top: a hierarchy of any depth, checked when made (method 8.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import fsum, isfinite

import numpy as np
from numpy.typing import NDArray

from kondusif_index.errors import RecipeError
from kondusif_index.transform import Transform

Column = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Node:
    """One code. An indicator has ``leaf``; ``weight`` is relative inside ``parent``, 0 takes no part.

    ``direction`` 1: more is higher on the index, -1: more is lower. ``lo`` and ``hi`` are goalposts and
    ``target`` an aim, all in the indicator's own unit; ``denominator`` names the column it is divided by.
    """

    code: str
    parent: str = ""
    weight: float = 1.0
    leaf: bool = False
    direction: int = 1
    lo: float | None = None
    hi: float | None = None
    target: float | None = None
    denominator: str = ""
    transform: Transform | None = None
    name: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Tree:
    """Nodes in the order given. Raises ``RecipeError`` naming the codes when it is not one sound tree.

    Refused: a code twice, no top or several, an unknown parent, an indicator as parent, an aggregate without
    children, a circle, a negative or infinite weight, weights of a parent that sum to zero, and a child that
    skips a level (unless ``ragged``: then a parent stands one above its highest child).
    """

    nodes: tuple[Node, ...]
    ragged: bool = False

    def __post_init__(self) -> None:
        self._refuse_codes_twice()
        self._refuse_tops()
        self._refuse_nodes()
        self._refuse_aggregates()
        if not self.ragged:
            self._refuse_skips()

    def _refuse_codes_twice(self) -> None:
        counts = Counter(n.code for n in self.nodes)
        if twice := sorted(c for c, count in counts.items() if count > 1):
            raise RecipeError(f"codes stand twice: {', '.join(twice)}", codes=twice)

    def _refuse_tops(self) -> None:
        tops = [n.code for n in self.nodes if not n.parent]
        if len(tops) != 1:
            raise RecipeError(f"one code must have no parent: {', '.join(tops) or 'none'}", codes=tops)
        if self.by_code[tops[0]].leaf:
            raise RecipeError(f"{tops[0]}: the top is an aggregate, not an indicator", codes=tops)

    def _refuse_nodes(self) -> None:
        for node in self.nodes:
            if node.parent and (node.parent not in self.by_code or self.by_code[node.parent].leaf):
                raise RecipeError(f"{node.code}: parent {node.parent} is no aggregate", code=node.code)
            if not (isfinite(node.weight) and node.weight >= 0):
                raise RecipeError(
                    f"{node.code}: weight {node.weight} is negative or not finite", code=node.code
                )
            if node.direction not in (1, -1):
                raise RecipeError(f"{node.code}: direction is 1 or -1, not {node.direction}", code=node.code)

    def _refuse_aggregates(self) -> None:
        """Without children, in a circle, or with children that all weigh zero."""
        if childless := sorted(code for code, children in self.children.items() if not children):
            raise RecipeError(f"no children: {', '.join(childless)}", codes=childless)
        if lost := sorted(set(self.children) - set(self.upward)):
            raise RecipeError(f"parents go round in a circle: {', '.join(lost)}", codes=lost)
        for code, children in self.children.items():
            if not sum(n.weight for n in children) > 0:
                raise RecipeError(f"{code}: weights of its children sum to zero", code=code)

    def _refuse_skips(self) -> None:
        for code, children in self.children.items():
            skips = sorted(n.code for n in children if self.level[n.code] != self.level[code] - 1)
            if skips:
                raise RecipeError(
                    f"{', '.join(skips)}: skips a level below {code}; put an aggregate between, or set "
                    "ragged = true",
                    codes=skips,
                    parent=code,
                )

    @cached_property
    def by_code(self) -> Mapping[str, Node]:
        return {n.code: n for n in self.nodes}

    @cached_property
    def children(self) -> Mapping[str, tuple[Node, ...]]:
        """Children of every aggregate, in the order given."""
        found: dict[str, list[Node]] = {n.code: [] for n in self.nodes if not n.leaf}
        for node in self.nodes:
            if node.parent:
                found[node.parent].append(node)
        return {code: tuple(nodes) for code, nodes in found.items()}

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        return tuple(n for n in self.nodes if n.leaf)

    @cached_property
    def leaf_codes(self) -> tuple[str, ...]:
        return tuple(n.code for n in self.leaves)

    @cached_property
    def top(self) -> str:
        return next(n.code for n in self.nodes if not n.parent)

    @cached_property
    def upward(self) -> tuple[str, ...]:
        """Aggregates, every child before its parent; the top last."""
        order: list[str] = []
        waiting = [self.top]
        while waiting:
            code = waiting.pop()
            order.append(code)
            waiting += [n.code for n in self.children[code] if not n.leaf]
        return tuple(reversed(order))

    @cached_property
    def level(self) -> Mapping[str, int]:
        """1 for an indicator, one more than the highest child for an aggregate."""
        found = {n.code: 1 for n in self.leaves}
        for code in self.upward:
            found[code] = 1 + max(found[n.code] for n in self.children[code])
        return found

    @property
    def depth(self) -> int:
        """Level of the top; 2 where indicators stand directly under it."""
        return self.level[self.top]

    def at_level(self, level: int) -> tuple[str, ...]:
        """Codes of a level, in the order given."""
        return tuple(n.code for n in self.nodes if self.level[n.code] == level)

    def path(self, code: str) -> tuple[str, ...]:
        """A code and everything above it, the top last."""
        found = [code]
        while parent := self.by_code[found[-1]].parent:
            found.append(parent)
        return tuple(found)

    def under(self, code: str) -> tuple[str, ...]:
        """Indicators below a code (itself, when it is one), in the order given."""
        return tuple(c for c in self.leaf_codes if code in self.path(c))

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """The weight of every code but the top, as given."""
        return {n.code: n.weight for n in self.nodes if n.parent}

    def shares(self, weights: Mapping[str, float] | None = None) -> Mapping[str, float]:
        """Share of every code in the top when nothing is missing: product of the shares inside each parent.

        The shares of each level sum to 1 (of the indicators, in a ragged tree). The top has 1.
        """
        weights = self.weights if weights is None else weights
        found = {self.top: 1.0}
        for code in reversed(self.upward):
            whole = fsum(weights[n.code] for n in self.children[code])  # in any order, to the bit
            for node in self.children[code]:
                found[node.code] = found[code] * weights[node.code] / whole
        return found

    def weighted(self, weights: Mapping[str, float]) -> Tree:
        """The same tree with other weights; checked again."""
        nodes = tuple(replace(n, weight=float(weights.get(n.code, n.weight))) for n in self.nodes)
        return Tree(nodes, self.ragged)

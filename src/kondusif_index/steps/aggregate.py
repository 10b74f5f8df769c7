"""Children to parents, step by step, up to the top (method 8.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from kondusif_index.data import Data, Why
from kondusif_index.errors import RecipeError
from kondusif_index.settings import refuse_unknown
from kondusif_index.steps.means import Mean, mean, named
from kondusif_index.tree import Column, Matrix, Tree


@dataclass(frozen=True, slots=True)
class Aggregating:
    """How children become parents.

    ``method``: one name for every step, or a list with one name per step from the bottom; in place of a name
    may stand a table (``Mean``) with its own parameters. ``by_code`` does the same for single aggregates.
    ``p``, ``orness``, ``order``, ``veto_at``, ``veto_to`` and ``floor`` are the parameters of bare names
    (see ``Mean``).

    ``min_available``: share 0..1 of an aggregate's children that must be there, one number or one per step
    from the bottom; below it the aggregate is missing. Children are counted without their weight; those of
    weight zero are not counted. ``count_not_applicable``: whether a child that does not apply stays in that
    count (as if it were missing); by default it leaves it.
    """

    method: str | Mean | tuple[str | Mean, ...] = "arithmetic"
    p: float | None = None
    orness: float | None = None
    order: tuple[float, ...] = ()
    veto_at: float | None = None
    veto_to: float | None = None
    floor: float | None = None
    by_code: Mapping[str, str | Mean] = field(default_factory=dict)
    min_available: float | tuple[float, ...] = 0.0
    count_not_applicable: bool = False

    def __post_init__(self) -> None:
        for method in (*_each(self.method), *self.by_code.values()):
            named(method, self._shared)
        if self.method == () or self.min_available == ():
            raise RecipeError(
                "method, min_available: an empty list; give one value or one per step", key="method"
            )
        for share in _each(self.min_available):
            if not 0 <= share <= 1:
                raise RecipeError(f"min_available: {share} is not between 0 and 1", key="min_available")

    @property
    def _shared(self) -> tuple[tuple[str, object], ...]:
        names = ("p", "orness", "order", "veto_at", "veto_to", "floor")
        return tuple((name, getattr(self, name)) for name in names)

    def means(self, tree: Tree) -> Mapping[str, Mean]:
        """The mean of every aggregate. Raises ``RecipeError`` on a code that is none, or a list of other
        length.
        """
        refuse_unknown("by_code", self.by_code, tree.upward, "aggregate")
        steps = self._steps("method", self.method, tree)
        return {
            code: named(self.by_code.get(code, steps[tree.level[code] - 2]), self._shared)
            for code in tree.upward
        }

    def least(self, tree: Tree) -> Mapping[str, float]:
        """``min_available`` of every aggregate."""
        steps = self._steps("min_available", self.min_available, tree)
        return {code: float(steps[tree.level[code] - 2]) for code in tree.upward}

    def _steps(self, name: str, given: object, tree: Tree) -> tuple:  # type: ignore[type-arg]
        steps = tree.depth - 1
        if not isinstance(given, tuple):
            return (given,) * steps
        if len(given) != steps:
            raise RecipeError(
                f"{name}: {len(given)} values, but {steps} steps up to {tree.top}; give one, or {steps}",
                key=name,
                steps=steps,
            )
        return given


def _each(given: object) -> tuple:  # type: ignore[type-arg]
    return given if isinstance(given, tuple) else (given,)


@dataclass(frozen=True)
class Aggregated:
    """Aggregates in the order of ``tree.upward``, the top last.

    ``values`` is ``(n_units, n_aggregates)``, NaN where too little is there. ``available`` is the share of
    children there, as counted for ``min_available``; ``coverage`` the weighted share of the indicators below
    that are answered, out of those that apply. Both are 0..1, NaN where nothing applies.
    """

    units: tuple[str, ...]
    codes: tuple[str, ...]
    values: Matrix
    available: Matrix
    coverage: Matrix

    @cached_property
    def by_code(self) -> Mapping[str, Column]:
        return {code: self.values[:, k] for k, code in enumerate(self.codes)}

    @property
    def top(self) -> Column:
        return self.values[:, -1]


def aggregate(
    data: Data, tree: Tree, how: Aggregating, weights: Mapping[str, float] | None = None
) -> Aggregated:
    """Scores of every aggregate, from normalised ``data`` (method 8.9).

    ``weights`` replace those of the tree (relative inside each parent). The weights of missing children go
    to their siblings in proportion. Raises ``RecipeError`` when a column is lacking, and when a mean that
    needs positive values meets another: it names unit, code and value.
    """
    tree = reweighted(tree, weights)
    means, least = how.means(tree), how.least(tree)
    columns = leaf_columns(data, tree)
    absent = _not_applicable(data, tree)
    covered = {code: (~np.isnan(columns[code])).astype(np.float64) for code in tree.leaf_codes}
    n = len(data.units)
    values, available, coverage = (np.empty((len(tree.upward), n)) for _ in range(3))
    for row, code in enumerate(tree.upward):
        codes, x, w = family(tree, code, columns)
        refuse(means[code], codes, x, w, data.units, code)
        found = mean(means[code], x, w)
        there = np.zeros(n)
        due = np.zeros(n)
        weight, answered = np.zeros(n), np.zeros(n)
        for child in codes:
            share = tree.by_code[child].weight
            out = absent.get(child)
            there += ~np.isnan(columns[child])
            applies = 1.0 if out is None else 1.0 - out
            due += 1.0 if how.count_not_applicable else applies
            weight += share * applies
            answered += share * covered[child]
        with np.errstate(invalid="ignore", divide="ignore"):
            available[row] = there / due
            coverage[row] = covered[code] = np.where(weight > 0, answered / weight, 0.0)
        coverage[row][weight == 0] = np.nan
        if least[code] > 0:
            found = np.where(available[row] < least[code], np.nan, found)
        if any(child in absent for child in codes):
            absent[code] = weight == 0
        values[row] = columns[code] = found
    return Aggregated(data.units, tree.upward, values.T, available.T, coverage.T)


def reweighted(tree: Tree, weights: Mapping[str, float] | None) -> Tree:
    """The tree with these weights. Raises ``RecipeError`` on a code that it does not have."""
    if weights is None:
        return tree
    refuse_unknown("weights", weights, tree.by_code, "code")
    return tree.weighted(weights)


def leaf_columns(data: Data, tree: Tree) -> dict[str, Column]:
    """The indicators' columns, each in one piece of memory. Raises ``RecipeError`` naming what is
    lacking.
    """
    if lacking := [code for code in tree.leaf_codes if code not in data.at]:
        raise RecipeError(f"no column for: {', '.join(lacking)}", codes=lacking)
    return {code: np.ascontiguousarray(data.column(code)) for code in tree.leaf_codes}


def family(tree: Tree, code: str, columns: Mapping[str, Column]) -> tuple[tuple[str, ...], Matrix, Matrix]:
    """Children of weight above zero, sorted by code; their values; their weights, 0 where missing.

    Weights are ``(k, 1)`` where nothing is missing.
    """
    codes = tuple(sorted(n.code for n in tree.children[code] if n.weight > 0))
    x = np.stack([columns[c] for c in codes])
    w = np.array([[tree.by_code[c].weight] for c in codes])
    gaps = np.isnan(x)
    if gaps.any():
        w = np.where(gaps, 0.0, w)
    return codes, x, w


def refuse(
    how: Mean, codes: tuple[str, ...], x: Matrix, w: Matrix, units: tuple[str, ...], parent: str
) -> None:
    """Raises ``RecipeError`` naming the first unit and child that this mean cannot take."""
    if not (bad := how.refused(x, w)).any():
        return
    rows = np.argwhere(bad.T)
    unit, child = min((units[u], codes[c]) for u, c in rows)
    found = x[codes.index(child), units.index(unit)]
    others = f" (and {len(rows) - 1} more cells)" if len(rows) > 1 else ""
    named_mean = how.method if how.p is None else f"{how.method} (p = {how.p:g})"
    raise RecipeError(
        f"{unit}, {child}: {found:g}{others}; the {named_mean} mean of {parent} takes only values "
        f"{'of zero or more' if (how.power or 0) > 0 else 'above zero'}. "
        "Normalise to a scale that starts above zero (1-100), or set `floor`",
        unit=unit,
        code=child,
        parent=parent,
        value=float(found),
    )


def _not_applicable(data: Data, tree: Tree) -> dict[str, np.ndarray]:
    """Where an indicator does not apply; only the indicators that have such a cell."""
    found = {}
    for code in tree.leaf_codes:
        cells = data.why[:, data.at[code]] == Why.NOT_APPLICABLE
        if cells.any():
            found[code] = cells
    return found

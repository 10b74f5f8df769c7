"""What every indicator gives to the score, in points; the parts sum to it whatever the means (method
8.12).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import fsum

import numpy as np

from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.explain.decomposition import handed_down, split, split_from_zero
from kondusif_index.steps.aggregate import (
    Aggregating,
    aggregate,
    family,
    leaf_columns,
    refuse,
    reweighted,
)
from kondusif_index.steps.means import Mean, mean
from kondusif_index.tree import Column, Matrix, Tree

CHUNK = 10_000  # units at a time: what is in work stays small


@dataclass(frozen=True)
class Contributions:
    """``score == base + points summed over indicators``, to 1e-9, for every unit.

    ``points`` is ``(n_units, n_indicators)`` in points of the top, in the order of ``codes``: NaN where the
    indicator is missing or the top is; 0 where it takes no part (weight zero, or its group was too thin).
    ``base`` is 0, or the score of the unit compared with, on the answers that this unit has.
    """

    units: tuple[str, ...]
    codes: tuple[str, ...]
    points: Matrix
    base: Column
    score: Column

    @cached_property
    def by_code(self) -> Mapping[str, Column]:
        return {code: self.points[:, k] for k, code in enumerate(self.codes)}

    def ranked(self, unit: str) -> tuple[tuple[str, float], ...]:
        """Indicators of one unit that have a part, the largest part (either way) first; equal ones by
        code.
        """
        row = self.points[self.units.index(unit)]
        found = [(c, float(v)) for c, v in zip(self.codes, row, strict=True) if not np.isnan(v)]
        return tuple(sorted(found, key=lambda f: (-abs(f[1]), f[0])))


def contributions(
    data: Data,
    tree: Tree,
    how: Aggregating,
    weights: Mapping[str, float] | None = None,
    against: Mapping[str, float] | str | None = None,
) -> Contributions:
    """Contribution of every indicator to the top, from normalised ``data``.

    Without ``against`` the parts are of the score itself, from 0 of the scale. ``against="mean"`` compares
    with the mean unit (each indicator at its mean over the units that have it), a mapping with any other
    unit by code: then the parts are of the difference, and a missing answer is missing on both sides. Parent
    by parent (``split``), so cost grows with the number of children, not with its power of two. Indicators
    that play the same role get the same; weight zero gets 0.
    """
    tree = reweighted(tree, weights)
    scored = aggregate(data, tree, how)
    values: dict[str, Column] = {**leaf_columns(data, tree), **scored.by_code}
    base = None if against is None else _base(data, tree, how, values, against)
    points = np.empty((len(data.units), len(tree.leaf_codes)))
    means = how.means(tree)
    for start in range(0, len(data.units), CHUNK):
        rows = slice(start, start + CHUNK)
        some = {code: column[rows] for code, column in values.items()}
        other = None if base is None else {code: column[rows] for code, column in base.items()}
        points[rows] = _points(tree, means, some, other)
    points[np.isnan(scored.top)] = np.nan
    bottom = np.zeros(len(data.units)) if base is None else base[tree.top]
    return Contributions(data.units, tree.leaf_codes, points, bottom, scored.top)


def _points(
    tree: Tree, means: Mapping[str, Mean], values: dict[str, Column], base: dict[str, Column] | None
) -> Matrix:
    """``(n, n_indicators)``: from the top down, what a point of each code is worth there, and its lump."""
    n = len(values[tree.top])
    nothing = np.zeros(n)
    slope: dict[str, Column] = {tree.top: np.ones(n)}
    lump: dict[str, Column | None] = {tree.top: None}
    for code in reversed(tree.upward):
        codes, x, w = family(tree, code, values)
        gone = np.isnan(values[code])
        w = np.where(gone, 0.0, w) if gone.any() else np.broadcast_to(w, x.shape)
        x, b = np.where(w > 0, x, 0.0), None
        if base is None:
            slopes, lumps = split_from_zero(means[code], w, x)
        else:
            b = np.where(w > 0, np.stack([base[c] for c in codes]), 0.0)
            slopes, lumps = split(means[code], w, b, x)
        below = None if lumps is None else slope[code] * lumps
        if (whole := lump[code]) is not None:
            parts = slopes * (x if b is None else x - b)
            moved = values[code] if base is None else values[code] - base[code]
            handed = handed_down(
                whole, parts if lumps is None else parts + lumps, w, np.where(gone, 0.0, moved)
            )
            below = handed if below is None else below + handed
        for node in tree.children[code]:
            slope[node.code], lump[node.code] = nothing, None
        for k, child in enumerate(codes):
            slope[child] = slope[code] * slopes[k]
            lump[child] = None if below is None else below[k]
    found = np.empty((n, len(tree.leaf_codes)))
    for k, code in enumerate(tree.leaf_codes):
        found[:, k] = slope[code] * (values[code] if base is None else values[code] - base[code])
        if (extra := lump[code]) is not None:
            found[:, k] += np.where(np.isnan(values[code]), np.nan, extra)
    return found


def _base(
    data: Data, tree: Tree, how: Aggregating, values: Mapping[str, Column], against: Mapping[str, float] | str
) -> dict[str, Column]:
    """The unit compared with, on the answers that each unit has: one column per code."""
    if isinstance(against, str):
        if against != "mean":
            raise RecipeError(
                f"against: found {against!r}, expected 'mean' or a value per code", key="against"
            )
        against = {code: _mean_of(values[code]) for code in tree.leaf_codes}
    if lacking := [c for c in tree.leaf_codes if c not in against]:
        raise RecipeError(f"against: no value for {', '.join(lacking)}", codes=lacking)
    base = {c: np.where(np.isnan(values[c]), np.nan, against[c]) for c in tree.leaf_codes}
    means = how.means(tree)
    for code in tree.upward:
        codes, x, w = family(tree, code, base)
        refuse(means[code], codes, x, w, data.units, code)
        base[code] = np.where(np.isnan(values[code]), np.nan, mean(means[code], x, w))
    return base


def _mean_of(column: Column) -> float:
    """Mean of what is there, whatever the order of units."""
    there = column[~np.isnan(column)]
    return fsum(there) / len(there) if len(there) else 0.0

"""Who stands where: ranks, and what a unit is best and worst at (method 8.16).

"Best" is always high on the index. On an index of risk the first rank is the riskiest unit, and a strength
is what pushes it up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.rounding import DECIMALS, rounded
from kondusif_index.tree import Column, Matrix, Tree

Ranks = NDArray[np.int64]


def ranks(values: Matrix, decimals: int | None = DECIMALS) -> Ranks:
    """Ranks of every column of ``values`` (n_units,) or (n_units, k): 1 the highest, ties the least, 0 none.

    Values are rounded to ``decimals`` first, so that noise ranks nobody apart; None ranks every bit, which
    suits columns whose own values are tiny.

    >>> ranks(np.array([3.0, 5.0, 5.0 + 1e-13, np.nan])).tolist()
    [3, 1, 1, 0]
    """
    places = stats.rankdata(-rounded(values, decimals), method="min", axis=0, nan_policy="omit")
    return np.asarray(np.nan_to_num(places), dtype=np.int64)


def ranks_within(values: Matrix, groups: Sequence[str], decimals: int | None = DECIMALS) -> Ranks:
    """As ``ranks``, among the units that carry the same label; an empty label is a unit in no group: 0."""
    if len(groups) != len(values):
        raise RecipeError(f"{len(groups)} labels for {len(values)} units")
    labels = np.array(groups, dtype=object)
    found = np.zeros(values.shape, dtype=np.int64)
    for label in set(groups) - {""}:
        inside = labels == label
        found[inside] = ranks(values[inside], decimals)
    return found


def ranks_by_group(values: Matrix, groups: Mapping[str, Sequence[str]]) -> Mapping[str, Ranks]:
    """``ranks_within`` by each group column in which two units or more share a label."""
    shared = [name for name, labels in groups.items() if max(_sizes(labels).values(), default=0) > 1]
    return {name: ranks_within(values, groups[name]) for name in shared}


def group_sizes(labels: Sequence[str], counted: NDArray[np.bool_]) -> list[int]:
    """Of each unit, how many of those ``counted`` (n_units,) carry its label.

    >>> group_sizes(["x", "y", "x"], np.array([True, True, False]))
    [1, 1, 1]
    """
    sizes = _sizes([label for label, here in zip(labels, counted, strict=True) if here])
    return [sizes[label] for label in labels]


def _sizes(labels: Iterable[str]) -> Counter[str]:
    return Counter(label for label in labels if label)


@dataclass(frozen=True, slots=True)
class Trait:
    """An indicator on which a unit stands out: its rank among ``among`` units and its own raw value."""

    code: str
    name: str
    parent: str
    rank: int
    among: int
    value: float
    unit: str


def strengths(data: Data, tree: Tree, unit: str, most: int = 5) -> tuple[Trait, ...]:
    """Indicators on which a unit ranks highest on the index, the best first; at most ``most``.

    ``data`` holds raw values; the direction is that of the tree. A value that is also the lowest (everybody
    ties) is no strength. Equal ranks stand by code.
    """
    return _traits(data, tree, unit, np.nanmin)[:most]


def weaknesses(data: Data, tree: Tree, unit: str, most: int = 5) -> tuple[Trait, ...]:
    """The other end: indicators on which a unit ranks lowest, the worst last; a value that is also the
    highest is no weakness."""
    lowest = sorted(_traits(data, tree, unit, np.nanmax), key=lambda t: (-t.rank, t.code))[:most]
    return tuple(sorted(lowest, key=lambda t: (t.rank, t.code)))


def _traits(data: Data, tree: Tree, unit: str, nothing: Callable[[Column], float]) -> tuple[Trait, ...]:
    """Indicators that a unit has, the highest rank first; ``nothing`` gives the value that says nothing."""
    if unit not in data.units:
        raise RecipeError(f"no unit {unit!r}", unit=unit)
    row = data.units.index(unit)
    found = []
    for node in tree.leaves:
        if node.code not in data.at:
            continue
        column = data.column(node.code)
        turned = column * node.direction
        mine = turned[row]
        if np.isnan(mine) or mine == nothing(turned):
            continue
        rank, among = 1 + int((turned > mine).sum()), int((~np.isnan(column)).sum())
        trait = Trait(node.code, node.name, node.parent, rank, among, float(column[row]), node.unit)
        found.append(trait)
    return tuple(sorted(found, key=lambda t: (t.rank, t.code)))

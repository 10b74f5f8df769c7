"""Counts to rates: divide a column by another (method 8.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from kondusif_index.data import Data, StepResult
from kondusif_index.errors import RecipeError
from kondusif_index.settings import Positive, Settings, refuse_unknown
from kondusif_index.tree import Column, Tree


@dataclass(frozen=True, slots=True)
class Denominating(Settings):
    """What is divided by what.

    ``method``  "tree": each indicator by the denominator that its node names, where it names one;
                "none": nothing, not even ``by``.
    ``by``      indicator to denominator, over what the tree says; "" leaves the indicator as it is.
    ``factor``  denominator to a number above 0 that it is multiplied by first: 0.001 for "per thousand".
    ``bad``     a denominator that is zero, negative or missing below a value: "refuse", or "missing" to empty
                the cell and list it.
    """

    method: Literal["tree", "none"] = "tree"
    by: Mapping[str, str] = field(default_factory=dict)
    factor: Mapping[str, Positive] = field(default_factory=dict)
    bad: Literal["refuse", "missing"] = "refuse"


def denominate(data: Data, tree: Tree, how: Denominating) -> StepResult:
    """Rates in place of counts (method 8.4): every indicator over its denominator, ``x / (d * factor)``.

    A denominator is a column of ``data.other`` or an indicator, as it was before any division. Missing stays
    missing. ``warnings`` names every cell that was emptied, with the denominator found there. Raises
    ``RecipeError`` on an unknown name, on an indicator divided by itself, on a factor for a denominator
    nobody uses and, unless ``bad`` is "missing", on a value that stands over a bad denominator.
    """
    values, found = data.values.copy(), []
    for code, (name, below) in divisors(data, tree, how).items():
        x = data.column(code)
        sound = (below > 0) & np.isfinite(below)
        bad = ~sound & ~np.isnan(x)
        found += [f"{data.units[k]}, {code}: {name} is {_shown(below[k])}" for k in np.flatnonzero(bad)]
        values[:, data.at[code]] = np.divide(x, below, out=np.full(len(x), np.nan), where=sound)
    if found and how.bad == "refuse":
        shown = "; ".join(found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")
        raise RecipeError(f'cannot divide: {shown}. Correct the column, or set bad = "missing"', cells=found)
    return StepResult(data.with_values(values), tuple(found))


def divisors(data: Data, tree: Tree, how: Denominating) -> dict[str, tuple[str, Column]]:
    """Of every indicator that is divided: name of its denominator, and ``d * factor`` of each unit."""
    pairs = _pairs(data, tree, how)
    return {
        code: (name, _denominator(data, code, name) * how.factor.get(name, 1.0))
        for code, name in pairs.items()
    }


def _pairs(data: Data, tree: Tree, how: Denominating) -> dict[str, str]:
    """Indicator to denominator; nothing for ``method`` none."""
    refuse_unknown("by", how.by, tree.leaf_codes)
    if how.method == "none":
        return {}
    pairs = {n.code: how.by.get(n.code, n.denominator) for n in tree.leaves}
    pairs = {code: name for code, name in pairs.items() if name}
    data.of(pairs)
    if unused := sorted(set(how.factor) - set(pairs.values())):
        raise RecipeError(f"factor: nothing is divided by {', '.join(unused)}", names=unused)
    return pairs


def _denominator(data: Data, code: str, name: str) -> Column:
    if name == code:
        raise RecipeError(f"{code}: is divided by itself", code=code)
    if name in data.other:
        return data.other[name]
    if name in data.at:
        return data.column(name)
    known = ", ".join(data.other) or "none beside the indicators"
    raise RecipeError(f"{code}: no denominator {name!r}; there are: {known}", code=code, name=name)


def _shown(value: float) -> str:
    return "missing" if np.isnan(value) else f"{value:g}"

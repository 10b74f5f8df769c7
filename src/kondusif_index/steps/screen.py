"""Which units have enough data to be scored (method 8.4). Nothing is removed unless the recipe says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data, StepResult, Why
from kondusif_index.errors import RecipeError
from kondusif_index.settings import Settings, Share, check, refuse_unknown
from kondusif_index.tree import Column, Matrix, Tree

Method = Literal["none", "availability", "nonzero", "both"]


@dataclass(frozen=True, slots=True)
class Screening(Settings):
    """When a unit leaves the index.

    ``method``           none keeps all; availability removes units below ``least_available``; nonzero those
                         below ``least_nonzero``; both those below either.
    ``least_available``  least share, 0 to 1, of applicable indicators that have a value.
    ``least_nonzero``    least share, 0 to 1, of values that are not zero.
    ``include``          units kept whatever their data. ``exclude``: units removed whatever their data.
    """

    method: Method = "none"
    least_available: Share = 2 / 3
    least_nonzero: Share = 2 / 3
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check(self)
        if both := sorted(set(self.include) & set(self.exclude)):
            raise RecipeError(f"include and exclude both name: {', '.join(both)}", units=both)


@dataclass(frozen=True)
class Summary:
    """One row per unit, every column shape ``(n_units,)``, in the order of ``units``.

    ``missing`` counts cells that apply and have no value, ``not_applicable`` is counted apart. ``available``
    is the share of applicable cells with a value, ``nonzero`` the share of values that are not zero; NaN
    where there is nothing to divide by. ``low_*`` compare with the thresholds whatever the method;
    ``forced`` is "include", "exclude" or "".
    """

    units: tuple[str, ...]
    missing: NDArray[np.int64]
    zero: NDArray[np.int64]
    missing_or_zero: NDArray[np.int64]
    not_applicable: NDArray[np.int64]
    available: Column
    nonzero: Column
    low_data: NDArray[np.bool_]
    low_nonzero: NDArray[np.bool_]
    low_either: NDArray[np.bool_]
    included: NDArray[np.bool_]
    forced: tuple[str, ...]


@dataclass(frozen=True)
class Availability:
    """Share of applicable indicators with a value below each aggregate: ``values`` is ``(n_units, n_codes)``.

    ``codes`` are the aggregates in the order of the tree; NaN where nothing below applies.
    """

    units: tuple[str, ...]
    codes: tuple[str, ...]
    values: Matrix


@dataclass(frozen=True, kw_only=True)
class Screened(StepResult):
    """``data`` without the ``removed`` units; ``summary`` and ``availability`` still hold all of them."""

    summary: Summary
    removed: tuple[str, ...]
    availability: Availability


def screen(data: Data, tree: Tree, how: Screening) -> Screened:
    """Keep the units with enough data (method 8.4).

    Counts only the indicators of ``tree``. A unit to which no indicator applies has low data. Raises
    ``RecipeError`` on a forced unit that does not exist, or when no unit is left.
    """
    refuse_unknown("include or exclude", how.include + how.exclude, data.units, "unit")
    counted = data.of(tree.leaf_codes)
    seen = counted.why == Why.PRESENT
    here = seen.sum(axis=1)
    outside = (counted.why == Why.NOT_APPLICABLE).sum(axis=1)
    zero = (seen & (counted.values == 0)).sum(axis=1)
    due = len(counted.codes) - outside
    available, nonzero = _share(here, due), _share(here - zero, here)
    low_data = (available < how.least_available) | (due == 0)
    low_nonzero = (
        nonzero < how.least_nonzero
    )  # NaN compares false: without a value it is low_data that speaks
    removed = {
        "none": np.zeros(len(here), dtype=np.bool_),
        "availability": low_data,
        "nonzero": low_nonzero,
        "both": low_data | low_nonzero,
    }[how.method]
    forced = tuple(
        "include" if u in how.include else "exclude" if u in how.exclude else "" for u in data.units
    )
    included = np.array(
        [f == "include" or (not f and not out) for f, out in zip(forced, removed, strict=True)],
        dtype=np.bool_,
    )
    if data.units and not included.any():
        raise RecipeError(f"{how.method}: no unit is left; lower the thresholds or include units by name")
    summary = Summary(
        data.units, due - here, zero, due - here + zero, outside, available, nonzero,
        low_data, low_nonzero, low_data | low_nonzero, included, forced,
    )  # fmt: skip
    kept = data if included.all() else data.rows(np.flatnonzero(included))
    gone = tuple(u for u, stays in zip(data.units, included, strict=True) if not stays)
    return Screened(data=kept, summary=summary, removed=gone, availability=availability(data, tree))


def availability(data: Data, tree: Tree) -> Availability:
    """Share of applicable indicators with a value below every aggregate, at every level (method 8.4)."""
    counted = data.of(tree.leaf_codes)
    seen, applies = counted.why == Why.PRESENT, counted.why != Why.NOT_APPLICABLE
    here = {code: seen[:, k] for k, code in enumerate(counted.codes)}
    due = {code: applies[:, k] for k, code in enumerate(counted.codes)}
    for code in tree.upward:
        for counts in (here, due):
            counts[code] = np.sum([counts[n.code] for n in tree.children[code]], axis=0, dtype=np.int64)
    codes = tuple(n.code for n in tree.nodes if not n.leaf)
    return Availability(data.units, codes, np.stack([_share(here[c], due[c]) for c in codes], axis=1))


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> Column:
    share: Column = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return share

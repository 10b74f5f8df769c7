"""Whole columns to risk: minmax, goalposts, or the instrument's own transforms (method 1.8).

Each normaliser maps one column, shape ``(n,)`` with NaN for missing, to the scale of the recipe; NaN stays
NaN. A new method is one function and one entry in ``NORMALISERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import RecipeError
from kondusif.measure.catalogue import Transform

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spec:
    """What a normaliser knows of one indicator. ``lo`` and ``hi`` are goalposts in the indicator's unit."""

    code: str
    direction: int = 1  # -1: lower is riskier
    lo: float | None = None
    hi: float | None = None
    transform: Transform | None = None


def minmax(x: Column, spec: Spec, scale: tuple[float, float]) -> Column:
    """Lowest seen to the low end, highest to the high end, after turning by direction.

    A column with one value only says nothing; it is refused, not guessed. ``RecipeError`` names it.
    """
    x = x * spec.direction
    seen = x[~np.isnan(x)]
    if seen.size == 0:
        return x
    low, high = seen.min(), seen.max()
    if low == high:
        raise RecipeError(f"{spec.code}: minmax needs two different values", indicator=spec.code)
    return _stretch((x - low) / (high - low), scale)


def goalposts(x: Column, spec: Spec, scale: tuple[float, float]) -> Column:
    """Between fixed goalposts, clamped; the goalposts turn with the direction."""
    lo, hi = _posts(spec)
    lo, hi = (lo, hi) if spec.direction == 1 else (-hi, -lo)
    share: Column = np.clip((x * spec.direction - lo) / (hi - lo), 0.0, 1.0)
    return _stretch(share, scale)


def instrument(x: Column, spec: Spec, scale: tuple[float, float]) -> Column:
    """The transform of the catalogue (method 1.1), on the same goalposts."""
    if spec.transform is None:
        raise RecipeError(f"{spec.code}: no transform given", indicator=spec.code)
    lo, hi = _posts(spec)
    distinct, where = np.unique(x, return_inverse=True)  # few distinct answers, so the scalar rule serves
    risks: Column = np.array(
        [np.nan if np.isnan(v) else spec.transform.risk(float(v), lo, hi) for v in distinct]
    )
    return _stretch(risks[where], scale)


def _stretch(share: Column, scale: tuple[float, float]) -> Column:
    """A share 0..1 on the scale."""
    return scale[0] + (scale[1] - scale[0]) * share


def _posts(spec: Spec) -> tuple[float, float]:
    if spec.lo is None or spec.hi is None or not spec.lo < spec.hi:
        raise RecipeError(f"{spec.code}: goalposts missing or not rising", indicator=spec.code)
    return spec.lo, spec.hi


NORMALISERS: Mapping[str, Callable[[Column, Spec, tuple[float, float]], Column]] = {
    "minmax": minmax,
    "goalposts": goalposts,
    "instrument": instrument,
}

"""What treatment is made of: shape of a column, winsorising, transforms (method 8.6).

``x`` is one column without gaps, shape ``(n,)``, n at least 1. Sums run over sorted values, so that the order
of units changes no bit. Shape: Joanes and Gill (1998). Transforms: Box and Cox (1964); the logs of COINr.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from kondusif_index.tree import Column

LAMBDAS = (-5.0, 5.0)  # where the power of Box-Cox is looked for


@dataclass(frozen=True, slots=True)
class Shape:
    """Skewness G1 and excess kurtosis G2, corrected for bias; ``passed`` where no outliers are suspected."""

    skew: float
    kurt: float
    passed: bool


def shape(x: Column, skew_limit: float, kurt_limit: float) -> Shape | None:
    """Passed when |skewness| or kurtosis is below its limit; None for fewer than 4 values or all alike."""
    if len(x) < 4 or x.min() == x.max():
        return None
    skew, kurt = skew_and_kurt(x)
    return Shape(skew, kurt, abs(skew) < skew_limit or kurt < kurt_limit)


def skew_and_kurt(x: Column) -> tuple[float, float]:
    """G1 and G2; NaN below 3 and below 4 values, and where all are alike."""
    n = len(x)
    if n < 3 or x.min() == x.max():
        return nan, nan
    x = np.sort(x)
    z = x - x.mean()
    z = np.ldexp(z, -np.frexp(np.abs(z).max())[1])  # exact, and no square overflows or vanishes
    z = z / np.sqrt((z * z).sum() / (n - 1))
    skew = float(n / ((n - 1) * (n - 2)) * (z**3).sum())
    if n < 4:
        return skew, nan
    fourth = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * (z**4).sum()
    return skew, float(fourth - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))


@dataclass(frozen=True)
class Winsorised:
    """``shape`` is None where the column became flat: not to be used. ``high``, ``low``: cells replaced."""

    x: Column
    high: NDArray[np.bool_]
    low: NDArray[np.bool_]
    shape: Shape | None

    @property
    def count(self) -> int:
        return int(self.high.sum() + self.low.sum())


def winsorise(
    x: Column, most: int, ask: Callable[[Column], Shape | None], anyhow: bool = False
) -> Winsorised:
    """Bring the extreme value to the next one, on the skewed side, until ``ask`` passes or ``most`` are done.

    Equal extremes go together, so the count can end above ``most``. ``anyhow``: go on though it passes.
    """
    x = x.copy()
    high, low = np.zeros(len(x), dtype=np.bool_), np.zeros(len(x), dtype=np.bool_)
    found = ask(x)
    while found and (anyhow or not found.passed) and high.sum() + low.sum() < most:
        if found.skew >= 0:
            high = x == x.max()
            x[high] = x[~high].max()
        else:
            low = x == x.min()
            x[low] = x[~low].min()
        found = ask(x)
    return Winsorised(x, high, low, found)


def log(x: Column, offset: float) -> Column | None:
    """ln x; None unless all are above 0."""
    return np.log(x) if x.min() > 0 else None


def log_ct(x: Column, offset: float) -> Column | None:
    """ln(x - min + offset (max - min))."""
    y: Column = np.log(x - x.min() + offset * (x.max() - x.min()))
    return y


def log_ct_orig(x: Column, offset: float) -> Column | None:
    """ln(x - min + 1)."""
    y: Column = np.log1p(x - x.min())
    return y


def log_gii(x: Column, offset: float) -> Column | None:
    """ln((max - 1)(x - min) / (max - min) + 1), as the GII does; None unless max is above 1."""
    top = x.max()
    return np.log1p((top - 1.0) * (x - x.min()) / (top - x.min())) if top > 1 else None


LOGS: Mapping[str, Callable[[Column, float], Column | None]] = {
    "log": log,
    "log_ct": log_ct,
    "log_ct_orig": log_ct_orig,
    "log_gii": log_gii,
}


def mirrored(x: Column, offset: float, name: str) -> Column | None:
    """The log of a column whose tail is on the low side: turned round, and back."""
    y = LOGS[name](x.max() + x.min() - x, offset)
    return None if y is None else -y


def box_cox(x: Column, offset: float, power: float | None) -> tuple[Column, float]:
    """(x^p - 1) / p, or ln x for p = 0; first x - min + offset (max - min) where a value is not above 0.

    ``power`` None: the one of greatest likelihood from -5 to 5.
    """
    if x.min() <= 0:
        x = x - x.min() + offset * (x.max() - x.min())
    if power is None:
        power = likeliest_power(x)
    return _power(x, power), power


def likeliest_power(x: Column) -> float:
    """Maximises -n/2 ln var of the transformed column over its geometric mean, to 1e-8; x above 0."""
    logs = np.log(np.sort(x))
    logs = logs - logs.mean()

    def loss(power: float) -> float:
        with np.errstate(over="ignore", invalid="ignore"):
            y = _of_logs(logs, power)
            return float(np.log(y.var())) if np.isfinite(y).all() else np.inf

    grid = np.linspace(*LAMBDAS, 101)
    best = int(np.argmin([loss(p) for p in grid]))
    a, b = grid[max(best - 1, 0)], grid[min(best + 1, 100)]
    golden = (5**0.5 - 1) / 2
    while b - a > 1e-8:
        c, d = b - golden * (b - a), a + golden * (b - a)
        a, b = (a, d) if loss(c) < loss(d) else (c, b)
    return float((a + b) / 2)


def _power(x: Column, power: float) -> Column:
    with np.errstate(over="ignore"):  # what is beyond a float is refused by the caller
        return _of_logs(np.log(x), power)


def _of_logs(logs: Column, power: float) -> Column:
    y: Column = logs if abs(power) < 1e-12 else np.expm1(power * logs) / power
    return y

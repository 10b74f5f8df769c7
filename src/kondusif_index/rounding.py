"""Where rounding ends and a difference begins: numbers that agree to 10 decimals are one (method 8.11)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kondusif_index.tree import Matrix

DECIMALS = 10  # scores that differ by less are equal: the rest is noise of floating point


def rounded(values: Matrix, decimals: int | None = DECIMALS) -> Matrix:
    """To so many decimals; what is too large for that stays, and None rounds nothing."""
    if decimals is None:
        return values
    with np.errstate(over="ignore", invalid="ignore"):
        short = np.round(values, decimals)
    return np.where(np.isfinite(short), short, values)


def edges(cuts: Sequence[float]) -> tuple[float, ...]:
    """From where on a number is on each cut: what equals the cut to 10 decimals is on it.

    >>> 20.0 - 1e-14 >= edges([20.0])[0], 20.0 - 1e-10 >= edges([20.0])[0]
    (True, False)
    """
    return tuple(round(cut, DECIMALS) - 0.5 * 10.0**-DECIMALS for cut in cuts)

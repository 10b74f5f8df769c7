"""Children to parent over whole columns, with missing reweighted (method 1.8).

An aggregator maps values ``(n, k)`` with NaN for missing and weights ``(k,)`` to ``(n,)``. A new one is one
function and one entry in ``AGGREGATORS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def arithmetic(values: Matrix, weights: Matrix) -> Matrix:
    """Weighted arithmetic mean over available children; NaN where none is.

    >>> arithmetic(np.array([[1.0, np.nan], [1.0, 4.0]]), np.array([2.0, 1.0])).tolist()
    [1.0, 2.0]
    """
    seen = ~np.isnan(values)
    present = (weights * seen).sum(axis=1)
    top = np.where(seen, values * weights, 0.0).sum(axis=1)
    mean: Matrix = np.divide(top, present, out=np.full(len(values), np.nan), where=present > 0)
    return mean


def enough(values: Matrix, least: float) -> NDArray[np.bool_]:
    """Rows where the unweighted share of available children is at least ``least`` (0..1)."""
    share: Matrix = (~np.isnan(values)).mean(axis=1)
    return share >= least


AGGREGATORS: Mapping[str, Callable[[Matrix, Matrix], Matrix]] = {"arithmetic": arithmetic}

"""Each way to put columns on a scale, as one function over whole matrices (method 8.7).

``x`` is ``(n, k)`` already turned so that more is higher on the index; NaN is missing and stays so. A column
where the formula says nothing (a division by zero) comes back as NaN: ``normalise`` says what it gets.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kondusif_index.errors import RecipeError
from kondusif_index.tree import Column, Matrix, Node

Silent = NDArray[np.bool_]

ROUNDING = 8 * np.finfo(np.float64).eps  # two columns of rates that are equal but for rounding are equal


def ends(x: Matrix) -> tuple[Column, Column]:
    """Lowest and highest value of each column; NaN where it has none."""
    return np.fmin.reduce(x, axis=0), np.fmax.reduce(x, axis=0)


def flat(x: Matrix) -> Silent:
    """Columns with a value but without a difference (beyond rounding)."""
    low, high = ends(x)
    return np.asarray(high - low <= ROUNDING * np.maximum(np.abs(low), np.abs(high)))


def minmax(x: Matrix) -> Matrix:
    """(x - min) / (max - min)."""
    low, high = ends(x)
    return _over(x - low, high - low)


def fracmax(x: Matrix, top: Column) -> Matrix:
    """x / max."""
    return _over(x, top)


def dist2ref(x: Matrix, row: int) -> Matrix:
    """1 - (reference - x) / (reference - min): 1 at the reference unit."""
    low, _ = ends(x)
    return 1.0 - _over(x[row] - x, x[row] - low)


def dist2targ(x: Matrix, target: Column) -> Matrix:
    """(x - min) / (target - min): 1 at the target."""
    low, _ = ends(x)
    return _over(x - low, target - low)


def between(x: Matrix, lo: Column, hi: Column) -> Matrix:
    """(x - lo) / (hi - lo), beyond 0 and 1 where x is beyond the posts."""
    return _over(x - lo, hi - lo)


def zscore(x: Matrix) -> Matrix:
    """(x - mean) / sd, sd with n - 1; sums over sorted columns, so that the order of units changes no bit."""
    ordered = np.sort(np.ascontiguousarray(x.T), axis=1)
    gaps = np.isnan(ordered)
    n = ordered.shape[1] - gaps.sum(axis=1)
    mean = np.where(gaps, 0.0, ordered).sum(axis=1) / np.maximum(n, 1)
    off = np.where(gaps, 0.0, ordered - mean[:, None])
    size = np.frexp(np.abs(off).max(axis=1, initial=0.0))[1]
    off = np.ldexp(off, -size[:, None])  # exact, and no square overflows or vanishes
    sd = np.ldexp(np.sqrt((off * off).sum(axis=1) / np.maximum(n - 1, 1)), size)
    return _over(x - mean, sd)


def rank(x: Matrix, ties: str) -> Matrix:
    """1 for the lowest; equal values share the lowest ("min"), middle or highest ("max") place."""
    out = np.full(x.shape, np.nan)
    for k in range(x.shape[1]):
        seen = ~np.isnan(x[:, k])
        column = x[seen, k]
        if not len(column):
            continue
        order = np.argsort(column)
        ordered = column[order]
        starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        count = np.diff(np.append(starts, len(column)))
        place = {"min": starts + 1.0, "max": starts + count, "average": starts + (count + 1) / 2}[ties]
        ranks = np.empty(len(column))
        ranks[order] = np.repeat(place, count)
        out[seen, k] = ranks
    return out


def prank(x: Matrix, ties: str) -> Matrix:
    """(rank - 1) / (n - 1), n the values there are."""
    n: Column = (~np.isnan(x)).sum(axis=0).astype(np.float64)
    return _over(rank(x, ties) - 1.0, n - 1.0)


def instrument(x: Column, node: Node) -> Column:
    """The transform of the instrument on its goalposts, 0 calm to 1 worst (method 1.1); never outside."""
    how = node.transform
    if how is None:
        raise RecipeError(f"{node.code}: no transform given", code=node.code)
    lo, hi = posts(node) if how.has_range else (0.0, 1.0)
    if how.kind == "log_clamp" and lo <= 0:
        raise RecipeError(f"{node.code}: a log range starts above 0, found {lo:g}", code=node.code)
    return how.risks(x, lo, hi)


def posts(node: Node) -> tuple[float, float]:
    """Goalposts of an indicator. Raises ``RecipeError`` where they are missing or do not rise."""
    if node.lo is None or node.hi is None or not node.lo < node.hi:
        raise RecipeError(
            f"{node.code}: goalposts missing or not rising ({node.lo} to {node.hi}); give lo "
            "and hi, or choose another method for it",
            code=node.code,
        )
    return node.lo, node.hi


def _over(part: Matrix, whole: Column) -> Matrix:
    """Divide, NaN where there is nothing to divide by."""
    out: Matrix = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
    return out

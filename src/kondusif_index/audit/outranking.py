"""Units compared two by two: outranking matrix, Copeland scores, dominance; method 8.10.

Sources: Munda and Nardo, Applied Economics 41 (2009), and Becker et al., COINr (JOSS 2022), for the matrix;
Copeland (1951) as in Saari and Merlin, Economic Theory 8 (1996).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.settings import Count, Limit, NotNegative, Settings
from kondusif_index.tree import Column, Matrix

MOST_UNITS = 10_000  # of a matrix: 800 MB, and a file that nothing opens


@dataclass(frozen=True)
class Outranking(Settings):
    """How to compare two units.

    ``tie``      values closer than this (in the data's own unit) are equal
    ``half``     outranking weights closer to 0.5 than this are a draw
    ``missing``  a code that one of the two lacks: "split" gives each half of its weight, "skip" leaves it out
                 and compares on what both have (a draw where that is nothing)
    ``memory``   megabytes that the blocks of a comparison may take, beside the matrix itself
    """

    tie: NotNegative = 1e-9
    half: Annotated[float, Limit(lambda x: 0 <= x < 0.5, "0 or more and less than 0.5")] = 1e-9
    missing: Literal["split", "skip"] = "split"
    memory: Count = 64


@dataclass(frozen=True)
class Dominance:
    """Pairs ``(m, 2)`` of row numbers, dominant first, and their ``share`` (0-1) of all n (n - 1) / 2 pairs.

    ``pareto``: nowhere lower and somewhere higher. ``strict``: higher everywhere, so that m = 1. A pair in
    which a unit lacks an answer is never counted: what is not known does not dominate.
    """

    pareto: NDArray[np.intp]
    pareto_share: float
    strict: NDArray[np.intp]
    strict_share: float


@dataclass(frozen=True)
class Outranked:
    """``matrix`` (n, n): weight by which the row's unit is higher, m_ij + m_ji = 1, diagonal 0.

    ``copeland`` (n,): units beaten minus units that beat it, from -(n - 1) to n - 1; NaN for a unit without
    any answer.
    """

    units: tuple[str, ...]
    matrix: Matrix
    copeland: Column
    dominance: Dominance


def outrank(data: Data, weights: Mapping[str, float], how: Outranking = Outranking()) -> Outranked:
    """Compare all units on the codes of ``weights`` (any whole): m = sum w(higher) + sum w(equal) / 2.

    Raises ``RecipeError`` naming an unknown code, a weight below 0, or weights that sum to zero.
    """
    codes = tuple(sorted(weights))
    share = _shares(codes, np.array([weights[c] for c in codes], dtype=np.float64))
    values, share = data.of(codes).values[:, share > 0], share[share > 0]
    n = len(values)
    if n > MOST_UNITS:
        raise RecipeError(
            f"outrank: {n} units are too many to compare two by two; at most {MOST_UNITS}. Leave [outrank] "
            "out, or give fewer units",
            units=n,
        )
    answered = np.asarray(~np.isnan(values))
    whole = answered.all(axis=1)
    both_whole = np.outer(whole, whole)
    matrix, copeland = np.empty((n, n)), np.zeros(n)
    none = np.zeros((0, 2), dtype=np.intp)
    pareto: list[NDArray[np.intp]] = [none]
    strict: list[NDArray[np.intp]] = [none]
    size = max(1, how.memory * 1_000_000 // (60 * max(n, 1)))
    for start in range(0, n, size):
        rows = slice(start, start + size)
        margin, above, far_above = _compared(values, share, rows, how)
        matrix[rows] = 0.5 + 0.5 * margin
        copeland[rows] = (margin > 2 * how.half).sum(axis=1) - (margin < -2 * how.half).sum(axis=1)
        from_start = np.array([start, 0], dtype=np.intp)
        pareto.append(np.argwhere(above & both_whole[rows]) + from_start)
        strict.append(np.argwhere(far_above) + from_start)
    np.fill_diagonal(matrix, 0.0)
    copeland[~answered.any(axis=1)] = np.nan
    pairs = max(n * (n - 1) // 2, 1)
    higher, highest = np.concatenate(pareto), np.concatenate(strict)
    dominance = Dominance(higher, len(higher) / pairs, highest, len(highest) / pairs)
    return Outranked(data.units, matrix, copeland, dominance)


def _compared(
    values: Matrix, share: Column, rows: slice, how: Outranking
) -> tuple[Matrix, NDArray[np.bool_], NDArray[np.bool_]]:
    """Some rows with every unit, each (rows, n): weight higher less weight lower, of what is compared; never
    lower and somewhere higher; higher everywhere. The margin of a pair is exactly minus that of its mirror.
    """
    shape = (len(values[rows]), len(values))
    margin, common = np.zeros(shape), np.zeros(shape)
    never_lower, ever_higher, always_higher = (np.full(shape, start) for start in (True, False, True))
    for weight, column in zip(share, values.T, strict=True):
        gap = column[rows, None] - column
        higher, lower = gap > how.tie, gap < -how.tie  # both False where a value is missing
        margin += weight * (higher.astype(np.int8) - lower.astype(np.int8))
        never_lower &= ~lower
        ever_higher |= higher
        always_higher &= higher
        if how.missing == "skip":
            common += weight * ~np.isnan(gap)
    if how.missing == "skip":
        margin = np.divide(margin, common, out=np.zeros(shape), where=common > 0)
    return margin, never_lower & ever_higher, always_higher


def _shares(codes: tuple[str, ...], weights: Column) -> Column:
    if bad := [c for c, w in zip(codes, weights, strict=True) if not (isfinite(w) and w >= 0)]:
        raise RecipeError(f"outranking: weight below 0 or not finite: {', '.join(bad)}", codes=bad)
    if not weights.sum() > 0:
        raise RecipeError("outranking: the weights sum to zero")
    return np.asarray(weights / weights.sum())

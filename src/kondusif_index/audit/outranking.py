"""Units compared two by two: outranking matrix, Copeland scores, dominance; method 8.10.

Sources: Munda and Nardo, Applied Economics 41 (2009), and Becker et al., COINr (JOSS 2022), for the matrix;
Copeland (1951) as in Saari and Merlin, Economic Theory 8 (1996).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.tree import Column, Matrix

MOST_UNITS = 10_000  # of a matrix: 800 MB, and a file that nothing opens


@dataclass(frozen=True)
class Outranking:
    """How to compare two units.

    ``tie``      values closer than this (in the data's own unit) are equal
    ``half``     outranking weights closer to 0.5 than this are a draw
    ``missing``  a code that one of the two lacks: "split" gives each half of its weight, "skip" leaves it out
                 and compares on what both have (a draw where that is nothing)
    ``memory``   megabytes that the blocks of a comparison may take, beside the matrix itself
    """

    tie: float = 1e-9
    half: float = 1e-9
    missing: str = "split"
    memory: int = 64

    def __post_init__(self) -> None:
        for name in ("tie", "half"):
            if not (isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise RecipeError(f"{name}: found {getattr(self, name)}, expected 0 or more", key=name)
        if self.half >= 0.5:
            raise RecipeError(f"half: found {self.half}, expected less than 0.5", key="half")
        if self.missing not in ("split", "skip"):
            raise RecipeError(f"missing: found {self.missing!r}, expected split or skip", key="missing")
        if self.memory < 1:
            raise RecipeError(f"memory: found {self.memory}, expected 1 or more", key="memory")


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
    values = data.of(codes).values
    share = _shares(codes, np.array([weights[c] for c in codes]))
    n = len(values)
    if n > MOST_UNITS:
        raise RecipeError(
            f"outrank: {n} units are too many to compare two by two; at most {MOST_UNITS}. Leave [outrank] "
            "out, or give fewer units",
            units=n,
        )
    matrix, pareto, strict = np.empty((n, n)), [], []
    copeland = np.zeros(n)
    for start, block in _blocks(values, share, how):
        rows = slice(start, start + len(block.margin))
        matrix[rows] = 0.5 + 0.5 * block.margin
        copeland[rows] = _beaten(block.margin, how.half)
        from_start = np.array([start, 0])
        pareto.append(np.argwhere(block.known & block.never_lower & block.ever_higher) + from_start)
        strict.append(np.argwhere(block.known & block.always_higher) + from_start)
    np.fill_diagonal(matrix, 0.0)
    pairs = max(n * (n - 1) // 2, 1)
    above, all_above = _listed(pareto), _listed(strict)
    copeland[~_answered(values, share)] = np.nan
    dominance = Dominance(above, len(above) / pairs, all_above, len(all_above) / pairs)
    return Outranked(data.units, matrix, copeland, dominance)


def copeland(values: Matrix, weights: ArrayLike, how: Outranking = Outranking()) -> Column:
    """Copeland scores (n,) of children (n, k) under weights (k,): an aggregation that needs no common scale.

    Scores of a level can be compared again on the next. NaN for a unit that has none of the children.
    """
    values = np.asarray(values, dtype=np.float64)
    share = _shares(tuple(str(k + 1) for k in range(values.shape[1])), np.asarray(weights, dtype=np.float64))
    scores = np.zeros(len(values))
    for start, block in _blocks(values, share, how):
        scores[start : start + len(block.margin)] = _beaten(block.margin, how.half)
    scores[~_answered(values, share)] = np.nan
    return scores


@dataclass
class _Block:
    """Some rows compared with every unit, each (rows, n). ``margin``: weight higher minus weight lower."""

    margin: Matrix
    known: NDArray[np.bool_]
    never_lower: NDArray[np.bool_]
    ever_higher: NDArray[np.bool_]
    always_higher: NDArray[np.bool_]


def _blocks(values: Matrix, share: Column, how: Outranking) -> Iterator[tuple[int, _Block]]:
    n = len(values)
    size = max(1, how.memory * 1_000_000 // (60 * max(n, 1)))
    held = [k for k in range(len(share)) if share[k] > 0]
    columns = [np.ascontiguousarray(values[:, k]) for k in held]
    there = [~np.isnan(column) for column in columns]
    for start in range(0, n, size):
        rows = slice(start, start + size)
        shape = (len(range(n)[rows]), n)
        block = _Block(np.zeros(shape), *(np.ones(shape, dtype=bool) for _ in range(4)))
        block.ever_higher[:] = False
        common = np.zeros(shape)
        for weight, column, has in zip(share[held], columns, there, strict=True):
            gap = column[rows, None] - column[None, :]
            higher, lower = gap > how.tie, gap < -how.tie  # both False where a value is missing
            block.margin += weight * (higher.astype(np.int8) - lower.astype(np.int8))
            block.never_lower &= ~lower
            block.ever_higher |= higher
            block.always_higher &= higher
            if not has.all():
                both = has[rows, None] & has[None, :]
                block.known &= both
                common += weight * both
            else:
                common += weight
        if how.missing == "skip":
            block.margin = np.divide(block.margin, common, out=np.zeros(shape), where=common > 0)
        yield start, block


def _beaten(margin: Matrix, half: float) -> Column:
    """|m - 0.5| <= half is a draw; the margin of a pair is exactly minus that of its mirror."""
    return np.asarray(
        (margin > 2 * half).sum(axis=1, dtype=np.float64) - (margin < -2 * half).sum(axis=1, dtype=np.float64)
    )


def _listed(found: list[NDArray[np.intp]]) -> NDArray[np.intp]:
    return np.concatenate(found) if found else np.zeros((0, 2), dtype=np.intp)


def _answered(values: Matrix, share: Column) -> NDArray[np.bool_]:
    return np.asarray((~np.isnan(values[:, share > 0])).any(axis=1))


def _shares(codes: tuple[str, ...], weights: Column) -> Column:
    if weights.shape != (len(codes),):
        raise RecipeError(f"outranking: {len(codes)} columns, {weights.size} weights")
    if bad := [c for c, w in zip(codes, weights, strict=True) if not (isfinite(w) and w >= 0)]:
        raise RecipeError(f"outranking: weight below 0 or not finite: {', '.join(bad)}", codes=bad)
    if not weights.sum() > 0:
        raise RecipeError("outranking: the weights sum to zero")
    return np.asarray(weights / weights.sum())

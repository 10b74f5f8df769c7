"""Weights from the numbers: entropy, CRITIC, MEREC, principal components; method 8.8.

Missing cells never count as a value: entropy and the standard deviation use what a column has, correlations
the units that both columns have (pairwise), MEREC the columns that a unit has. A column without two
different values tells units apart in nothing: weight 0. Where no column tells more than another, the
varying ones share equally (all of them, when none varies).

Sources: Shannon entropy weights as in Zeleny (1982); CRITIC: Diakoulaki, Mavrotas and Papayannakis (1995);
MEREC: Keshavarz-Ghorabaee et al., Symmetry 13 (2021); PCA weights: OECD/JRC Handbook (2008), step 6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kondusif_index.audit.correlations import correlate
from kondusif_index.errors import RecipeError
from kondusif_index.tree import Column, Matrix


@dataclass(frozen=True)
class Spread:
    """``weights`` (k,) sum to 1. ``flat`` marks constant columns; ``even``: the rest share equally."""

    weights: Column
    flat: NDArray[np.bool_]
    even: bool = False


def flat_columns(values: Matrix) -> NDArray[np.bool_]:
    """Which columns of (n, k) have no two different values (within rounding)."""
    high = np.max(np.where(np.isnan(values), -np.inf, values), axis=0, initial=-np.inf)
    low = np.min(np.where(np.isnan(values), np.inf, values), axis=0, initial=np.inf)
    size = np.maximum(np.nanmax(np.abs(np.vstack([values, np.zeros(values.shape[1])])), axis=0), 1e-300)
    return np.asarray(~(high - low > 1e-12 * size))


def shared_out(told: Column, flat: NDArray[np.bool_]) -> Spread:
    """What each column tells (k,), at least 0, as weights."""
    told = np.where(
        flat, 0.0, np.where(told > 1e-13 * max(float(np.max(told, initial=0.0)), 1e-300), told, 0)
    )
    whole = float(told.sum())
    if whole > 0:
        return Spread(told / whole, flat)
    part = np.ones(len(told)) if flat.all() else (~flat).astype(np.float64)
    return Spread(part / part.sum(), flat, even=True)


def entropy(values: Matrix, codes: tuple[str, ...] = ()) -> Spread:
    """1 + sum p ln p / ln n with p = x / sum x over the n values of a column; (n, k), x at least 0.

    Raises ``RecipeError`` naming the columns below 0.
    """
    _refuse(values, values < 0, codes, "entropy weights need values from 0 up")
    x = np.where(np.isnan(values), 0.0, values)
    n = (~np.isnan(values)).sum(axis=0)
    whole = x.sum(axis=0)
    p = x / np.where(whole > 0, whole, 1.0)
    order = (p * np.log(np.where(p > 0, p, 1.0))).sum(axis=0) / np.log(np.maximum(n, 2))
    return shared_out(np.maximum(1.0 + order, 0.0), flat_columns(values))


def critic(values: Matrix, direction: ArrayLike = 1) -> Spread:
    """Standard deviation on the 0-1 range times sum of (1 - r) with the other varying columns.

    ``direction`` (k,) of 1 and -1 turns raw columns the right way first. A pair that has fewer than two
    units in common counts as uncorrelated.
    """
    values = values * np.asarray(direction, dtype=np.float64)
    flat = flat_columns(values)
    if (~flat).sum() == 0:
        return shared_out(np.zeros(len(flat)), flat)
    held = values[:, ~flat]
    low, high = np.nanmin(held, axis=0), np.nanmax(held, axis=0)
    r = np.nan_to_num(correlate(held, held)[0], nan=0.0)
    np.fill_diagonal(r, 1.0)
    told = np.zeros(len(flat))
    told[~flat] = np.nanstd((held - low) / (high - low), axis=0, ddof=1) * (1.0 - r).sum(axis=0)
    return shared_out(told, flat)


def merec(values: Matrix, codes: tuple[str, ...] = (), direction: ArrayLike = 1) -> Spread:
    """Mean change of a unit's overall performance when a column is taken away; (n, k), values above 0.

    Columns with ``direction`` -1 are costs: x / max in place of min / x. Raises ``RecipeError`` naming the
    columns that are not above 0.
    """
    _refuse(values, values <= 0, codes, "MEREC weights need values above 0; normalise to 1-100")
    there = ~np.isnan(values)
    flat = flat_columns(values)
    safe = np.where(there, values, 1.0)
    low = np.min(np.where(there, values, np.inf), axis=0)
    high = np.max(np.where(there, values, 0.0), axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = np.where(np.asarray(direction) < 0, safe / high, low / safe)
    size = np.abs(np.log(np.where(there & (r > 0), r, 1.0)))
    m = np.maximum(there.sum(axis=1, keepdims=True), 1)
    whole = size.sum(axis=1, keepdims=True)
    change = np.abs(np.log1p((whole - size) / m) - np.log1p(whole / m))
    return shared_out(change.sum(axis=0) / np.maximum(there.sum(axis=0), 1), flat)


@dataclass(frozen=True)
class Principal:
    """Principal components of the correlation matrix, largest variance first.

    ``loadings`` (k, k), one column per component, its largest absolute loading positive, 0 for a constant
    column; ``sdev`` (k,) and ``share`` (k,) of variance. ``settled`` is False when two components share the
    largest variance, so that the first is not determined.
    """

    loadings: Matrix
    sdev: Column
    share: Column
    flat: NDArray[np.bool_]
    settled: bool


def principal(values: Matrix) -> Principal:
    """Components of the varying columns of (n, k); an undefined correlation counts as 0."""
    flat = flat_columns(values)
    k, held = len(flat), np.flatnonzero(~flat)
    loadings, variance = np.zeros((k, k)), np.zeros(k)
    if len(held):
        x = values[:, held]
        r = np.nan_to_num(correlate(x, x)[0], nan=0.0)
        np.fill_diagonal(r, 1.0)
        found, vectors = np.linalg.eigh(r)
        variance[: len(held)] = np.maximum(found[::-1], 0.0)
        vectors = vectors[:, ::-1]
        for column in range(len(held)):
            loadings[held, column] = _signed(vectors[:, column])
    settled = len(held) < 2 or variance[0] - variance[1] > 1e-9
    share = variance / (variance.sum() or 1.0)
    return Principal(loadings, np.sqrt(variance), share, flat, bool(settled))


def _signed(vector: Column) -> Column:
    """The largest absolute loading made positive; of several equal ones, their majority, then the first."""
    largest = vector[np.abs(vector) > np.abs(vector).max() - 1e-9]
    turn = np.sign(np.sign(largest).sum()) or np.sign(largest[0])
    return np.asarray(np.where(np.abs(vector) < 1e-12, 0.0, vector * turn))


def _refuse(values: Matrix, bad: NDArray[np.bool_], codes: tuple[str, ...], why: str) -> None:
    where = np.flatnonzero(bad.any(axis=0))
    if len(where):
        names = [codes[k] if codes else f"column {k + 1}" for k in where]
        raise RecipeError(f"{why}: {', '.join(names)}; lowest {np.nanmin(values):g}", codes=names)

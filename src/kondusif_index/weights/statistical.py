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
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kondusif_index.audit.correlations import correlate
from kondusif_index.errors import RecipeError
from kondusif_index.tree import Column, Matrix
from kondusif_index.weights import ChildWeights, Remark

if TYPE_CHECKING:
    from kondusif_index.steps.weigh import Weighing


@dataclass(frozen=True)
class StatisticalWeights:
    """``weights`` (k,) sum to 1. ``flat`` marks constant columns; ``even``: the rest share equally."""

    weights: Column
    flat: NDArray[np.bool_]
    even: bool = False


def flat_columns(values: Matrix) -> NDArray[np.bool_]:
    """Which columns of (n, k) have no two different values (within rounding)."""
    high = np.fmax.reduce(values, axis=0, initial=np.nan)
    low = np.fmin.reduce(values, axis=0, initial=np.nan)
    return np.asarray(~(high - low > 1e-12 * np.maximum(np.abs(high), np.abs(low))))


def proportional_weights(information: Column, flat: NDArray[np.bool_]) -> StatisticalWeights:
    """What each column tells (k,), at least 0, as weights."""
    information = np.where(flat | (information <= 1e-13 * information.max(initial=0.0)), 0.0, information)
    if information.any():
        return StatisticalWeights(information / information.sum(), flat)
    part = np.where(flat & ~flat.all(), 0.0, 1.0)
    return StatisticalWeights(part / part.sum(), flat, even=True)


def entropy(values: Matrix, codes: tuple[str, ...] = ()) -> StatisticalWeights:
    """1 + sum p ln p / ln n with p = x / sum x over the n values of a column; (n, k), x at least 0.

    Raises ``RecipeError`` naming the columns below 0.
    """
    _refuse(values, values < 0, codes, "entropy weights need values from 0 up")
    x = np.nan_to_num(values)
    n = (~np.isnan(values)).sum(axis=0)
    whole = x.sum(axis=0)
    p = x / np.where(whole > 0, whole, 1.0)
    information = 1.0 - special.entr(p).sum(axis=0) / np.log(np.maximum(n, 2))
    return proportional_weights(np.maximum(information, 0.0), flat_columns(values))


def critic(values: Matrix) -> StatisticalWeights:
    """Standard deviation on the 0-1 range times sum of (1 - r) with the other varying columns.

    A pair that has fewer than two units in common counts as uncorrelated.
    """
    flat = flat_columns(values)
    information = np.zeros(len(flat))
    if not flat.all():
        held = values[:, ~flat]
        low, high = np.nanmin(held, axis=0), np.nanmax(held, axis=0)
        spread = np.nanstd((held - low) / (high - low), axis=0, ddof=1)
        information[~flat] = spread * (1.0 - known_correlations(held)).sum(axis=0)
    return proportional_weights(information, flat)


def known_correlations(values: Matrix) -> Matrix:
    """Pearson correlations (k, k) of varying columns, pair by pair; 0 where a pair has none."""
    r = np.nan_to_num(correlate(values, values)[0], nan=0.0)
    np.fill_diagonal(r, 1.0)
    return r


def merec(values: Matrix, codes: tuple[str, ...] = ()) -> StatisticalWeights:
    """Mean change of a unit's overall performance when a column is taken away; (n, k), values above 0.

    Raises ``RecipeError`` naming the columns that are not above 0.
    """
    _refuse(values, values <= 0, codes, "MEREC weights need values above 0; normalise to 1-100")
    there = ~np.isnan(values)
    size = np.nan_to_num(np.abs(np.log(np.fmin.reduce(values, axis=0, initial=np.nan) / values)))
    m = np.maximum(there.sum(axis=1, keepdims=True), 1)
    whole = size.sum(axis=1, keepdims=True)
    change = np.abs(np.log1p((whole - size) / m) - np.log1p(whole / m))
    return proportional_weights(change.sum(axis=0) / np.maximum(there.sum(axis=0), 1), flat_columns(values))


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
        found, vectors = np.linalg.eigh(known_correlations(values[:, held]))
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
        codes = codes or tuple(f"column {k + 1}" for k in range(values.shape[1]))
        names = [codes[k] for k in where]
        raise RecipeError(f"{why}: {', '.join(names)}; lowest {np.nanmin(values):g}", codes=names)


def statistical_weights(how: Weighing, parent: str, codes: tuple[str, ...], values: Matrix) -> ChildWeights:
    """Weights of the children ``codes`` of one parent from their columns (n, k), by the method of ``how``."""
    if how.method == "pca":
        return _principal_weights(how, parent, codes, values)
    if how.method == "critic":
        found = critic(values)
    else:
        found = {"entropy": entropy, "merec": merec}[how.method](values, codes)
    remarks = flat_remarks(parent, codes, found.flat)
    if found.even and not found.flat.all() and len(codes) > 1:
        remarks += (Remark("even", parent, "no column tells more than another: equal weights", {}),)
    return ChildWeights(found.weights, {"even": found.even}, remarks)


def _principal_weights(how: Weighing, parent: str, codes: tuple[str, ...], values: Matrix) -> ChildWeights:
    found = principal(values)
    first = found.loadings[:, 0]
    loadings = dict(zip(codes, first.tolist(), strict=True))
    variance = (found.sdev**2).tolist()
    remarks = flat_remarks(parent, codes, found.flat)
    if not found.settled:
        text = "two components share the largest variance: the first is not determined"
        remarks += (Remark("undetermined", parent, text, {"variance": variance}),)
    if how.loadings == "signed" and (first < 0).any():
        below = [f"{code} {x:.3f}" for code, x in loadings.items() if x < 0]
        raise RecipeError(
            f"{parent}: negative PCA loadings: {', '.join(below)}; a negative weight turns a cause of risk "
            'into calm. Check the directions, or set loadings = "square"',
            parent=parent,
            loadings=loadings,
        )
    information = first**2 if how.loadings == "square" else first
    facts = {"loadings": loadings, "variance": variance, "share": found.share.tolist()}
    return ChildWeights(proportional_weights(information, found.flat).weights, facts, remarks)


def flat_remarks(parent: str, codes: tuple[str, ...], flat: NDArray[np.bool_]) -> tuple[Remark, ...]:
    """Which children are constant, if any."""
    names = [codes[k] for k in np.flatnonzero(flat)]
    if not names:
        return ()
    if len(names) == len(codes):
        return (Remark("all_flat", parent, "every column is constant: equal weights", {"codes": names}),)
    return (Remark("flat", parent, f"constant, weight 0: {', '.join(names)}", {"codes": names}),)

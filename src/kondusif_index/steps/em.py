"""Missing values as a multivariate normal would expect them: expectation, maximisation (method 8.5).

Dempster, Laird and Rubin (1977), for the normal case as in Little and Rubin, Statistical Analysis with
Missing Data, chapter 11; the ridge is a prior of uncorrelated columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kondusif_index.errors import RecipeError
from kondusif_index.tree import Column, Matrix


@dataclass(frozen=True)
class Expected:
    """``values`` (n, k) complete; ``mean`` (k,) and ``covariance`` (k, k) in the units of the columns.

    ``rounds`` taken, and ``change``: the largest change of a mean or covariance in the last round, columns
    having a standard deviation of 1.
    """

    codes: tuple[str, ...]
    values: Matrix
    mean: Column
    covariance: Matrix
    rounds: int
    change: float


def expect(x: Matrix, codes: Sequence[str], ridge: float, tolerance: float, most_rounds: int) -> Expected:
    """Complete ``x`` (n, k) by its conditional expectation; present cells come back untouched.

    Columns are first brought to mean 0 and standard deviation 1, so the unit does not matter. Each round adds
    ``ridge`` to the variances and divides by 1 + ``ridge``. Raises ``RecipeError`` when a column has no
    value, when the covariance cannot be inverted, or when ``most_rounds`` do not bring the change to
    ``tolerance``.
    """
    gaps: NDArray[np.bool_] = np.isnan(x)
    unseen: NDArray[np.bool_] = np.logical_and.reduce(gaps, axis=0)
    if empty := [c for c, gone in zip(codes, unseen, strict=True) if gone]:
        raise RecipeError(f"em: no value in {', '.join(empty)}; leave them out with each", codes=empty)
    n, k = x.shape
    shift = np.nanmean(x, axis=0)
    spread = np.nanstd(x, axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    z = (x - shift) / spread
    mean, cov = np.zeros(k), np.eye(k)
    patterns = _patterns(gaps)
    rounds, change = 0, np.inf
    for _ in range(most_rounds):
        rounds += 1
        full, within = _complete(z, patterns, mean, cov)
        new_mean = full.mean(axis=0)
        off = full - new_mean
        new_cov = (off.T @ off + within) / n
        new_cov = (new_cov + ridge * np.eye(k)) / (1.0 + ridge)
        change = float(max(np.abs(new_mean - mean).max(), np.abs(new_cov - cov).max()))
        mean, cov = new_mean, new_cov
        if change <= tolerance:
            break
    else:
        raise RecipeError(
            f"em: still changing by {change:.2g} after {most_rounds} rounds (tolerance {tolerance:g}); "
            "allow more rounds, a larger tolerance or a larger ridge",
            rounds=most_rounds,
            change=change,
        )
    full, _ = _complete(z, patterns, mean, cov)
    values = np.where(gaps, full * spread + shift, x)
    return Expected(
        tuple(codes), values, mean * spread + shift, cov * np.outer(spread, spread), rounds, change
    )


def _patterns(gaps: NDArray[np.bool_]) -> list[tuple[NDArray[np.intp], NDArray[np.bool_]]]:
    """Rows that miss the same columns, with those columns."""
    kinds, which = np.unique(gaps, axis=0, return_inverse=True)
    which = which.reshape(-1)
    return [(np.flatnonzero(which == k), kinds[k]) for k in range(len(kinds))]


def _complete(
    z: Matrix, patterns: list[tuple[NDArray[np.intp], NDArray[np.bool_]]], mean: Column, cov: Matrix
) -> tuple[Matrix, Matrix]:
    """Expected values of the missing given the present; the covariance that they leave, summed over rows."""
    full, within = z.copy(), np.zeros_like(cov)
    for where, miss in patterns:
        if not miss.any():
            continue
        seen = ~miss
        if not seen.any():
            full[where] = mean
            within += len(where) * cov
            continue
        try:
            slope = np.linalg.solve(cov[np.ix_(seen, seen)], cov[np.ix_(seen, miss)])
        except np.linalg.LinAlgError:
            raise RecipeError("em: columns are copies of one another; set a ridge above 0") from None
        full[np.ix_(where, miss)] = mean[miss] + (z[np.ix_(where, seen)] - mean[seen]) @ slope
        within[np.ix_(miss, miss)] += len(where) * (cov[np.ix_(miss, miss)] - cov[np.ix_(miss, seen)] @ slope)
    return full, within

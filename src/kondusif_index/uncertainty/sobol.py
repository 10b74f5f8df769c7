"""What drives an index: Sobol indices of first and total order with confidence (method 8.14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from kondusif_index.errors import RecipeError
from kondusif_index.tree import Column, Matrix
from kondusif_index.uncertainty.perturbation import Sobol


@dataclass(frozen=True)
class Indices:
    """Per factor ``(d,)``: ``first`` and ``total`` order, and the ends of their intervals ``(2, d)``.

    ``variance`` is that of the output (n - 1, over both base samples), ``failed`` how many rows of the sample
    were left out because some run of theirs gave no number. Where the output does not vary all indices are 0.
    """

    names: tuple[str, ...]
    first: Column
    total: Column
    first_interval: Matrix
    total_interval: Matrix
    variance: float
    size: int
    failed: int


def samples(d: int, size: int, seed: int) -> tuple[Matrix, Matrix]:
    """The base samples A and B, ``(size, d)`` in [0, 1).

    They are halves of one scrambled Sobol sequence in 2 d dimensions (Joe and Kuo 2008).
    """
    sequence = qmc.Sobol(2 * d, scramble=True, rng=np.random.default_rng(seed))
    base = sequence.random_base2((size - 1).bit_length())[:size]
    return base[:, :d], base[:, d:]


def spread_out(a: Matrix, b: Matrix) -> Matrix:
    """The whole design ``(size * (d + 2), d)``: A, B, then A with column j taken from B, j = 1..d."""
    mixed = np.repeat(a[None, :, :], a.shape[1], axis=0)
    for j in range(a.shape[1]):
        mixed[j, :, j] = b[:, j]
    return np.vstack([a, b, mixed.reshape(-1, a.shape[1])])


def estimate(y: Column, d: int, how: Sobol, names: Sequence[str] = ()) -> Indices:
    """Indices from the outputs ``(size * (d + 2),)`` of a design as ``spread_out`` orders it (method 8.14).

    Raises ``RecipeError`` when the number of outputs does not fit, or fewer than two rows are complete.
    """
    y = np.asarray(y, dtype=np.float64)
    size = len(y) // (d + 2)
    if d < 1 or size * (d + 2) != len(y):
        raise RecipeError(f"{len(y)} outputs do not fit {d} factors; expected a multiple of {d + 2}")
    rows = y.reshape(d + 2, size)
    known = np.isfinite(rows).all(axis=0)
    rows = rows[:, known]
    n = rows.shape[1]
    if n < 2:
        raise RecipeError(f"only {n} of {size} rows of the sample gave numbers", failed=size - n)
    once = np.ones((1, n))
    first, total, variance = _indices(rows, once, how.estimator)
    rng = np.random.default_rng(how.seed)
    counts = np.stack([np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(how.resamples)])
    firsts, totals, _ = _indices(rows, counts.astype(np.float64), how.estimator)
    ends = [(1 - how.confidence) / 2, (1 + how.confidence) / 2]
    return Indices(
        tuple(names) or tuple(f"x{j + 1}" for j in range(d)),
        first[0],
        total[0],
        np.quantile(firsts, ends, axis=0),
        np.quantile(totals, ends, axis=0),
        float(variance[0]),
        size,
        size - n,
    )


def _indices(rows: Matrix, counts: Matrix, estimator: str) -> tuple[Matrix, Matrix, Column]:
    """First and total order ``(resamples, d)`` and variance, each row of the sample ``counts`` times."""
    a, b, mixed = rows[0], rows[1], rows[2:]
    n = rows.shape[1]
    middle = (a.mean() + b.mean()) / 2  # squares about it: no digits are lost
    around, square = (a - middle) + (b - middle), (a - middle) ** 2 + (b - middle) ** 2
    variance = (counts @ square - (counts @ around) ** 2 / (2 * n)) / (2 * n - 1)
    if estimator == "jansen":
        top = variance[:, None] - counts @ ((b - mixed) ** 2).T / (2 * n)
    else:
        top = counts @ (b * (mixed - a)).T / n
    whole = counts @ ((a - mixed) ** 2).T / (2 * n)
    flat = ~(variance > 0)
    share = np.where(flat, 1.0, variance)[:, None]
    return (
        np.where(flat[:, None], 0.0, top / share),
        np.where(flat[:, None], 0.0, whole / share),
        np.asarray(variance),
    )

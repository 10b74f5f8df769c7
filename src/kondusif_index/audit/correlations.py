"""Correlation of columns, over the units that have both (method 8.15).

Pearson, Spearman and Kendall's tau-b, each with its two-sided p-value. A column that does not vary over the
units of a pair has no correlation: NaN.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.tree import Matrix, Tree

Counts = NDArray[np.int64]

SURE = 1 - 1e-13  # a correlation beyond it is 1: the rest is rounding


class Coefficient(StrEnum):
    PEARSON = "pearson"  # straight lines
    SPEARMAN = "spearman"  # any rising curve: Pearson of average ranks, ranked anew for each pair
    KENDALL = "kendall"  # tau-b: concordant less discordant pairs, corrected for ties


@dataclass(frozen=True)
class Correlations:
    """``r``, ``p`` (two-sided) and ``n`` (units with both) are ``(len(rows), len(columns))``; r in -1..1."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    r: Matrix
    p: Matrix
    n: Counts


@dataclass(frozen=True, slots=True)
class AncestorCorrelation:
    """An indicator and one code above it; ``level`` is that of ``ancestor``."""

    level: int
    ancestor: str
    code: str
    r: float
    p: float
    n: int


def correlate(x: Matrix, y: Matrix, kind: str = Coefficient.PEARSON) -> tuple[Matrix, Matrix, Counts]:
    """r, p and n of every column of ``x`` (n_units, a) with every column of ``y`` (n_units, b): each (a, b).

    NaN is missing and taken out pair by pair. r is NaN where a pair has fewer than two units or a column
    that does not vary over them; p is 1 at two units. Source: Pearson 1895; Spearman 1904; Kendall 1945.
    """
    if kind not in tuple(Coefficient):
        raise RecipeError(f"no correlation {kind!r}; there are: {', '.join(Coefficient)}", kind=kind)
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    n = np.rint((~np.isnan(x)).T.astype(np.float64) @ ~np.isnan(y)).astype(np.int64)
    if kind == Coefficient.KENDALL:
        return (*_kendall(x, y), n)
    r = np.full(n.shape, np.nan)
    for at, a, b in _complete(x, y):
        if kind == Coefficient.SPEARMAN:
            a, b = stats.rankdata(a, axis=0), stats.rankdata(b, axis=0)
        r[at] = _standardised(a).T @ _standardised(b)
    r = np.where(np.abs(r) > SURE, np.sign(r), r)
    return r, _p_value(r, n), n


def correlations_between(
    data: Data,
    rows: Sequence[str],
    columns: Sequence[str] | None = None,
    kind: str = Coefficient.PEARSON,
) -> Correlations:
    """Codes of ``rows`` with those of ``columns`` (by default the same). Raises ``RecipeError``: unknown."""
    data = in_order(data)
    one = data.of(rows)
    other = one if columns is None else data.of(columns)
    found = _by_code(one, other.codes, other.values, kind)
    if columns is None:
        full = np.flatnonzero(~np.isnan(np.diagonal(found.r)))
        found.r[full, full], found.p[full, full] = 1.0, 0.0
    return found


def _by_code(one: Data, names: tuple[str, ...], values: Matrix, kind: str) -> Correlations:
    """As :func:`correlate`, worked in the order of the codes and given in that of the data.

    A matrix product rounds a pair by where it stands in the matrix: the order of the columns of a file would
    change its last bits.
    """
    i, j = np.argsort(one.codes), np.argsort(names)
    back = np.ix_(np.argsort(i), np.argsort(j))
    r, p, n = correlate(one.values[:, i], values[:, j], kind)
    return Correlations(one.codes, names, r[back], p[back], n[back])


def within_level(data: Data, tree: Tree, level: int = 1, kind: str = Coefficient.PEARSON) -> Correlations:
    """Every code of a level with every other; 1 is the indicators."""
    return correlations_between(data, [c for c in tree.at_level(level) if c in data.at], None, kind)


def with_parents(data: Data, tree: Tree, kind: str = Coefficient.PEARSON) -> tuple[AncestorCorrelation, ...]:
    """Every code but the top with its parent, in the order of the tree."""
    return _with_each(data, tree, [(n.code, n.parent) for n in tree.nodes if n.parent], kind)


def with_ancestors(
    data: Data, tree: Tree, kind: str = Coefficient.PEARSON
) -> tuple[AncestorCorrelation, ...]:
    """Every indicator with each code above it: parents first, the top last."""
    pairs = [(leaf, up) for leaf in tree.leaf_codes for up in tree.path(leaf)[1:]]
    return _with_each(data, tree, sorted(pairs, key=lambda pair: tree.level[pair[1]]), kind)


def with_denominators(data: Data, codes: Sequence[str], kind: str = Coefficient.PEARSON) -> Correlations:
    """Indicators with the numbers beside them (``data.other``): which are a matter of size alone."""
    data = in_order(data)
    names = tuple(sorted(data.other))
    beside = np.array([data.other[n] for n in names]).reshape(len(names), len(data.units)).T
    return _by_code(data.of(codes), names, beside, kind)


def covariance(x: Matrix) -> Matrix:
    """Covariance (n - 1) of the columns of ``x``, each pair over the units that have both; (a, a)."""
    found = np.full((x.shape[1], x.shape[1]), np.nan)
    for at, a, b in _complete(x, x):
        found[at] = (a - a.mean(axis=0)).T @ (b - b.mean(axis=0)) / (len(a) - 1)
    return found


def in_order(data: Data) -> Data:
    """The same rows by unit, so that the order in which they came changes no bit of a result."""
    units = data.units
    if all(a < b for a, b in pairwise(units)):
        return data
    return data.rows(sorted(range(len(units)), key=units.__getitem__))


def _with_each(
    data: Data, tree: Tree, pairs: Sequence[tuple[str, str]], kind: str
) -> tuple[AncestorCorrelation, ...]:
    data = in_order(data)
    found = []
    for code, up in pairs:
        if {code, up} <= data.at.keys():
            r, p, n = (m.item() for m in correlate(data.of([code]).values, data.of([up]).values, kind))
            found.append(AncestorCorrelation(tree.level[up], up, code, r, p, int(n)))
    return tuple(found)


def _complete(x: Matrix, y: Matrix) -> Iterator[tuple[tuple[NDArray[np.intp], ...], Matrix, Matrix]]:
    """Columns with the same gaps at a time, on the units that both sides have, where those are two or more.

    Gives where the pairs stand in the (a, b) of the result, and both sides without a gap.
    """
    for here, i in _patterns(x):
        for there, j in _patterns(y):
            units = np.flatnonzero(here & there)
            if len(units) > 1:
                yield np.ix_(i, j), x[np.ix_(units, i)], y[np.ix_(units, j)]


def _patterns(x: Matrix) -> list[tuple[NDArray[np.bool_], NDArray[np.intp]]]:
    """Which units have a value, and the columns of which that is so."""
    groups: dict[bytes, tuple[NDArray[np.bool_], list[int]]] = {}
    for k, here in enumerate(~np.isnan(x.T)):
        groups.setdefault(here.tobytes(), (here, []))[1].append(k)
    return [(here, np.array(columns, dtype=np.intp)) for here, columns in groups.values()]


def _standardised(x: Matrix) -> Matrix:
    """Columns without gaps about their mean and of length 1; NaN where all values are the same."""
    flat = (x == x[0]).all(axis=0)
    x = x / np.where(flat, 1.0, np.abs(x).max(axis=0))  # so that no square overflows or vanishes
    x = x - x.mean(axis=0)
    size = np.sqrt((x * x).sum(axis=0))
    return np.asarray(np.where(flat, np.nan, x / np.where(flat, 1.0, size)))


def _kendall(x: Matrix, y: Matrix) -> tuple[Matrix, Matrix]:
    r, p = (np.full((x.shape[1], y.shape[1]), np.nan) for _ in range(2))
    for i, j in np.ndindex(r.shape):
        if x is y and j < i:
            r[i, j], p[i, j] = r[j, i], p[j, i]
            continue
        both = ~(np.isnan(x[:, i]) | np.isnan(y[:, j]))
        if both.sum() > 1:
            r[i, j], p[i, j] = stats.kendalltau(x[both, i], y[both, j])
    return r, p


def _p_value(r: Matrix, n: Counts) -> Matrix:
    """Chance of so strong a correlation when there is none: Student's t with n - 2 degrees of freedom."""
    with np.errstate(invalid="ignore"):
        p = special.betainc(np.maximum(n - 2, 1) / 2.0, 0.5, (1.0 - r) * (1.0 + r))
    return np.where(np.isnan(r), np.nan, np.where(n > 2, p, 1.0))

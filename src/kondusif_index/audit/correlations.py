"""Correlation of columns, over the units that have both (method 8.15).

Pearson, Spearman and Kendall's tau-b, each with its two-sided p-value. A column that does not vary over the
units of a pair has no correlation: NaN, and a warning that names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.tree import Column, Matrix, Tree

Counts = NDArray[np.int64]

LEAST_SPREAD = 1e-5  # share of a pair's sum of squares that is spread; below it the pair is worked alone


class Kind(StrEnum):
    PEARSON = "pearson"  # straight lines
    SPEARMAN = "spearman"  # any rising curve: Pearson of average ranks, ranked anew for each pair
    KENDALL = "kendall"  # tau-b: concordant less discordant pairs, corrected for ties


@dataclass(frozen=True)
class Correlations:
    """``r``, ``p`` (two-sided) and ``n`` (units with both) are ``(len(rows), len(columns))``; r in -1..1."""

    kind: Kind
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    r: Matrix
    p: Matrix
    n: Counts
    warnings: tuple[str, ...] = ()

    def at(self, row: str, column: str) -> float:
        return float(self.r[self.rows.index(row), self.columns.index(column)])


@dataclass(frozen=True, slots=True)
class Kin:
    """An indicator and one code above it; ``level`` is that of ``ancestor``."""

    level: int
    ancestor: str
    code: str
    r: float
    p: float
    n: int


def correlate(x: Matrix, y: Matrix, kind: Kind | str = Kind.PEARSON) -> tuple[Matrix, Matrix, Counts]:
    """r, p and n of every column of ``x`` (n_units, a) with every column of ``y`` (n_units, b): each (a, b).

    NaN is missing and taken out pair by pair. r is NaN where a pair has fewer than two units or a column
    that does not vary over them; p is 1 at two units. Source: Pearson 1895; Spearman 1904; Kendall 1945.
    """
    kind = _kind(kind)
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    here, there = ~np.isnan(x), ~np.isnan(y)
    n = np.rint(here.astype(np.float64).T @ there.astype(np.float64)).astype(np.int64)
    if kind is Kind.KENDALL:
        return (*_kendall(x, y), n)
    r = _pearson(x, y, n) if kind is Kind.PEARSON else _spearman(x, y)
    r = np.clip(r, -1.0, 1.0)
    return r, _p_value(r, n), n


def between(
    data: Data, rows: Sequence[str], columns: Sequence[str] | None = None, kind: Kind | str = Kind.PEARSON
) -> Correlations:
    """Codes of ``rows`` with those of ``columns`` (by default the same). Raises ``RecipeError``: unknown."""
    data = in_order(data)
    one = data.of(rows)
    other = one if columns is None else data.of(columns)
    r, p, n = _by_code(one, other, kind)
    if columns is None:
        full = np.flatnonzero(~np.isnan(np.diagonal(r)))
        r[full, full], p[full, full] = 1.0, 0.0
    return Correlations(_kind(kind), one.codes, other.codes, r, p, n, _constant(one, other))


def _by_code(one: Data, other: Data, kind: Kind | str) -> tuple[Matrix, Matrix, Counts]:
    """As :func:`correlate`, worked in the order of the codes and given in that of the data.

    A matrix product rounds a pair by where it stands in the matrix: the order of the columns of a file would
    change its last bits.
    """
    i, j = np.argsort(one.codes), np.argsort(other.codes)
    found = correlate(one.values[:, i], other.values[:, j], kind)
    back = np.ix_(np.argsort(i), np.argsort(j))
    return found[0][back], found[1][back], found[2][back]


def within_level(data: Data, tree: Tree, level: int = 1, kind: Kind | str = Kind.PEARSON) -> Correlations:
    """Every code of a level with every other; 1 is the indicators."""
    return between(data, [c for c in tree.at_level(level) if c in data.at], None, kind)


def with_parents(data: Data, tree: Tree, kind: Kind | str = Kind.PEARSON) -> tuple[Kin, ...]:
    """Every code but the top with its parent, in the order of the tree."""
    pairs = [(n.code, n.parent) for n in tree.nodes if n.parent and {n.code, n.parent} <= data.at.keys()]
    return _kin(data, tree, pairs, kind)


def with_ancestors(data: Data, tree: Tree, kind: Kind | str = Kind.PEARSON) -> tuple[Kin, ...]:
    """Every indicator with each code above it: parents first, the top last."""
    pairs = [(leaf, up) for leaf in tree.leaf_codes for up in tree.path(leaf)[1:]]
    kin = _kin(data, tree, [(a, b) for a, b in pairs if {a, b} <= data.at.keys()], kind)
    return tuple(sorted(kin, key=lambda k: k.level))


def with_denominators(data: Data, codes: Sequence[str], kind: Kind | str = Kind.PEARSON) -> Correlations:
    """Indicators with the numbers beside them (``data.other``): which are a matter of size alone."""
    data = in_order(data)
    names = tuple(sorted(data.other))
    beside = np.column_stack([data.other[n] for n in names]) if names else np.empty((len(data.units), 0))
    one = data.of(codes)
    r, p, n = correlate(one.values, beside, kind)
    return Correlations(_kind(kind), one.codes, names, r, p, n, _constant(one, one))


def covariance(x: Matrix) -> Matrix:
    """Covariance (n - 1) of the columns of ``x``, each pair over the units that have both; (a, a)."""
    n, moment, _, _, scale = _moments(x, x)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(n > 1, moment / (n - 1.0), np.nan) * np.outer(scale[0], scale[1])
    return np.asarray((found + found.T) / 2.0)


def in_order(data: Data) -> Data:
    """The same rows by unit, so that the order in which they came changes no bit of a result."""
    units = data.units
    if all(a < b for a, b in pairwise(units)):
        return data
    return data.rows(sorted(range(len(units)), key=units.__getitem__))


def constant(column: Column) -> bool:
    """Whether a column has values and they are all the same."""
    given = column[~np.isnan(column)]
    return bool(given.size and (given == given[0]).all())


def _kin(data: Data, tree: Tree, pairs: Sequence[tuple[str, str]], kind: Kind | str) -> tuple[Kin, ...]:
    data = in_order(data)
    found: dict[tuple[str, str], Kin] = {}
    for up in dict.fromkeys(b for _, b in pairs):
        codes = [a for a, b in pairs if b == up]
        c = between(data, codes, [up], kind)
        for k, code in enumerate(codes):
            kin = Kin(tree.level[up], up, code, float(c.r[k, 0]), float(c.p[k, 0]), int(c.n[k, 0]))
            found[code, up] = kin
    return tuple(found[pair] for pair in pairs)


def _kind(kind: Kind | str) -> Kind:
    try:
        return Kind(kind)
    except ValueError:
        known = ", ".join(Kind)
        raise RecipeError(f"no correlation {kind!r}; there are: {known}", kind=str(kind)) from None


def _constant(*tables: Data) -> tuple[str, ...]:
    flat = {c: None for data in tables for c in data.codes if constant(data.column(c))}
    return tuple(f"{code}: all values are the same; it has no correlation" for code in sorted(flat))


def _moments(x: Matrix, y: Matrix) -> tuple[Matrix, Matrix, Matrix, Matrix, tuple[Column, Column]]:
    """n, sum of cross products, both sums of squares about the pair's own means, and the two scales.

    Columns are centred and brought to one scale first, so that no digits are lost in the sums.
    """
    (x0, x1, sx), (y0, y1, sy) = _ready(x), _ready(y)
    n = x1.T @ y1
    with np.errstate(divide="ignore", invalid="ignore"):
        sum_x, sum_y = x0.T @ y1, x1.T @ y0
        cross = x0.T @ y0 - sum_x * sum_y / n
        square_x = (x0 * x0).T @ y1
        square_y = x1.T @ (y0 * y0)
        spread_x = square_x - sum_x * sum_x / n
        spread_y = square_y - sum_y * sum_y / n
    unsure = (spread_x <= LEAST_SPREAD * square_x) | (spread_y <= LEAST_SPREAD * square_y)
    for i, j in np.argwhere(unsure & (n > 1)):
        both = (x1[:, i] > 0) & (y1[:, j] > 0)
        a, b = x[both, i] / sx[i], y[both, j] / sy[j]
        a, b = (a - a.mean()) * (a != a[0]).any(), (b - b.mean()) * (b != b[0]).any()
        cross[i, j], spread_x[i, j], spread_y[i, j] = a @ b, a @ a, b @ b
    return n, cross, spread_x, spread_y, (sx, sy)


def _ready(x: Matrix) -> tuple[Matrix, Matrix, Column]:
    here = ~np.isnan(x)
    n = np.maximum(here.sum(axis=0), 1)
    scale = np.max(np.abs(np.where(here, x, 0.0)), axis=0, initial=0.0)
    scale[scale == 0] = 1.0
    values = np.where(here, x / scale, 0.0)
    values = np.where(here, values - values.sum(axis=0) / n, 0.0)
    wide = np.sqrt((values * values).sum(axis=0) / n)
    wide[wide == 0] = 1.0
    return values / wide, here.astype(np.float64), scale * wide


def _pearson(x: Matrix, y: Matrix, n: Counts) -> Matrix:
    _, cross, spread_x, spread_y, _ = _moments(x, y)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = cross / np.sqrt(spread_x) / np.sqrt(spread_y)
    r[(n < 2) | ~(spread_x > 0) | ~(spread_y > 0)] = np.nan
    return np.asarray(r)


def _spearman(x: Matrix, y: Matrix) -> Matrix:
    """Columns with the same gaps are ranked and multiplied together."""
    found = np.full((x.shape[1], y.shape[1]), np.nan)
    order_x, order_y = np.argsort(x, axis=0, kind="stable"), np.argsort(y, axis=0, kind="stable")
    same = x is y
    for i, (mask_x, group_x) in enumerate(_patterns(x)):
        for mask_y, group_y in _patterns(y)[i if same else 0 :]:
            both = mask_x & mask_y
            if both.sum() < 2:
                continue
            a = np.column_stack([_centred_ranks(x[:, k], order_x[:, k], both) for k in group_x])
            b = np.column_stack([_centred_ranks(y[:, k], order_y[:, k], both) for k in group_y])
            with np.errstate(divide="ignore", invalid="ignore"):
                size = np.sqrt(np.outer((a * a).sum(axis=0), (b * b).sum(axis=0)))
                r = np.where(size > 0, (a.T @ b) / size, np.nan)
            found[np.ix_(group_x, group_y)] = r
            if same:
                found[np.ix_(group_y, group_x)] = r.T
    return found


def _patterns(x: Matrix) -> list[tuple[NDArray[np.bool_], list[int]]]:
    groups: dict[bytes, tuple[NDArray[np.bool_], list[int]]] = {}
    for k in range(x.shape[1]):
        here = ~np.isnan(x[:, k])
        groups.setdefault(here.tobytes(), (here, []))[1].append(k)
    return list(groups.values())


def _centred_ranks(column: Column, order: NDArray[np.intp], among: NDArray[np.bool_]) -> Column:
    """Average ranks of the units ``among`` less their mean; exact halves. ``order`` sorts the column."""
    order = order[among[order]]
    values = column[order]
    first = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    last = np.append(first[1:], len(values)) - 1
    ranks = np.empty(len(column))
    ranks[order] = np.repeat((first + last) / 2.0, last - first + 1)
    return np.asarray(ranks[among] - (len(values) - 1) / 2.0)


def _kendall(x: Matrix, y: Matrix) -> tuple[Matrix, Matrix]:
    r, p = (np.full((x.shape[1], y.shape[1]), np.nan) for _ in range(2))
    same = x is y
    for i in range(x.shape[1]):
        for j in range(i if same else 0, y.shape[1]):
            both = ~(np.isnan(x[:, i]) | np.isnan(y[:, j]))
            a, b = x[both, i], y[both, j]
            if len(a) > 1 and not constant(a) and not constant(b):
                a, b = sorted((a, b), key=lambda c: c.tobytes())  # the same bits either way round
                r[i, j], p[i, j] = stats.kendalltau(a, b)
            if same:
                r[j, i], p[j, i] = r[i, j], p[i, j]
    return r, p


def _p_value(r: Matrix, n: Counts) -> Matrix:
    """Chance of so strong a correlation when there is none: Student's t with n - 2 degrees of freedom."""
    with np.errstate(invalid="ignore"):
        p = special.betainc(np.maximum(n - 2, 1) / 2.0, 0.5, (1.0 - r) * (1.0 + r))
    return np.where(np.isnan(r), np.nan, np.where(n > 2, p, 1.0))

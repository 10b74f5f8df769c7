"""Fill what is missing, only where the recipe says so (method 8.5). What does not apply is never filled.

``em`` fills as a multivariate normal would expect, by expectation and maximisation: Dempster, Laird and Rubin
(1977), for the normal case as in Little and Rubin, Statistical Analysis with Missing Data, chapter 11; the
ridge is a prior of uncorrelated columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data, StepResult, Why
from kondusif_index.errors import RecipeError
from kondusif_index.settings import (
    Count,
    Finite,
    NotNegative,
    Positive,
    Settings,
    Several,
    check,
    filled,
    refuse_unknown,
)
from kondusif_index.tree import Column, Matrix, Tree

Method = Literal[
    "none", "mean", "median", "group_mean", "group_median", "row_mean", "row_median", "constant", "last",
    "em",
]  # fmt: skip
METHODS: tuple[Method, ...] = get_args(Method)
ROW = ("row_mean", "row_median")
GROUP = ("group_mean", "group_median")
ALIKE = 8  # em: rows with the same gaps, on average, from which they are solved pattern by pattern
WIDTH, BATCH = 4, 256  # em: gaps by which batches differ, and rows in one
WELL_CONDITIONED = 1e6  # em: condition number up to which the inverse of the covariance serves


@dataclass(frozen=True, slots=True)
class Filling(Settings):
    """How one column is filled; what is not given is taken from ``Imputing``, which explains each field."""

    method: Method | None = None
    group: str | None = None
    fall_back: bool | None = None
    level: Several | None = None
    constant: Finite | None = None


@dataclass(frozen=True, slots=True)
class Imputing(Settings):
    """What is put in the place of a missing value.

    ``method``      none; mean, median of the column; group_mean, group_median of the units with the same
                    label in ``group``; row_mean, row_median of the unit's other indicators below the same
                    aggregate; constant; last: the value of the last election; em: what a multivariate normal
                    expects.
    ``stage``       "raw": before treatment; "normalised": after normalisation. Rows need the latter, for only
                    there do indicators share a scale; last needs the former.
    ``group``       name of a grouping column.
    ``fall_back``   a group without any value (or a unit without a label) takes the whole column; else empty.
    ``level``       row_*: the aggregate of this level above the indicator (2: its parent).
    ``constant``    value of method constant, in the unit of the stage.
    ``ridge``       em: weight of the prior that columns are uncorrelated, relative to the data; 0 is none.
    ``tolerance``   em: largest change, in standard deviations, at which it stops.
    ``most_rounds`` em: an error after this many.
    ``each``        other settings for single indicators.
    """

    method: Method = "none"
    stage: Literal["raw", "normalised"] = "raw"
    group: str = ""
    fall_back: bool = False
    level: Several = 2
    constant: Finite | None = None
    ridge: NotNegative = 0.01
    tolerance: Positive = 1e-6
    most_rounds: Count = 1000
    each: Mapping[str, Filling] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check(self)
        for where, one in [("", filled(Filling(), self))] + [(f"each.{c}: ", self.of(c)) for c in self.each]:
            if one.method in ROW and self.stage != "normalised":
                raise RecipeError(f'{where}{one.method} compares indicators; set stage = "normalised"')
            if one.method == "last" and self.stage != "raw":
                raise RecipeError(f'{where}last brings answers in their own unit; set stage = "raw"')
            if one.method in GROUP and not one.group:
                raise RecipeError(f"{where}{one.method} needs group, the name of a grouping column")
            if one.method == "constant" and one.constant is None:
                raise RecipeError(f"{where}constant: method constant needs a number")

    def of(self, code: str) -> Filling:
        """All settings of one indicator."""
        return filled(self.each.get(code, Filling()), self)


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


@dataclass(frozen=True, kw_only=True)
class Imputed(StepResult):
    """``filled`` (n_units, n_codes): cells that were empty and now have a value. ``by`` names, of each of
    them, the method in ``METHODS`` (0, none, elsewhere). ``em`` reports the rounds, where em was used."""

    filled: NDArray[np.bool_]
    by: NDArray[np.uint8]
    em: Expected | None = None


def impute(data: Data, tree: Tree, how: Imputing, last: Data | None = None) -> Imputed:
    """Fill the empty cells of the tree's indicators (method 8.5).

    A present cell and one that does not apply are never touched; a filled value is computed from present
    cells only, never from another filled one. ``last`` is matched by unit and code; em sees only the columns
    that it fills. Raises ``RecipeError`` on an unknown code or group, on method last without ``last``, and
    where em does not converge.
    """
    refuse_unknown("each", how.each, tree.leaf_codes)
    data.of(tree.leaf_codes)
    empty = np.isnan(data.values) & (data.why != Why.NOT_APPLICABLE)
    values, by = data.values.copy(), np.zeros(data.values.shape, dtype=np.uint8)
    report = _em(data, tree, how)
    ways = [how.of(c) for c in tree.leaf_codes]
    labelled = {name: _labelled(data, name) for name in {w.group or "" for w in ways if w.method in GROUP}}
    for code in tree.leaf_codes:
        one, k = how.of(code), data.at[code]
        if one.method == "none" or not empty[:, k].any():
            continue
        if one.method == "em" and report is not None:
            found = report.values[:, report.codes.index(code)]
        elif one.method in GROUP:
            found = _groups(labelled[one.group or ""], data.column(code), one)
        else:
            found = _column(data, tree, code, one, last)
        fill = empty[:, k] & ~np.isnan(found)
        values[fill, k] = found[fill]
        by[fill, k] = METHODS.index(one.method or "none")
    return Imputed(data=data.with_values(values), filled=by > 0, by=by, em=report)


def _column(data: Data, tree: Tree, code: str, one: Filling, last: Data | None) -> Column:
    """A value for every unit of one column; NaN where the method has none."""
    x = data.column(code)
    match one.method:
        case "constant":
            return np.full(len(x), one.constant, dtype=np.float64)
        case "last":
            return _last(data, code, last)
        case "row_mean" | "row_median":
            return _rows(data, tree, code, one)
    return np.full(len(x), _middle(one.method)(x[~np.isnan(x)]))


def _middle(method: str | None) -> Callable[[Column], float]:
    """Mean or median of the values given, NaN of none; sorted first, so that the order changes no bit."""
    ask = np.median if (method or "").endswith("median") else np.mean
    return lambda seen: float(np.clip(ask(np.sort(seen)), seen.min(), seen.max())) if len(seen) else np.nan


Labelled = tuple[NDArray[np.str_], NDArray[np.intp]]


def _labelled(data: Data, name: str) -> Labelled:
    """Labels of a group column, and for every unit which of them is its own."""
    labels, which = np.unique(np.array(data.group(name), dtype=np.str_), return_inverse=True)
    return labels, which


def _groups(labelled: Labelled, x: Column, one: Filling) -> Column:
    """Sorted by label and value, a group is one stretch: its sum and its middle are a look each."""
    labels, group = labelled
    seen = ~np.isnan(x)
    value = np.full(len(labels), np.nan)
    order = np.lexsort((x[seen], group[seen]))
    ordered, of = x[seen][order], group[seen][order]
    present, start, count = np.unique(of, return_index=True, return_counts=True)
    if len(present):
        if one.method == "group_mean":
            means = np.add.reduceat(ordered, start) / count
            value[present] = np.clip(means, ordered[start], ordered[start + count - 1])  # within the group
        else:
            value[present] = (ordered[start + (count - 1) // 2] + ordered[start + count // 2]) / 2
    value[labels == ""] = np.nan  # a unit without a label belongs to no group
    found: Column = value[group]
    return np.where(np.isnan(found), _middle(one.method)(x[seen]), found) if one.fall_back else found


def _rows(data: Data, tree: Tree, code: str, one: Filling) -> Column:
    """Over the present indicators of the unit below the same aggregate."""
    above = [c for c in tree.path(code)[1:] if tree.level[c] >= (one.level or 2)]
    if not above:
        raise RecipeError(f"level: nothing above {code} has level {one.level} or more", code=code)
    beside = data.of(sorted(tree.under(above[0]))).values
    out, some = np.full(len(beside), np.nan), ~np.isnan(beside).all(axis=1)
    ask = np.nanmedian if one.method == "row_median" else np.nanmean
    seen = beside[some]
    out[some] = np.clip(ask(seen, axis=1), np.nanmin(seen, axis=1), np.nanmax(seen, axis=1))
    return out


def _last(data: Data, code: str, last: Data | None) -> Column:
    if last is None:
        raise RecipeError(f"{code}: method last needs the data of the last election", code=code)
    out = np.full(len(data.units), np.nan)
    if code in last.at:
        then = dict(zip(last.units, last.column(code), strict=True))
        out = np.array([then.get(unit, np.nan) for unit in data.units])
    return out


def _em(data: Data, tree: Tree, how: Imputing) -> Expected | None:
    """Rows by unit and columns by code, so that neither order changes a bit."""
    applies = (data.why != Why.NOT_APPLICABLE).any(axis=0)
    codes = sorted(c for c in tree.leaf_codes if how.of(c).method == "em" and applies[data.at[c]])
    if not codes:
        return None
    order = np.array(sorted(range(len(data.units)), key=lambda k: data.units[k]), dtype=np.intp)
    x: Matrix = data.of(codes).values[order]
    found = expect(x, codes, how.ridge, how.tolerance, how.most_rounds)
    values = np.empty_like(found.values)
    values[order] = found.values
    return replace(found, values=values)


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
    complete = _completing(z, gaps)
    rounds, change = 0, np.inf
    for _ in range(most_rounds):
        rounds += 1
        full, within = complete(mean, cov)
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
    full, _ = complete(mean, cov)
    values = np.where(gaps, full * spread + shift, x)
    return Expected(
        tuple(codes), values, mean * spread + shift, cov * np.outer(spread, spread), rounds, change
    )


Completing = Callable[[Column, Matrix], tuple[Matrix, Matrix]]
Patterns = list[tuple[NDArray[np.intp], NDArray[np.bool_]]]


def _completing(z: Matrix, gaps: NDArray[np.bool_]) -> Completing:
    """Of mean and covariance: ``z`` with its gaps at what is expected given the present cells of their row,
    and the covariance that they leave, summed over rows.

    Rows that miss the same columns are solved as one. Where most rows miss columns of their own, all of them
    are solved together from the inverse of the covariance, while that inverse is exact to about 1e-9.
    """
    patterns = _patterns(gaps)
    together = _batches(gaps) if len(patterns) * ALIKE > len(z) else []

    def complete(mean: Column, cov: Matrix) -> tuple[Matrix, Matrix]:
        inverse = _inverse(cov) if together else None
        if inverse is None:
            return _by_pattern(z, patterns, mean, cov)
        return _together(np.where(gaps, 0.0, z - mean), together, mean, inverse)

    return complete


def _patterns(gaps: NDArray[np.bool_]) -> Patterns:
    """Rows that miss the same columns, with those columns."""
    kinds, which = np.unique(gaps, axis=0, return_inverse=True)
    which = which.reshape(-1)
    return [(np.flatnonzero(which == k), kinds[k]) for k in range(len(kinds))]


def _by_pattern(z: Matrix, patterns: Patterns, mean: Column, cov: Matrix) -> tuple[Matrix, Matrix]:
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


def _batches(gaps: NDArray[np.bool_]) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows that miss about as many columns, with those columns ``(n_missing, n_rows)``; a row that misses
    fewer has columns after the last in the rest."""
    many, k = gaps.sum(axis=1), gaps.shape[1]
    size, found = -(-many // WIDTH) * WIDTH, []
    for width in np.unique(size[many > 0]).tolist():
        rows = np.flatnonzero(size == width)
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            spare = np.arange(width)[:, None] - many[some]
            at = np.argsort(~gaps[some], axis=1, kind="stable").T[:width]
            at = np.vstack([at, np.zeros((width - len(at), len(some)), dtype=np.intp)])
            found.append((some, np.where(spare < 0, at, k + spare)))
    return found


def _inverse(cov: Matrix) -> Matrix | None:
    """The inverse of a covariance, None where it loses too many digits."""
    try:
        inverse = np.asarray(np.linalg.inv(cov), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None
    worst = np.linalg.norm(cov, 1) * np.linalg.norm(inverse, 1)
    return inverse if worst <= WELL_CONDITIONED else None


def _together(
    off: Matrix,
    batches: list[tuple[NDArray[np.intp], NDArray[np.intp]]],
    mean: Column,
    inverse: Matrix,
) -> tuple[Matrix, Matrix]:
    """``off``: differences from the mean, 0 in the gaps. With K the inverse of the covariance, the missing
    are off by ``-inv(K[miss, miss]) @ K[miss, seen] @ off[seen]``, and ``inv(K[miss, miss])`` is left."""
    n, k = off.shape
    side = k + WIDTH - 1  # the columns after the last: of variance 1, apart from all others
    padded, pulled, full = np.eye(side), np.zeros((n, side)), np.zeros((n, side))
    padded[:k, :k], pulled[:, :k], full[:, :k] = inverse, off @ inverse, off
    within = np.zeros(side * side)
    for rows, at in batches:
        cells = at[:, None] * side + at
        left = _inverted(padded.ravel()[cells])
        full[rows, at] = -np.einsum("ijr,jr->ir", left, pulled[rows, at])
        within += np.bincount(cells.ravel(), left.ravel(), len(within))
    return full[:, :k] + mean, within.reshape(side, side)[:k, :k]


def _inverted(a: Matrix) -> Matrix:
    """Inverts ``a`` (m, m, n) in place: n positive definite matrices at a time, by Gauss and Jordan."""
    for j in range(len(a)):
        pivot, column = a[j, j].copy(), a[:, j].copy()
        a[j] /= pivot
        row = a[j].copy()
        row[j] = 1.0 / pivot
        column[j] = 0.0
        a[:, j] = 0.0
        a -= column[:, None] * row
        a[j] = row
    return a

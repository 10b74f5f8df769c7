"""What a column looks like, how alike the children of a parent are (method 8.15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np

from kondusif_index.audit.correlations import covariance
from kondusif_index.data import Data
from kondusif_index.steps.outliers import skew_and_kurt
from kondusif_index.tree import Column, Matrix, Tree
from kondusif_index.weights.statistical import principal


@dataclass(frozen=True, slots=True)
class Statistics:
    """One column. Missing values are left out; ``std`` has n - 1, ``skew`` and ``kurt`` are G1 and G2.

    ``same`` counts the commonest value. ``share_available`` is of all units; ``share_nonzero``,
    ``share_unique`` and ``share_same`` are of the available ones. NaN where too few values: mean at none,
    std at one, skew below three, kurt below four or where nothing varies.
    """

    code: str
    minimum: float
    maximum: float
    mean: float
    median: float
    std: float
    skew: float
    kurt: float
    available: int
    nonzero: int
    unique: int
    same: int
    units: int

    @property
    def share_available(self) -> float:
        return _share(self.available, self.units)

    @property
    def share_nonzero(self) -> float:
        return _share(self.nonzero, self.available)

    @property
    def share_unique(self) -> float:
        return _share(self.unique, self.available)

    @property
    def share_same(self) -> float:
        return _share(self.same, self.available)


def statistics(data: Data) -> tuple[Statistics, ...]:
    """Of every column, in the order of ``data.codes``."""
    return tuple(_statistics(code, data.column(code)) for code in data.codes)


def _statistics(code: str, column: Column) -> Statistics:
    given = np.sort(column[~np.isnan(column)] + 0.0)  # sorted, no -0: the order of rows changes no bit
    n = len(given)
    _, counts = np.unique(given, return_counts=True)
    skew, kurt = skew_and_kurt(given)
    return Statistics(
        code=code,
        minimum=float(given[0]) if n else np.nan,
        maximum=float(given[-1]) if n else np.nan,
        mean=float(given.mean()) if n else np.nan,
        median=float(np.median(given)) if n else np.nan,
        std=float(given.std(ddof=1)) if n > 1 else np.nan,
        skew=skew,
        kurt=kurt,
        available=n,
        nonzero=int((given != 0).sum()),
        unique=len(counts),
        same=int(counts.max(initial=0)),
        units=len(column),
    )


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha of the children of a parent; ``without`` holds alpha when one child is left out.

    At most 1; below 0 when children pull against each other. NaN below two children or with no spread. An
    index of causes need not hold together: a low alpha is a question, not a fault.
    """

    parent: str
    items: int
    alpha: float
    without: Mapping[str, float]


def cronbach(x: Matrix) -> float:
    """k / (k - 1) x (1 - sum of variances / sum of all covariances) of columns (n_units, k), pairwise
    complete. Source: Cronbach 1951."""
    return _alpha(covariance(x)) if x.shape[1] > 1 else np.nan


def _alpha(spread: Matrix) -> float:
    k, whole = len(spread), float(spread.sum())
    if k < 2 or isnan(whole) or not abs(whole) > 0:
        return np.nan
    return k / (k - 1) * (1 - float(np.trace(spread)) / whole)


def alphas(data: Data, tree: Tree) -> tuple[Alpha, ...]:
    """Of every parent with two or more children among the columns, in the order of the tree."""
    found = []
    for parent, codes in families(data, tree).items():
        spread = covariance(data.of(codes).values)
        keep = {c: [k for k in range(len(codes)) if k != i] for i, c in enumerate(codes)}
        without = {c: _alpha(spread[np.ix_(k, k)]) for c, k in keep.items()}
        found.append(Alpha(parent, len(codes), _alpha(spread), without))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Components:
    """Principal components of the children of a parent, on their correlation matrix.

    ``shares``: share of the variance of each component, falling, sum 1. ``loadings``: of the first component,
    unit length, its largest positive. ``units`` had every child; ``left_out`` do not vary among them.
    """

    parent: str
    codes: tuple[str, ...]
    shares: tuple[float, ...]
    loadings: tuple[float, ...]
    units: int
    left_out: tuple[str, ...] = ()


def components(data: Data, tree: Tree) -> tuple[Components, ...]:
    """Of every parent with two or more varying children and three or more units that have all of them."""
    return tuple(c for p, codes in families(data, tree).items() if (c := _components(data, p, codes)))


def _components(data: Data, parent: str, codes: Sequence[str]) -> Components | None:
    x = data.of(codes).values
    x = x[~np.isnan(x).any(axis=1)]
    x = x[np.lexsort(x.T[::-1])]
    if len(x) < 3:
        return None
    found = principal(x)
    vary = [k for k in range(len(codes)) if not found.flat[k]]
    if len(vary) < 2:
        return None
    return Components(
        parent,
        tuple(codes[k] for k in vary),
        tuple(found.share[: len(vary)].tolist()),
        tuple(found.loadings[vary, 0].tolist()),
        len(x),
        tuple(c for k, c in enumerate(codes) if found.flat[k]),
    )


def families(data: Data, tree: Tree) -> dict[str, tuple[str, ...]]:
    """Children of every parent that are among the columns, by code, where there are two or more."""
    found = {
        n.code: tuple(sorted(c.code for c in tree.children[n.code] if c.code in data.at))
        for n in tree.nodes
        if not n.leaf
    }
    return {parent: codes for parent, codes in found.items() if len(codes) > 1}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else np.nan

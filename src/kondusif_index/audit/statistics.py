"""What a column looks like, how alike the children of a parent are, and what to ask about it (method 8.15).

Which indicators repeat, contradict, follow size or hardly speak? Nothing here changes a score. A finding is a
question for people who know the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from math import isnan
from typing import Annotated, Literal

import numpy as np

from kondusif_index.audit.correlations import (
    AncestorCorrelation,
    Correlations,
    correlations_between,
    covariance,
    in_order,
    with_ancestors,
    with_denominators,
    with_parents,
)
from kondusif_index.data import Data, Why
from kondusif_index.settings import Finite, Settings, UpToOne, between
from kondusif_index.steps.treat import skew_and_kurt
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
    summary = (given[0], given[-1], given.mean(), np.median(given)) if n else (np.nan,) * 4
    low, high, mean, median = summary
    return Statistics(
        code=code,
        minimum=float(low),
        maximum=float(high),
        mean=float(mean),
        median=float(median),
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
    """Cronbach's alpha of the children of a parent.

    At most 1; below 0 when children pull against each other. NaN below two children or with no spread. An
    index of causes need not hold together: a low alpha is a question, not a fault.
    """

    parent: str
    items: int
    alpha: float


def cronbach(x: Matrix) -> float:
    """k / (k - 1) x (1 - sum of variances / sum of all covariances) of columns (n_units, k), pairwise
    complete. Source: Cronbach 1951."""
    k, spread = x.shape[1], covariance(x)
    whole = float(spread.sum())
    if k < 2 or isnan(whole) or whole == 0:
        return np.nan
    return float(k / (k - 1) * (1 - np.trace(spread) / whole))


def alphas(data: Data, tree: Tree) -> tuple[Alpha, ...]:
    """Of every parent with two or more children among the columns, in the order of the tree."""
    return tuple(
        Alpha(parent, len(codes), cronbach(data.of(codes).values))
        for parent, codes in families(data, tree).items()
    )


@dataclass(frozen=True, slots=True)
class Components:
    """Principal components of the children of a parent, on their correlation matrix.

    ``shares``: share of the variance of each component, falling, sum 1. ``loadings``: of the first component,
    unit length, its largest positive. ``units`` had every child; ``codes`` vary among them.
    """

    parent: str
    codes: tuple[str, ...]
    shares: tuple[float, ...]
    loadings: tuple[float, ...]
    units: int


def components(data: Data, tree: Tree) -> tuple[Components, ...]:
    """Of every parent with two or more varying children and three or more units that have all of them."""
    found = (_components(data, parent, codes) for parent, codes in families(data, tree).items())
    return tuple(c for c in found if c is not None)


def _components(data: Data, parent: str, codes: tuple[str, ...]) -> Components | None:
    x = data.of(codes).values
    x = x[~np.isnan(x).any(axis=1)]
    x = x[np.lexsort(x.T[::-1])]
    if len(x) < 3:
        return None
    found = principal(x)
    vary = np.flatnonzero(~found.flat)
    if len(vary) < 2:
        return None
    return Components(
        parent,
        tuple(codes[k] for k in vary),
        tuple(found.share[: len(vary)].tolist()),
        tuple(found.loadings[vary, 0].tolist()),
        len(x),
    )


def families(data: Data, tree: Tree) -> dict[str, tuple[str, ...]]:
    """Children of every parent that are among the columns, by code, where there are two or more."""
    found = {}
    for parent in (n.code for n in tree.nodes if not n.leaf):
        codes = tuple(sorted(c.code for c in tree.children[parent] if c.code in data.at))
        if len(codes) > 1:
            found[parent] = codes
    return found


def _share(part: int, whole: int) -> float:
    return part / whole if whole else np.nan


@dataclass(frozen=True)
class Auditing(Settings):
    """Where a question begins. Shares are 0-1, correlations -1..1.

    ``kind``: pearson, spearman (default; rare counts are far from a straight line) or kendall.
    ``redundant``: two children of one parent correlate above it. ``conflict``: below it.
    ``against``: a child correlates with its own parent below it. ``denominator``: an indicator correlates
    with a number beside it, either way, above it. ``alpha``: Cronbach's alpha of a parent is below it.
    ``available``, ``nonzero``, ``unique``: a column has a smaller share of all units with a value, other
    than zero, with different values. ``skew`` and ``kurt``: the column is outlying above both (skew either
    way). ``significance``: p above it is noise, no redundancy or conflict; 1 asks about every one.
    """

    kind: Literal["pearson", "spearman", "kendall"] = "spearman"
    redundant: UpToOne = 0.75
    conflict: Annotated[float, between(-1, 0)] = -0.5
    against: Annotated[float, between(-1, 1)] = 0.0
    denominator: UpToOne = 0.7
    alpha: Finite = 0.7
    available: UpToOne = 0.65
    nonzero: UpToOne = 0.5
    unique: UpToOne = 0.5
    skew: Finite = 2.0
    kurt: Finite = 3.5
    significance: UpToOne = 1.0


class Flag(StrEnum):
    """What a finding asks."""

    FEW = "few"  # few units answered
    ZEROS = "zeros"  # mostly zero: a rare event, or a dead question?
    ALIKE = "alike"  # few different values
    OUTLYING = "outlying"  # skewed and heavy-tailed
    CONSTANT = "constant"  # tells no unit from another
    REDUNDANT = "redundant"  # two children say the same
    CONFLICT = "conflict"  # two children pull apart
    AGAINST = "against"  # a child pulls against its parent
    SIZE = "size"  # follows a denominator: a matter of size alone?
    LOOSE = "loose"  # children of a parent do not hold together


@dataclass(frozen=True, slots=True)
class Finding:
    """``value`` is what was found, ``limit`` where the question begins; ``other``, ``parent`` may be ""."""

    flag: Flag
    code: str
    value: float
    limit: float
    other: str = ""
    parent: str = ""


@dataclass(frozen=True)
class Audit:
    """Everything found. ``raw`` and ``scored`` describe columns before and after the recipe's steps."""

    how: Auditing
    raw: tuple[Statistics, ...]
    scored: tuple[Statistics, ...]
    ancestors: tuple[AncestorCorrelation, ...]
    denominators: Correlations
    alphas: tuple[Alpha, ...]
    alphas_raw: tuple[Alpha, ...]
    components: tuple[Components, ...]
    findings: tuple[Finding, ...]


def audit(raw: Data, scored: Data, tree: Tree, how: Auditing | None = None) -> Audit:
    """Looks at the raw indicators and at ``scored``: normalised indicators and aggregates of the same units.

    Denominators are ``raw.other``. Raises ``RecipeError`` when indicators of the tree are missing from
    ``raw``.
    """
    how = how or Auditing()
    raw, scored = in_order(raw.of(tree.leaf_codes)), in_order(scored)
    denominators = with_denominators(raw, raw.codes, how.kind)
    seen, holding = statistics(raw), alphas(scored, tree)
    return Audit(
        how=how,
        raw=seen,
        scored=statistics(scored),
        ancestors=with_ancestors(scored, tree, how.kind),
        denominators=denominators,
        alphas=holding,
        alphas_raw=alphas(raw, tree),
        components=components(scored, tree),
        findings=(
            *column_findings(seen, how),
            *pair_findings(scored, tree, how),
            *parent_findings(with_parents(scored, tree, how.kind), how),
            *size_findings(denominators, how),
            *(Finding(Flag.LOOSE, a.parent, a.alpha, how.alpha) for a in holding if a.alpha < how.alpha),
        ),
    )


def column_findings(seen: Sequence[Statistics], how: Auditing) -> tuple[Finding, ...]:
    """What single columns ask. Shares are of all units, missing ones included."""
    return tuple(f for s in seen for f in _column(s, how))


def _column(s: Statistics, how: Auditing) -> Iterator[Finding]:
    shares = (
        (Flag.FEW, s.available, how.available),
        (Flag.ZEROS, s.nonzero, how.nonzero),
        (Flag.ALIKE, s.unique, how.unique),
    )
    for flag, count, limit in shares:
        share = count / s.units if s.units else 0.0
        if share < limit:
            yield Finding(flag, s.code, share, limit)
    if outlying(s, how):
        yield Finding(Flag.OUTLYING, s.code, s.skew, how.skew)
    if s.available and s.unique == 1:
        yield Finding(Flag.CONSTANT, s.code, s.minimum, 0.0)


def outlying(s: Statistics, how: Auditing) -> bool:
    """Whether both the skew and the kurtosis of a column are above their limits."""
    return abs(s.skew) > how.skew and s.kurt > how.kurt


def pair_findings(scored: Data, tree: Tree, how: Auditing) -> tuple[Finding, ...]:
    """Children of one parent that repeat or contradict each other, parent by parent, by code."""
    found = []
    for parent, codes in families(scored, tree).items():
        c = correlations_between(scored, codes, None, how.kind)
        for (i, one), (j, other) in combinations(enumerate(codes), 2):
            r = float(c.r[i, j])
            if c.p[i, j] > how.significance:
                continue
            if r > how.redundant:
                found.append(Finding(Flag.REDUNDANT, one, r, how.redundant, other, parent))
            elif r < how.conflict:
                found.append(Finding(Flag.CONFLICT, one, r, how.conflict, other, parent))
    return tuple(found)


def size_findings(c: Correlations, how: Auditing) -> tuple[Finding, ...]:
    """Indicators that follow a number beside them, up or down."""
    found = [
        Finding(Flag.SIZE, c.rows[i], float(c.r[i, j]), how.denominator, c.columns[j])
        for i, j in np.argwhere(np.abs(c.r) > how.denominator)
    ]
    return tuple(sorted(found, key=lambda f: (f.code, f.other)))


def parent_findings(pairs: Sequence[AncestorCorrelation], how: Auditing) -> tuple[Finding, ...]:
    """Children that pull against their parent."""
    pulling = (k for k in pairs if k.r < how.against)
    return tuple(Finding(Flag.AGAINST, k.code, k.r, how.against, parent=k.ancestor) for k in pulling)


def with_aggregates(normalised: Data, codes: Sequence[str], values: Matrix) -> Data:
    """Normalised indicators and aggregate scores (n_units, n_codes) of the same units as one ``Data``."""
    both = np.column_stack([normalised.values, values])
    gaps = np.where(np.isnan(values), np.uint8(Why.ABSENT), np.uint8(Why.PRESENT))
    return replace(
        normalised,
        codes=(*normalised.codes, *codes),
        values=both,
        why=np.column_stack([normalised.why, gaps]),
    )

"""Questions to an index: which indicators repeat, contradict, follow size or hardly speak (method 8.15).

Nothing here changes a score. A finding is a question for people who know the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite, isnan

import numpy as np

from kondusif_index.audit.correlations import (
    Correlations,
    Kin,
    Kind,
    between,
    in_order,
    with_ancestors,
    with_denominators,
    with_parents,
    within_level,
)
from kondusif_index.audit.outranking import Dominance, Outranked
from kondusif_index.audit.statistics import (
    Alpha,
    Components,
    Statistics,
    alphas,
    components,
    families,
    statistics,
)
from kondusif_index.data import Data, Why
from kondusif_index.errors import RecipeError
from kondusif_index.tree import Matrix, Tree


@dataclass(frozen=True)
class Auditing:
    """Where a question begins. Shares are 0-1, correlations -1..1.

    ``kind``: pearson, spearman (default; rare counts are far from a straight line) or kendall.
    ``redundant``: two children of one parent correlate above it. ``conflict``: below it.
    ``against``: a child correlates with its own parent below it. ``denominator``: an indicator correlates
    with a number beside it, either way, above it. ``alpha``: Cronbach's alpha of a parent is below it.
    ``available``, ``nonzero``, ``unique``: a column has a smaller share of all units with a value, other
    than zero, with different values. ``skew`` and ``kurt``: the column is outlying above both (skew either
    way). ``significance``: p above it is noise, no redundancy or conflict; 1 asks about every one.
    """

    kind: str = Kind.SPEARMAN.value
    redundant: float = 0.75
    conflict: float = -0.5
    against: float = 0.0
    denominator: float = 0.7
    alpha: float = 0.7
    available: float = 0.65
    nonzero: float = 0.5
    unique: float = 0.5
    skew: float = 2.0
    kurt: float = 3.5
    significance: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in tuple(Kind):
            raise RecipeError(f"kind: found {self.kind!r}, expected {', '.join(Kind)}", key="kind")
        for name, low, high in (
            ("redundant", 0, 1),
            ("conflict", -1, 0),
            ("against", -1, 1),
            ("denominator", 0, 1),
            ("available", 0, 1),
            ("nonzero", 0, 1),
            ("unique", 0, 1),
            ("significance", 0, 1),
        ):
            value = getattr(self, name)
            if not (isfinite(value) and low <= value <= high):
                raise RecipeError(f"{name}: found {value}, expected {low} to {high}", key=name)
        for name in ("alpha", "skew", "kurt"):
            if not isfinite(getattr(self, name)):
                raise RecipeError(f"{name}: found {getattr(self, name)}, expected a number", key=name)


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
    """Everything found. ``raw`` and ``scored`` describe columns before and after the recipe's steps;
    ``dominance`` is that of ``outrank``: with many such pairs no choice of weights changes the order much."""

    how: Auditing
    raw: tuple[Statistics, ...]
    scored: tuple[Statistics, ...]
    correlations: Correlations
    kin: tuple[Kin, ...]
    denominators: Correlations
    alphas: tuple[Alpha, ...]
    alphas_raw: tuple[Alpha, ...]
    components: tuple[Components, ...]
    dominance: Dominance | None
    findings: tuple[Finding, ...]
    warnings: tuple[str, ...]

    def of(self, flag: Flag) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.flag is flag)


def audit(
    raw: Data, scored: Data, tree: Tree, how: Auditing | None = None, outranked: Outranked | None = None
) -> Audit:
    """Looks at the raw indicators and at ``scored``: normalised indicators and aggregates of the same units.

    ``outranked`` is what ``outrank`` found, where it ran. Denominators are ``raw.other``.
    Raises ``RecipeError`` when indicators of the tree are missing from ``raw``.
    """
    how = how or Auditing()
    raw, scored = in_order(raw.of(tree.leaf_codes)), in_order(scored)
    level = within_level(scored, tree, 1, how.kind)
    denominators = with_denominators(raw, raw.codes, how.kind)
    seen, holding = statistics(raw), alphas(scored, tree)
    findings = (
        *column_findings(seen, how),
        *pair_findings(scored, tree, how),
        *_against(with_parents(scored, tree, how.kind), how),
        *size_findings(denominators, how),
        *(Finding(Flag.LOOSE, a.parent, a.alpha, how.alpha) for a in holding if a.alpha < how.alpha),
    )
    return Audit(
        how=how,
        raw=seen,
        scored=statistics(scored),
        correlations=level,
        kin=with_ancestors(scored, tree, how.kind),
        denominators=denominators,
        alphas=holding,
        alphas_raw=alphas(raw, tree),
        components=components(scored, tree),
        dominance=outranked.dominance if outranked else None,
        findings=findings,
        warnings=tuple(dict.fromkeys((*level.warnings, *denominators.warnings))),
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
        c = between(scored, sorted(codes), None, how.kind)
        for i in range(len(c.rows)):
            for j in range(i + 1, len(c.rows)):
                r, sure = float(c.r[i, j]), bool(c.p[i, j] <= how.significance)
                pair = (c.rows[i], c.rows[j])
                if r > how.redundant and sure:
                    found.append(Finding(Flag.REDUNDANT, pair[0], r, how.redundant, pair[1], parent))
                elif r < how.conflict and sure:
                    found.append(Finding(Flag.CONFLICT, pair[0], r, how.conflict, pair[1], parent))
    return tuple(found)


def size_findings(c: Correlations, how: Auditing) -> tuple[Finding, ...]:
    """Indicators that follow a number beside them, up or down."""
    strong = [(i, j) for i, j in np.argwhere(np.abs(np.nan_to_num(c.r)) > how.denominator)]
    found = [
        Finding(Flag.SIZE, c.rows[i], float(c.r[i, j]), how.denominator, c.columns[j]) for i, j in strong
    ]
    return tuple(sorted(found, key=lambda f: (f.code, f.other)))


def _against(kin: Sequence[Kin], how: Auditing) -> Iterator[Finding]:
    for k in kin:
        if not isnan(k.r) and k.r < how.against:
            yield Finding(Flag.AGAINST, k.code, k.r, how.against, parent=k.ancestor)


def together(normalised: Data, codes: Sequence[str], values: Matrix) -> Data:
    """Normalised indicators and aggregate scores (n_units, n_codes) of the same units as one ``Data``."""
    both = np.column_stack([normalised.values, values])
    gaps = np.where(np.isnan(values), np.uint8(Why.ABSENT), np.uint8(Why.PRESENT))
    return replace(
        normalised,
        codes=(*normalised.codes, *codes),
        values=both,
        why=np.column_stack([normalised.why, gaps]),
    )

"""What changed between two assessments of one unit, in points that sum to the difference (method 8.12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from kondusif_index.data import Data
from kondusif_index.errors import MissingAnswers, RecipeError
from kondusif_index.explain.decomposition import handed_down, secant, split
from kondusif_index.steps.aggregate import Aggregating, aggregate, reweighted
from kondusif_index.steps.means import Mean, mean
from kondusif_index.tree import Column, Matrix, Tree

EXACT = 1e-9  # points
NOISE = 1e-13  # points: what rounding leaves of a reason that is none


class Kind(StrEnum):
    """Why a part of the difference is there."""

    VALUE = "value"  # the answer is another one
    SCALE = "scale"  # the same answer, normalised otherwise
    ANSWERED = "answered"  # was missing; had counted as the mean of its siblings
    LOST = "lost"  # is missing now
    COUNTED = "counted"  # was answered, but its group was too thin to count
    DROPPED = "dropped"  # still answered, but its group is too thin now
    WEIGHT = "weight"  # the recipe weighs it otherwise
    METHOD = "method"  # the recipe takes another mean for this aggregate
    ADDED = "added"  # new in the instrument
    REMOVED = "removed"  # no longer in it


@dataclass(frozen=True, slots=True)
class Part:
    """One reason: its code, the points it adds to the top, and what stood there before and after.

    ``before`` and ``after`` are the raw values where the assessments carry them, else the normalised ones;
    for ``WEIGHT`` the shares inside the parent; None where nothing stood.
    """

    kind: Kind
    code: str
    points: float
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True)
class Assessment:
    """Everything that a score came from: normalised data, tree, aggregation, weights; the raw data to
    show.
    """

    data: Data
    tree: Tree
    how: Aggregating = field(default_factory=Aggregating)
    weights: Mapping[str, float] | None = None
    raw: Data | None = None


@dataclass(frozen=True)
class Since:
    """``after - before`` equals the sum of the parts' points, to 1e-9. The largest part stands first."""

    unit: str
    before: float
    after: float
    parts: tuple[Part, ...]

    @property
    def difference(self) -> float:
        return self.after - self.before


@dataclass(frozen=True)
class _State:
    """One side, for one unit: value, raw value, weight and mean of every code."""

    value: dict[str, float]
    raw: dict[str, float]
    weight: Mapping[str, float]
    means: Mapping[str, Mean]
    tree: Tree


def since(before: Assessment, after: Assessment, unit: str, unit_before: str | None = None) -> Since:
    """Exact additive reasons for the change of one unit's score; nothing depends on an order of events.

    At every parent the change is what its children bring (``split``, under the mean and weights of both
    sides, half each) plus what other weights or another mean make of the same children (at both ends, half
    each). A missing answer counts as what re-weighting makes of it: the mean of its siblings. Swapping the
    sides turns every sign.

    Raises ``MissingAnswers`` when one side has no score, ``RecipeError`` when a code stands under another
    parent.
    """
    old, new = _state(before, unit_before or unit), _state(after, unit)
    top = new.tree.top
    moved = [
        c
        for c, n in old.tree.by_code.items()
        if c in new.tree.by_code and n.parent != new.tree.by_code[c].parent
    ]
    if moved or old.tree.top != top:
        what = ", ".join(sorted(moved)) or f"{old.tree.top} and {top}"
        raise RecipeError(
            f"{what}: not in the same place in both trees; compare the two recipes instead", codes=moved
        )
    for side, state in (("before", old), ("after", new)):
        if np.isnan(state.value[top]):
            raise MissingAnswers("no_score", unit=unit, side=side)
    walk = _Walk(old, new)
    walk.down(top, old.value[top], new.value[top], 1.0, 0.0, True, True)
    parts = sorted(walk.parts, key=lambda p: (-abs(p.points), p.code, p.kind))
    return Since(unit, old.value[top], new.value[top], tuple(parts))


def _state(of: Assessment, unit: str) -> _State:
    if unit not in of.data.units:
        raise RecipeError(f"{unit}: not in this assessment", unit=unit)
    tree = reweighted(of.tree, of.weights)
    row = of.data.rows([of.data.units.index(unit)])
    scored = aggregate(row, tree, of.how)
    value = {c: float(row.values[0, row.at[c]]) for c in tree.leaf_codes}
    value |= {c: float(v[0]) for c, v in scored.by_code.items()}
    raw = value
    if of.raw is not None:
        at = of.raw.units.index(unit)
        raw = {c: float(of.raw.values[at, k]) for c, k in of.raw.at.items()}
    return _State(value, raw, tree.weights, of.how.means(tree), tree)


class _Walk:
    """From the top down, carrying to every code how much a point of it is worth at the top, and its lump."""

    def __init__(self, old: _State, new: _State) -> None:
        self.old, self.new = old, new
        self.parts: list[Part] = []

    def down(self, code: str, v0: float, v1: float, slope: float, lump: float, in0: bool, in1: bool) -> None:
        """``v0`` and ``v1``: what the code counted as; ``in0`` and ``in1``: whether it counted at all."""
        old, new = self.old, self.new
        if code not in old.means and code not in new.means:
            self._leaf(code, slope * (v1 - v0) + lump, in0, in1)
            return
        found = {n.code for s in (old, new) for n in s.tree.children.get(code, ())}
        there = {c: (in0 and _there(old, c), in1 and _there(new, c)) for c in found}
        codes = sorted(
            c for c in found if any(there[c]) and old.weight.get(c, 0.0) + new.weight.get(c, 0.0) > 0
        )
        if not codes:
            return
        here0, here1 = (np.array([there[c][k] for c in codes]) for k in (0, 1))
        f0, f1 = old.means.get(code), new.means.get(code)
        w0, w1 = (np.array([[s.weight.get(c, 0.0)] for c in codes]) for s in (old, new))
        if f0 is None or not in0 or not w0.any():
            f0, w0 = f1, w1
        if f1 is None or not in1 or not w1.any():
            f1, w1 = f0, w0
        assert f0 is not None and f1 is not None
        x0 = _filled(f0, codes, old, here0, w0, v0)
        x1 = _filled(f1, codes, new, here1, w1, v1)
        slopes, lumps, own, shared = _between(f0, f1, w0, w1, x0, x1)
        # What a mean that looks at order makes of a gap is not quite the mean of the siblings.
        rest = (v1 - v0) - float((slopes * (x1 - x0) + lumps).sum()) - float(own.sum()) - shared
        changed = here0 != here1
        if changed.any():
            lumps = lumps + rest * changed[:, None] / changed.sum()
        brought = np.concatenate([slopes * (x1 - x0) + lumps, own, [[shared]]])
        handed = handed_down(np.array([lump]), brought, np.ones_like(brought), np.array([v1 - v0]))[:, 0]
        k = len(codes)
        self._own(code, codes, slope * own[:, 0] + handed[k : 2 * k], slope * shared + handed[-1])
        for j, child in enumerate(codes):
            worth = slope * float(slopes[j, 0])
            self.down(
                child,
                float(x0[j, 0]),
                float(x1[j, 0]),
                worth,
                slope * float(lumps[j, 0]) + float(handed[j]),
                bool(here0[j]),
                bool(here1[j]),
            )

    def _own(self, parent: str, codes: list[str], by_code: Column, shared: float) -> None:
        if abs(shared) > NOISE:
            self.parts.append(Part(Kind.METHOD, parent, float(shared)))
        for code, points in zip(codes, by_code, strict=True):
            if abs(points) > NOISE:
                shares = [_share(s.tree, parent, code) for s in (self.old, self.new)]
                self.parts.append(Part(self._born(code) or Kind.WEIGHT, code, float(points), *shares))

    def _born(self, code: str) -> Kind | None:
        if code not in self.old.tree.by_code:
            return Kind.ADDED
        return Kind.REMOVED if code not in self.new.tree.by_code else None

    def _leaf(self, code: str, points: float, in0: bool, in1: bool) -> None:
        before, after = (s.raw.get(code, np.nan) for s in (self.old, self.new))
        if in0 and in1:
            kind = Kind.SCALE if before == after else Kind.VALUE
        elif in1:
            kind = Kind.ANSWERED if np.isnan(self.old.value.get(code, np.nan)) else Kind.COUNTED
        else:
            kind = Kind.LOST if np.isnan(self.new.value.get(code, np.nan)) else Kind.DROPPED
        kind = self._born(code) or kind
        if abs(points) > NOISE or before != before or after != after:
            shown = [None if np.isnan(x) else float(x) for x in (before, after)]
            self.parts.append(Part(kind, code, points, *shown))


def _there(state: _State, code: str) -> bool:
    return not np.isnan(state.value.get(code, np.nan))


def _share(tree: Tree, parent: str, code: str) -> float | None:
    if code not in tree.by_code:
        return None
    return tree.by_code[code].weight / sum(n.weight for n in tree.children[parent])


def _filled(how: Mean, codes: list[str], state: _State, here: np.ndarray, w: Matrix, value: float) -> Matrix:
    """Children's values; a gap is filled with what leaves the parent where it is (for a veto, without the
    lift).
    """
    x = np.array([[state.value.get(c, np.nan) if h else 0.0] for c, h in zip(codes, here, strict=True)])
    if how.method == "veto" and (w[:, 0] * here).any():
        value = float(mean(Mean(), x, w * here[:, None])[0])
    return np.where(here[:, None], x, value)


def _between(
    f0: Mean, f1: Mean, w0: Matrix, w1: Matrix, x0: Matrix, x1: Matrix
) -> tuple[Matrix, Matrix, Matrix, float]:
    """Slopes, lumps, what other weights bring by child, and what another mean brings; they sum to the
    change.
    """
    s0, s1 = w0 / w0.sum(), w1 / w1.sum()
    none = np.zeros(x0.shape)
    if f0 == f1 and (s0 == s1).all():
        slopes, lumps = split(f0, w0, x0, x1)
        return slopes, none if lumps is None else lumps, none, 0.0
    ways = []
    for flow, w, end in ((f1, w1, x0), (f0, w0, x1)):
        slopes, jumps = split(flow, w, x0, x1)
        lumps = none if jumps is None else jumps
        turn = float((mean(f1, end, w1) - mean(f0, end, w0))[0])
        brought = float((slopes * (x1 - x0) + lumps).sum())
        if abs(brought - float((mean(flow, x1, w) - mean(flow, x0, w))[0])) > EXACT or not np.isfinite(turn):
            continue  # this mean cannot digest the other side's values
        own = _by_weight(f0, s0, s1, end, w0, w1) if f0 == f1 and f0.power is not None else none
        if not np.isfinite(own).all() or abs(own.sum() - turn) > EXACT:
            own = none
        ways.append((slopes, lumps, own, turn - float(own.sum())))
    if not ways:
        return none, none, none, float((mean(f1, x1, w1) - mean(f0, x0, w0))[0])
    slopes, lumps, own = (np.mean(each, axis=0) for each in list(zip(*ways, strict=True))[:3])
    shared = sum(way[3] for way in ways) / len(ways)
    if f0 == f1 and f0.power is not None and abs(shared) < EXACT:
        shared = 0.0
    return slopes, lumps, own, shared


def _by_weight(how: Mean, s0: Matrix, s1: Matrix, x: Matrix, w0: Matrix, w1: Matrix) -> Matrix:
    """What other shares bring, by child: more weight on a child above the mean lifts it.

    Where only new or gone children changed the shares of the others, the others bring nothing.
    """
    p = how.power
    assert p is not None
    m0, m1 = mean(how, x, w0), mean(how, x, w1)
    level = how.floored(x)
    middle = (m0 + m1) / 2
    own = (s1 - s0) * secant(p, middle + 0 * level, level) * (level - middle) / secant(p, m0, m1)
    both = (w0 > 0) & (w1 > 0)
    ratio = w1[both] / w0[both]
    if both.any() and not both.all() and np.ptp(ratio) <= 1e-12 * ratio.max():
        only = np.where(both, 0.0, w0 + w1)
        own = (m1 - m0) * only / only.sum()
    return np.asarray(own)

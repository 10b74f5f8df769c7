"""What changed between two assessments of one unit, in points that sum to the difference (method 8.12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kondusif_index.data import Data
from kondusif_index.errors import MissingAnswers, RecipeError
from kondusif_index.explain.contributions import decomposition, distribute_lump, secant
from kondusif_index.steps.aggregate import Aggregating, aggregate
from kondusif_index.steps.means import Mean, mean
from kondusif_index.tree import Column, Matrix, Tree

EXACT = 1e-9  # points
NOISE = 1e-13  # points: what rounding leaves of a reason that is none


class Cause(StrEnum):
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
class ChangePart:
    """One reason: its code, the points it adds to the top, and what stood there before and after.

    ``before`` and ``after`` are the raw values where the assessments carry them, else the normalised ones;
    for ``WEIGHT`` the shares inside the parent; None where nothing stood.
    """

    cause: Cause
    code: str
    points: float
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True)
class ScoreBasis:
    """Everything that a score came from: normalised data, tree, aggregation; the raw data to show."""

    data: Data
    tree: Tree
    how: Aggregating = field(default_factory=Aggregating)
    raw: Data | None = None


@dataclass(frozen=True)
class ScoreChange:
    """``after - before`` equals the sum of the parts' points, to 1e-9. The largest part stands first."""

    unit: str
    before: float
    after: float
    parts: tuple[ChangePart, ...]

    @property
    def difference(self) -> float:
        return self.after - self.before


def score_change(before: ScoreBasis, after: ScoreBasis, unit: str) -> ScoreChange:
    """Exact additive reasons for the change of one unit's score; nothing depends on an order of events.

    At every parent the change is what its children bring (``decomposition``, under the mean and weights of
    both sides, half each) plus what other weights or another mean make of the same children (at both ends,
    half each). A missing answer counts as what re-weighting makes of it: the mean of its siblings. Swapping
    the sides turns every sign.

    Raises ``MissingAnswers`` when one side has no score, ``RecipeError`` when a code stands under another
    parent.
    """
    old, new = before.tree.by_code, after.tree.by_code
    moved = sorted(c for c, node in old.items() if c in new and node.parent != new[c].parent)
    top = after.tree.top
    if moved or before.tree.top != top:
        what = ", ".join(moved) or f"{before.tree.top} and {top}"
        raise RecipeError(
            f"{what}: not in the same place in both trees; compare the two recipes instead", codes=moved
        )
    walk = _Walk(_scored_unit(before, unit), _scored_unit(after, unit))
    values = [side.value[top] for side in walk.sides]
    for name, value in zip(("before", "after"), values, strict=True):
        if np.isnan(value):
            raise MissingAnswers("no_score", unit=unit, side=name)
    walk.descend(top, values, [True, True], 1.0, 0.0)
    parts = sorted(walk.parts, key=lambda p: (-abs(p.points), p.code, p.cause))
    return ScoreChange(unit, values[0], values[1], tuple(parts))


@dataclass(frozen=True)
class _ScoredUnit:
    """One side, for one unit: value, raw value and mean of every code."""

    value: dict[str, float]
    raw: dict[str, float]
    means: Mapping[str, Mean]
    tree: Tree

    def weights(self, codes: list[str]) -> Matrix:
        return np.array([[self.tree.weights.get(c, 0.0)] for c in codes])

    def has(self, code: str) -> bool:
        return not np.isnan(self.value.get(code, np.nan))

    def answered(self, codes: list[str]) -> NDArray[np.bool_]:
        return np.array([self.has(c) for c in codes])

    def share(self, parent: str, code: str) -> float | None:
        if code not in self.tree.by_code:
            return None
        return self.tree.by_code[code].weight / sum(n.weight for n in self.tree.children[parent])


def _scored_unit(of: ScoreBasis, unit: str) -> _ScoredUnit:
    if unit not in of.data.units:
        raise RecipeError(f"{unit}: not in this assessment", unit=unit)
    row = of.data.rows([of.data.units.index(unit)]).of(of.tree.leaf_codes)
    scored = aggregate(row, of.tree, of.how)
    value = dict(
        zip((*row.codes, *scored.codes), (*row.values[0].tolist(), *scored.values[0].tolist()), strict=True)
    )
    raw = value
    if of.raw is not None:
        raw = dict(zip(of.raw.codes, of.raw.values[of.raw.units.index(unit)].tolist(), strict=True))
    return _ScoredUnit(value, raw, of.how.means(of.tree), of.tree)


class _Walk:
    """From the top down, carrying to every code how much a point of it is worth at the top, and its lump."""

    def __init__(self, old: _ScoredUnit, new: _ScoredUnit) -> None:
        self.sides = (old, new)
        self.parts: list[ChangePart] = []

    def descend(self, code: str, values: list[float], counts: list[bool], slope: float, lump: float) -> None:
        """``values``: what the code counted as on each side; ``counts``: whether it counted at all."""
        if not any(code in s.means for s in self.sides):
            self._record_answer(code, slope * (values[1] - values[0]) + lump, counts)
            return
        codes = self._children(code, counts)
        if not codes:
            return
        here = [side.answered(codes) & counted for side, counted in zip(self.sides, counts, strict=True)]
        means, w = self._means(code, codes, counts)
        x = [_fill_gaps(means[k], self.sides[k], codes, here[k], w[k], values[k]) for k in (0, 1)]
        steps, change = (x[1] - x[0])[:, 0], values[1] - values[0]
        slopes, lumps, own, shared = _decompose(means, w, x)
        # What a mean that looks at order makes of a gap is not quite the mean of the siblings.
        rest = change - float((slopes * steps + lumps).sum() + own.sum()) - shared
        changed = here[0] != here[1]
        if changed.any():
            lumps = lumps + rest * changed / changed.sum()
        brought = np.concatenate([slopes * steps + lumps, own, [shared]])[:, None]
        alike = np.ones(brought.shape)
        inherited = distribute_lump(np.array([lump]), brought, alike, np.array([change]))[:, 0]
        children, weights, method = np.split(inherited, [len(codes), 2 * len(codes)])
        self._record_recipe(code, codes, slope * own + weights, slope * shared + float(method[0]))
        for j, child in enumerate(codes):
            ends = [float(side[j, 0]) for side in x]
            there = [bool(side[j]) for side in here]
            self.descend(child, ends, there, slope * float(slopes[j]), float(slope * lumps[j] + children[j]))

    def _children(self, parent: str, counts: list[bool]) -> list[str]:
        """Those that count on one side at least and have a weight on one side at least."""
        present = {
            node.code
            for side, counted in zip(self.sides, counts, strict=True)
            for node in side.tree.children.get(parent, ())
            if counted and side.has(node.code)
        }
        old, new = self.sides
        weight = {c: old.tree.weights.get(c, 0.0) + new.tree.weights.get(c, 0.0) for c in present}
        return sorted(c for c in present if weight[c] > 0)

    def _means(self, code: str, codes: list[str], counts: list[bool]) -> tuple[list[Mean], list[Matrix]]:
        """Mean and weights of each side; a side on which nothing stands is taken as the other."""
        means = [side.means.get(code) for side in self.sides]
        weights = [side.weights(codes) for side in self.sides]
        for one, other in ((0, 1), (1, 0)):
            if means[one] is None or not counts[one] or not weights[one].any():
                means[one], weights[one] = means[other], weights[other]
        return [m for m in means if m is not None], weights

    def _record_recipe(self, parent: str, codes: list[str], by_code: Column, shared: float) -> None:
        """What another mean brings, and what other weights bring by child."""
        if abs(shared) > NOISE:
            self.parts.append(ChangePart(Cause.METHOD, parent, shared))
        for code, points in zip(codes, by_code.tolist(), strict=True):
            if abs(points) > NOISE:
                shares = [side.share(parent, code) for side in self.sides]
                self.parts.append(
                    ChangePart(self._added_or_removed(code) or Cause.WEIGHT, code, points, *shares)
                )

    def _record_answer(self, code: str, points: float, counts: list[bool]) -> None:
        before, after = (side.raw.get(code, np.nan) for side in self.sides)
        if abs(points) > NOISE or before != before or after != after:
            cause = self._added_or_removed(code) or self._answer_cause(code, counts, before == after)
            self.parts.append(ChangePart(cause, code, points, _known(before), _known(after)))

    def _added_or_removed(self, code: str) -> Cause | None:
        old, new = self.sides
        if code not in old.tree.by_code:
            return Cause.ADDED
        return Cause.REMOVED if code not in new.tree.by_code else None

    def _answer_cause(self, code: str, counts: list[bool], same: bool) -> Cause:
        """Of an indicator that stands in both trees."""
        old, new = self.sides
        if all(counts):
            return Cause.SCALE if same else Cause.VALUE
        if counts[1]:
            return Cause.COUNTED if old.has(code) else Cause.ANSWERED
        return Cause.DROPPED if new.has(code) else Cause.LOST


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _fill_gaps(
    how: Mean, side: _ScoredUnit, codes: list[str], here: NDArray[np.bool_], w: Matrix, value: float
) -> Matrix:
    """Children's values; a gap is filled with what leaves the parent where it is (for a veto, without the
    lift).
    """
    there = here[:, None]
    x = np.where(there, np.array([[side.value.get(c, 0.0)] for c in codes]), 0.0)
    if how.method == "veto" and (w * there).any():
        value = float(mean(Mean(), x, w * there)[0])
    return np.where(there, x, value)


def _decompose(means: list[Mean], w: list[Matrix], x: list[Matrix]) -> tuple[Column, Column, Column, float]:
    """Slopes, lumps, what other weights bring by child, and what another mean brings; they sum to the
    change.
    """
    none = np.zeros(len(x[0]))
    same = means[0] == means[1]
    if same and (w[0] / w[0].sum() == w[1] / w[1].sum()).all():
        slopes, lumps = decomposition(means[0], w[0], x[0], x[1])
        return slopes[:, 0], lumps[:, 0], none, 0.0
    parents = np.array([mean(m, np.hstack(x), weights) for m, weights in zip(means, w, strict=True)])
    ways = []
    for flow, end in ((1, 0), (0, 1)):
        slopes, lumps = (m[:, 0] for m in decomposition(means[flow], w[flow], x[0], x[1]))
        turn = float(parents[1, end] - parents[0, end])
        brought = (slopes * (x[1] - x[0])[:, 0] + lumps).sum()
        if abs(brought - (parents[flow, 1] - parents[flow, 0])) > EXACT or not np.isfinite(turn):
            continue  # this mean cannot digest the other side's values
        own = _by_weight(means[0], w, x[end]) if same and means[0].power is not None else none
        if not np.isfinite(own).all() or abs(own.sum() - turn) > EXACT:
            own = none
        ways.append((slopes, lumps, own, turn - float(own.sum())))
    if not ways:
        return none, none, none, float(parents[1, 1] - parents[0, 0])
    slopes, lumps, own, shared = (np.mean(each, axis=0) for each in zip(*ways, strict=True))
    exact = same and means[0].power is not None and abs(shared) < EXACT
    return slopes, lumps, own, 0.0 if exact else float(shared)


def _by_weight(how: Mean, w: list[Matrix], x: Matrix) -> Column:
    """What other shares bring, by child: more weight on a child above the mean lifts it.

    Where only new or gone children changed the shares of the others, the others bring nothing.
    """
    p = how.power
    assert p is not None
    m0, m1 = (mean(how, x, weights) for weights in w)
    both = (w[0] > 0) & (w[1] > 0)
    ratio = w[1][both] / w[0][both]
    if both.any() and not both.all() and np.ptp(ratio) <= 1e-12 * ratio.max():
        only = np.where(both, 0.0, w[0] + w[1])
        return np.asarray((m1 - m0) * only / only.sum())[:, 0]
    level, middle = how.floored(x), (m0 + m1) / 2
    shift = w[1] / w[1].sum() - w[0] / w[0].sum()
    own = shift * secant(p, middle + 0 * level, level) * (level - middle) / secant(p, m0, m1)
    return np.asarray(own)[:, 0]

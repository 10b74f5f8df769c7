"""Means of children: one number from several, each child with a weight (method 8.9).

Every mean takes ``x`` and ``w``, both ``(k, n)``: ``k`` children in the order of their codes, ``n`` units. A
child with ``w`` 0 takes no part, whatever stands in ``x``. Sums run child by child, so neither the number of
units nor their order can change a bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from kondusif_index.errors import RecipeError
from kondusif_index.rounding import edges
from kondusif_index.settings import Finite, Limit, Settings, between, check
from kondusif_index.tree import Column, Matrix

AboveZero = Annotated[float, Limit(lambda x: 0 < x < np.inf, "a number above zero")]
POWERS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}
Method = Literal["arithmetic", "geometric", "harmonic", "generalised", "owa", "median", "median_step", "veto"]


@dataclass(frozen=True, slots=True)
class Mean(Settings):
    """How children become one number.

    ``method``: ``arithmetic``, ``geometric``, ``harmonic``, ``generalised`` (needs ``p``), ``owa`` (needs
    ``orness`` or ``order``), ``median`` (interpolated between mid-weights, as R's matrixStats; not monotone
    when weights differ), ``median_step`` (the value at half of the weight; monotone), ``veto`` (needs
    ``veto_at``).

    ``p``: power; 1 is arithmetic, 0 geometric, -1 harmonic. ``orness``: 0 looks at the lowest child only,
    0.5 is arithmetic, 1 looks at the highest only. ``order``: weights by position, the highest child first;
    spread over the weight available, so that their number need not be that of the children. ``veto_at``,
    ``veto_to``: the arithmetic mean, but one child at or above ``veto_at`` lifts the parent to at least
    ``veto_to`` (``veto_at`` when not given). ``floor``: positive; what lies below is taken as this by the
    means that need positive values.
    """

    method: Method = "arithmetic"
    p: Finite | None = None
    orness: Annotated[float, between(0, 1, "a number between 0 and 1")] | None = None
    order: tuple[float, ...] = ()
    veto_at: Finite | None = None
    veto_to: Finite | None = None
    floor: AboveZero | None = None

    def __post_init__(self) -> None:
        check(self)
        if self.method == "generalised" and self.p is None:
            raise RecipeError("p: a generalised mean needs its power p", key="p")
        if self.method == "owa" and (self.orness is None) == (not self.order):
            raise RecipeError("orness: an ordered mean needs either orness or order", key="orness")
        if self.method == "veto" and self.veto_at is None:
            raise RecipeError("veto_at: a veto needs the value from which it holds", key="veto_at")
        if self.order and not (min(self.order) >= 0 and 0 < sum(self.order) < np.inf):
            raise RecipeError(f"order: {list(self.order)} must be 0 or more and not all zero", key="order")

    @property
    def power(self) -> float | None:
        """p of a power mean, None for the means that look at order."""
        return self.p if self.method == "generalised" else POWERS.get(self.method)

    @property
    def vetoes_at(self) -> float:
        """From where a child lifts its parent, to 10 decimals as a cut; infinite without a veto."""
        return np.inf if self.veto_at is None or self.method != "veto" else edges([self.veto_at])[0]

    @property
    def lifts_to(self) -> float:
        """What a veto lifts the parent to."""
        to = self.veto_at if self.veto_to is None else self.veto_to
        return np.inf if to is None else to

    @property
    def linear(self) -> bool:
        """Whether it is the arithmetic mean and nothing else."""
        return self.power == 1

    def refused(self, x: Matrix, w: Matrix) -> np.ndarray:
        """``(k, n)``: the cells that take part and that this mean cannot digest."""
        p = self.power
        if p is None or p == 1 or self.floor is not None:
            return np.zeros(np.broadcast_shapes(x.shape, w.shape), dtype=bool)
        return np.asarray((w > 0) & ((x < 0) if p > 0 else (x <= 0)))

    def floored(self, x: Matrix) -> Matrix:
        """``x`` with the floor put under it, where this mean uses one."""
        return x if self.floor is None or self.power in (None, 1) else np.maximum(x, self.floor)


def weighted_sum(terms: Matrix, w: Matrix) -> Column:
    """Sum over children of ``w * terms``, child by child."""
    found = np.zeros(terms.shape[1])
    for one, weight in zip(terms, w, strict=True):
        found += weight * one
    return found


def whole(w: Matrix, n: int) -> Column:
    """Weight that takes part, per unit."""
    found = np.zeros(n)
    for weight in w:
        found += weight
    return found


def mean(how: Mean, x: Matrix, w: Matrix) -> Column:
    """``(n,)``: the mean of the children that take part; NaN where none does. ``w`` may be ``(k, 1)``.

    It never leaves their range, whatever rounding does; a veto may lift it.
    """
    total = whole(w, x.shape[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        p = how.power
        if p == 1 or how.method == "veto":
            found = weighted_sum(np.where(w > 0, x, 0.0), w) / total
        elif p is not None:
            found = _power(p, how.floored(x), w, total)
        else:
            found = weighted_sum(np.where(w > 0, x, 0.0), coefficients(how, x, w))
    least, most = _range(how.floored(x), w)
    found = np.minimum(np.maximum(found, least), most)
    if how.method == "veto":
        found = np.maximum(found, lift(how, x, w))
    return np.asarray(np.where(total > 0, found, np.nan))


def _range(x: Matrix, w: Matrix) -> tuple[Column, Column]:
    """Least and greatest child that takes part."""
    take = w > 0
    return np.where(take, x, np.inf).min(axis=0), np.where(take, x, -np.inf).max(axis=0)


def lift(how: Mean, x: Matrix, w: Matrix) -> Column:
    """``(n,)``: what a veto lifts the parent to; minus infinity where no child reaches ``veto_at``."""
    return np.asarray(np.where(vetoing(how, x, w).any(axis=0), how.lifts_to, -np.inf))


def vetoing(how: Mean, x: Matrix, w: Matrix) -> np.ndarray:
    """``(k, n)``: which children stand at or above ``veto_at``."""
    return np.asarray((w > 0) & (x >= how.vetoes_at))


def _power(p: float, x: Matrix, w: Matrix, total: Column) -> Column:
    """Power mean around its largest (p >= 0) or smallest child: no overflow, and exact for equal
    children.
    """
    take = w > 0
    edge = _range(x, w)[1 if p >= 0 else 0]
    edge = np.where(total > 0, edge, 1.0)
    safe = np.where(edge == 0, 1.0, edge)
    logs = np.log(np.where(take, x, safe) / safe)
    if p == 0:
        return np.asarray(edge * np.exp(weighted_sum(logs, w) / total))
    return np.asarray(edge * np.exp(np.log1p(weighted_sum(np.expm1(p * logs), w) / total) / p))


def coefficients(how: Mean, x: Matrix, w: Matrix) -> Matrix:
    """``(k, n)``, columns summing to 1: the mean is the sum of coefficient times child.

    For the arithmetic mean (also the one inside a veto) the weight shares; for an ordered mean and the
    medians what the order of the children makes of them. Of equal children the heavier stands first.
    """
    w = np.broadcast_to(w, x.shape)
    total = whole(w, x.shape[1])
    total = np.where(total > 0, total, 1.0)
    if how.method == "veto" or how.linear:
        return np.asarray(w / total)
    ahead = np.lexsort((-w, np.where(w > 0, -x, np.inf)), axis=0)
    shares = np.take_along_axis(w, ahead, axis=0) / total
    upto = np.cumsum(shares, axis=0)
    if how.method == "owa":
        upto = upto / np.where(upto[-1] > 0, upto[-1], 1.0)
        found = np.diff(_quantifier(how, upto), axis=0, prepend=0.0)
    elif how.method == "median":
        found = _between(upto - shares / 2, shares)
    else:
        low = (upto >= 0.5 - 1e-12).argmax(axis=0)
        high = (upto > 0.5 + 1e-12).argmax(axis=0)
        rows = np.arange(len(x))[:, None]
        found = 0.5 * (rows == low) + 0.5 * (rows == high)
    back = np.empty_like(found)
    np.put_along_axis(back, ahead, found, axis=0)
    return back


def _quantifier(how: Mean, upto: Matrix) -> Matrix:
    """Yager's quantifier: how much the best-placed share ``upto`` of the weight counts, 0..1."""
    if how.order:
        steps = np.concatenate([[0.0], np.cumsum(how.order)])
        return np.asarray(np.interp(upto, np.linspace(0, 1, len(steps)), steps / steps[-1]))
    assert how.orness is not None
    return np.asarray(upto ** (np.inf if how.orness == 0 else (1 - how.orness) / how.orness))


def _between(middle: Matrix, shares: Matrix) -> Matrix:
    """Coefficients of the value at half of the weight, interpolated between the middles of the weights."""
    found = np.zeros_like(middle)
    count = (shares > 0).sum(axis=0)
    first = np.clip((middle <= 0.5).sum(axis=0) - 1, 0, np.maximum(count - 1, 0))
    then = np.minimum(first + 1, np.maximum(count - 1, 0))
    units = np.arange(middle.shape[1])
    gap = middle[then, units] - middle[first, units]
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(gap > 0, (0.5 - middle[first, units]) / gap, 0.0)
    np.add.at(found, (first, units), 1 - part)
    np.add.at(found, (then, units), part)
    return found


def named(method: str | Mean, shared: Sequence[tuple[str, object]]) -> Mean:
    """A bare name takes the parameters that all steps share; a table stands for itself."""
    return method if isinstance(method, Mean) else Mean(method, **dict(shared))  # type: ignore[arg-type]

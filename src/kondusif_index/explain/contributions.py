"""What every indicator gives to the score, in points; the parts sum to it whatever the means (method 8.12).

``decomposition`` splits what a mean says among its children, exactly: slopes and lumps, both ``(k, n)``, so
that for every unit

    mean(x) - mean(b)  =  sum over children of  slope * (x - b) + lump.

A lump is what does not grow with the child: the lift of a veto. A child without weight, and one that stands
where it stood, gets no lump.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import fsum

import numpy as np

from kondusif_index.data import Data
from kondusif_index.errors import RecipeError
from kondusif_index.steps.aggregate import (
    Aggregating,
    aggregate,
    family,
    leaf_columns,
    refuse,
    reweighted,
)
from kondusif_index.steps.means import Mean, coefficients, lift, mean, vetoing, weighted_sum, whole
from kondusif_index.tree import Column, Matrix, Tree

CHUNK = 10_000  # units at a time: what is in work stays small


@dataclass(frozen=True)
class Contributions:
    """``score == base + points summed over indicators``, to 1e-9, for every unit.

    ``points`` is ``(n_units, n_indicators)`` in points of the top, in the order of ``codes``: NaN where the
    indicator is missing or the top is; 0 where it takes no part (weight zero, or its group was too thin).
    ``base`` is 0, or the score of the unit compared with, on the answers that this unit has.
    """

    codes: tuple[str, ...]
    points: Matrix
    base: Column
    score: Column


def contributions(
    data: Data,
    tree: Tree,
    how: Aggregating,
    weights: Mapping[str, float] | None = None,
    against: Mapping[str, float] | str | None = None,
) -> Contributions:
    """Contribution of every indicator to the top, from normalised ``data``.

    Without ``against`` the parts are of the score itself, from 0 of the scale. ``against="mean"`` compares
    with the mean unit (each indicator at its mean over the units that have it), a mapping with any other
    unit by code: then the parts are of the difference, and a missing answer is missing on both sides. Parent
    by parent (``decomposition``), so cost grows with the number of children, not with its power of two.
    Indicators that play the same role get the same; weight zero gets 0.
    """
    tree = reweighted(tree, weights)
    scored = aggregate(data, tree, how)
    values: dict[str, Column] = {**leaf_columns(data, tree), **scored.by_code}
    base = None if against is None else _base(data, tree, how, values, against)
    points = np.empty((len(data.units), len(tree.leaf_codes)))
    means = how.means(tree)
    for start in range(0, len(data.units), CHUNK):
        rows = slice(start, start + CHUNK)
        some = {code: column[rows] for code, column in values.items()}
        other = {code: column[rows] for code, column in (base or {}).items()}
        points[rows] = _points(tree, means, some, other)
    points[np.isnan(scored.top)] = np.nan
    bottom = np.zeros(len(data.units)) if base is None else base[tree.top]
    return Contributions(tree.leaf_codes, points, bottom, scored.top)


def _points(
    tree: Tree, means: Mapping[str, Mean], values: dict[str, Column], base: dict[str, Column]
) -> Matrix:
    """``(n, n_indicators)``: from the top down, what a point of each code is worth there, and its lump.

    ``base`` is empty where the parts are from 0 of the scale.
    """
    nothing = np.zeros(len(values[tree.top]))
    slope, lump = dict.fromkeys(values, nothing), dict.fromkeys(values, nothing)
    slope[tree.top] = np.ones(len(nothing))
    moved = values | {code: values[code] - column for code, column in base.items()}
    for code in reversed(tree.upward):
        codes, x, w = family(tree, code, values)
        w = np.where(np.isnan(values[code]), 0.0, w)
        x, b = np.where(w > 0, x, 0.0), np.zeros(w.shape)
        if not base:
            slopes, lumps = decomposition_from_zero(means[code], w, x)
        else:
            b = np.where(w > 0, np.stack([base[c] for c in codes]), 0.0)
            slopes, lumps = decomposition(means[code], w, b, x)
        inherited = distribute_lump(lump[code], slopes * (x - b) + lumps, w, np.nan_to_num(moved[code]))
        for k, child in enumerate(codes):
            slope[child] = slope[code] * slopes[k]
            lump[child] = slope[code] * lumps[k] + inherited[k]
    return np.column_stack([slope[c] * moved[c] + lump[c] for c in tree.leaf_codes])


def _base(
    data: Data, tree: Tree, how: Aggregating, values: Mapping[str, Column], against: Mapping[str, float] | str
) -> dict[str, Column]:
    """The unit compared with, on the answers that each unit has: one column per code."""
    if isinstance(against, str):
        if against != "mean":
            raise RecipeError(
                f"against: found {against!r}, expected 'mean' or a value per code", key="against"
            )
        there = {code: values[code][~np.isnan(values[code])] for code in tree.leaf_codes}
        against = {code: fsum(x) / max(len(x), 1) for code, x in there.items()}
    if lacking := [c for c in tree.leaf_codes if c not in against]:
        raise RecipeError(f"against: no value for {', '.join(lacking)}", codes=lacking)
    base = {c: np.where(np.isnan(values[c]), np.nan, against[c]) for c in tree.leaf_codes}
    means = how.means(tree)
    for code in tree.upward:
        codes, x, w = family(tree, code, base)
        refuse(means[code], codes, x, w, data.units, code)
        base[code] = np.where(np.isnan(values[code]), np.nan, mean(means[code], x, w))
    return base


def decomposition_from_zero(how: Mean, w: Matrix, x: Matrix) -> tuple[Matrix, Matrix]:
    """Slopes and lumps of the mean itself, from 0 (Euler: every mean here grows in proportion).

    Arithmetic: weight share times child. Power means: the child's part is its elasticity, ``w x^p / sum(w
    x^p)`` of the mean. Ordered means: what the order makes of the weight. Veto: the arithmetic parts, and
    the lift to the children that veto, in equal parts.
    """
    p = how.power
    if p == 1:
        return _shares(w), np.zeros(x.shape)
    if p is not None:
        return _power_from_zero(how, p, w, x)
    slopes, over = _even(how, x, w), vetoing(how, x, w)
    raised = np.maximum(lift(how, x, w) - weighted_sum(x, slopes), 0.0)
    return slopes, np.where(over, raised / np.maximum(over.sum(axis=0), 1), 0.0)


def _power_from_zero(how: Mean, p: float, w: Matrix, x: Matrix) -> tuple[Matrix, Matrix]:
    held = how.floored(x)
    edge = held.max(axis=0) if p >= 0 else np.where(w > 0, held, np.inf).min(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        pull = np.where(w > 0, w * (np.where(held > 0, held, edge) / edge) ** p, 0.0)
        if p > 0:
            pull = np.where(held > 0, pull, 0.0)
        parts = np.nan_to_num(pull / whole(pull, x.shape[1]) * mean(how, x, w))
        grows = (w > 0) & (held == x) & (x > 0)
        slopes = np.where(grows, parts / x, 0.0)
    return slopes, np.where(grows, 0.0, parts)


def decomposition(how: Mean, w: Matrix, b: Matrix, x: Matrix) -> tuple[Matrix, Matrix]:
    """Slopes and lumps between ``b`` and ``x``; both hold the same children.

    Power means (geometric too): the mean is ``h'(sum of share * h(x))`` with ``h'`` undoing ``h``, so each
    child's part is its share of the change in ``h``: exact, no order of events, the same backwards (the
    logarithmic-mean index of Ang; the Aumann-Shapley value along the line that is straight in ``h``).
    Ordered means and veto: the Aumann-Shapley value along the straight line from ``b`` to ``x``, stop by
    stop, exact because the mean is straight between stops; a jump belongs to the child that causes it.
    """
    w = np.broadcast_to(w, x.shape)
    b, x = np.where(w > 0, b, 0.0), np.where(w > 0, x, 0.0)
    p = how.power
    if p is None:
        return (_veto_path if how.method == "veto" else _ordered_path)(how, w, b, x)
    return _shares(w) if p == 1 else _power_slopes(how, p, w, b, x), np.zeros(x.shape)


def _power_slopes(how: Mean, p: float, w: Matrix, b: Matrix, x: Matrix) -> Matrix:
    """Slopes of a power mean between two states; in units of the largest value, so that nothing
    overflows.
    """
    low, high = how.floored(b), how.floored(x)
    size = np.where(w > 0, np.maximum(low, high), 0.0).max(axis=0)
    size = np.where(size > 0, size, 1.0)
    before, after = mean(how, b, w) / size, mean(how, x, w) / size
    climb = secant(p, np.where(w > 0, low / size, 1.0), np.where(w > 0, high / size, 1.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.where(x == b, (low == b) * 1.0, (high - low) / np.where(x == b, 1.0, x - b))
        slopes = _shares(w) * climb / secant(p, before, after) * inside
    return np.where((w > 0) & np.isfinite(slopes), slopes, 0.0)


def secant(p: float, b: Matrix, x: Matrix) -> Matrix:
    """``(h(x) - h(b)) / (x - b)`` for ``h = x^p / p`` (``ln x`` for p = 0); the derivative where they are
    equal.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        rise = np.log1p((x - b) / b)
        level = rise if p == 0 else b**p * np.expm1(p * rise) / p
        if p > 0:
            level = np.where(b == 0, x**p / p, level)
        return np.asarray(np.where(x == b, b ** (p - 1), level / (x - b)))


def _even(how: Mean, x: Matrix, w: Matrix, near: float = 0.0) -> Matrix:
    """Coefficients in which equal children share by weight what their order would give to one of them.

    ``near``: how far apart still counts as equal, relative to the largest child.
    """
    found = coefficients(how, x, w)
    if how.method == "veto":
        return found
    even = np.empty_like(found)
    band = near * np.abs(x).max(axis=0)
    for k, one in enumerate(x):
        same = np.where((np.abs(x - one) <= band) & (w > 0), 1.0, 0.0)
        weight = whole(same * w, x.shape[1])
        even[k] = whole(same * found, x.shape[1]) * w[k] / np.where(weight > 0, weight, 1.0)
    return even


def _shares(w: Matrix) -> Matrix:
    total = whole(w, w.shape[1])
    return np.asarray(w / np.where(total > 0, total, 1.0))


def _stops(times: Matrix) -> Matrix:
    """Times strictly inside the way, in order, between its start 0 and its end 1."""
    times = np.where((times > 0) & (times < 1), times, 1.0)
    ends = np.ones((1, times.shape[1]))
    return np.concatenate([ends * 0, np.sort(times, axis=0), ends])


def _ordered_path(how: Mean, w: Matrix, b: Matrix, x: Matrix) -> tuple[Matrix, Matrix]:
    """Between two stops no child overtakes another, and the mean is straight."""
    move = x - b
    one, two = np.triu_indices(len(x), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        stops = _stops((b[two] - b[one]) / (move[one] - move[two]))
    slopes = np.zeros(x.shape)
    for start, end in pairwise(stops):
        if (end > start).any():
            slopes += (end - start) * _even(how, b + (start + end) / 2 * move, w, 1e-12)
    rest = np.nan_to_num(mean(how, x, w) - mean(how, b, w) - weighted_sum(move, slopes))
    way = np.abs(move)  # an interpolated median jumps where unlike weights change places
    return slopes, rest * way / np.maximum(way.sum(axis=0), np.finfo(float).tiny)


def _veto_path(how: Mean, w: Matrix, b: Matrix, x: Matrix) -> tuple[Matrix, Matrix]:
    """Straight while not lifted, flat while lifted; a jump where a child reaches or leaves ``veto_at``."""
    move, shares = x - b, _shares(w)
    start_mean, climb = weighted_sum(b, shares), weighted_sum(move, shares)
    to = how.lifts_to
    with np.errstate(divide="ignore", invalid="ignore"):
        stops = _stops(np.concatenate([(how.vetoes_at - b) / move, ((to - start_mean) / climb)[None]]))
    slopes, lumps = np.zeros(x.shape), np.zeros(x.shape)
    over = vetoing(how, b, w)
    for k, start in enumerate(stops):
        if k + 1 < len(stops):
            middle = (start + stops[k + 1]) / 2
            here = b + middle * move
            now = vetoing(how, here, w)
            straight = lift(how, here, w) <= start_mean + middle * climb
            slopes += (stops[k + 1] - start) * straight * shares
        else:
            now = vetoing(how, x, w)
        turn = now.any(axis=0) * 1.0 - over.any(axis=0)
        jump = turn * np.maximum(to - (start_mean + start * climb), 0.0)
        by = (now * 1.0 - over) == turn
        lumps += np.where((turn != 0) & by, jump / np.maximum(by.sum(axis=0), 1), 0.0)
        over = now
    return slopes, lumps


def distribute_lump(lump: Column, parts: Matrix, w: Matrix, moved: Column) -> Matrix:
    """``(k, n)``: a parent's lump shared among its children.

    In proportion to the parts that point the way the parent ``moved``; by weight where it did not move.
    """
    if not lump.any():
        return np.zeros(parts.shape)
    ahead = np.maximum(parts * np.sign(moved), 0.0)
    ahead = np.where(whole(ahead, parts.shape[1]) > 0, ahead, np.broadcast_to(w, parts.shape))
    total = whole(ahead, parts.shape[1])
    return np.asarray(lump * ahead / np.where(total > 0, total, 1.0))

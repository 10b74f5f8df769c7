"""Splits what a mean says among its children, exactly (method 8.12).

``split`` gives slopes and lumps, both ``(k, n)``, so that for every unit

    mean(x) - mean(b)  =  sum over children of  slope * (x - b) + lump.

Lumps are None where there is none. A lump is what does not grow with the child: the lift of a veto. A child
without weight, and one that stands where it stood, gets no lump.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from kondusif_index.steps.means import Mean, coefficients, lift, mean, vetoing, weighted_sum, whole
from kondusif_index.tree import Column, Matrix


def split_from_zero(how: Mean, w: Matrix, x: Matrix) -> tuple[Matrix, Matrix | None]:
    """Slopes and lumps of the mean itself, from 0 (Euler: every mean here grows in proportion).

    Arithmetic: weight share times child. Power means: the child's part is its elasticity, ``w x^p / sum(w
    x^p)`` of the mean. Ordered means: what the order makes of the weight. Veto: the arithmetic parts, and
    the lift to the children that veto, in equal parts.
    """
    p, w = how.power, np.broadcast_to(w, x.shape)
    x = np.where(w > 0, x, 0.0)
    if p == 1:
        return _shares(w), None
    if p is None:
        slopes = _even(how, x, w)
        if not (over := vetoing(how, x, w)).any():
            return slopes, None
        count = over.sum(axis=0)
        raised = np.maximum(lift(how, x, w) - weighted_sum(x, slopes), 0.0)
        return slopes, np.where(over, raised / np.maximum(count, 1), 0.0)
    held = how.floored(x)
    found = mean(how, x, w)
    edge = held.max(axis=0) if p >= 0 else np.where(w > 0, held, np.inf).min(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        pull = np.where(w > 0, w * (np.where(held > 0, held, edge) / edge) ** p, 0.0)
        if p > 0:
            pull = np.where(held > 0, pull, 0.0)
        parts = np.nan_to_num(pull / whole(pull, x.shape[1]) * found)
        grows = (w > 0) & (held == x) & (x > 0)
        slopes = np.where(grows, parts / x, 0.0)
    return slopes, np.where(grows, 0.0, parts) if (parts[~grows] != 0).any() else None


def split(how: Mean, w: Matrix, b: Matrix, x: Matrix) -> tuple[Matrix, Matrix | None]:
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
    if p == 1:
        return _shares(w), None
    if p is not None:
        return _power_split(how, p, w, b, x), None
    return (_veto_path if how.method == "veto" else _ordered_path)(how, w, b, x)


def _power_split(how: Mean, p: float, w: Matrix, b: Matrix, x: Matrix) -> Matrix:
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


def handed_down(lump: Column, parts: Matrix, w: Matrix, moved: Column) -> Matrix:
    """``(k, n)``: a parent's lump shared among its children.

    In proportion to the parts that point the way the parent ``moved``; by weight where it did not move.
    """
    ahead = np.maximum(parts * np.sign(moved), 0.0)
    ahead = np.where(whole(ahead, parts.shape[1]) > 0, ahead, np.broadcast_to(w, parts.shape))
    total = whole(ahead, parts.shape[1])
    return np.asarray(lump * ahead / np.where(total > 0, total, 1.0))

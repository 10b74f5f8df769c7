"""Weights that give every child the influence it should have on its parent; method 8.8.

The influence of a child is its Pearson correlation with the parent (Paruolo, Saisana and Saltelli, JRSS A
176, 2013; Becker, Saisana, Paruolo and Vandecasteele, Ecological Indicators 80, 2017). Solved, not searched:
no random start, no simplex that stops early.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import nnls, root

from kondusif_index.audit.correlations import correlate
from kondusif_index.errors import RecipeError
from kondusif_index.tree import Column, Matrix
from kondusif_index.weights import ChildWeights, Remark
from kondusif_index.weights.statistical import flat_columns, flat_remarks, known_correlations

if TYPE_CHECKING:
    from kondusif_index.steps.weigh import Weighing


def mean_of_answered(values: Matrix, weights: Column) -> Column:
    """Weighted mean over the children that a unit has; NaN where it has none."""
    there = ~np.isnan(values)
    held = there @ weights
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(there, values, 0.0) @ weights / np.where(held > 0, held, np.nan))


_EVEN = 1e-9
"""Influences (relative to their aims) that differ by less are in balance."""


@dataclass(frozen=True)
class Balanced:
    """``weights`` (k,) sum to 1, none below 0; ``influence`` (k,) is each correlation reached.

    ``miss`` is the mean squared difference between wanted and reached shares of influence, 0 when in
    balance. ``beyond`` marks children that have more influence than wanted even with weight 0. ``uneven``:
    the others are not in balance either, since missing cells allow none.
    """

    weights: Column
    influence: Column
    miss: float
    flat: NDArray[np.bool_]
    beyond: NDArray[np.bool_]
    uneven: bool = False


def balance(values: Matrix, aim: ArrayLike = 1.0) -> Balanced:
    """Influence in proportion to ``aim`` (k,) above 0, as near as weights from 0 up allow.

    With z-scored children, correlations R and u = weight x standard deviation, the influence is
    R u / sqrt(u' R u): in proportion to the aim t where u solves R u = t. Where that needs a negative weight,
    the u from 0 up that minimises u' R u / 2 - t' u: it makes the smallest influence (relative to its aim) as
    large as any weights can; what then has weight 0 has more influence than wanted, by its correlation with
    the others. With missing cells, the weights are then adjusted until the influence measured on the parent
    itself is in proportion. Raises ``RecipeError`` when the children cancel out.
    """
    flat = flat_columns(values)
    wanted = np.broadcast_to(np.asarray(aim, dtype=np.float64), (len(flat),))
    if (wanted <= 0).any():
        raise RecipeError("balance: the influence aimed at must be above 0 for every child")
    if flat.all():
        return _balanced(values, flat, np.zeros(0), np.zeros(0))
    x, t = values[:, ~flat], wanted[~flat] / wanted[~flat].mean()
    r = _positive_semidefinite(known_correlations(x))
    weights = _solve(r, t) / _deviations(x)
    return _balanced(values, flat, _adjust(x, weights / weights.sum(), t), t)


def infomax(values: Matrix) -> Balanced:
    """Weights that make the mean correlation of the children with the parent as large as it can be.

    By Cauchy and Schwarz in the scalar product of R, 1' R u / sqrt(u' R u) is largest for equal u: weights
    in proportion to 1 / standard deviation.
    """
    flat = flat_columns(values)
    weights = 1.0 / _deviations(values[:, ~flat])
    return _balanced(values, flat, weights / weights.sum(), np.ones(len(weights)))


def _balanced(values: Matrix, flat: NDArray[np.bool_], weights: Column, wanted: Column) -> Balanced:
    """What ``weights`` of the varying children reach; all children weigh the same where none varies."""
    k = len(flat)
    if flat.all():
        return Balanced(np.full(k, 1 / k), np.full(k, np.nan), 0.0, flat, np.zeros(k, dtype=bool))
    reached = influence(values[:, ~flat], weights)
    full, got = np.zeros(k), np.full(k, np.nan)
    full[~flat], got[~flat] = weights, reached
    uneven = bool(np.ptp((reached / wanted)[weights > 0]) > _EVEN)
    return Balanced(full, got, imbalance(reached, wanted), flat, ~flat & (full == 0), uneven)


def influence(values: Matrix, weights: Column) -> Column:
    """Correlation (k,) of each child of (n, k) with the parent that these weights make."""
    return correlate(values, mean_of_answered(values, weights)[:, None])[0][:, 0]


def imbalance(reached: Column, wanted: Column) -> float:
    """Mean squared difference of the shares of influence wanted and reached; the objective of COINr."""
    return float(np.mean((reached / reached.sum() - wanted / wanted.sum()) ** 2))


def _deviations(values: Matrix) -> Column:
    return np.asarray(np.nanstd(values, axis=0, ddof=1))


def _positive_semidefinite(r: Matrix) -> Matrix:
    """Nothing below 0 among the eigenvalues (pairwise correlations can have it)."""
    found, vectors = np.linalg.eigh(r)
    if found[0] < 1e-10:  # a hair of ridge makes twins share equally
        r = (vectors * np.maximum(found, 0.0)) @ vectors.T + 1e-10 * np.eye(len(r))
    return np.asarray(r)


def _solve(r: Matrix, wanted: Column) -> Column:
    u = np.asarray(np.linalg.solve(r, wanted))
    if (u < 0).any():
        root = np.linalg.cholesky(r).T
        u, _ = nnls(root, np.linalg.solve(root.T, wanted))
    size = float(np.sqrt(u @ r @ u))
    if size < 1e-4 * float(np.abs(u).sum()):
        raise RecipeError(
            "balance: the children cancel out, no parent is left to influence; check directions"
        )
    return np.asarray(u)


def _adjust(values: Matrix, weights: Column, wanted: Column) -> Column:
    """Weights in balance as measured, else ``weights``: Powell's hybrid method on the logarithms.

    They are taken relative to the heaviest child, so that the order of the children decides nothing.
    """
    held = np.argsort(-weights, kind="stable")[: np.count_nonzero(weights > 0)]

    def full(logs: Column) -> Column:
        found = np.zeros(len(weights))
        part = np.exp(np.clip(np.concatenate([[0.0], logs]), -50, 50))
        found[held] = part / part.sum()
        return found

    def apart(logs: Column) -> Column:
        reached = influence(values, full(logs))[held] / wanted[held]
        return np.asarray(reached[1:] - reached[0])

    def off(logs: Column) -> float:
        gaps = np.append(apart(logs), 0.0)
        return float(np.ptp(gaps)) if np.isfinite(gaps).all() else np.inf

    start = np.log(weights[held][1:] / weights[held][0])
    if not _EVEN < off(start) < np.inf:
        return weights
    for method in ("hybr", "lm"):  # Levenberg's way starts from afar
        found = root(apart, start, method=method, options={"xtol": 1e-13}).x
        if off(found) < _EVEN:
            return full(found)
    return weights


def balanced_weights(
    how: Weighing, parent: str, codes: tuple[str, ...], values: Matrix, aim: Column
) -> ChildWeights:
    """Weights of the children ``codes`` of one parent; ``aim`` (k,) counts where the objective is direct."""
    if how.objective == "infomax":
        found = infomax(values)
    else:
        found = balance(values, aim if how.objective == "direct" else 1.0)
    remarks = flat_remarks(parent, codes, found.flat)
    if beyond := [codes[k] for k in np.flatnonzero(found.beyond)]:
        text = f"weight 0, since they have more influence than wanted without any: {', '.join(beyond)}"
        remarks += (Remark("beyond", parent, text, {"codes": beyond}),)
    if found.uneven and how.objective != "infomax":
        text = "missing cells or the aggregation keep the influence of the children from being even"
        remarks += (Remark("uneven", parent, text, {"miss": found.miss}),)
    reached = found.influence.astype(object)
    reached[np.isnan(found.influence)] = None
    facts = {"influence": dict(zip(codes, reached, strict=True)), "miss": found.miss}
    return ChildWeights(found.weights, facts, remarks)

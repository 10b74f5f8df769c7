"""Weights from people: points of experts, pairwise comparison (AHP), best and worst (BWM); method 8.8.

Sources: Saaty, The Analytic Hierarchy Process (1980); Aczél and Saaty (1983) for the geometric mean of
several judges; Rezaei, Omega 53 (2015) and 64 (2016) for BWM; Liang, Brunelli and Rezaei, Omega 96 (2020)
for its consistency ratio from the judgements alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite, isnan, nan, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog

from kondusif_index.errors import RecipeError
from kondusif_index.tree import Column, Matrix
from kondusif_index.weights import ChildWeights, Remark

if TYPE_CHECKING:
    from kondusif_index.steps.weigh import Weighing

RANDOM_INDEX = (0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Mean CI of random matrices by size (Saaty 1980)."""

Judgements = Mapping[str, float | str | tuple[float | str, ...]]
"""One judge on one parent: ``"A>B" = 3`` for every pair, or ``codes`` and one row for each of them."""


@dataclass(frozen=True)
class Worst:
    """Judgement furthest from the weights: row over column was ``given``, ``fits`` is w_row / w_column."""

    row: int
    column: int
    given: float
    fits: float


@dataclass(frozen=True)
class Ahp:
    """``weights`` (n,) sum to 1; ``cr`` = CI / RI is 0 for perfect consistency, 0.10 is the usual limit.

    ``worst`` is None when the judgements agree with the weights.
    """

    weights: Column
    lambda_max: float
    ci: float
    ri: float
    cr: float
    worst: Worst | None


def ahp(matrix: ArrayLike) -> Ahp:
    """Principal right eigenvector of a positive reciprocal matrix (n, n), n from 1 to 15.

    Raises ``RecipeError`` naming the cell that is not positive or not the inverse of its mirror.

    >>> found = ahp([[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]])
    >>> [round(float(w), 3) for w in found.weights], round(found.cr, 3)
    ([0.637, 0.258, 0.105], 0.033)
    """
    given = np.asarray(matrix, dtype=np.float64)
    n = len(given)
    if given.shape != (n, n) or not 1 <= n < len(RANDOM_INDEX):
        raise RecipeError(f"a square matrix of 1 to 15 rows is expected, found {given.shape}")
    _refuse_unsound(given, [str(k + 1) for k in range(n)], "matrix")
    values, vectors = np.linalg.eig(given)
    first = int(np.argmax(values.real))
    weights = np.abs(vectors[:, first].real)
    weights = weights / weights.sum()
    ci = max(0.0, (float(values[first].real) - n) / (n - 1)) if n > 2 else 0.0
    ci = ci if ci > 1e-12 else 0.0
    ri = RANDOM_INDEX[n]
    off = np.abs(np.triu(np.log(given * weights[None, :] / weights[:, None]), 1)).round(9)
    row, column = (int(k) for k in np.unravel_index(np.argmax(off), off.shape))  # of equals, the first
    worst = None
    if ci:
        worst = Worst(row, column, float(given[row, column]), float(weights[row] / weights[column]))
    return Ahp(weights, float(n + ci * (n - 1)), ci, ri, ci / ri if ri else 0.0, worst)


@dataclass(frozen=True)
class Panel:
    """``weights`` (n,) of all judges together; ``alone`` the weights of each, ``checks`` their consistency.

    ``joint`` is the one matrix of the panel, where judgements and not weights were put together.
    """

    weights: Column
    alone: Mapping[str, Column]
    checks: Mapping[str, Ahp | BestWorst] = field(default_factory=dict)
    joint: Ahp | None = None


def ahp_panel(judges: Mapping[str, Judgements], codes: Sequence[str], joined: str, where: str) -> Panel:
    """Several judges on one parent; geometric mean of ``joined``, "judgements" (AIJ) or "weights" (AIP)."""
    matrices = {name: comparisons(judges[name], codes, f"{where}.{name}") for name in sorted(judges)}
    checks = {name: ahp(matrix) for name, matrix in matrices.items()}
    alone = {name: check.weights for name, check in checks.items()}
    if joined == "judgements":
        joint = ahp(np.exp(np.mean([np.log(m) for m in matrices.values()], axis=0)))
        return Panel(joint.weights, alone, checks, joint)
    together = np.exp(np.mean([np.log(w) for w in alone.values()], axis=0))
    return Panel(together / together.sum(), alone, checks)


def comparisons(judge: Judgements, codes: Sequence[str], where: str) -> Matrix:
    """Matrix (n, n) in the order of ``codes`` from one judge's pairs or rows.

    Raises ``RecipeError`` naming the pair that is unknown, missing, not positive, or contradicts its mirror.
    """
    at = {code: k for k, code in enumerate(codes)}
    matrix = np.full((len(codes), len(codes)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for left, right, judgement in (_of_rows if "codes" in judge else _of_pairs)(judge, codes, where):
        matrix[at[left], at[right]] = _ratio(judgement, f"{where}: {left}>{right}")
    matrix = np.where(np.isnan(matrix), 1.0 / matrix.T, matrix)
    lacking = [f"{codes[i]}>{codes[j]}" for i, j in np.argwhere(np.isnan(matrix)) if i < j]
    if lacking:
        raise RecipeError(f"{where}: not compared: {', '.join(lacking)}", pairs=lacking)
    _refuse_unsound(matrix, codes, where)
    return matrix


def _of_pairs(judge: Judgements, codes: Sequence[str], where: str) -> Iterator[tuple[str, str, object]]:
    for pair, judgement in judge.items():
        left, _, right = (part.strip() for part in pair.partition(">"))
        if left not in codes or right not in codes or left == right:
            raise RecipeError(f"{where}: {pair!r} is no pair of {', '.join(codes)}", pair=pair)
        yield left, right, judgement


def _of_rows(judge: Judgements, codes: Sequence[str], where: str) -> Iterator[tuple[str, str, object]]:
    order = judge["codes"]
    if not isinstance(order, tuple | list) or sorted(map(str, order)) != sorted(codes):
        raise RecipeError(f"{where}.codes: found {order!r}, expected {', '.join(codes)}", codes=list(codes))
    if sorted(judge) != sorted([*codes, "codes"]):
        raise RecipeError(f"{where}: one row for each of {', '.join(codes)} is expected", codes=list(codes))
    for code in codes:
        row = judge[code]
        if not isinstance(row, tuple | list) or len(row) != len(codes):
            raise RecipeError(f"{where}.{code}: found {row!r}, expected {len(codes)} numbers", code=code)
        yield from ((code, str(other), judgement) for other, judgement in zip(order, row, strict=True))


def _ratio(judgement: object, where: str) -> float:
    """A number above 0, or a fraction as text ("1/3")."""
    try:
        number = Fraction(judgement.replace(" ", "")) if isinstance(judgement, str) else judgement
        found = float(number)  # type: ignore[arg-type]
    except (ValueError, TypeError, ZeroDivisionError, OverflowError):
        found = nan
    if not (isfinite(found) and found > 0):
        expected = 'expected a number above 0 or a fraction such as "1/3"'
        raise RecipeError(f"{where}: found {judgement!r}, {expected}")
    return found


def _refuse_unsound(matrix: Matrix, names: Sequence[str], where: str) -> None:
    bad = np.argwhere(~(np.isfinite(matrix) & (matrix > 0)))
    if len(bad):
        i, j = bad[0]
        raise RecipeError(f"{where}: {names[i]}>{names[j]} is {matrix[i, j]}, expected a number above 0")
    bad = np.argwhere(np.abs(matrix * matrix.T - 1) > 1e-9)
    if len(bad):
        i, j = bad[0]
        there, back = f"{names[i]}>{names[j]} {matrix[i, j]:g}", f"{names[j]}>{names[i]} {matrix[j, i]:g}"
        raise RecipeError(f'{where}: {there} and {back} are not each other\'s inverse; write "1/3", not 0.33')


def budget(points: Mapping[str, Column], centre: str, tolerance: float, where: str) -> Panel:
    """Each expert's points (n,), at least 0 and 100 in all; ``centre`` "mean" or "median" over the experts.

    Raises ``RecipeError`` naming the expert whose points are negative or do not add up to 100.
    """
    for name, given in points.items():
        if (given < 0).any():
            raise RecipeError(f"{where}.{name}: points below 0", expert=name)
        if abs(float(given.sum()) - 100) > tolerance:
            raise RecipeError(f"{where}.{name}: points add up to {given.sum():g}, expected 100", expert=name)
    return _centred({name: points[name] / points[name].sum() for name in sorted(points)}, centre, {})


def _centred(alone: Mapping[str, Column], centre: str, checks: Mapping[str, Ahp | BestWorst]) -> Panel:
    table = np.array(list(alone.values()))
    middle = np.median(table, axis=0) if centre == "median" else table.mean(axis=0)
    if not middle.sum() > 0:
        raise RecipeError("the median of the experts gives every code 0; use the mean")
    return Panel(middle / middle.sum(), alone, checks)


@dataclass(frozen=True)
class BestToWorst:
    """One judge: how many times ``best`` weighs more than each code, and each code more than ``worst``.

    Numbers from 1 up (1 to 9 by custom); best over best and worst over worst are 1 and may be left out.
    """

    best: str
    worst: str
    over: Mapping[str, float]
    above: Mapping[str, float]

    def vectors(self, codes: Sequence[str], where: str) -> tuple[int, int, Column, Column]:
        """Places of best and worst, best to others (n,), others to worst (n,). Raises ``RecipeError``."""
        for role, name in (("best", self.best), ("worst", self.worst)):
            if name not in codes:
                raise RecipeError(f"{where}.{role}: {name} is none of {', '.join(codes)}", code=name)
        if self.best == self.worst and len(codes) > 1:
            raise RecipeError(f"{where}: {self.best} is best and worst", code=self.best)
        over = {self.best: 1.0, **self.over}
        above = {self.worst: 1.0, **self.above}
        over.setdefault(self.worst, above.get(self.best, nan))
        above.setdefault(self.best, over[self.worst])
        for role, ratios in (("over", over), ("above", above)):
            unknown = sorted(set(ratios) - set(codes))
            lacking = [c for c in codes if isnan(ratios.get(c, nan))]
            low = [c for c in codes if ratios.get(c, nan) < 1]
            for what, bad in (("unknown", unknown), ("not judged", lacking), ("below 1", low)):
                if bad:
                    raise RecipeError(f"{where}.{role}: {what}: {', '.join(bad)}", codes=bad)
        if over[self.worst] != above[self.best] or over[self.best] != 1 or above[self.worst] != 1:
            raise RecipeError(f"{where}: best over worst, or a code over itself, is told in two ways")
        best, worst = list(codes).index(self.best), list(codes).index(self.worst)
        to_others = np.array([over[c] for c in codes])
        to_worst = np.array([above[c] for c in codes])
        return best, worst, to_others, to_worst


@dataclass(frozen=True)
class BestWorst:
    """``weights`` (n,) sum to 1; ``xi`` the largest miss; ``cr`` 0 when the judgements agree.

    Ratio model: ``cr`` = xi / consistency index (Rezaei 2015). Linear model: the largest
    |a_Bj a_jW - a_BW| / (a_BW^2 - a_BW), from the judgements alone (Liang, Brunelli and Rezaei 2020).
    """

    weights: Column
    xi: float
    cr: float


def best_worst(best: int, worst: int, over: ArrayLike, above: ArrayLike, model: str = "linear") -> BestWorst:
    """BWM weights from best-to-others and others-to-worst (n,). ``model`` "linear", or "ratio" for n <= 3.

    >>> found = best_worst(2, 0, [8, 2, 1], [1, 5, 8], "ratio")
    >>> [round(float(w), 4) for w in found.weights], round(found.cr, 3)
    ([0.0714, 0.3387, 0.5899], 0.058)
    """
    to, of = np.asarray(over, dtype=np.float64), np.asarray(above, dtype=np.float64)
    n, whole = len(to), float(to[worst])
    if n == 1:
        return BestWorst(np.ones(1), 0.0, 0.0)
    if model == "ratio":
        return _ratio_model(best, worst, to, of)
    unit = np.eye(n)
    pairs = [(best, j, to[j]) for j in range(n) if j != best]
    pairs += [(j, worst, of[j]) for j in range(n) if j != worst]
    gaps = np.array([unit[a] - times * unit[b] for a, b, times in pairs])
    within = np.hstack([np.vstack([gaps, -gaps]), -np.ones((2 * len(gaps), 1))])  # |gap| <= xi
    found = linprog(
        np.append(np.zeros(n), 1.0),
        A_ub=within,
        b_ub=np.zeros(len(within)),
        A_eq=np.append(np.ones(n), 0.0)[None, :],
        b_eq=[1.0],
    )
    if not found.success:
        raise RecipeError(f"best-worst: no solution: {found.message}")
    weights = np.maximum(found.x[:n], 0.0)
    miss = float(np.max(np.abs(to * of - whole))) / (whole * whole - whole) if whole > 1 else 0.0
    xi = float(found.x[n])
    return BestWorst(weights / weights.sum(), xi if xi > 1e-12 else 0.0, miss)


def _ratio_model(best: int, worst: int, to: Column, of: Column) -> BestWorst:
    """min xi with |w_B/w_j - a_Bj|, |w_j/w_W - a_jW|, |w_B/w_W - a_BW| <= xi: all bind, a quadratic in xi."""
    if len(to) > 3:
        raise RecipeError("best-worst: the ratio model has one answer for 3 codes only; use model = linear")
    whole, xi, sign = float(to[worst]), 0.0, 1.0
    weights = np.ones(len(to))
    weights[best] = whole
    if len(to) == 3:
        other = 3 - best - worst
        left, right = float(to[other]), float(of[other])
        # the two steps together say more than the whole: shrink them and stretch it, or the reverse
        sign = 1.0 if left * right > whole else -1.0
        half = (left + right + 1) / 2
        # the root near 0 of xi^2 - sign (left + right + 1) xi + (left right - whole), without cancellation
        xi = abs(left * right - whole) / (half + sqrt(half * half - (left * right - whole)))
        weights[other] = right - sign * xi
        weights[best] = whole + sign * xi
    index = round((1 + 2 * whole - sqrt(1 + 8 * whole)) / 2, 2)  # 8: 4.47, as the table of Rezaei (2015)
    return BestWorst(weights / weights.sum(), xi, xi / index if index > 0 else 0.0)


def best_worst_panel(
    judges: Mapping[str, BestToWorst], codes: Sequence[str], model: str, centre: str, where: str
) -> Panel:
    """Several judges on one parent; ``centre`` "mean" or "median" of their weights."""
    checks = {
        name: best_worst(*judges[name].vectors(codes, f"{where}.{name}"), model) for name in sorted(judges)
    }
    return _centred({name: check.weights for name, check in checks.items()}, centre, checks)


def elicited_weights(how: Weighing, parent: str, codes: tuple[str, ...]) -> ChildWeights:
    """Weights of the children ``codes`` of one parent from what the judges of ``how`` say."""
    where = f"{how.method}.{parent}"
    if how.method == "ahp":
        panel = ahp_panel(how.ahp[parent], codes, how.joined, where)
    elif how.method == "bwm":
        panel = best_worst_panel(how.bwm[parent], codes, how.model, how.centre, where)
    else:
        speaking = {expert: given for expert, given in how.budget.items() if codes[0] in given}
        points = {expert: np.array([*map(given.__getitem__, codes)]) for expert, given in speaking.items()}
        panel = budget(points, how.centre, how.tolerance, where)
    remarks = tuple(
        _inconsistent(parent, name, check, codes, how.consistency)
        for name, check in panel.checks.items()
        if check.cr > how.consistency
    )
    return ChildWeights(panel.weights, _panel_facts(panel, codes), remarks)


def _panel_facts(panel: Panel, codes: tuple[str, ...]) -> dict[str, object]:
    """Each judge's weights and consistency, and per code how far the judges lie apart."""
    table = np.array(list(panel.alone.values()))
    apart = table.std(axis=0, ddof=1) if len(table) > 1 else np.zeros(len(codes))
    columns = zip(codes, table.min(axis=0).tolist(), table.max(axis=0).tolist(), apart.tolist(), strict=True)
    disagreement = {code: {"lowest": low, "highest": high, "sd": sd} for code, low, high, sd in columns}
    judges = {name: dict(zip(codes, w.tolist(), strict=True)) for name, w in panel.alone.items()}
    facts: dict[str, object] = {"judges": judges, "disagreement": disagreement}
    if panel.checks:
        facts["checks"] = {n: _check_facts(c, codes) for n, c in panel.checks.items()}
    if panel.joint:
        facts["joint"] = _check_facts(panel.joint, codes)
    return facts


def _check_facts(check: Ahp | BestWorst, codes: tuple[str, ...]) -> dict[str, object]:
    facts = {name: found for name, found in vars(check).items() if name != "weights"}
    if isinstance(check, Ahp):
        facts["worst"] = check.worst and _worst_facts(check.worst, codes)
    return facts


def _worst_facts(worst: Worst, codes: tuple[str, ...]) -> dict[str, object]:
    return {"pair": f"{codes[worst.row]}>{codes[worst.column]}", "given": worst.given, "fits": worst.fits}


def _inconsistent(
    parent: str, judge: str, check: Ahp | BestWorst, codes: tuple[str, ...], limit: float
) -> Remark:
    text = f"{judge} contradicts himself or herself: consistency ratio {check.cr:.3f}, above {limit:g}"
    facts: dict[str, object] = {"judge": judge, "cr": check.cr, "limit": limit}
    if isinstance(check, Ahp) and check.worst:
        facts |= _worst_facts(check.worst, codes)
        given, fits = check.worst.given, check.worst.fits
        text += f"; look again at {facts['pair']}: given {given:.3g}, the weights say {fits:.3g}"
    return Remark("inconsistent", parent, text, facts)

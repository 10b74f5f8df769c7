"""Weights of the children of one parent, with plain facts and remarks for the report; method 8.8."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kondusif_index.errors import RecipeError
from kondusif_index.tree import Column, Matrix
from kondusif_index.weights import balanced as influence
from kondusif_index.weights import elicited as judges
from kondusif_index.weights import statistical as spread
from kondusif_index.weights.elicited import Ahp, BestWorst, Panel

if TYPE_CHECKING:
    from kondusif_index.steps.weigh import Weighing

Combine = Callable[[str, Matrix, Column], Column]
"""Parent, some of its children (n, k) and their weights (k,), to the parent's column (n,)."""


@dataclass(frozen=True)
class Remark:
    """Something to know before the weights are used. ``code`` names it, ``facts`` fill the sentence."""

    code: str
    parent: str
    text: str
    facts: Mapping[str, object]

    def __str__(self) -> str:
        return f"{self.parent}: {self.text}"


def judged(
    how: Weighing, parent: str, codes: tuple[str, ...], notes: list[Remark]
) -> tuple[Column, dict[str, object]]:
    where = f"{how.method}.{parent}"
    if how.method == "ahp":
        panel = judges.ahp_panel(how.ahp[parent], codes, how.joined, where)
    elif how.method == "bwm":
        panel = judges.best_worst_panel(how.bwm[parent], codes, how.model, how.centre, where)
    else:
        points = {
            expert: np.array([given[c] for c in codes])
            for expert, given in how.budget.items()
            if codes[0] in given
        }
        panel = judges.budget(points, how.centre, how.tolerance, where)
    for name, check in panel.checks.items():
        if check.cr > how.consistency:
            notes.append(_inconsistent(parent, name, check, codes, how.consistency))
    return panel.weights, _panel_facts(panel, codes)


def _panel_facts(panel: Panel, codes: tuple[str, ...]) -> dict[str, object]:
    """Each judge's weights and consistency, and per code how far the judges lie apart."""
    table = np.array(list(panel.alone.values()))
    facts: dict[str, object] = {
        "judges": {n: dict(zip(codes, w.tolist(), strict=True)) for n, w in panel.alone.items()},
        "disagreement": {
            code: {
                "lowest": float(table[:, k].min()),
                "highest": float(table[:, k].max()),
                "sd": float(table[:, k].std(ddof=1)) if len(table) > 1 else 0.0,
            }
            for k, code in enumerate(codes)
        },
    }
    if panel.checks:
        facts["checks"] = {n: _check_facts(c, codes) for n, c in panel.checks.items()}
    if panel.joint:
        facts["joint"] = _check_facts(panel.joint, codes)
    return facts


def _check_facts(check: Ahp | BestWorst, codes: tuple[str, ...]) -> dict[str, object]:
    if isinstance(check, BestWorst):
        return {"xi": check.xi, "cr": check.cr}
    worst = check.worst
    return {
        "lambda_max": check.lambda_max,
        "ci": check.ci,
        "ri": check.ri,
        "cr": check.cr,
        "worst": worst
        and {"pair": f"{codes[worst.row]}>{codes[worst.column]}", "given": worst.given, "fits": worst.fits},
    }


def _inconsistent(
    parent: str, judge: str, check: Ahp | BestWorst, codes: tuple[str, ...], limit: float
) -> Remark:
    text = f"{judge} contradicts himself or herself: consistency ratio {check.cr:.3f}, above {limit:g}"
    facts: dict[str, object] = {"judge": judge, "cr": check.cr, "limit": limit}
    if isinstance(check, Ahp) and check.worst:
        worst = check.worst
        pair = f"{codes[worst.row]}>{codes[worst.column]}"
        text += f"; look again at {pair}: given {worst.given:.3g}, the weights say {worst.fits:.3g}"
        facts |= {"pair": pair, "given": worst.given, "fits": worst.fits}
    return Remark("inconsistent", parent, text, facts)


def measured(
    how: Weighing,
    parent: str,
    codes: tuple[str, ...],
    values: Matrix,
    aim: Column,
    combine: Combine,
    notes: list[Remark],
) -> tuple[Column, dict[str, object]]:
    if how.method == "balance":
        return _balanced(how, parent, codes, values, aim, combine, notes)
    if how.method == "pca":
        return _principal(how, parent, codes, values, notes)
    found = {
        "entropy": lambda: spread.entropy(values, codes),
        "critic": lambda: spread.critic(values),
        "merec": lambda: spread.merec(values, codes),
    }[how.method]()
    _note_flat(parent, codes, found.flat, notes)
    if found.even and not found.flat.all() and len(codes) > 1:
        notes.append(Remark("even", parent, "no column tells more than another: equal weights", {}))
    return found.weights, {"even": found.even}


def _note_flat(parent: str, codes: tuple[str, ...], flat: Column | object, notes: list[Remark]) -> None:
    names = [c for c, is_flat in zip(codes, np.asarray(flat).tolist(), strict=True) if is_flat]
    if len(names) == len(codes):
        notes.append(Remark("all_flat", parent, "every column is constant: equal weights", {"codes": names}))
    elif names:
        text = f"constant, weight 0: {', '.join(names)}"
        notes.append(Remark("flat", parent, text, {"codes": names}))


def _principal(
    how: Weighing, parent: str, codes: tuple[str, ...], values: Matrix, notes: list[Remark]
) -> tuple[Column, dict[str, object]]:
    found = spread.principal(values)
    first = found.loadings[:, 0]
    _note_flat(parent, codes, found.flat, notes)
    told: dict[str, object] = {
        "loadings": dict(zip(codes, first.tolist(), strict=True)),
        "variance": (found.sdev**2).tolist(),
        "share": found.share.tolist(),
    }
    if not found.settled:
        text = "two components share the largest variance: the first is not determined"
        notes.append(Remark("undetermined", parent, text, {"variance": told["variance"]}))
    if how.loadings == "signed" and (first < 0).any():
        below = [f"{c} {x:.3f}" for c, x in zip(codes, first.tolist(), strict=True) if x < 0]
        raise RecipeError(
            f"{parent}: negative PCA loadings: {', '.join(below)}; a negative weight turns a cause of risk "
            'into calm. Check the directions, or set loadings = "square"',
            parent=parent,
            loadings=told["loadings"],
        )
    return spread.shared_out(first**2 if how.loadings == "square" else first, found.flat).weights, told


def _balanced(
    how: Weighing,
    parent: str,
    codes: tuple[str, ...],
    values: Matrix,
    aim: Column,
    combine: Combine,
    notes: list[Remark],
) -> tuple[Column, dict[str, object]]:
    def make(part: Matrix, share: Column) -> Column:
        return combine(parent, part, share)

    if how.objective == "infomax":
        found = influence.infomax(values, make)
    else:
        found = influence.balance(values, aim if how.objective == "direct" else 1.0, make)
    _note_flat(parent, codes, found.flat, notes)
    if beyond := [c for c, is_so in zip(codes, found.beyond.tolist(), strict=True) if is_so]:
        text = f"weight 0, since they have more influence than wanted without any: {', '.join(beyond)}"
        notes.append(Remark("beyond", parent, text, {"codes": beyond}))
    if found.uneven:
        text = "missing cells or the aggregation keep the influence of the children from being even"
        notes.append(Remark("uneven", parent, text, {"miss": found.miss}))
    reached = [None if np.isnan(x) else x for x in found.influence.tolist()]
    return found.weights, {"influence": dict(zip(codes, reached, strict=True)), "miss": found.miss}

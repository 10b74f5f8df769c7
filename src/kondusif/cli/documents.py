"""The same results as plain values, for ``--json`` and ``hasil.json``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from kondusif.classes.classify import DesaAssessment
from kondusif.classes.score import ItemScore
from kondusif.operation import OperationAt, VillageAt, VillageForce
from kondusif.withdraw import EarliestMove, GateState
from kondusif.withdraw.level import GateLevel


def as_json(state: OperationAt) -> dict[str, Any]:
    """Everything the demo shows, as plain values."""
    return {
        "mark": state.mark,
        "operation": state.kode,
        "at": state.now.isoformat(),
        "recipe": state.recipe,
        "plan": state.plan.digest if state.plan else None,
        "villages": [_village_json(v) for v in state.villages.values()],
        "dialogue": dialogue_json(state),
    }


def classes_json(state: OperationAt, found: Mapping[str, DesaAssessment]) -> dict[str, Any]:
    """The assessments of some villages by code."""
    return {"mark": state.mark, "villages": {kode: class_json(a) for kode, a in found.items()}}


def _village_json(v: VillageAt) -> dict[str, Any]:
    step, start = v.next_step, v.force.start(v.desa.kode) if v.force else None
    return {
        "kode": v.desa.kode,
        "nama": v.desa.nama,
        "kecamatan": v.desa.kecamatan,
        "assessment": v.assessment and class_json(v.assessment),
        "force": v.force and _force_json(v.force),
        "start": _iso(start.at if start else None),
        "start_earlier": {kode: _iso(at) for kode, at in start.earlier.items()} if start else {},
        "posture": v.posture.value,
        "since": _iso(v.since),
        "gate_level": v.gate_level,
        "gate_level_by": v.governs and gate_level_json(v.governs),
        "next": step and step.value,
        "gates": [gate_json(g) for g in v.gates()],
        **earliest_json(v.earliest()),
    }


def earliest_json(when: EarliestMove | None) -> dict[str, Any]:
    """When a move could come at the earliest, the gates that must open by then, what must happen before."""
    if when is None:
        return {"earliest": None, "conditions": [], "before": []}
    before = [{"kind": h.kind, "about": list(h.about)} for h in when.before]
    return {"earliest": _iso(when.at), "conditions": list(when.conditions), "before": before}


def gate_level_json(governs: GateLevel) -> dict[str, Any]:
    """What makes the gate level: the places, and the publication or override with its moment."""
    by = governs.source
    return {
        "places": list(governs.places),
        "source": by.source,
        "at": _iso(by.at),
        "in_force": governs.in_force,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _force_json(f: VillageForce) -> dict[str, Any]:
    return {"need": asdict(f.need), "posted": asdict(f.posted), "unmet": asdict(f.missing)}


def class_json(a: DesaAssessment) -> dict[str, Any]:
    c, items = a.classification, a.score.items
    stations = {kode: {"level": t.level, "score": t.total, "chance": t.chance} for kode, t in a.tps.items()}
    return {
        "on": a.on.isoformat(),
        "stage": a.stage,
        "score": a.score.total,
        "dimensions": dict(a.score.dimensions),
        "contributions": dict(a.score.contributions),
        "coverage_due": a.score.coverage_due,
        "coverage_all": a.score.coverage_all,
        "level": a.level,
        "force_level": a.force_level,
        "because": list(c.because),
        "floors": [f.id for f in c.floors],
        "firmness": c.firmness.value,
        "distance": c.distance,
        "chance": c.chance,
        "stale": _ids(items, "stale"),
        "missing": _ids(items, "absent"),
        "tps": stations,
        "recipe": a.recipe_digest,
        "answers": a.answers_digest,
    }


def _ids(items: Iterable[ItemScore], state: str) -> list[str]:
    return [item.id for item in items if item.state == state]


def gate_json(g: GateState) -> dict[str, Any]:
    return {
        "gate": g.gate,
        "state": g.state.value,
        "reason": g.reason.value,
        "waivable": g.waivable,
        "opens_by": g.opens_by,
        "opens_at": _iso(g.opens_at),
        "facts": list(g.fact_ids),
    }


def dialogue_json(state: OperationAt) -> list[dict[str, Any]]:
    return [
        {
            "when": "before" if before else "now",
            "question": a.question,
            "part": a.part.kode,
            "status": a.status.value,
            "code": a.code,
            "levels": list(a.levels),
            "by": list(a.by),
            "until": a.until,
            "dates": {k: at.isoformat() for k, at in a.dates.items()},
            "earlier": {k: at.isoformat() for k, at in a.earlier.items()},
        }
        for before in (True, False)
        for meeting in state.meetings
        for a in state.answers(meeting, before_plan=before)
    ]

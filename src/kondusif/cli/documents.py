"""The same results as plain values, for ``--json`` and ``hasil.json``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kondusif.classes.classify import DesaAssessment
from kondusif.forces import Strength
from kondusif.operation import OperationAt, VillageAt, VillageForce
from kondusif.withdraw import GateState


def as_json(state: OperationAt) -> dict[str, Any]:
    """Everything the demo shows, as plain values."""
    return {
        "mark": state.mark,
        "operation": state.kode,
        "at": state.now.isoformat(),
        "recipe": state.recipe,
        "plan": state.plan.digest if state.plan else None,
        "villages": [_village(v) for v in state.villages.values()],
        "dialogue": _dialogue(state),
    }


def _village(v: VillageAt) -> dict[str, Any]:
    when, step = v.earliest(), v.next_step
    return {
        "kode": v.desa.kode,
        "nama": v.desa.nama,
        "kecamatan": v.desa.kecamatan,
        "assessment": v.assessment and class_json(v.assessment),
        "force": v.force and _force(v.force),
        "start": _iso(v.force.start(v.desa.kode) if v.force else None),
        "posture": v.posture.value,
        "since": _iso(v.since),
        "gate_level": v.gate_level,
        "next": step and step.value,
        "gates": [gate_json(g) for g in v.gates()],
        "earliest": _iso(when.at if when else None),
        "conditions": list(when.conditions) if when else [],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _force(f: VillageForce) -> dict[str, Any]:
    return {"need": heads(f.need), "posted": heads(f.posted), "unmet": heads(f.missing)}


def heads(s: Strength) -> dict[str, int]:
    return {f.value: n for f, n in s.items()}


def class_json(a: DesaAssessment) -> dict[str, Any]:
    c = a.classification
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
        "stale": [i.id for i in a.score.items if i.state == "stale"],
        "missing": [i.id for i in a.score.items if i.state == "absent"],
        "tps": {kode: {"level": t.level, "score": t.total, "chance": t.chance} for kode, t in a.tps.items()},
        "recipe": a.recipe_digest,
        "answers": a.answers_digest,
    }


def gate_json(g: GateState) -> dict[str, Any]:
    return {
        "gate": g.gate,
        "state": g.state.value,
        "reason": g.reason.value,
        "waivable": g.waivable,
        "opens_by": g.opens_by,
        "opens_at": g.opens_at and g.opens_at.isoformat(),
        "facts": list(g.fact_ids),
    }


def _dialogue(state: OperationAt) -> list[dict[str, Any]]:
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
        }
        for before in (True, False)
        for meeting in state.meetings
        for a in state.answers(meeting, before_plan=before)
    ]

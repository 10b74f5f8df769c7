"""The same results as plain values, for ``--json`` and ``hasil.json``."""

from __future__ import annotations

from typing import Any

from kondusif.classify import DesaAssessment
from kondusif.demo import AsOf
from kondusif.forces import Strength
from kondusif.places import Desa
from kondusif.stages import village_start
from kondusif.withdraw import GateState


def as_json(state: AsOf) -> dict[str, Any]:
    """Everything the demo shows, as plain values."""
    plan = state.plan
    return {
        "mark": state.file.mark,
        "operation": (state.file.operasi or {}).get("kode"),
        "at": state.now.isoformat(),
        "recipe": state.recipe.digest,
        "plan": plan.digest if plan else None,
        "villages": [_village(state, d) for d in state.file.voting],
        "dialogue": _dialogue(state),
    }


def _village(state: AsOf, desa: Desa) -> dict[str, Any]:
    a, plan = state.assessments.get(desa.kode), state.plan
    posture, since = state.posture(desa.kode)
    to, when = state.next_move(desa.kode), state.earliest(desa.kode)
    start = village_start(desa.kode, plan.starts) if plan else None
    return {
        "kode": desa.kode,
        "nama": desa.nama,
        "kecamatan": desa.kecamatan,
        "assessment": a and class_json(a),
        "force": plan
        and {
            "need": heads(Strength.sum(p.need for p in plan.posts if p.desa == desa.kode)),
            "posted": heads(plan.strength_in(desa.kode)),
            "unmet": heads(plan.missing_in(desa.kode)),
        },
        "start": start and start.isoformat(),
        "posture": posture.value,
        "since": since and since.isoformat(),
        "gate_level": state.level(desa.kode),
        "next": to and to.value,
        "gates": [gate_json(g) for g in state.gates(desa.kode)],
        "earliest": when and when.at and when.at.isoformat(),
        "conditions": list(when.conditions) if when else [],
    }


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


def _dialogue(state: AsOf) -> list[dict[str, Any]]:
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
        for meeting in state.file.meetings
        for a in state.answers(meeting, before_plan=before)
    ]

"""Rows into core values: units, plans, postings, the headcount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kondusif.forces import Force, Strength, Unit
from kondusif.places import Point, within
from kondusif.plan import ExtraPosts, Plan, plan_from_json
from kondusif.withdraw import PostingCount
from kondusif_web.deployment.models import ForceUnit, PlanRow, PostingRow


def unit_of(row: ForceUnit) -> Unit:
    """A unit as the planner reads it."""
    known = row.base_lat is not None and row.base_lng is not None
    return Unit(
        kode=row.kode,
        nama=row.nama,
        force=Force(row.force),
        function=row.function,
        strength=row.strength,
        base=Point(row.base_lat, row.base_lng) if known else None,
        base_nama=row.base_nama,
        bko=row.bko,
        only_desa=row.only_desa or None,
        not_at=tuple(row.not_at),
    )


def plan_of(row: PlanRow) -> Plan:
    """The core plan a row keeps."""
    return plan_from_json(row.body)


def count_of(row: PostingRow) -> PostingCount:
    """State and count of a posting for its gates; not counted stays not counted."""
    return PostingCount(
        posting=str(row.pk),
        state=row.state,
        out=row.out or 0,
        back=row.back,
        equipment_out=row.equipment_out or 0,
        equipment_back=row.equipment_back,
    )


def part_for(plan: Plan, prefixes: tuple[str, ...]) -> Plan:
    """The part of a plan inside a jurisdiction: what lies outside is not there at all (RULES 20)."""
    posts = tuple(p for p in plan.posts if within(p.kode, prefixes))
    inside = {p.kode for p in posts}
    assigned = tuple(a for a in plan.assigned if a.post in inside)
    return replace(
        plan,
        posts=posts,
        assigned=assigned,
        unmet=tuple(u for u in plan.unmet if u.post in inside),
        starts={k: at for k, at in plan.starts.items() if within(k, prefixes)},
        levels={k: n for k, n in plan.levels.items() if within(k, prefixes)},
        minutes_total=round(sum(a.heads * a.minutes for a in assigned if a.minutes is not None), 1),
    )


def extra_to_json(extra: ExtraPosts) -> dict[str, Any]:
    """A JSON-ready dict from which :func:`extra_from_json` makes the same value."""
    return {
        "balai_desa": {str(n): _heads(s) for n, s in extra.balai_desa.items()},
        "patroli": {str(n): _heads(s) for n, s in extra.patroli.items()},
        "posko": _heads(extra.posko),
        "cadangan": _heads(extra.cadangan),
        "bases": {area: [at.lat, at.lng] for area, at in sorted(extra.bases.items())},
    }


def extra_from_json(raw: Mapping[str, Any]) -> ExtraPosts:
    """The value that :func:`extra_to_json` wrote."""
    return ExtraPosts(
        balai_desa={int(n): Strength(**s) for n, s in raw["balai_desa"].items()},
        patroli={int(n): Strength(**s) for n, s in raw["patroli"].items()},
        posko=Strength(**raw["posko"]),
        cadangan=Strength(**raw["cadangan"]),
        bases={area: Point(*at) for area, at in raw["bases"].items()},
    )


def _heads(strength: Strength) -> dict[str, int]:
    return {f.value: n for f, n in strength.items() if n}

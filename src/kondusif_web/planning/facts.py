"""Rows into core values: plans and the posts asked for beside the stations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kondusif.forces import Strength
from kondusif.places import Point, within
from kondusif.plan import ExtraPosts, Plan, plan_from_json
from kondusif_web.planning.models import PlanRow


def plan_of(row: PlanRow) -> Plan:
    """The core plan a row keeps."""
    return plan_from_json(row.body)


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


def _heads(strength: Strength) -> dict[str, int]:
    return {f.value: n for f, n in strength.items() if n}


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

"""Every read of plans, and what they say of a village."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kondusif import plan as core
from kondusif.forces import Strength
from kondusif.places import Point, within
from kondusif.plan import ExtraPosts, Plan, plan_from_json
from kondusif_web.election.facts import desa_of
from kondusif_web.election.models import Operation
from kondusif_web.planning.models import PlanRow, PlanState
from kondusif_web.posts.queries import units


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


def approved_plan(operation: Operation) -> PlanRow | None:
    """The plan in force; None before one is approved."""
    return PlanRow.objects.filter(operation=operation, state=PlanState.APPROVED).first()


def shortfall(row: PlanRow) -> tuple[int, int]:
    """Heads that nobody fills, and all that are needed, as the plan keeps them."""
    missing = sum(heads for _, _, heads, _ in row.body["unmet"])
    return missing, sum(sum(post["need"].values()) for post in row.body["posts"])


def open_plan(operation: Operation) -> PlanRow | None:
    """The newest draft or proposed plan, waiting for a decision; None when there is none."""
    waiting = PlanRow.objects.filter(operation=operation, state__in=(PlanState.DRAFT, PlanState.PROPOSED))
    return waiting.order_by("-version").first()


def first_covered(operation: Operation) -> dict[str, datetime]:
    """When an approved plan first covered each village, whatever versions followed (RULES 13)."""
    rows = PlanRow.objects.filter(operation=operation, approved_at__isnull=False).order_by("-approved_at")
    return {kode: at for scope, at in rows.values_list("scope", "approved_at") for kode in scope}


def plan_starts(operation: Operation) -> dict[str, datetime]:
    """When security begins by place (desa, TPS) and post; empty before a plan is approved.

    A desa's moment is by its own class; one of its TPS may begin earlier by a higher class of its own.
    """
    row = approved_plan(operation)
    return dict(plan_of(row).starts) if row else {}


def readiness(operation: Operation) -> tuple[core.Readiness, ...]:
    """F01 and F03 per village from the last approved plan; empty before one is approved (RULES 5)."""
    row = approved_plan(operation)
    if row is None:
        return ()
    desa = [desa_of(d) for d in operation.desa.all()]
    return core.readiness(plan_of(row), desa, units(operation))

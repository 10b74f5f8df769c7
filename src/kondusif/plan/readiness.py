"""What a plan says of a village's readiness: items F01 and F03 of the next assessment (RULES 5)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kondusif.answers.answer import Answer, Given
from kondusif.forces import Unit
from kondusif.places import Desa, area_of, travel_minutes
from kondusif.plan.answer import Plan

PLAN_IDS = uuid.UUID("9a3a6c52-0f4e-5a0f-8a57-8a1c4d3be0d4")  # names answers taken from a plan
ITEMS = ("F01", "F03")  # answered by shortfall and reserve_minutes
RATER = "rencana"  # who says F01 and F03


@dataclass(frozen=True, slots=True)
class Readiness:
    """``shortfall`` (F01) per cent of the village's need that is unmet; ``reserve_minutes`` (F03) or None.

    None means that no reserve is assigned or a position is unknown: no number rather than a good one.
    """

    desa: str
    shortfall: float
    reserve_minutes: float | None


def readiness(plan: Plan, desa: Sequence[Desa], units: Sequence[Unit]) -> tuple[Readiness, ...]:
    """Readiness of every village that has posts in the plan, in code order."""
    return tuple(
        Readiness(d.kode, _shortfall(plan, d.kode), _reserve_minutes(plan, d, units))
        for d in sorted(desa, key=lambda d: d.kode)
        if d.kode in plan.posts_in
    )


def plan_answers(plan: str, found: Iterable[Readiness], on: date) -> tuple[Answer, ...]:
    """F01 and F03 as answers of ``on`` (RULES 5); what the plan cannot say stays missing.

    ``plan`` is its id or digest: one plan gives one answer per village and item, whatever the day.
    """
    return tuple(
        Answer(
            id=str(uuid.uuid5(PLAN_IDS, f"{plan}/{ready.desa}/{item}")),
            place=ready.desa,
            item=item,
            value=float(value),
            word="",
            given=Given.VALUE,
            on=on,
            source=f"Rencana {plan[:8]}",
            rater=RATER,
        )
        for ready in found
        for item, value in zip(ITEMS, (ready.shortfall, ready.reserve_minutes), strict=True)
        if value is not None
    )


def _shortfall(plan: Plan, desa: str) -> float:
    need = sum(p.need.total for p in plan.posts_in[desa])
    return round(100 * plan.missing_in(desa).total / need, 2) if need else 0.0


def _reserve_minutes(plan: Plan, desa: Desa, units: Sequence[Unit]) -> float | None:
    """From where the kecamatan's reserve waits to the village, over units that may stand in it."""
    allowed = {u.kode for u in units if not any(_covers(area, desa.kode) for area in u.not_at)}
    waits = [
        post.at
        for post in plan.posts_in.get("", ())
        if post.jenis == "cadangan"
        and post.kode.startswith(area_of(desa.kode) + "-")
        and any(a.unit in allowed for a in plan.assigned_at.get(post.kode, ()))
    ]
    known = [travel_minutes(at, desa.at) for at in waits if at and desa.at]
    return round(min(known), 1) if known else None


def _covers(area: str, desa: str) -> bool:
    """Whether a bar on ``area`` touches the village: it is the area, in it, or holds it as a station."""
    return area == desa or desa.startswith(area + ".") or area.startswith(desa + "-")

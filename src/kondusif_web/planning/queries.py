"""Every read of plans, and what they say of a village."""

from __future__ import annotations

from datetime import datetime

from kondusif import plan as core
from kondusif_web.election.facts import desa_of
from kondusif_web.election.models import Operation
from kondusif_web.planning.facts import plan_of
from kondusif_web.planning.models import PlanRow, PlanState
from kondusif_web.posts.queries import units


def approved_plan(operation: Operation) -> PlanRow | None:
    """The plan in force; None before one is approved."""
    return PlanRow.objects.filter(operation=operation, state=PlanState.APPROVED).first()


def open_plan(operation: Operation) -> PlanRow | None:
    """The newest draft or proposed plan, waiting for a decision; None when there is none."""
    waiting = PlanRow.objects.filter(operation=operation, state__in=(PlanState.DRAFT, PlanState.PROPOSED))
    return waiting.order_by("-version").first()


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

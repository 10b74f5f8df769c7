"""Every read of forces, plans and postings; what a person sees begins with their areas and role."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kondusif import plan as core
from kondusif.forces import Unit
from kondusif.withdraw import PostingCount
from kondusif_web.accounts.roles import Role, may
from kondusif_web.accounts.visible import in_areas
from kondusif_web.deployment.facts import count_of, plan_of, unit_of
from kondusif_web.deployment.models import ForceUnit, PlanRow, PlanState, PostingRow
from kondusif_web.election.facts import desa_of
from kondusif_web.election.models import Membership, Operation


def units(operation: Operation) -> tuple[Unit, ...]:
    """Every unit of the operation, in code order."""
    return tuple(unit_of(row) for row in ForceUnit.objects.filter(operation=operation).order_by("kode"))


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


def postings_visible_to(operation: Operation, user: Membership) -> QuerySet[PostingRow, Any]:
    """Postings in the person's areas for those who see the plan; for a field officer only their own post.

    Cancelled ones are included: the list of a muster shows that an order was taken back.
    """
    rows = PostingRow.objects.filter(operation=operation).select_related("unit", "plan", "moved_by__user")
    if user.is_authenticated and user.is_active and user.role == Role.PETUGAS:
        return in_areas(rows.filter(post=user.post), user, "post") if user.post else rows.none()
    if not may(user, "see_plan"):
        return rows.none()
    return in_areas(rows, user, "post")


def posting_counts(operation: Operation, desa: str) -> tuple[PostingCount, ...]:
    """Postings of a village that were not cancelled, counted for its gates (items 15 and home)."""
    rows = PostingRow.objects.filter(operation=operation, desa=desa).exclude(state="cancelled")
    return tuple(count_of(row) for row in rows.order_by("post", "unit__kode"))

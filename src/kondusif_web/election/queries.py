"""Reads of operations, their people and their places."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from kondusif.lifecycle import Phase
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import Role, in_areas, may
from kondusif_web.election.models import Boundary, Desa, Membership, Operation, Retired, Tps

ABOVE_PLANNER = (Role.KAPOLSEK, Role.KAPOLRES)  # who signs what a planner proposes


def working() -> QuerySet[Membership]:
    """Memberships that count. An administrator keeps accounts and does nothing else (RULES 20)."""
    rows = Membership.objects.filter(active=True).exclude(user__role=Role.ADMIN)
    return rows.select_related("operation", "user")


def membership(user: User, kode: str) -> Membership | None:
    """What the person is in the operation; None where there is no such operation, or no place in it.

    Both are one answer, so that nobody learns of an operation by asking for it (RULES 36). ``elsewhere`` on
    the row says whether the person works in another operation too.
    """
    others = working().filter(user=OuterRef("user")).exclude(pk=OuterRef("pk"))
    rows = working().annotate(elsewhere=Exists(others.order_by()))
    return rows.filter(operation__kode=kode, user=user).first()


def memberships(user: User) -> QuerySet[Membership]:
    """The operations that the person works in, live ones first, then the newest vote."""
    rows = working().filter(user=user)
    return rows.order_by("operation__drill", "-operation__vote_at", "operation__kode")


def colleagues(user: User) -> QuerySet[Membership]:
    """Who works beside the person in any operation of theirs, the newest vote first."""
    mine = working().filter(user=user).values("operation")
    rows = working().filter(operation__in=mine, user__is_active=True).exclude(user=user)
    return rows.order_by("-operation__vote_at", "operation__kode", "role", "user__username")


def comes_along(member: Membership, drill: bool) -> bool:
    """Whether who begins an operation may bring this colleague: into a drill anybody; into a live one people
    of live ones, and nobody who signs above a planner. Those the administrator adds (RULES 36)."""
    return drill or not (member.operation.drill or member.role in ABOVE_PLANNER)


def finished(operation: Operation) -> list[Operation]:
    """Earlier operations of the office, closed or archived, that share a village with this one, newest first.

    Live ones for a live operation and drills for a drill: what was played says nothing of a real vote. For
    the office itself: what is shown to a person is :func:`finished_with`, or names no operation.
    """
    rows = Operation.objects.filter(
        phase__in=(Phase.CLOSED, Phase.ARCHIVED),
        vote_at__lt=operation.vote_at,
        drill=operation.drill,
        desa__kode__in=operation.desa.values("kode"),
    ).exclude(pk=operation.pk)
    return list(rows.distinct().order_by("-vote_at", "kode"))


def finished_with(operation: Operation, member: Membership, permission: str) -> list[Membership]:
    """What the same person still is in :func:`finished` operations that give the permission, newest first.

    Whoever begins an operation over the same villages reads nothing of an earlier one by that (RULES 36).
    """
    earlier = finished(operation)
    there = {m.operation_id: m for m in working().filter(user=member.user_id, operation__in=earlier)}
    return [there[o.pk] for o in earlier if o.pk in there and may(there[o.pk], permission)]


def joinable(user: User) -> QuerySet[Operation]:
    """Operations that the account may still be given a place in."""
    rows = Operation.objects.exclude(phase=Phase.ARCHIVED).exclude(members__user=user)
    return rows.order_by("drill", "-vote_at", "kode")


def covers(member: Membership, operation: Operation) -> bool:
    """Whether the person's areas hold every voting village: what is done for all is not done from a part."""
    voting = operation.desa.filter(memilih=True)
    return not voting.exclude(pk__in=in_areas(voting, member).order_by().values("pk")).exists()


def desa_visible_to(operation: Operation, member: Membership) -> QuerySet[Desa]:
    """Villages of the operation inside the person's areas."""
    return in_areas(Desa.objects.filter(operation=operation), member)


def tps_visible_to(operation: Operation, member: Membership) -> QuerySet[Tps]:
    """Stations inside the person's areas."""
    return in_areas(Tps.objects.filter(operation=operation).select_related("desa"), member)


def boundaries(operation: Operation) -> dict[str, Boundary]:
    """Official boundaries by desa code; their full coordinates are not read."""
    rows = Boundary.objects.filter(operation=operation, desa__in=operation.desa.all())
    rows = rows.select_related("desa").defer("polygons")
    return {row.desa.kode: row for row in rows}


def retired_visible_to(operation: Operation, member: Membership) -> QuerySet[Retired]:
    """Places out of use inside the person's areas; a station that went with its village stands with it."""
    rows = Retired.objects.filter(operation=operation, restored_at__isnull=True, along="")
    return in_areas(rows.select_related("by__user"), member)


def place_names(operation: Operation) -> dict[str, str]:
    """What people call each village and station, by code."""
    stations = operation.tps.select_related("desa")
    return {d.kode: d.nama for d in operation.desa.all()} | {t.kode: str(t) for t in stations}


def village_of(operation: Operation, kode: str) -> Desa:
    """The village that a row of the operation speaks of, retired or not. Raises Desa.DoesNotExist."""
    return Desa._base_manager.get(operation=operation, kode=kode)

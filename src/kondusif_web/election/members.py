"""Every write on the people of an operation: who is what in it (RULES 20, 36)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from kondusif.errors import Conflict, NotAllowed
from kondusif.places import official
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import Role, require
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import colleagues, comes_along
from kondusif_web.logbook.actions import record, saved


@transaction.atomic
def add_member(
    *,
    operation: Operation,
    user: User,
    role: str,
    jabatan: str = "",
    prefixes: Sequence[str] = (),
    post: str = "",
    by: User | None,
    now: datetime,
) -> Membership:
    """Give an account its place in an operation; ``by`` None only from the command line.

    Raises Conflict when it has one or is an administrator, NotAllowed, ValidationError.
    """
    _may_change(user, by)
    if user.role == Role.ADMIN:
        raise Conflict("administrator", username=user.username)
    if Membership.objects.filter(operation=operation, user=user).exists():
        raise Conflict("member_already", username=user.username)
    return _join(operation, user, role, jabatan or user.jabatan, prefixes, post, by, now)


@transaction.atomic
def change_member(
    *,
    operation: Operation,
    username: str,
    role: str,
    jabatan: str,
    prefixes: Sequence[str],
    post: str,
    active: bool = True,
    by: User,
    now: datetime,
) -> Membership:
    """Role, title, areas and post in one operation, or the end of it there. Nobody changes their own."""
    member = Membership.objects.select_for_update().get(operation=operation, user__username=username)
    _may_change(member.user, by)
    member.role, member.jabatan, member.prefixes = role, jabatan, _areas(prefixes)
    member.post, member.active = official(post), active
    return _recorded("member_changed", saved(member), by, now, active=active)


@transaction.atomic
def end_member(*, operation: Operation, username: str, by: User, now: datetime) -> Membership:
    """End a place in an archived operation, the one thing that still changes there; it is not given back.

    Raises Conflict for an operation that runs, where :func:`change_member` does it, and for a place that has
    ended, NotAllowed.
    """
    rows = Membership.objects.select_for_update(of=("self",)).select_related("operation", "user")
    member = rows.get(operation=operation, user__username=username)
    _may_change(member.user, by)
    if not (member.operation.archived and member.active):
        raise Conflict("member_stays", username=username)
    member.active = False
    member.save()
    return _recorded("member_ended", member, by, now)


@transaction.atomic
def first_member(*, operation: Operation, prefixes: Sequence[str], by: User, now: datetime) -> Membership:
    """Who begins an operation is the first in it. Raises Conflict once it has a member, NotAllowed."""
    require(by, "begin_operation")
    if operation.members.exists():
        raise Conflict("members_already", operation=operation.kode)
    return _join(operation, by, Role.PLANNER, by.jabatan, prefixes, "", by, now)


@transaction.atomic
def take_over(
    *, operation: Operation, members: Iterable[Membership], by: User, now: datetime
) -> list[Membership]:
    """Who begins an operation brings along people of earlier ones, each as they are there.

    Who is named from two comes as in the first. Everybody else is added by the administrator. Raises
    NotAllowed unless ``by`` is still alone in the new operation, works beside each of them, and each may come
    along.
    """
    require(by, "begin_operation")
    wanted = {m.user_id: m for m in reversed(list(members)) if m.user_id != by.pk}
    beside = colleagues(by).filter(pk__in=[m.pk for m in wanted.values()])
    coming = sum(comes_along(m, operation.drill) for m in beside)
    alone = list(operation.members.values_list("user_id", flat=True)) == [by.pk]
    if not alone or coming != len(wanted):
        raise NotAllowed("role", permission="begin_operation")
    return [
        _join(operation, m.user, m.role, m.jabatan, m.prefixes, m.post, by, now)
        for m in reversed(wanted.values())
    ]


def _may_change(user: User, by: User | None) -> None:
    if by is not None:
        require(by, "manage_accounts")
        if by.pk == user.pk:
            raise Conflict("own_account", username=user.username)


def _join(
    operation: Operation,
    user: User,
    role: str,
    jabatan: str,
    prefixes: Sequence[str],
    post: str,
    by: User | None,
    now: datetime,
) -> Membership:
    member = Membership(
        operation=operation,
        user=user,
        role=role,
        jabatan=jabatan,
        prefixes=_areas(prefixes),
        post=official(post),
    )
    return _recorded("member_added", saved(member), by, now)


def _areas(codes: Iterable[str]) -> list[str]:
    """Codes of areas in their official spelling; what is none is refused when the row is saved."""
    return [official(code) for code in codes]


def _recorded(kind: str, member: Membership, by: User | None, now: datetime, **more: object) -> Membership:
    payload = {"role": member.role, "prefixes": member.prefixes, **more}
    record(kind, member, by=by, now=now, subject=member.username, payload=payload)
    return member

"""Every write on the people of an operation: who is what in it (RULES 20, 36)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from kondusif.errors import Conflict
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import Role, require
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import working
from kondusif_web.logbook.actions import record


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
    """Give an account its place in an operation; ``by`` None from the command line and for who begins it.

    Raises Conflict when it has one or is an administrator, NotAllowed, ValidationError.
    """
    _may_change(user, by)
    if user.role == Role.ADMIN:
        raise Conflict("an administrator works in no operation", why="administrator", username=user.username)
    if Membership.objects.filter(operation=operation, user=user).exists():
        raise Conflict("the account is a member already", username=user.username)
    member = Membership(
        operation=operation,
        user=user,
        role=role,
        jabatan=jabatan or user.jabatan,
        prefixes=list(prefixes),
        post=post,
    )
    member.full_clean()
    member.save()
    payload = {"role": member.role, "prefixes": member.prefixes}
    _line("member_added", member, payload, by, now)
    return member


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
    member.role, member.jabatan, member.prefixes = role, jabatan, list(prefixes)
    member.post, member.active = post, active
    member.full_clean()
    member.save()
    payload = {"role": member.role, "prefixes": member.prefixes, "active": active}
    _line("member_changed", member, payload, by, now)
    return member


@transaction.atomic
def copy_members(*, source: Operation, target: Operation, by: User | None, now: datetime) -> list[Membership]:
    """Everybody who works in ``source`` becomes the same in ``target``; who is there already stays as is."""
    there = set(target.members.values_list("user_id", flat=True))
    rows = working().filter(operation=source, user__is_active=True).exclude(user_id__in=there)
    return [
        add_member(
            operation=target,
            user=row.user,
            role=row.role,
            jabatan=row.jabatan,
            prefixes=row.prefixes,
            post=row.post,
            by=by,
            now=now,
        )
        for row in rows.exclude(user=by)
    ]


def _may_change(user: User, by: User | None) -> None:
    if by is not None:
        require(by, "manage_accounts")
        if by.pk == user.pk:
            raise Conflict("an account cannot change itself here", username=user.username)


def _line(kind: str, member: Membership, payload: dict[str, object], by: User | None, now: datetime) -> None:
    record(
        kind,
        by=by,
        now=now,
        operation=member.operation,
        subject=member.user.username,
        payload=payload,
        rows=[member],
    )

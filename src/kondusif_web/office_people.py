"""The commands of ``kondusif-office`` about accounts, members, and how far an operation has come."""

from __future__ import annotations

import argparse

from django.db import transaction

from kondusif.cli.terminal import OK, REFUSED, USAGE
from kondusif.lifecycle import Phase
from kondusif_web.accounts.actions import create_account, one_time_password, reset_password
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import MEMBER_ROLES, OFFICE_ROLES, Role
from kondusif_web.election.actions import move_operation
from kondusif_web.election.members import add_member
from kondusif_web.election.models import Operation
from kondusif_web.terminal import at, named, passwords, say
from kondusif_web.withdrawal.queries import voting_postures


def user_add(args: argparse.Namespace) -> int:
    """The first administrator, or anyone; the password is shown once and due for change."""
    inside = args.operation is not None
    if wrong := _wrong(args, inside):
        return say(wrong, USAGE)
    operation = named(args.operation) if inside else None
    password = one_time_password()
    with transaction.atomic():
        user = create_account(
            username=args.username,
            role="" if inside else args.role,
            jabatan=args.jabatan,
            password=password,
            by=None,
            now=at(),
        )
        if operation is not None:
            _join(args, operation, user)
    passwords({args.username: password})
    return OK


def user_member(args: argparse.Namespace) -> int:
    """A place in an operation for an account that is there."""
    if wrong := _wrong(args, inside=True):
        return say(wrong, USAGE)
    operation = named(args.operation)
    user = User.objects.filter(username=args.username).first()
    if user is None:
        return say(f"Akun {args.username} tidak ada.", REFUSED)
    _join(args, operation, user)
    print(f"{args.username} menjadi {args.role} dalam operasi {operation.kode}.")
    return OK


def _wrong(args: argparse.Namespace, inside: bool) -> str:
    """What is wrong with a role and where it is to count, else nothing."""
    if args.role and args.role not in set(Role):
        return f"Peran {args.role} tidak dikenal: {', '.join(Role)}"
    if inside and args.role not in MEMBER_ROLES:
        return f"Peran dalam operasi: {', '.join(sorted(MEMBER_ROLES))}"
    if not inside and (args.area or args.post):
        return "Wilayah dan pos berlaku dalam operasi: tulis juga --operation KODE."
    if not inside and args.role and args.role not in OFFICE_ROLES:
        return (
            f"Peran {args.role} berlaku dalam operasi: tulis juga --operation KODE. "
            f"Peran di kantor: {', '.join(sorted(OFFICE_ROLES))}"
        )
    return ""


def _join(args: argparse.Namespace, operation: object, user: object) -> None:
    add_member(
        operation=operation,
        user=user,
        role=args.role,
        jabatan=args.jabatan,
        prefixes=args.area,
        post=args.post,
        by=None,
        now=at(operation),
    )


def user_reset(args: argparse.Namespace) -> int:
    """A new one-time password."""
    try:
        password = reset_password(username=args.username, by=None, now=at())
    except User.DoesNotExist:
        return say(f"Akun {args.username} tidak ada.", REFUSED)
    passwords({args.username: password})
    return OK


# ---------------------------------------------------------------- operations


def operation_list(args: argparse.Namespace) -> int:
    """Code, phase, day of the vote, kind and name, one operation a line."""
    rows = list(Operation.objects.order_by("drill", "-vote_at", "kode"))
    width = max((len(o.kode) for o in rows), default=0)
    for o in rows:
        kind = "LATIHAN" if o.drill else "sungguhan"
        print(f"{o.kode:<{width}}  {o.phase:<9}  {o.local_vote:%Y-%m-%d}  {kind:<9}  {o.nama}")
    return OK


def operation_move(args: argparse.Namespace) -> int:
    """Run, close, open again or archive. Refused as on the page, but by nobody's account."""
    operation = named(args.kode)
    move_operation(
        operation=operation,
        to=Phase(args.to),
        postures=voting_postures(operation),
        reason=args.reason,
        by=None,
        now=at(operation),
    )
    print(f"Operasi {operation.kode}: {args.to}")
    return OK

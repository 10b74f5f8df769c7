"""Every write on accounts, one function per verb."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from kondusif.errors import Conflict
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import require
from kondusif_web.logbook.actions import record, saved
from kondusif_web.logbook.queries import filtered

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike when read aloud or from paper


def one_time_password() -> str:
    """Four groups of four letters, about 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


@transaction.atomic
def create_account(
    *,
    username: str,
    role: str = "",
    jabatan: str = "",
    password: str | None = None,
    must_change: bool = True,
    by: User | None,
    now: datetime,
) -> User:
    """A new account; ``role`` for the office as a whole, blank for most; ``by`` None only from the command
    line. Raises Conflict, NotAllowed, ValidationError."""
    if by is not None:
        require(by, "manage_accounts")
    if User.objects.filter(username=username).exists():
        raise Conflict("account_taken", username=username)
    user = User(username=username, role=role, jabatan=jabatan, must_change=must_change)
    user.set_password(password)
    saved(user)
    record("account_created", user, by=by, now=now, subject=username, payload={"role": user.role})
    return user


@transaction.atomic
def change_account(*, username: str, role: str, jabatan: str, by: User, now: datetime) -> User:
    """Role in the office and title. Nobody changes their own account, so no administrator rises alone."""
    user = _locked(username, by)
    user.role, user.jabatan = role, jabatan
    saved(user)
    record("account_changed", user, by=by, now=now, subject=username, payload={"role": user.role})
    return user


@transaction.atomic
def set_active(*, username: str, active: bool, by: User, now: datetime) -> User:
    """Close or open an account. A closed one is signed out at its next request."""
    user = _locked(username, by)
    user.is_active = active
    user.save()
    record("account_opened" if active else "account_closed", user, by=by, now=now, subject=username)
    return user


@transaction.atomic
def reset_password(*, username: str, by: User | None, now: datetime) -> str:
    """A new one-time password, returned once and kept nowhere; signs the account out everywhere."""
    user = _locked(username, by)
    password = one_time_password()
    user.set_password(password)
    user.must_change = True
    user.save()
    record("password_reset", user, by=by, now=now, subject=username)
    return password


@transaction.atomic
def demand_own_password(*, user: User, now: datetime) -> None:
    """Who never chose a password of their own must at the next request: others may know the printed one."""
    chosen = filtered("", kind="password_changed").filter(subject=user.username)
    if user.must_change or chosen.exists():
        return
    user.must_change = True
    user.save()
    record("account_changed", user, by=None, now=now, subject=user.username, payload={"role": user.role})


@transaction.atomic
def change_password(*, user: User, password: str, now: datetime) -> User:
    """One's own password. Raises ValidationError with every rule it breaks."""
    user = User.objects.select_for_update().get(pk=user.pk)
    validate_password(password, user)
    user.set_password(password)
    user.must_change = False
    user.save()
    record("password_changed", user, by=user, now=now, subject=user.username)
    return user


def _locked(username: str, by: User | None) -> User:
    if by is not None:
        require(by, "manage_accounts")
        if by.username == username:
            raise Conflict("own_account", username=username)
    return User.objects.select_for_update().get(username=username)

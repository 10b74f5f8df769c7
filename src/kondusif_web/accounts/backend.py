"""Sign-in by account name, with nothing of Django's permissions; and guessing passwords gets slow.

Wrong ones are counted per name from one address, per name, and per address, in the database. A stranger's
wrong guesses soon stop that stranger; they take longer to shut out the account's owner.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.backends import BaseBackend
from django.db import transaction
from django.http import HttpRequest

from kondusif_web.accounts.models import Guess, User

TRIES = {"pair": 5, "name": 20, "from": 30}  # wrong passwords in a row; an office shares one address
WAIT = timedelta(minutes=15)  # after the last wrong one


class Backend(BaseBackend):
    """Name and password. An unknown name costs as much time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None
    ) -> User | None:
        user = User.objects.filter(username=username or "").first()
        if user is None:
            User().set_password(password or "")
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


def keys(username: str, address: str) -> tuple[str, str, str]:
    """What is counted. Names that do not exist count too, so the answer tells nothing about them."""
    name, sender = username.lower()[:80], address[:60]
    return f"pair:{name}@{sender}", f"name:{name}", f"from:{sender}"


def blocked_until(username: str, address: str, now: datetime) -> datetime | None:
    """When guessing may go on, or None when it may now."""
    until = None
    for row in Guess.objects.filter(key__in=keys(username, address)):
        if row.count >= TRIES[row.key.partition(":")[0]] and row.last_at + WAIT > now:
            until = max(filter(None, (until, row.last_at + WAIT)))
    return until


@transaction.atomic
def count_wrong(username: str, address: str, now: datetime) -> None:
    """One more wrong password; a count older than the wait begins anew."""
    for key in keys(username, address):
        row, made = Guess.objects.select_for_update().get_or_create(key=key, defaults={"last_at": now})
        row.count = 1 if made or row.last_at + WAIT <= now else row.count + 1
        row.last_at = now
        row.save()
    Guess.objects.filter(last_at__lt=now - 4 * WAIT).delete()


def forget(username: str, address: str) -> None:
    """The right password: the name's counts go; the address keeps its own."""
    Guess.objects.filter(key__in=keys(username, address)[:2]).delete()

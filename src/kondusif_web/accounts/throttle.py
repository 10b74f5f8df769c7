"""Guessing passwords gets slow: counts per name from one address, per name, and per address, in the database.

A stranger's wrong guesses soon stop that stranger; they take longer to shut out the account's owner.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from kondusif_web.accounts.models import Guess

TRIES = {"pair": 5, "name": 20, "from": 30}  # wrong passwords in a row; an office shares one address
WAIT = timedelta(minutes=15)  # after the last wrong one


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

"""Guessing passwords gets slow: counts per account name and per address, kept in the database."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from kondusif_web.accounts.models import Guess

TRIES = {"name": 5, "from": 30}  # wrong passwords in a row; an office shares one address
WAIT = timedelta(minutes=15)  # after the last wrong one


def keys(username: str, address: str) -> tuple[str, str]:
    """What is counted. Names that do not exist count too, so the answer tells nothing about them."""
    return f"name:{username.lower()[:100]}", f"from:{address[:60]}"


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


def forget(username: str) -> None:
    """The right password: the name's count goes; the address keeps its own."""
    Guess.objects.filter(key=keys(username, "")[0]).delete()

"""The server's clock, asked here and nowhere else: everything that decides is given the operation's."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def server_now() -> datetime:
    """An aware moment, UTC."""
    return timezone.now()  # noqa: TID251

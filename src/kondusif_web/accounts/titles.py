"""Titles for the usernames that stand in the book: people read titles, the book keeps accounts."""

from __future__ import annotations

from kondusif_web.accounts.models import User


def titles() -> dict[str, str]:
    """Username to title, of every account, closed ones too."""
    return {user.username: str(user) for user in User.objects.all()}

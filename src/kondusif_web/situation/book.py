"""The words for every kind the book may say; a test holds them against ``kondusif.events``."""

from __future__ import annotations

from kondusif_web.accounts.titles import titles
from kondusif_web.election.models import Operation
from kondusif_web.words import lazy_table

KINDS = lazy_table("events")


def writers(operation: Operation) -> dict[str, str]:
    """Username to title in the operation; of who is none of its people, the title in the office."""
    members = operation.members.select_related("user")
    return titles() | {member.username: str(member) for member in members}

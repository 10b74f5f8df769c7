"""What the public may read, and when, so that nothing is told by inference (RULES 22, method 7.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from kondusif.dialogue import Commitment, Standing, standing

COUNTS_FROM = 10  # villages; fewer would name them (RULES 22 [P])
KEPT_AFTER = timedelta(hours=24)  # after the last unit left (RULES 22 [P])


def public_counts(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Villages per class, from ten villages up; nothing below."""
    return counts if sum(counts.values()) >= COUNTS_FROM else {}


def public_standing(commitment: Commitment, *, now: datetime, last_left_at: datetime | None) -> Standing:
    """ "Kept" waits until a day after the last unit left, so that it never tells that a village is empty."""
    found = standing(commitment, now=now, gate_opened_at=last_left_at)
    if found is Standing.KEPT and (last_left_at is None or now < last_left_at + KEPT_AFTER):
        return Standing.RUNNING
    return found

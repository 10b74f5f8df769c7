"""Moments that the buttons of a drill move to, counted from the vote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kondusif.stages import Election

# Code, days from H, local hour. The codes have their words in ``wording.MARKS``.
MARKS: tuple[tuple[str, int, time], ...] = (
    ("ukur", -21, time(18)),
    ("rencana", -7, time(12)),
    ("geser-3", -3, time(8)),
    ("geser", -1, time(19)),
    ("pungut", 0, time(7, 30)),
    ("siaga", 0, time(23)),
    ("tegang", 1, time(14, 5)),
    ("tenang", 2, time(17)),
    ("keberatan", 4, time(12)),
    ("pelantikan", 59, time(17)),
    ("tutup", 70, time(12)),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One button: ``h`` days from the vote, and the moment it stands for."""

    kode: str
    h: int
    at: datetime


def marks(election: Election) -> tuple[Mark, ...]:
    """Every mark of this vote, in order."""
    return tuple(
        Mark(kode, days, datetime.combine(election.day + timedelta(days=days), hour, tzinfo=election.zone))
        for kode, days, hour in MARKS
    )

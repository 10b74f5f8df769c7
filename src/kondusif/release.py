"""What the public may read, and when, so that nothing is told by inference (RULES 22, method 7.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from kondusif.dialogue import (
    LEVELS,
    Answered,
    Commitment,
    Part,
    Standing,
    Status,
    Topic,
    force_of,
    standing,
)
from kondusif.forces import Force

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


def public_answer(
    part: Part,
    commitments: Iterable[Commitment],
    *,
    planned: bool,
    every_tps_posted: bool,
    promised: bool,
) -> tuple[Answered, str]:
    """How a part of a question stands for the public, and the code of the one sentence that says so.

    The same for all villages: an approved plan answers for the police, only Koramil for the TNI.
    """
    if part.topic is Topic.STAY and part.force is Force.TNI:
        return _koramil_stays(commitments)
    if part.topic in (Topic.START, Topic.STAY, Topic.AROUND_TPS):
        return _by_plan(part.topic, every_tps_posted) if planned else (Answered.OPEN, "terms")
    return (Answered.ANSWERED, "promised") if promised else (Answered.OPEN, "no_answer")


def _koramil_stays(commitments: Iterable[Commitment]) -> tuple[Answered, str]:
    owned = [c for c in commitments if c.topic is Topic.STAY and force_of(c.owner) is Force.TNI]
    stands = [c for c in owned if c.status not in (Status.OFFERED, Status.BROKEN)]
    if not stands:
        return Answered.OPEN, "awaits_koramil"
    every = any(not c.levels or set(c.levels) == set(LEVELS) for c in stands)
    return (Answered.ANSWERED if every else Answered.PARTLY), "koramil_stays"


def _by_plan(topic: Topic, every_tps_posted: bool) -> tuple[Answered, str]:
    if topic is Topic.AROUND_TPS:
        return (Answered.ANSWERED, "every_tps") if every_tps_posted else (Answered.PARTLY, "at_the_place")
    return Answered.ANSWERED, "starts" if topic is Topic.START else "stays"

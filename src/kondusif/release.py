"""What the public may read, and when, so that nothing can be inferred (RULES 22, method 7.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from kondusif.dialogue import (
    OWNED_STATUSES,
    AnswerStatus,
    Commitment,
    CommitmentState,
    Part,
    Topic,
    commitment_state,
    force_of,
)
from kondusif.forces import Force
from kondusif.stages import LEVELS

COUNTS_FROM = 10  # villages; fewer would name them (RULES 22 [P])
KEPT_AFTER = timedelta(hours=24)  # after the last unit left (RULES 22 [P])


def public_counts(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Villages per class, from ten villages up; nothing below."""
    return counts if sum(counts.values()) >= COUNTS_FROM else {}


def public_commitment_state(
    commitment: Commitment, *, now: datetime, last_left_at: datetime | None
) -> CommitmentState:
    """ "Kept" waits until a day after the last unit left, so that nobody infers that a village is empty."""
    found = commitment_state(commitment, now=now, gate_opened_at=last_left_at)
    if found is CommitmentState.KEPT and (last_left_at is None or now < last_left_at + KEPT_AFTER):
        return CommitmentState.RUNNING
    return found


def public_answer(
    part: Part,
    commitments: Iterable[Commitment],
    *,
    planned: bool,
    every_tps_posted: bool,
    promised: bool,
) -> tuple[AnswerStatus, str]:
    """How a part of a question stands for the public, and the code of the one sentence that says so.

    The same for all villages: an approved plan answers for the police, only Koramil for the TNI. Before
    a plan what was promised in public stands as the policy it was, naming no place.
    """
    if part.topic is Topic.STAY and part.force is Force.TNI:
        return _koramil_stays(commitments)
    if part.topic in (Topic.START, Topic.STAY, Topic.AROUND_TPS):
        return _by_plan(part.topic, every_tps_posted) if planned else _as_said(part, commitments)
    return (AnswerStatus.ANSWERED, "promised") if promised else (AnswerStatus.OPEN, "no_answer")


def promises_to_stay(commitments: Iterable[Commitment], force: Force | None) -> list[Commitment]:
    """Those to stay until safe, for levels by name, that stand and that this force owns; of any owner where
    ``force`` is None."""
    stay = [
        c
        for c in commitments
        if c.topic is Topic.STAY and c.status in OWNED_STATUSES and c.levels is not None
    ]
    return [c for c in stay if force is None or force_of(c.owner) is force]


def levels_promised(stands: Iterable[Commitment]) -> tuple[int, ...]:
    """The levels that at least one of the promises covers, in order."""
    stands = tuple(stands)
    return tuple(n for n in LEVELS if any(c.covers(n) for c in stands))


def _koramil_stays(commitments: Iterable[Commitment]) -> tuple[AnswerStatus, str]:
    stands = promises_to_stay(commitments, Force.TNI)
    if not stands:
        return AnswerStatus.OPEN, "awaits_koramil"
    every = levels_promised(stands) == LEVELS
    return (AnswerStatus.ANSWERED if every else AnswerStatus.PARTLY), "koramil_stays"


def _as_said(part: Part, commitments: Iterable[Commitment]) -> tuple[AnswerStatus, str]:
    stands = promises_to_stay(commitments, part.force)
    if part.topic is Topic.START or not stands:
        return AnswerStatus.OPEN, "terms"
    whole = part.topic is Topic.STAY and levels_promised(stands) == LEVELS
    return (AnswerStatus.ANSWERED if whole else AnswerStatus.PARTLY), "as_said"


def _by_plan(topic: Topic, every_tps_posted: bool) -> tuple[AnswerStatus, str]:
    if topic is Topic.AROUND_TPS:
        return (
            (AnswerStatus.ANSWERED, "every_tps")
            if every_tps_posted
            else (AnswerStatus.PARTLY, "at_the_place")
        )
    return AnswerStatus.ANSWERED, "starts" if topic is Topic.START else "stays"

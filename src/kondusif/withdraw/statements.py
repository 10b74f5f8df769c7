"""What people state from the field and what it counts for: situation reports, the resident, the dispute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import cast

from kondusif.errors import MoveRefused
from kondusif.withdraw.facts import PARTIES, VALUES, Check, Dispute, Value
from kondusif.withdraw.items import ITEMS

# Answers of the situation form and what each says of items 9 to 11; None says nothing (method 5.8).
SITUATION: Mapping[str, Mapping[str, tuple[int, Value] | None]] = MappingProxyType(
    {
        "people": {"none": (9, "yes"), "few": (9, "yes"), "some": (9, "no"), "many": (9, "no")},
        "mood": {"usual": (10, "yes"), "jeering": (10, "yes"), "pushing": (10, "no"), "threat": (10, "no")},
        "road": {"open": (11, "yes"), "slow": None, "shut": (11, "no")},
    }
)

REOPENING_TELLS = ("kapolsek", "planner", "kapolres", "camat", "danramil", "petugas")  # RULES 14
NOTICE_HOURS = 24  # [P] how long a re-opening or an incident is shown to the people concerned

ATTEMPTS_BEFORE_CAMAT = 2  # RULES 18: tries to reach a resident before the camat states for them

AGREEMENT_ITEM = 13  # each party answers for itself
DISPUTE_ITEM = 8  # of the checklist: no objection, or its hearing announced
# What may be recorded next: an objection is filed (open), decided (settled), or none was filed.
DISPUTE_MOVES: Mapping[Dispute, tuple[Dispute, ...]] = MappingProxyType(
    {"unknown": ("none", "open"), "none": ("open",), "open": ("settled",), "settled": ("open",)}
)


def said_by(answers: Mapping[str, str]) -> tuple[tuple[int, Value], ...]:
    """Checklist items and values that the answers of a situation report state, in their order.

    >>> said_by({"people": "many", "road": "slow"})
    ((9, 'no'),)
    """
    found = (SITUATION[question][answers[question]] for question in answers if question in SITUATION)
    return tuple(pair for pair in found if pair is not None)


def check_statement(item: int, value: str, party: str) -> None:
    """Raises :class:`MoveRefused` unless a line of the checklist has such an answer, of such a party."""
    of_a_party = item == AGREEMENT_ITEM
    known = item in ITEMS and value in VALUES and party in ("", *PARTIES)
    if not known or of_a_party != bool(party):
        raise MoveRefused("fact_unknown", item=item, value=value, party=party)


def check_complete(item: int, value: str, minutes: str) -> None:
    """Raises :class:`MoveRefused` where a statement lacks the number of its minutes (RULES 17)."""
    if ITEMS[item].minutes and value != "unknown" and not minutes.strip():
        raise MoveRefused("minutes_missing", item=item)


def camat_may_speak(attempts: int, last_answer: str) -> bool:
    """Whether the camat stands in for a resident: nobody reached, never for a "not yet" (RULES 18)."""
    return last_answer != "not_yet" and attempts >= ATTEMPTS_BEFORE_CAMAT


def check_dispute_move(a: str, b: str) -> None:
    """Raises :class:`MoveRefused` unless the table allows the step."""
    if b not in DISPUTE_MOVES[cast(Dispute, a)]:
        raise MoveRefused("dispute_step_unknown", state=a, to=b)


def dispute_of(recorded: str, checks: Iterable[Check], now: datetime) -> Dispute:
    """What was recorded; while nothing was, "none" only where item 8 says so (missing is not calm)."""
    if recorded != "unknown":
        return cast(Dispute, recorded)
    said = [c for c in checks if c.item == DISPUTE_ITEM and c.at <= now]
    last = max(said, key=lambda c: (c.at, c.id), default=None)
    return "none" if last and last.value in ("yes", "na") else "unknown"

"""What one person calmed: an answer that stands below the one before it, with nobody else behind it.

Nothing is refused here. One person may see that a place has become calmer; whoever reads or publishes the
class sees that it was one (method 9.7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kondusif.instrument.indicator import Indicator
from kondusif.measure.agreement import risk_of
from kondusif.measure.answers import UNKNOWN, Answer, Book, Given


@dataclass(frozen=True, slots=True)
class Brought:
    """An answer with the account that brought it in and when. ``together``: agreed in a joint review."""

    answer: Answer
    at: datetime
    account: str
    together: bool = False


@dataclass(frozen=True, slots=True)
class Calmed:
    """What stood, and the calmer one that stands now by one account's word."""

    before: Brought
    after: Brought


def calmed_alone(
    brought: Iterable[Brought], indicators: Mapping[str, Indicator], on: date
) -> tuple[Calmed, ...]:
    """Every place and item calmed by one account, ordered by place and item, as answers stand on a day.

    A second account whose answer since then is as calm or calmer stands behind it, and so does a joint
    review. A refusal or "unknown" calms nothing (RULES 2). What arrived in one moment is one step.
    """
    groups: dict[tuple[str, str], list[Brought]] = {}
    for b in brought:
        groups.setdefault((b.answer.place, b.answer.item), []).append(b)
    found = (_calmed(group, indicators, on) for _, group in sorted(groups.items()) if len(group) > 1)
    return tuple(c for c in found if c is not None)


def _calmed(group: list[Brought], indicators: Mapping[str, Indicator], on: date) -> Calmed | None:
    known = {b.answer.id: b for b in group}

    def risk(b: Brought) -> float:
        return risk_of(b.answer, indicators.get(b.answer.item))

    stood: list[tuple[datetime, Brought]] = []
    for at in sorted({b.at for b in group}):
        book = Book([b.answer for b in group if b.at <= at], on, indicators)
        latest = book.latest(group[0].answer.place, group[0].answer.item)
        if latest is not None and _says(latest):
            stood.append((at, known[latest.id]))
    if not stood:
        return None
    after = stood[-1][1]
    riskier = [(at, b) for at, b in stood if risk(b) > risk(after)]
    if not riskier or after.together:
        return None
    since, before = riskier[-1]
    behind = [b for b in group if b.at > since and _says(b.answer) and risk(b) <= risk(after)]
    if any(b.together for b in behind) or len({b.account for b in behind}) > 1:
        return None
    return Calmed(before, after)


def _says(answer: Answer) -> bool:
    return answer.given is not Given.REFUSED and answer.word != UNKNOWN

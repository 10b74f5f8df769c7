"""A record that was written wrong is mended beside the old one, which stays (RULES 26, 30; method 7.7).

What only adds or words better counts at once. What takes away something that was said, asked or promised
waits for a second person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from kondusif.stages import LEVELS

Facts = Mapping[str, Any]


class Corrected(StrEnum):
    """What may be corrected."""

    MEETING = "meeting"
    QUESTION = "question"
    COMMITMENT = "commitment"


def changed(before: Facts, after: Facts) -> tuple[str, ...]:
    """Names of the facts that differ, in their order."""
    return tuple(name for name in after if after[name] != before.get(name))


def taken_away(before: Facts, after: Facts) -> tuple[str, ...]:
    """Names of the facts of which a correction takes something away; () where it counts at once.

    A list loses an entry; a promise loses a level, gets other words, another topic or meeting, or comes due
    later; a part of a question gets another topic, a question another village.

    >>> taken_away({"levels": [2, 3], "text": "x"}, {"levels": [3], "text": "x"})
    ('levels',)
    """
    return tuple(name for name in changed(before, after) if LOSES[name](before.get(name), after[name]))


def _never(before: Any, after: Any) -> bool:
    return False


def _always(before: Any, after: Any) -> bool:
    return True


def _entry(before: Any, after: Any) -> bool:
    return bool(set(before) - set(after))


def _level(before: Any, after: Any) -> bool:
    """None names no level; [] of an old record is every level."""
    named = [() if levels is None else levels or LEVELS for levels in (before, after)]
    return bool(set(named[0]) - set(named[1]))


def _later(before: Any, after: Any) -> bool:
    """Moments in ISO form of one zone; no due moment is later than any."""
    return before is not None and (after is None or after > before)


def _topic_of_part(before: Any, after: Any) -> bool:
    """Parts as [topic, text], in their order; none is ever left out."""
    return [part[0] for part in before] != [part[0] for part in after[: len(before)]]


LOSES: Mapping[str, Callable[[Any, Any], bool]] = {
    **dict.fromkeys(("title", "at", "place", "host", "role", "question"), _never),
    **dict.fromkeys(("villages", "participants", "messages"), _entry),
    **dict.fromkeys(("desa", "text", "topic", "meeting"), _always),
    "parts": _topic_of_part,
    "levels": _level,
    "due": _later,
}

"""Answers: what was observed, where, when, by whom. Missing stays missing.

An answer is never edited. A later observation of the same place and item takes its place; a mistake is
mended by a new answer of the same place and item whose ``corrects`` names the old one (RULES 26).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from math import isfinite
from typing import Any

from kondusif.errors import Conflict
from kondusif.instrument.indicator import is_companion
from kondusif.logbook import digest
from kondusif.places import desa_of

YES, NO, UNKNOWN = "yes", "no", "unknown"  # the words of a companion


class Given(StrEnum):
    """What kind of answer was given."""

    VALUE = "value"
    NOT_APPLICABLE = "not_applicable"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``id`` is made by the client; ``place`` a desa or TPS code; ``on`` the day observed.

    A companion answers in ``word`` (yes, no, unknown), an indicator in ``value``, in its own unit.
    """

    id: str
    place: str
    item: str
    value: float | None
    word: str
    given: Given
    on: date
    source: str
    rater: str
    corrects: str = ""

    def __post_init__(self) -> None:
        if self.given is Given.VALUE:
            if is_companion(self.item):
                if self.word not in (YES, NO, UNKNOWN) or self.value is not None:
                    raise ValueError(f"{self.item} answers yes, no or unknown: {self.word!r}")
            elif self.value is None or self.word:
                raise ValueError(f"{self.item} answers with a number")
            elif not isfinite(self.value):
                raise ValueError(f"{self.item}: not a finite number")
            else:  # 1 and 1.0 are one content, with one digest
                object.__setattr__(self, "value", float(self.value))
        elif self.value is not None or self.word:
            raise ValueError(f"{self.item}: {self.given} carries no value")
        if self.corrects == self.id:
            raise ValueError(f"{self.id} corrects itself")

    def content(self) -> dict[str, Any]:
        """Plain values in a fixed form, for digests and files."""
        plain = {name: getattr(self, name) for name in _FIELDS}  # all plain: nothing to copy deep
        return {**plain, "given": str(self.given), "on": self.on.isoformat()}


_FIELDS = tuple(f.name for f in fields(Answer))


def distinct(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Each answer once, ordered by id. Raises ``Conflict`` when one id carries two contents (RULES 26)."""
    seen: dict[str, Answer] = {}
    for answer in answers:
        if seen.setdefault(answer.id, answer) != answer:
            raise Conflict("other_content", answer=answer.id)
    return tuple(seen[key] for key in sorted(seen))


def by_day_and_risk(answer: Answer, risks: Mapping[str, Any]) -> tuple[date, float, str]:
    """Sorts answers to one item so that the last one stands: the later day, then the riskier (method 1.2)."""
    if answer.given is not Given.VALUE:
        weight = -2.0
    elif is_companion(answer.item):
        weight = (NO, UNKNOWN, YES).index(answer.word)
    elif (indicator := risks.get(answer.item)) and answer.value is not None:
        weight = indicator.risk(answer.value)
    else:
        weight = -1.0
    return answer.on, weight, answer.id


class AnswerLog:
    """Answers as they stand on a day: corrected ones out, later ones in front (method 1.2).

    Answers observed after ``on`` are not yet known. Two answers of one day stand by the greater risk when
    ``risks`` knows the item (missing never lowers a class), else by the greater id, so row order never
    matters.
    """

    def __init__(self, answers: Iterable[Answer], on: date, risks: Mapping[str, Any] | None = None) -> None:
        known = [a for a in distinct(answers) if a.on <= on]
        self.on = on
        self.ids: Mapping[str, Answer] = {a.id: a for a in known}
        _refuse_circles(self.ids)
        _refuse_strays(self.ids)
        # a refusal corrects nothing: what was known stays known (RULES 2)
        corrected = {a.corrects for a in known if a.corrects and a.given is not Given.REFUSED}
        current = [a for a in known if a.id not in corrected]
        current.sort(key=lambda a: by_day_and_risk(a, risks or {}))
        self._latest: dict[tuple[str, str], Answer] = {}
        self._values: dict[tuple[str, str], list[Answer]] = {}
        for answer in current:
            key = answer.place, answer.item
            self._latest[key] = answer
            if answer.given is Given.VALUE:
                self._values.setdefault(key, []).append(answer)

    def latest(self, place: str, item: str) -> Answer | None:
        """The answer that stands, whatever its kind."""
        return self._latest.get((place, item))

    def last_value(self, place: str, item: str, by: date | None = None) -> Answer | None:
        """The last answer with a value or a word, however old (RULES 2: "its last known value");
        with ``by``, the last one observed on or before that day."""
        values = self._values.get((place, item), ())
        return next((a for a in reversed(values) if by is None or a.on <= by), None)

    def supposing(self, place: str, item: str, value: float) -> AnswerLog:
        """The same log as if ``value`` were the newest answer to an item; for "what would change it"."""
        other = copy(self)
        key = place, item
        answer = Answer(f"?{item}", place, item, value, "", Given.VALUE, self.on, "", "")
        other._latest = {**self._latest, key: answer}
        other._values = {**self._values, key: [*self._values.get(key, ()), answer]}
        return other

    def ids_of(self, place: str) -> frozenset[str]:
        """Ids known of a place; for a TPS also those of its desa, whose class it inherits (RULES 4)."""
        places = {place, desa_of(place)}
        return frozenset(a.id for a in self.ids.values() if a.place in places)


def _refuse_strays(ids: Mapping[str, Answer]) -> None:
    """A correction speaks of one place and item, so that nobody voids an answer from a place beside it."""
    for answer in ids.values():
        other = ids.get(answer.corrects)
        if other is not None and (other.place, other.item) != (answer.place, answer.item):
            raise Conflict("correction_elsewhere", answer=answer.id)


def _refuse_circles(ids: Mapping[str, Answer]) -> None:
    """Corrections that chase each other would make every one of them vanish."""
    try:
        TopologicalSorter({a.id: (a.corrects,) for a in ids.values() if a.corrects in ids}).prepare()
    except CycleError as circle:
        raise Conflict("correction_circle", answer=circle.args[1][0]) from None


def answers_digest(answers: Iterable[Answer]) -> str:
    """SHA-256 over the distinct answers in canonical JSON; row order does not matter."""
    return digest([a.content() for a in distinct(answers)])

"""What is asked: topics, parts, questions, meetings (method 7.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from kondusif.errors import KondusifError
from kondusif.forces import Force


class DialogueError(KondusifError):
    """A record contradicts itself: a part twice, a promise kept that nobody owns, a moment without zone."""

    code = "dialogue_error"


class Topic(StrEnum):
    """What a part of a question, or a commitment, is about."""

    START = "start"  # when does security begin
    STAY = "stay"  # stay after the vote until it is safe
    AROUND_TPS = "around_tps"  # and do so around the stations
    MEASURE = "measure"  # measure vulnerability before the vote
    READY = "ready"  # be ready until the event ends
    OTHER = "other"


# As an office writes them in a sheet; "bertahan tni" names whose staying is asked about (method 7.1).
TOPIC_WORDS: Mapping[str, tuple[Topic, Force | None]] = MappingProxyType(
    {
        "mulai": (Topic.START, None),
        "bertahan": (Topic.STAY, None),
        "bertahan polri": (Topic.STAY, Force.POLRI),
        "bertahan tni": (Topic.STAY, Force.TNI),
        "sekitar tps": (Topic.AROUND_TPS, None),
        "ukur": (Topic.MEASURE, None),
        "siap": (Topic.READY, None),
        "lain": (Topic.OTHER, None),
    }
)


def topic_of(word: str) -> tuple[Topic, Force | None]:
    """Topic and force of a sheet's word; a word that is not in the table is another topic.

    >>> topic_of("Bertahan TNI")
    (<Topic.STAY: 'stay'>, <Force.TNI: 'tni'>)
    """
    return TOPIC_WORDS.get(" ".join(word.casefold().split()), (Topic.OTHER, None))


def topic_word(topic: str, force: str = "") -> str:
    """The sheet's word of a topic and a force: the other way round."""
    return next(w for w, (t, f) in TOPIC_WORDS.items() if (t, f or "") == (topic, force))


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a question asks. ``force``: whose doing is asked about; None: anyone's."""

    kode: str
    topic: Topic
    text: str
    force: Force | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question by role and desa; no field holds who asked."""

    kode: str
    desa: str
    role: str
    text: str
    asked_at: datetime
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A dialogue: when, where, which villages, who was there by role."""

    kode: str
    title: str
    at: datetime
    place: str
    desa: tuple[str, ...]
    participants: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise DialogueError("no_zone", meeting=self.kode)
        kodes = [part.kode for question in self.questions for part in question.parts]
        if twice := sorted({k for k in kodes if kodes.count(k) > 1}):
            raise DialogueError("part_twice", meeting=self.kode, parts=tuple(twice))

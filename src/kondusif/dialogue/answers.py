"""How each part of a question stands: answered, partly or open (RULES 10, method 7.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from kondusif.dialogue.commitments import OWNED_STATUSES, Commitment, force_of
from kondusif.dialogue.questions import DialogueError, Meeting, Part, Topic
from kondusif.forces import Force
from kondusif.places import TPS_KODE, desa_of
from kondusif.stages import LEVELS, village_start

PLAN = "rencana"  # among those who answer: the approved plan


class AnswerStatus(StrEnum):
    ANSWERED = "answered"
    PARTLY = "partly"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Reply:
    """Words given to a part later, by title. Words alone never close what needs a date or a promise."""

    part: str
    by: str
    text: str
    at: datetime
    closes: bool = True  # the speaker says that this answers the part in full


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """How a part stands. ``code`` and the rest are for wording; ``levels`` () is every level.

    ``by`` titles that answer for it; ``until``: "safe" where gates end it, "" where nothing was said;
    ``dates``: desa to start, after a plan is approved; ``earlier``: TPS that start before their village;
    ``missing``: villages the plan does not date; ``commitments``: kodes it rests on; ``villages``: those of
    these levels, where known; ``words``: what was said since.
    """

    question: str
    part: Part
    status: AnswerStatus
    code: str
    levels: tuple[int, ...] = ()
    by: tuple[str, ...] = ()
    until: str = ""
    dates: Mapping[str, datetime] = field(default_factory=dict)
    earlier: Mapping[str, datetime] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    words: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class _Record:
    """What an answer may rest on: an approved plan if there is one, and the commitments that someone owns."""

    desa: tuple[str, ...]
    plan_starts: Mapping[str, datetime] | None
    commitments: tuple[Commitment, ...]

    def on(self, topic: Topic) -> list[Commitment]:
        return [c for c in self.commitments if c.topic is topic]


def answer_parts(
    meeting: Meeting,
    *,
    plan_starts: Mapping[str, datetime] | None,
    levels: Mapping[str, int],
    commitments: Iterable[Commitment],
    now: datetime,
    said: Iterable[Reply] = (),
) -> tuple[PartAnswer, ...]:
    """Every part of every question and how it stands at ``now`` (RULES 10, method 7.2).

    ``plan_starts``: place code to the start of security in the approved plan, of which desa and TPS count;
    None while no plan is approved. ``levels``: published level per desa, as far as known and as far as the
    reader may know it; it only names the villages a level concerns, never changes what is answered. A part
    about staying is split into the levels someone answers for and the levels nobody answers for.
    """
    if now.utcoffset() is None:
        raise DialogueError("no_zone", field="now")
    owned = tuple(c for c in commitments if c.status in OWNED_STATUSES and c.speaks_to(meeting.desa))
    record = _Record(meeting.desa, plan_starts, owned)
    heard = [reply for reply in said if reply.at <= now]
    found: list[PartAnswer] = []
    for question in meeting.questions:
        for part in question.parts:
            blank = PartAnswer(question.kode, part, AnswerStatus.OPEN, "no_answer")
            replies = tuple(reply for reply in heard if reply.part == part.kode)
            answers = BY_TOPIC.get(part.topic, _commitments)(blank, record)
            found += [_with_replies(answer, replies) for answer in answers]
    return tuple(_with_villages(answer, meeting.desa, levels) for answer in found)


def _with_villages(answer: PartAnswer, desa: Iterable[str], levels: Mapping[str, int]) -> PartAnswer:
    if not answer.levels:
        return answer
    return replace(answer, villages=tuple(kode for kode in desa if levels.get(kode) in answer.levels))


def _start(blank: PartAnswer, record: _Record) -> list[PartAnswer]:
    """A date answers "when"; nothing else does. Stations that begin before their village stand beside it."""
    if record.plan_starts is None:
        return [replace(blank, code="no_date")]
    found = {kode: village_start(kode, record.plan_starts) for kode in record.desa}
    dates = {kode: start.at for kode, start in found.items() if start}
    earlier = {tps: at for start in found.values() if start for tps, at in start.earlier.items()}
    missing = tuple(kode for kode in record.desa if kode not in dates)
    if not dates:
        return [replace(blank, code="no_date", missing=missing)]
    status = AnswerStatus.PARTLY if missing else AnswerStatus.ANSWERED
    told = replace(blank, status=status, code="starts", dates=dates, earlier=earlier)
    return [replace(told, missing=missing, by=(PLAN,))]


def _stay(blank: PartAnswer, record: _Record) -> list[PartAnswer]:
    """Answered for the levels an owner promised; a plan adds the rest for the police, who keep the gates."""
    force = blank.part.force
    mine = [c for c in record.on(Topic.STAY) if force is None or force_of(c.owner) is force]
    promised = tuple(n for n in LEVELS if any(c.covers(n) for c in mine))
    rest = tuple(n for n in LEVELS if n not in promised)
    kept = replace(blank, status=AnswerStatus.ANSWERED, until="safe")
    out = []
    if promised:
        said = [c for c in mine if c.levels is not None]
        out.append(replace(kept, code="stays", levels=_scope(promised), **_owners(said)))
    if rest and record.plan_starts is not None and force in (None, Force.POLRI):
        out.append(replace(kept, code="gates_bind", levels=_scope(rest), by=(PLAN,)))
    elif mine and not promised:  # somebody answers, but for no level by name
        out.append(
            replace(blank, status=AnswerStatus.PARTLY, code="levels_open", until="safe", **_owners(mine))
        )
    elif rest:
        code = "not_these_levels" if promised else "no_owner"
        out.append(replace(blank, code=code, levels=_scope(rest)))
    return out


def _scope(levels: tuple[int, ...]) -> tuple[int, ...]:
    """() for every level, else the levels."""
    return () if levels == LEVELS else levels


def _owners(commitments: Sequence[Commitment]) -> dict[str, Any]:
    """Who answers, each once, and with which commitments."""
    by = tuple(dict.fromkeys(c.owner for c in commitments))
    return {"by": by, "commitments": tuple(c.kode for c in commitments)}


def _around_tps(blank: PartAnswer, record: _Record) -> list[PartAnswer]:
    """Staying "at the place" covers the stations in part; posts at stations in an approved plan, in full."""
    stays, starts = record.on(Topic.STAY), sorted((record.plan_starts or {}).items())
    dates = {k: at for k, at in starts if TPS_KODE.fullmatch(k) and desa_of(k) in record.desa}
    posted = {desa_of(kode) for kode in dates}
    missing = tuple(kode for kode in record.desa if kode not in posted)
    found = replace(blank, until="safe", dates=dates, missing=missing, **_owners(stays))
    if dates and not missing:
        return [replace(found, status=AnswerStatus.ANSWERED, code="tps_posts", by=(PLAN,))]
    if dates or stays:
        return [replace(found, status=AnswerStatus.PARTLY, code="at_the_place")]
    return [replace(blank, code="no_owner", missing=missing)]


def _commitments(blank: PartAnswer, record: _Record) -> list[PartAnswer]:
    """Any other topic is answered by a commitment on it that someone owns."""
    mine = record.on(blank.part.topic)
    if not mine or blank.part.topic is Topic.OTHER:
        return [blank]
    return [replace(blank, status=AnswerStatus.ANSWERED, code="promised", **_owners(mine))]


# Topics where only a date or an owned commitment closes the part; any other is closed by words too.
BY_TOPIC: Mapping[Topic, Callable[[PartAnswer, _Record], list[PartAnswer]]] = {
    Topic.START: _start,
    Topic.STAY: _stay,
    Topic.AROUND_TPS: _around_tps,
}


def _with_replies(answer: PartAnswer, replies: tuple[Reply, ...]) -> PartAnswer:
    """What was said since stands beside; of itself it closes only parts that words can close."""
    if not replies:
        return answer
    answer = replace(answer, words=replies, by=answer.by or tuple(dict.fromkeys(r.by for r in replies)))
    if answer.status is AnswerStatus.ANSWERED or answer.part.topic in BY_TOPIC:
        return answer
    closed = any(reply.closes for reply in replies)
    status = AnswerStatus.ANSWERED if closed else AnswerStatus.PARTLY
    return replace(answer, status=status, code="said" if status is not answer.status else answer.code)

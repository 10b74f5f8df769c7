"""Questions in parts, answers, commitments: what was asked, what is still open, who promised what by when.

Nothing here invents an answer. From the record of a meeting alone, "when does security begin" stays open,
because no date was said; "stay until it is safe" is answered by whoever promised it, for the levels they
named, and for nobody else. An approved plan answers with dates per village, and answers for level 1 too,
since gates bind every level. It does not speak for the TNI: only a commitment that Koramil owns does.

Source: RULES 10; method: docs/method/7-dialogue.md. Askers are kept by role and desa, never by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from kondusif.errors import KondusifError, MoveRefused
from kondusif.forces import Force
from kondusif.places import TPS_KODE, desa_of

LEVELS = (1, 2, 3)


class DialogueError(KondusifError):
    """A record contradicts itself: a part twice, a promise kept that nobody owns, a moment without zone."""

    code = "dialogue_error"


# ---------------------------------------------------------------- what is asked


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
            raise DialogueError("a meeting without a time zone", meeting=self.kode)
        kodes = [part.kode for question in self.questions for part in question.parts]
        if twice := sorted({k for k in kodes if kodes.count(k) > 1}):
            raise DialogueError("a part stands twice", meeting=self.kode, parts=tuple(twice))


# ---------------------------------------------------------------- commitments


class Status(StrEnum):
    """Where a commitment stands, as people recorded it."""

    OFFERED = "offered"  # said or asked for; nobody owns it yet
    OWNED = "owned"
    MOVED = "moved"  # owned, with a new due moment and a reason
    KEPT = "kept"
    BROKEN = "broken"


# A broken promise stays broken: what replaces it is a new commitment. What was kept may still be broken.
COMMITMENT_MOVES: Mapping[Status, tuple[Status, ...]] = MappingProxyType(
    {
        Status.OFFERED: (Status.OWNED,),
        Status.OWNED: (Status.MOVED, Status.KEPT, Status.BROKEN),
        Status.MOVED: (Status.MOVED, Status.KEPT, Status.BROKEN),
        Status.KEPT: (Status.BROKEN,),
        Status.BROKEN: (),
    }
)
STANDS = frozenset({Status.OWNED, Status.MOVED, Status.KEPT})  # someone answers for it


def check_commitment_move(a: Status, b: Status) -> None:
    """Raises MoveRefused unless the table allows the move."""
    if b not in COMMITMENT_MOVES[a]:
        raise MoveRefused(f"a commitment does not go from {a} to {b}", src=a.value, dst=b.value)


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise. ``owner`` is a title or unit code, "" while nobody answers for it; ``levels`` () is every
    level; ``gate`` names a gate of the ladder that guards it (RULES 12), "" where none does."""

    kode: str
    text: str
    owner: str = ""
    due: datetime | None = None
    status: Status = Status.OFFERED
    gate: str = ""
    levels: tuple[int, ...] = ()
    topic: Topic = Topic.OTHER

    def __post_init__(self) -> None:
        if self.status in STANDS and not self.owner:
            raise DialogueError("a commitment that nobody owns cannot stand", commitment=self.kode)
        if self.due is not None and self.due.utcoffset() is None:
            raise DialogueError("a due moment without a time zone", commitment=self.kode)
        if unknown := sorted(set(self.levels) - set(LEVELS)):
            raise DialogueError("unknown level", commitment=self.kode, found=tuple(unknown))

    def covers(self, level: int) -> bool:
        return not self.levels or level in self.levels


# Whose promise it is, read from the owner's title or unit code (method 7.3).
OWNERS: Mapping[Force, frozenset[str]] = MappingProxyType(
    {
        Force.POLRI: frozenset({"kapolres", "kapolsek", "polres", "polsek", "kabagops", "polri", "brimob"}),
        Force.TNI: frozenset({"danramil", "koramil", "dandim", "kodim", "babinsa", "tni"}),
        Force.LINMAS: frozenset({"linmas"}),
        Force.SATPOL: frozenset({"satpol"}),
    }
)


def force_of(owner: str) -> Force | None:
    """The force an owner speaks for; None when the title names none, or more than one.

    >>> force_of("Danramil Pasrepan"), force_of("polsek-pasrepan"), force_of("Camat")
    (<Force.TNI: 'tni'>, <Force.POLRI: 'polri'>, None)
    """
    words = set(re.split(r"[^a-z]+", owner.casefold()))
    named = [force for force, titles in OWNERS.items() if titles & words]
    return named[0] if len(named) == 1 else None


class Standing(StrEnum):
    """What a reader is told about a commitment now."""

    OWNERLESS = "ownerless"
    RUNNING = "running"
    OVERDUE = "overdue"
    KEPT = "kept"
    BROKEN = "broken"


def standing(commitment: Commitment, *, now: datetime, gate_opened_at: datetime | None = None) -> Standing:
    """Status and clock together (method 7.4).

    A commitment bound to a gate is kept from the moment its gate opened everywhere (``gate_opened_at``,
    None while it has not), without anyone ticking it off. Overdue is computed, never stored. A promise that
    nobody owns is ownerless even when its moment has passed: nobody can be late with it.
    """
    if commitment.status is Status.BROKEN:
        return Standing.BROKEN
    if commitment.status is Status.KEPT:
        return Standing.KEPT
    if not commitment.owner:
        return Standing.OWNERLESS
    if commitment.gate and gate_opened_at is not None and gate_opened_at <= now:
        return Standing.KEPT
    if commitment.due is not None and commitment.due < now:
        return Standing.OVERDUE
    return Standing.RUNNING


# ---------------------------------------------------------------- answers


class Answered(StrEnum):
    ANSWERED = "answered"
    PARTLY = "partly"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Said:
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
    ``dates``: desa to start, after a plan is approved; ``missing``: villages the plan does not date;
    ``commitments``: kodes it rests on; ``villages``: those of these levels, where known; ``words``: what was
    said since.
    """

    question: str
    part: Part
    status: Answered
    code: str
    levels: tuple[int, ...] = ()
    by: tuple[str, ...] = ()
    until: str = ""
    dates: Mapping[str, datetime] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    words: tuple[Said, ...] = ()


def answers(
    meeting: Meeting,
    *,
    plan_starts: Mapping[str, datetime] | None,
    levels: Mapping[str, int],
    commitments: Iterable[Commitment],
    now: datetime,
    said: Iterable[Said] = (),
) -> tuple[PartAnswer, ...]:
    """Every part of every question and how it stands at ``now`` (RULES 10, method 7.2).

    ``plan_starts``: place code to the start of security in the approved plan, of which desa and TPS count;
    None while no plan is approved. ``levels``: published level per desa, as far as known and as far as the reader may know
    it; it only names the villages a level concerns, never changes what is answered. A part about staying is
    split into the levels someone answers for and the levels nobody answers for.
    """
    if now.utcoffset() is None:
        raise DialogueError("a moment without a time zone", field="now")
    held = tuple(c for c in commitments if c.status in STANDS)
    stays = tuple(c for c in held if c.topic is Topic.STAY)
    heard = [s for s in said if s.at <= now]
    out: list[PartAnswer] = []
    for question in meeting.questions:
        for part in question.parts:
            words = tuple(s for s in heard if s.part == part.kode)
            if part.topic is Topic.START:
                found = [_start(question, part, meeting.desa, plan_starts)]
            elif part.topic is Topic.STAY:
                found = _stay(question, part, stays, plan_starts is not None)
            elif part.topic is Topic.AROUND_TPS:
                found = [_around_tps(question, part, stays, meeting.desa, plan_starts)]
            else:
                found = [_promised(question, part, held)]
            out += [_with_words(answer, words) for answer in found]
    return tuple(
        replace(a, villages=tuple(d for d in meeting.desa if levels.get(d) in a.levels)) if a.levels else a
        for a in out
    )


def _start(
    question: Question, part: Part, desa: Sequence[str], plan_starts: Mapping[str, datetime] | None
) -> PartAnswer:
    """A date answers "when"; nothing else does."""
    if plan_starts is None:
        return PartAnswer(question.kode, part, Answered.OPEN, "no_date")
    dates = {}
    for kode in desa:
        if here := [at for place, at in plan_starts.items() if desa_of(place) == kode]:
            dates[kode] = min(here)
    missing = tuple(kode for kode in desa if kode not in dates)
    if not dates:
        return PartAnswer(question.kode, part, Answered.OPEN, "no_date", missing=missing)
    status = Answered.PARTLY if missing else Answered.ANSWERED
    return PartAnswer(question.kode, part, status, "starts", dates=dates, missing=missing, by=("rencana",))


def _stay(question: Question, part: Part, stays: Sequence[Commitment], planned: bool) -> list[PartAnswer]:
    """Answered for the levels an owner promised; a plan adds the rest for the police, who keep the gates."""
    mine = [c for c in stays if part.force is None or force_of(c.owner) is part.force]
    promised = tuple(n for n in LEVELS if any(c.covers(n) for c in mine))
    by = tuple(dict.fromkeys(c.owner for c in mine))
    kodes = tuple(c.kode for c in mine)
    police = part.force in (None, Force.POLRI)
    rest = tuple(n for n in LEVELS if n not in promised)
    out: list[PartAnswer] = []
    if promised:
        scope = () if promised == LEVELS else promised
        out.append(
            PartAnswer(question.kode, part, Answered.ANSWERED, "stays", scope, by, "safe", commitments=kodes)
        )
    if rest:
        scope = () if rest == LEVELS else rest
        if planned and police:
            out.append(
                PartAnswer(question.kode, part, Answered.ANSWERED, "gates_bind", scope, ("rencana",), "safe")
            )
        else:
            code = "no_owner" if rest == LEVELS else "not_these_levels"
            out.append(PartAnswer(question.kode, part, Answered.OPEN, code, scope))
    return out


def _around_tps(
    question: Question,
    part: Part,
    stays: Sequence[Commitment],
    desa: Sequence[str],
    plan_starts: Mapping[str, datetime] | None,
) -> PartAnswer:
    """Staying "at the place" covers the stations in part; posts at stations in an approved plan, in full."""
    posts = {kode: at for kode, at in (plan_starts or {}).items() if TPS_KODE.fullmatch(kode)}
    posted = {desa_of(kode) for kode in posts}
    dates = {kode: at for kode, at in sorted(posts.items()) if desa_of(kode) in desa}
    missing = tuple(kode for kode in desa if kode not in posted)
    kodes = tuple(c.kode for c in stays)
    by = tuple(dict.fromkeys(c.owner for c in stays))
    if dates and not missing:
        return PartAnswer(
            question.kode, part, Answered.ANSWERED, "tps_posts", (), ("rencana",), "safe", dates, (), kodes
        )
    if dates or stays:
        return PartAnswer(
            question.kode, part, Answered.PARTLY, "at_the_place", (), by, "safe", dates, missing, kodes
        )
    return PartAnswer(question.kode, part, Answered.OPEN, "no_owner", missing=missing)


def _promised(question: Question, part: Part, held: Sequence[Commitment]) -> PartAnswer:
    """Any other topic is answered by a commitment on it that someone owns."""
    mine = [c for c in held if c.topic is part.topic and part.topic is not Topic.OTHER]
    if not mine:
        return PartAnswer(question.kode, part, Answered.OPEN, "no_answer")
    by = tuple(dict.fromkeys(c.owner for c in mine))
    kodes = tuple(c.kode for c in mine)
    return PartAnswer(question.kode, part, Answered.ANSWERED, "promised", (), by, commitments=kodes)


# Topics where only a date or an owned commitment closes the part.
NEEDS_MORE_THAN_WORDS = frozenset({Topic.START, Topic.STAY, Topic.AROUND_TPS})


def _with_words(answer: PartAnswer, words: tuple[Said, ...]) -> PartAnswer:
    """What was said since stands beside; of itself it closes only parts that words can close."""
    if not words:
        return answer
    status = answer.status
    if status is not Answered.ANSWERED and answer.part.topic not in NEEDS_MORE_THAN_WORDS:
        status = Answered.ANSWERED if any(s.closes for s in words) else Answered.PARTLY
    return replace(
        answer,
        status=status,
        code="said" if status is not answer.status else answer.code,
        by=answer.by or tuple(dict.fromkeys(s.by for s in words)),
        words=words,
    )


def open_first(found: Iterable[PartAnswer]) -> tuple[PartAnswer, ...]:
    """Open, then partly, then answered; otherwise as asked."""
    order = {Answered.OPEN: 0, Answered.PARTLY: 1, Answered.ANSWERED: 2}
    return tuple(sorted(found, key=lambda a: order[a.status]))

"""How each part of a question stands: answered, partly or open (RULES 10, method 7.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from kondusif.dialogue.asked import DialogueError, Meeting, Part, Question, Topic
from kondusif.dialogue.promised import LEVELS, STANDS, Commitment, force_of
from kondusif.forces import Force
from kondusif.places import TPS_KODE, desa_of


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
    None while no plan is approved. ``levels``: published level per desa, as far as known and as far as the
    reader may know it; it only names the villages a level concerns, never changes what is answered. A part
    about staying is split into the levels someone answers for and the levels nobody answers for.
    """
    if now.utcoffset() is None:
        raise DialogueError("no_zone", field="now")
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

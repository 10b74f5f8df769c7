"""Rows of the dialogue into values of the core."""

from __future__ import annotations

from kondusif import dialogue as core
from kondusif.forces import Force
from kondusif_web.dialogue.models import Answer, Commitment, Meeting, Question, QuestionPart


def part_of(row: QuestionPart) -> core.Part:
    """The part's own id is its code: codes repeat from one meeting to the next."""
    return core.Part(str(row.pk), core.Topic(row.topic), row.text, Force(row.force) if row.force else None)


def question_of(row: Question) -> core.Question:
    parts = tuple(part_of(part) for part in row.parts.all())
    return core.Question(str(row.pk), row.desa.kode, row.role, row.text, row.asked_at, parts)


def meeting_of(row: Meeting) -> core.Meeting:
    """With every question; reads ``desa``, ``participants``, ``questions__parts`` and their desa."""
    return core.Meeting(
        row.kode,
        row.title,
        row.at,
        row.place,
        tuple(sorted(d.kode for d in row.desa.all())),
        tuple(p.role for p in row.participants.all()),
        tuple(question_of(q) for q in row.questions.all()),
    )


def commitment_of(row: Commitment) -> core.Commitment:
    """The promise, made to the villages of its meeting or else to every one; reads ``meeting__desa``."""
    return core.Commitment(
        row.kode,
        row.text,
        row.owner,
        row.due,
        core.CommitmentStatus(row.status),
        row.gate,
        None if row.levels is None else tuple(row.levels),
        core.Topic(row.topic),
        tuple(d.kode for d in row.meeting.desa.all()) if row.meeting else (),
    )


def said_of(row: Answer) -> core.Reply:
    return core.Reply(str(row.part_id), row.by, row.text, row.at, row.closes)

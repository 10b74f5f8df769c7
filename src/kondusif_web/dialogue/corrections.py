"""Writes that mend a meeting, a question or a promise; the old stays, what takes away waits for another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from kondusif import dialogue as core
from kondusif.dialogue.corrections import changed, taken_away
from kondusif.errors import Conflict, NotAllowed
from kondusif.forces import Force
from kondusif.roles import ROLES
from kondusif_web.accounts.roles import may, require
from kondusif_web.dialogue.commitments import require_here
from kondusif_web.dialogue.facts import commitment_of
from kondusif_web.dialogue.models import (
    Commitment,
    Correction,
    Meeting,
    MeetingDesa,
    Participant,
    Question,
    QuestionPart,
)
from kondusif_web.dialogue.speakers import OWN, check_owner, find_sent, insert, own_institution
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.pages.texts import refuse_banned

Row = Meeting | Question | Commitment
Facts = dict[str, Any]


def facts_of(row: Row) -> Facts:
    """What may be corrected of a row, as it is kept: codes, keys as text, moments in UTC."""
    if isinstance(row, Meeting):
        return {
            "title": row.title,
            "at": _moment(row.at),
            "place": row.place,
            "host": row.host,
            "villages": sorted(d.kode for d in row.desa.all()),
            "participants": [p.role for p in row.participants.all()],
            "messages": list(row.messages),
        }
    if isinstance(row, Question):
        parts = sorted(row.parts.all(), key=lambda p: p.kode)
        return {
            "desa": row.desa.kode,
            "role": row.role,
            "question": row.text,
            "parts": [[core.topic_word(part.topic, part.force), part.text] for part in parts],
        }
    return {
        "text": row.text,
        "meeting": str(row.meeting_id or ""),
        "topic": row.topic,
        "levels": row.levels,
        "due": _moment(row.due),
    }


def given_facts(row: Row, said: Mapping[str, Any]) -> Facts:
    """The facts of a row after a correction, from the fields of its form."""
    if isinstance(row, Meeting):
        return {
            "title": said["title"],
            "at": _moment(said["at"]),
            "place": said["place"],
            "host": said["host"],
            "villages": sorted(d.kode for d in said["villages"]),
            "participants": list(dict.fromkeys(said["participants"])),
            "messages": list(said["messages"]),
        }
    if isinstance(row, Question):
        return {
            "desa": said["desa"].kode,
            "role": said["role"],
            "question": said["text"],
            "parts": [list(part) for part in said["parts"]],
        }
    return {
        "text": said["text"],
        "meeting": str(said["meeting"].pk) if said["meeting"] else "",
        "topic": said["topic"].value,
        "levels": said["levels"],
        "due": _moment(said["due"]),
    }


def promise_after(row: Commitment, facts: Facts) -> core.Commitment:
    """The promise as the correction would leave it."""
    meeting = Meeting.objects.filter(operation=row.operation, pk=facts["meeting"] or None).first()
    return replace(
        commitment_of(row),
        text=facts["text"],
        topic=core.Topic(facts["topic"]),
        levels=None if facts["levels"] is None else tuple(facts["levels"]),
        due=_read(facts["due"]),
        desa=tuple(meeting.desa.values_list("kode", flat=True)) if meeting else (),
    )


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


@transaction.atomic
def correct(
    *,
    operation: Operation,
    row: Row,
    facts: Facts,
    reason: str,
    by: Membership,
    now: datetime,
    id: UUID | None = None,
) -> Correction:
    """The facts of a row as they should have been, with the reason. Counts at once where nothing is lost."""
    row = _locked(operation, row)
    require_corrector(by, row)
    if before := find_sent(Correction, operation, id, after=facts, reason=reason):
        return before
    before = facts_of(row)
    refuse_banned(reason=reason, text=[str(facts[name]) for name in changed(before, facts)])
    if not changed(before, facts):
        raise core.DialogueError("nothing_changed")
    if len(facts.get("parts", ())) < len(before.get("parts", ())):
        raise core.DialogueError("part_missing", field=f"part_{len(facts['parts']) + 1}")
    content = {type(row).__name__.lower(): row, "before": before, "after": facts, "reason": reason}
    content["waits"] = bool(taken_away(before, facts))
    made = insert(Correction, operation, id, content, by=by, now=now)
    if made.waits:
        _told("correction_proposed", made, by=by, now=now)
    else:
        _apply(made, by=by, now=now)
    return made


@transaction.atomic
def confirm_correction(
    *, operation: Operation, correction: Correction, by: Membership, now: datetime
) -> Correction:
    """The second person's word to a correction that takes something away."""
    made = Correction.objects.select_for_update().get(operation=operation, pk=correction.pk)
    row = _locked(operation, made.of)
    if made.confirmed_by_id == by.pk:
        return made  # sent twice
    require_second(by, made)
    if made.counts or facts_of(row) != made.before:
        raise Conflict("correction_outdated", id=str(made.pk))
    made.confirmed_by, made.confirmed_at = by, now
    made.save()
    _apply(made, by=by, now=now)
    return made


def _locked(operation: Operation, row: Row) -> Row:
    found: Row = type(row)._default_manager.select_for_update().get(operation=operation, pk=row.pk)
    return found


def villages_of(row: Row) -> list[str]:
    """Codes of the villages that a meeting or question speaks of."""
    return [row.desa.kode] if isinstance(row, Question) else [d.kode for d in row.desa.all()]


def require_corrector(by: Membership, row: Row) -> None:
    """Whoever may write such a row; a promise that is owned is corrected by its owner's side alone."""
    if isinstance(row, Commitment):
        require_here(by, own_institution(by), row.operation, row.meeting)
        if own_institution(by) == OWN and not row.owner:
            raise NotAllowed("owner", permission=OWN)
        check_owner(by, row.owner, "commit_own")
        return
    for kode in villages_of(row):
        require(by, "dialogue_write", kode)


def require_second(by: Membership, made: Correction) -> None:
    """Another person who keeps the dialogue there, or who may promise."""
    if by.pk == made.recorded_by_id:
        raise NotAllowed("same_person", permission="dialogue_write")
    permission = "dialogue_write" if may(by, "dialogue_write") else "commit_own"
    row = made.of
    if isinstance(row, Commitment):
        require_here(by, permission, row.operation, row.meeting)
        return
    army = isinstance(row, Question) and _of_the_army(made)
    if army and ROLES[by.role].force is not Force.TNI:
        raise NotAllowed("owner", permission="commit_own")
    for kode in villages_of(row):
        require(by, "commit_own" if army else "dialogue_write", kode)


def _of_the_army(made: Correction) -> bool:
    """Whether a part that only the TNI closes would ask something else: then the Danramil is the second."""
    before, after = made.before["parts"], made.after["parts"]
    gone = [old[0] for old, new in zip(before, after, strict=False) if old[0] != new[0]]
    return any(core.topic_of(word)[1] is Force.TNI for word in gone)


def _apply(made: Correction, *, by: Membership, now: datetime) -> None:
    """The facts onto their row, and the line in the book."""
    row, facts = _locked(made.operation, made.of), made.after
    rows: list[models.Model] = []
    gone: list[models.Model] = []
    if isinstance(row, Meeting):
        rows, gone = _onto_meeting(row, facts)
    elif isinstance(row, Question):
        rows = _onto_question(row, facts)
    else:
        row.text, row.topic, row.levels = facts["text"], facts["topic"], facts["levels"]
        row.meeting_id = UUID(facts["meeting"]) if facts["meeting"] else None
        row.due = _read(facts["due"])
    row.save()
    _told("dialogue_corrected", made, by=by, now=now, rows=[row, *rows], gone=gone)


def _told(kind: str, made: Correction, **more: Any) -> None:
    payload = {"of": type(made.of).__name__.lower(), "facts": list(changed(made.before, made.after))}
    record(kind, made, payload=payload, corrects=made.of.pk, **more)


def _read(at: str | None) -> datetime | None:
    return None if at is None else datetime.fromisoformat(at)


def _onto_meeting(row: Meeting, facts: Facts) -> tuple[list[models.Model], list[models.Model]]:
    row.title, row.place, row.host = facts["title"], facts["place"], facts["host"]
    row.at, row.messages = _read(facts["at"]) or row.at, facts["messages"]
    held = {link.desa.kode: link for link in MeetingDesa.objects.filter(meeting=row).select_related("desa")}
    there = {person.role: person for person in row.participants.all()}
    gone: list[models.Model] = [link for kode, link in held.items() if kode not in facts["villages"]]
    gone += [person for role, person in there.items() if role not in facts["participants"]]
    for old in gone:
        type(old)._default_manager.filter(pk=old.pk).delete()
    new = Desa.objects.filter(operation=row.operation, kode__in=set(facts["villages"]) - set(held))
    rows: list[models.Model] = [MeetingDesa.objects.create(meeting=row, desa=desa) for desa in new]
    roles = [role for role in facts["participants"] if role not in there]
    rows += [Participant.objects.create(meeting=row, role=role) for role in roles]
    return rows, gone


def _onto_question(row: Question, facts: Facts) -> list[models.Model]:
    row.role, row.text = facts["role"], facts["question"]
    row.desa = Desa.objects.get(operation=row.operation, kode=facts["desa"])
    held = sorted(row.parts.all(), key=lambda p: p.kode)
    rows: list[models.Model] = []
    for n, (word, said) in enumerate(facts["parts"]):
        part = held[n] if n < len(held) else QuestionPart(question=row, kode=f"{row.kode}.{n + 1}")
        topic, force = core.topic_of(word)
        part.topic, part.force, part.text = topic.value, force.value if force else "", said
        part.save()
        rows.append(part)
    return rows

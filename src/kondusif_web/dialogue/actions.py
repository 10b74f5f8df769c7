"""Every write of the dialogue but on commitments. Each takes its operation and the clock, asks the roles, and
writes its line. A row of another operation is as one that is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from kondusif import dialogue as core
from kondusif.errors import Conflict
from kondusif.files import OperationFile
from kondusif.files.operation import levels_of
from kondusif_web.accounts.roles import require
from kondusif_web.answers.facts import start_of, today
from kondusif_web.dialogue.commitments import offer_commitment
from kondusif_web.dialogue.models import (
    Answer,
    Meeting,
    MeetingDesa,
    Participant,
    Pledge,
    PledgeState,
    Question,
    QuestionPart,
    Visit,
)
from kondusif_web.dialogue.speakers import (
    OWN,
    check_code_free,
    check_owner,
    find_sent,
    insert,
    own_institution,
    title_of,
)
from kondusif_web.election.models import Calon, Desa, Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.pages.texts import refuse_banned


@transaction.atomic
def record_meeting(
    *,
    operation: Operation,
    title: str,
    at: datetime,
    place: str,
    villages: Iterable[Desa],
    participants: Iterable[str],
    by: Membership,
    now: datetime,
    host: str = "",
    agenda: Sequence[str] = (),
    messages: Sequence[str] = (),
    note: str = "",
    kode: str = "",
    id: UUID | None = None,
) -> Meeting:
    """A meeting with its villages and the roles that were there; without a code named by its moment."""
    desa = [operation.desa.get(pk=row.pk) for row in villages]
    kode = kode or f"dialog-{at.astimezone(operation.zone):%Y%m%d-%H%M}"
    roles = tuple(dict.fromkeys(p.strip() for p in participants if p.strip()))
    for row in desa:
        require(by, "dialogue_write", row.kode)
    require(by, "dialogue_write")
    texts = {"title": title, "place": place, "host": host, "note": note}
    refuse_banned(**texts, agenda=agenda, messages=messages, participants=roles)
    content = texts | {"kode": kode, "at": at}
    if before := find_sent(Meeting, operation, id, **content):
        return before
    check_code_free(Meeting.objects.filter(operation=operation), kode)
    content |= {"agenda": list(agenda), "messages": list(messages)}
    meeting = insert(Meeting, operation, id, content, by=by, now=now)
    places = [MeetingDesa.objects.create(meeting=meeting, desa=row) for row in desa]
    people = [Participant.objects.create(meeting=meeting, role=role) for role in roles]
    record(
        "meeting_recorded",
        meeting,
        by=by,
        now=now,
        occurred_at=at,
        payload={"kode": kode, "at": at, "desa": [row.kode for row in desa]},
        rows=[*places, *people],
    )
    return meeting


@transaction.atomic
def ask(
    *,
    operation: Operation,
    meeting: Meeting,
    desa: Desa,
    role: str,
    text: str,
    parts: Sequence[tuple[str, str]],
    by: Membership,
    now: datetime,
    kode: str = "",
    part_kodes: Sequence[str] = (),
    id: UUID | None = None,
) -> Question:
    """A question in parts: topic word (method 7.1) and text. ``role`` is all that is kept of the asker."""
    key = id or uuid4()
    kode = kode or f"t-{str(key)[:8]}"
    meeting = Meeting.objects.get(operation=operation, pk=meeting.pk)
    desa = operation.desa.get(pk=desa.pk)
    require(by, "dialogue_write", desa.kode)
    refuse_banned(role=role, text=text, parts=[said for _word, said in parts])
    if not parts:
        raise core.DialogueError("no_parts", question=kode)
    content = {"meeting_id": meeting.pk, "kode": kode, "desa_id": desa.pk, "role": role, "text": text}
    if before := find_sent(Question, operation, id, **content):
        if [part.text for part in before.parts.all()] != [said for _word, said in parts]:
            raise Conflict("other_content", id=str(id), fields=("parts",))
        return before
    check_code_free(Question.objects.filter(meeting=meeting), kode)
    row = insert(Question, operation, key, content | {"asked_at": meeting.at}, by=by, now=now)
    kodes = part_kodes or [f"{kode}.{n}" for n in range(1, len(parts) + 1)]
    rows = []
    for part_kode, (word, said) in zip(kodes, parts, strict=True):
        topic, force = core.topic_of(word)
        rows.append(
            QuestionPart.objects.create(
                question=row, kode=part_kode, topic=topic.value, force=force.value if force else "", text=said
            )
        )
    record(
        "question_asked",
        row,
        by=by,
        now=now,
        occurred_at=row.asked_at,
        payload={"kode": kode, "parts": [part.topic for part in rows]},
        rows=rows,
    )
    return row


@transaction.atomic
def answer_part(
    *,
    operation: Operation,
    part: QuestionPart,
    text: str,
    by: Membership,
    now: datetime,
    closes: bool = True,
    corrects: Answer | None = None,
    id: UUID | None = None,
) -> Answer:
    """Words to a part. They stand under the speaker's own title; a date or a promise they do not replace."""
    part = QuestionPart.objects.select_related("question__desa").get(
        question__operation=operation, pk=part.pk
    )
    desa = part.question.desa.kode
    require(by, "dialogue_answer", desa)
    refuse_banned(text=text)
    content = {"part_id": part.pk, "by": title_of(by), "text": text, "closes": closes}
    if before := find_sent(Answer, operation, id, **content):
        return before
    if corrects is not None and (corrects.part_id != part.pk or hasattr(corrects, "corrected_by")):
        raise Conflict("correction_not_standing", id=str(corrects.pk))
    content |= {"at": now, "corrects": corrects}
    row = insert(Answer, operation, id, content, by=by, now=now)
    record(
        "part_answered",
        row,
        by=by,
        now=now,
        kode_desa=desa,
        payload={"part": str(part.pk), "closes": closes},
        corrects=corrects.pk if corrects else "",
    )
    return row


# ---- the office's sheets


@transaction.atomic
def import_dialogue(*, operation: Operation, file: OperationFile, by: Membership, now: datetime) -> None:
    """Meetings, questions, commitments and pledges of an operation file, each by its own action."""
    who = {"operation": operation, "by": by, "now": now}
    desa = {row.kode: row for row in Desa.objects.filter(operation=operation)}
    meetings = {row["kode"]: _import_meeting(row, desa, who) for row in file["pertemuan"]}
    questions: dict[str, list[Mapping[str, Any]]] = {}
    for row in file["pertanyaan"]:
        questions.setdefault(row["pertanyaan"], []).append(row)
    for parts in questions.values():
        meeting, asker = meetings[parts[0]["pertemuan"]], desa[parts[0]["desa"]]
        _import_question(parts, meeting=meeting, desa=asker, **who)
    for row in file["komitmen"]:
        _import_commitment(row, meeting=meetings[row["pertemuan"]], **who)
    for row in file["calon"]:
        _import_pledge(row, desa=desa[row["desa"]], **who)


def _import_meeting(row: Mapping[str, Any], desa: Mapping[str, Desa], who: Mapping[str, Any]) -> Meeting:
    """The record has a day, no hour."""
    return record_meeting(
        kode=row["kode"],
        title=row["judul"],
        at=start_of(who["operation"], row["tanggal"]),
        place=row["tempat"],
        host=row.get("tuan_rumah") or "",
        agenda=row.get("acara") or (),
        messages=row.get("pesan") or (),
        note=row.get("catatan") or "",
        villages=[desa[kode] for kode in row.get("desa") or ()],
        participants=row.get("peserta") or (),
        **who,
    )


def _import_question(parts: Sequence[Mapping[str, Any]], **more: Any) -> None:
    """One question; each row of it is a part."""
    first = parts[0]
    ask(
        kode=first["pertanyaan"],
        role=first["peran"],
        text=first["teks"],
        parts=[(part["topik"], part["isi"]) for part in parts],
        part_kodes=[part["bagian"] for part in parts],
        **more,
    )


def _import_commitment(row: Mapping[str, Any], **more: Any) -> None:
    offer_commitment(
        kode=row["kode"],
        text=row["teks"],
        topic=core.topic_of(row.get("topik") or "")[0],
        owner=row.get("pemilik") or "",
        due=row.get("jatuh_tempo"),
        gate=row.get("gerbang") or "",
        levels=levels_of(row.get("tingkat")),
        **more,
    )


def _import_pledge(row: Mapping[str, Any], **more: Any) -> None:
    """Unknown is no row."""
    if row["ikrar"] == "unknown":
        return
    state = PledgeState.SIGNED if row["ikrar"] == "yes" else PledgeState.UNSIGNED
    sign_pledge(nomor=row["nomor"], state=state, on=row.get("tanggal_ikrar"), **more)


# ---- pledges and visits


@transaction.atomic
def sign_pledge(
    *,
    operation: Operation,
    desa: Desa,
    nomor: int,
    state: PledgeState | str,
    by: Membership,
    now: datetime,
    on: date | None = None,
) -> Pledge:
    """The pledge of candidate ``nomor``: signed, unsigned or broken. A broken pledge is never un-broken."""
    desa = operation.desa.get(pk=desa.pk)
    require(by, "dialogue_write", desa.kode)
    state = PledgeState(state)
    if not Calon.objects.filter(desa=desa, nomor=nomor).exists():
        raise core.DialogueError("candidate_unknown", field="nomor", desa=desa.kode, calon=nomor)
    row = Pledge.objects.select_for_update().filter(desa=desa, nomor=nomor).first()
    if row is not None and row.state == state and row.on in (on, row.on if on is None else None):
        return row  # sent twice
    if row is not None and row.state == PledgeState.BROKEN and state != PledgeState.BROKEN:
        raise Conflict("pledge_broken", desa=desa.kode, calon=nomor)
    row = row or Pledge(desa=desa, nomor=nomor)
    row.state, row.on = state.value, None if state == PledgeState.UNSIGNED else (on or today(operation, now))
    row.recorded_by, row.recorded_at = by, now
    row.save()
    record("pledge_recorded", row, by=by, now=now, payload={"calon": nomor, "state": state.value})
    return row


@transaction.atomic
def record_visit(
    *,
    operation: Operation,
    desa: Desa,
    at: datetime,
    place: str,
    topic: str,
    by: Membership,
    now: datetime,
    role: str = "",
    whom: str = "",
    follow_up: str = "",
    id: UUID | None = None,
) -> Visit:
    """A cooling-system activity, by role on both sides; of one's own institution where RULES 20 says so."""
    desa = operation.desa.get(pk=desa.pk)
    own = own_institution(by)
    require(by, own, desa.kode)
    role = role or title_of(by)
    if own == OWN:
        check_owner(by, role, own)
    texts = {"role": role, "place": place, "whom": whom, "topic": topic, "follow_up": follow_up}
    refuse_banned(**texts)
    content = texts | {"desa_id": desa.pk, "at": at}
    if before := find_sent(Visit, operation, id, **content):
        return before
    row = insert(Visit, operation, id, content, by=by, now=now)
    record("visit_recorded", row, by=by, now=now, occurred_at=at, payload={"role": role, "topic": topic})
    return row

"""What the dialogue page shows a person, and which forms they get."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from kondusif.dialogue import COMMITMENT_MOVES, AnswerStatus, Commitment, CommitmentStatus, Topic
from kondusif.dialogue.corrections import changed
from kondusif.sentences.speech import MISSING
from kondusif.stages import LEVELS
from kondusif_web.accounts.roles import may, may_at
from kondusif_web.dialogue import forms, queries, wording
from kondusif_web.dialogue.models import Commitment as Row
from kondusif_web.dialogue.models import Correction, Meeting
from kondusif_web.dialogue.speakers import OWN, own_institution, speaks_for, title_of
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.pages import Context
from kondusif_web.pages.templatetags.kondusif import kapan
from kondusif_web.posts.wording import FORCES

VISITS = 20  # newest shown


def page(operation: Operation, member: Membership, **bound: Any) -> Context:
    """Context of ``dialogue/dialog.html``; ``bound`` are forms that came back with errors."""
    names = {row.kode: row.nama for row in Desa.objects.filter(operation=operation)}
    labels = operation.labels
    lines = [part_view(line, member, names, labels) for line in queries.part_lines(operation, member)]
    meetings = queries.meetings_visible_to(operation, member)
    promises = queries.commitments(operation, member)
    rows = {
        "terbuka": [line for line in lines if line["jawaban"].status != AnswerStatus.ANSWERED],
        "pertemuan": [(meeting, _of_meeting(meeting, lines)) for meeting in meetings],
        "janji": [commitment_view(operation, member, line) for line in promises],
        "ikrar": [
            (line, wording.PLEDGES[line.row.state if line.row else "unknown"])
            for line in queries.pledges_visible_to(operation, member)
        ],
        "pembetulan": {
            pk: [correction_view(row, member, names, labels) for row in rows]
            for pk, rows in queries.corrections_of(operation).items()
        },
        "boleh_betulkan": _correctable(member, meetings, lines, promises),
        "kunjungan": queries.visits_visible_to(operation, member)[:VISITS],
    }
    rows |= {name: form(user=member) for name, form in forms.WRITTEN.items() if may_write(member, name)}
    return rows | bound


def may_write(member: Membership, form: str) -> bool:
    """Whether the person has this form: camat, Danramil and committee those of their own institution."""
    own = form in forms.OF_ONES_OWN and may(member, "dialogue_own")
    return own or may(member, "dialogue_write")


def preview(operation: Operation, member: Membership, promised: Commitment) -> Context:
    """What a promise will say and answer once it is saved; context of ``dialogue/lihat.html``."""
    names = {row.kode: row.nama for row in Desa.objects.filter(operation=operation)}
    lines = queries.answered_by(promised, operation, member)
    return {
        "janji": promised,
        "kelas": levels_words(promised.topic, promised.levels, operation.labels),
        "pokok": wording.TOPICS[promised.topic],
        "desa": [names.get(kode, kode) for kode in promised.desa],
        "bagian": [part_view(line, member, names, operation.labels) for line in lines],
    }


def levels_words(topic: str, levels: Sequence[int] | None, labels: dict[str, str]) -> str:
    """``Rawan dan Sangat Rawan``; "" where classes do not matter to the promise."""
    if levels is None:
        return gettext("kelas belum disebut") if topic == Topic.STAY else ""
    every = () if tuple(levels) == LEVELS else tuple(levels)
    return wording.parts({}, labels).levels(every) if every or topic == Topic.STAY else ""


def _of_meeting(meeting: Meeting, lines: list[Context]) -> list[Context]:
    """The parts asked there, question by question in the order asked."""
    here = [line for line in lines if line["soal"].meeting_id == meeting.pk]
    return sorted(here, key=lambda line: (line["soal"].asked_at, line["soal"].kode, line["urut"]))


def part_view(
    line: queries.PartLine, member: Membership, names: dict[str, str], labels: dict[str, str]
) -> Context:
    """One part with its sentence, dates, words and answer form."""
    answer, said = line.answer, wording.parts(names, labels)
    kelas, kata, ikon = wording.ANSWERED[answer.status]
    force = answer.part.force
    return {
        "jawaban": answer,
        "soal": line.question,
        "urut": line.order,
        "cip": (kelas, kata if force is None else f"{kata}: {FORCES[force]}", ikon),
        "kalimat": said.sentence(answer, same_for_all=line.same_for_all),
        "tanggal": [] if line.same_for_all else said.dates(answer),
        "desa": [names.get(kode, kode) for kode in answer.villages],
        "boleh_jawab": may_at(member, "dialogue_answer", line.question.desa.kode),
        "form": forms.AnswerForm(
            user=member, auto_id=f"jawab-{answer.part.kode}-{'-'.join(map(str, answer.levels))}-%s"
        ),
    }


def _correctable(
    member: Membership,
    meetings: Iterable[Meeting],
    lines: Iterable[Context],
    promises: Iterable[queries.CommitmentLine],
) -> set[object]:
    """Keys of what the person may correct: what they keep, and the promises of their own side."""
    kept = {m.pk for m in meetings if all(may_at(member, "dialogue_write", d.kode) for d in m.desa.all())}
    asked = {line["soal"] for line in lines}
    kept |= {q.pk for q in asked if may_at(member, "dialogue_write", q.desa.kode)}
    keeps = own_institution(member) != OWN and may(member, "dialogue_write")
    rows = [line.row for line in promises]
    return kept | {r.pk for r in rows if (_own(member, r) if r.owner else keeps)}


def _own(member: Membership, row: Row) -> bool:
    return may(member, "commit_own") and bool(row.owner) and speaks_for(member, row.owner)


def correction_view(
    row: Correction, member: Membership, names: dict[str, str], labels: dict[str, str]
) -> Context:
    """One correction: what stood and stands, who says so and why, and whether it waits for this person."""

    def words(name: str, facts: dict[str, Any]) -> str:
        return fact_words(name, facts.get(name), names, labels)

    differ = changed(row.before, row.after)
    said = [(wording.FACTS[name], words(name, row.before), words(name, row.after)) for name in differ]
    second = may(member, "dialogue_write") or may(member, "commit_own")
    return {
        "r": row,
        "oleh": title_of(row.recorded_by),
        "kedua": title_of(row.confirmed_by) if row.confirmed_by else "",
        "isi": said,
        "setujui": not row.counts and second and row.recorded_by_id != member.pk,
    }


def fact_words(name: str, value: Any, names: dict[str, str], labels: dict[str, str]) -> str:
    """A fact of a correction as people read it; a dash where nothing stood."""
    if name == "levels":
        return levels_words(Topic.STAY, value, labels)
    if name == "topic":
        return str(wording.TOPICS[value])
    if name == "parts":
        return "; ".join(f"{wording.QUESTION_TOPICS.get(topic, topic)}: {text}" for topic, text in value)
    if name in ("at", "due"):
        return kapan(datetime.fromisoformat(value)) if value else MISSING
    if name == "meeting":
        return gettext("pertemuan lain") if value else gettext("di luar pertemuan")
    said = value if isinstance(value, list) else [value]
    return ", ".join(names.get(one, one) for one in said if one) or MISSING


def commitment_view(operation: Operation, member: Membership, line: queries.CommitmentLine) -> Context:
    """One commitment with its chip and what this person may do to it."""
    row, labels = line.row, operation.labels
    moves = COMMITMENT_MOVES[CommitmentStatus(row.status)]
    own = _own(member, row)
    return {
        "r": row,
        "cip": wording.STANDING[line.standing],
        "pada": line.kept_at,
        "kelas": levels_words(row.topic, row.levels, labels),
        "tanggung": CommitmentStatus.OWNED in moves and may(member, "commit_own"),
        "tepati": own and CommitmentStatus.KEPT in moves and not row.gate,
        "pindah": forms.MoveForm(user=member, auto_id=f"pindah-{row.pk}-%s")
        if own and CommitmentStatus.MOVED in moves
        else None,
        "langgar": forms.CommitmentReasonForm(user=member, auto_id=f"langgar-{row.pk}-%s")
        if CommitmentStatus.BROKEN in moves and (may(member, "dialogue_write") or own)
        else None,
    }

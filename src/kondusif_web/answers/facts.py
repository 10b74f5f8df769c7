"""Rows into core values, and core results into the plain values that a row keeps."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from kondusif.instrument.indicator import stage_index
from kondusif.measure import rounds as core
from kondusif.measure.answers import UNKNOWN, Given
from kondusif.measure.answers import Answer as CoreAnswer
from kondusif.stages import stage_at
from kondusif.words import N_
from kondusif_web.answers.models import Answer, Round
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Membership, Operation

PLAN_CHANNEL = "rencana"  # answers taken from an approved plan stand as long as the plan does (RULES 5)


PLAN_RATER = "sistem"


DIALOGUE_CHANNEL = "dialog"  # answers taken from visits, pledges and commitments (RULES 7)


JOINT_CHANNEL = "bersama"  # agreed by raters together (method 9.3)


A_VALUE_CORRECTS = N_(
    "nilai; tidak menjawab bukan pembetulan (kirim tanpa mengoreksi)"
)  # missing never calms


NOT_THE_OFFICE = N_("jabatan atau nama akun penilai; nama ini hanya ditulis oleh kantor")


def today(operation: Operation, now: datetime) -> date:
    """The day where the operation is."""
    return now.astimezone(ZoneInfo(operation.tz)).date()


def stage_of(operation: Operation, now: datetime) -> str:
    """The stage of the index on that day."""
    return stage_at(election_of(operation), now)


def answer_of(row: Answer) -> CoreAnswer:
    """One answer as the core reads it."""
    return CoreAnswer(
        id=row.client_id,
        place=row.place,
        item=row.item,
        value=row.value,
        word=row.word,
        given=Given(row.given),
        on=row.on,
        source=row.source,
        rater=row.rater,
        corrects=row.corrects,
    )


def says_nothing(a: CoreAnswer) -> bool:
    """Whether an answer tells no value: a source that refused, a word not known."""
    return a.given is Given.REFUSED or a.word == UNKNOWN


FORM, JOINT, HELD = "formulir", JOINT_CHANNEL, "tahan"  # channels of answers


NOT_RATED = (PLAN_CHANNEL, JOINT, HELD)


NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the form. ``kind`` is a ``Given`` or ``NOT_KNOWN``; ``corrects`` an own earlier answer."""

    id: uuid.UUID
    item: str
    kind: str
    value: float | None
    word: str
    on: date
    source: str
    corrects: str = ""


def answers_of(place: str, told: Iterable[Told], by: Membership) -> tuple[CoreAnswer, ...]:
    """What the form told as answers; "not known yet" is none."""
    return tuple(
        CoreAnswer(
            id=str(t.id),
            place=place,
            item=t.item,
            value=t.value,
            word=t.word,
            given=Given(t.kind),
            on=t.on,
            source=t.source,
            rater=by.username,
            corrects=t.corrects,
        )
        for t in told
        if t.kind != NOT_KNOWN
    )


def gates_of(operation: Operation) -> tuple[core.Gate, ...]:
    """The eight gates, dated ones as dated."""
    dated = {row.kode: row.at for row in operation.stage_dates.all() if row.kode in core.GATES}
    return core.gates(election_of(operation), dated)


def running(operation: Operation) -> Round | None:
    """The round that runs."""
    return Round.objects.filter(operation=operation, closed_at__isnull=True).first()


def asked_stage(operation: Operation, now: datetime) -> str:
    """The stage whose items are asked for: the round's or today's, whichever is the later."""
    today = stage_at(election_of(operation), now)
    row = running(operation)
    return max(filter(None, (today, row.stage if row else None)), key=stage_index)

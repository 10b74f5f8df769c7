"""Rows into what the core reckons with: gates, the round that runs, what a form told."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from kondusif.instrument.indicator import stage_index
from kondusif.measure import rounds as core
from kondusif.measure.answers import Answer as CoreAnswer
from kondusif.measure.answers import Given
from kondusif.stages import stage_at
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Membership, Operation
from kondusif_web.rounds.models import Round
from kondusif_web.vulnerability.facts import JOINT_CHANNEL, PLAN_CHANNEL

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

"""What the registers of the dialogue say of F04, F05 and F06, as answers before an assessment (RULES 7)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from kondusif.dialogue import Status
from kondusif.dialogue.measured import (
    PLEDGES,
    PROMISES,
    RATER,
    VISITS,
    Measured,
    PledgeWord,
    Promise,
    heard,
    pledges_signed,
    promises_kept,
    visits_made,
)
from kondusif.errors import Conflict
from kondusif.measure.answers import Given
from kondusif_web.accounts.roles import require
from kondusif_web.answers import queries as answers
from kondusif_web.answers.actions import Imported
from kondusif_web.answers.facts import DIALOGUE_CHANNEL, today
from kondusif_web.answers.models import Answer
from kondusif_web.answers.queries import rater_noise
from kondusif_web.classes import actions as vulnerability
from kondusif_web.classes.models import Assessment
from kondusif_web.dialogue.models import Commitment, Visit
from kondusif_web.dialogue.queries import commitments_of, last_left_at, pledges
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.logbook.actions import record

ITEMS = (VISITS, PLEDGES, PROMISES)
DIALOGUE_IDS = uuid.UUID("d0b2e4c1-0b5c-5b7a-8f5e-2c6f0f1a9e44")  # names answers taken from the dialogue
LAPSED = "Tidak lagi dapat diturunkan dari dialog"


@transaction.atomic
def assess_operation(*, operation: Operation, by: Membership | None, now: datetime) -> tuple[Assessment, ...]:
    """As ``vulnerability.actions.assess_operation``, on what the dialogue says at this moment, each class
    shaken as far as compared raters differ (method 9.4)."""
    take_dialogue(operation=operation, by=by, now=now)
    return vulnerability.assess_operation(operation=operation, by=by, now=now, spread=rater_noise(operation))


@transaction.atomic
def publish_assessments(
    *, operation: Operation, by: Membership | None, now: datetime, seen: Collection[str] | None = None
) -> tuple[Assessment, ...]:
    """As ``vulnerability.actions.publish_assessments``; Conflict also where the dialogue says more by now."""
    if take_dialogue(operation=operation, by=by, now=now).new:  # rolled back with the refusal
        raise Conflict("the draft is older than what the dialogue says", why="draft")
    return vulnerability.publish_assessments(operation=operation, by=by, now=now, seen=seen)


@transaction.atomic
def take_dialogue(*, operation: Operation, by: Membership | None, now: datetime) -> Imported:
    """F04, F05 and F06 of every voting village in the person's areas, from the registers (method 7.6).

    An answer is written only where the register says something else than it did; it corrects the one before.
    What can no longer be derived is lapsed by an answer without a value, and the field's own stands again.
    """
    operation = Operation.objects.select_for_update().get(pk=operation.pk)
    if by is not None:
        require(by, "publish_class")
    day, zone = today(operation, now), ZoneInfo(operation.tz)
    left = last_left_at(operation)
    held = list(commitments_of(operation).prefetch_related("meeting__desa"))
    made = [v for v in Visit.objects.filter(operation=operation, at__lte=now)]
    rows, same = [], 0
    for desa in answers.voting(operation, by):
        said = list(Answer.objects.filter(operation=operation, place=desa.kode, item__in=ITEMS, on__lte=day))
        typed = {a.item for a in said if a.channel != DIALOGUE_CHANNEL and a.given == Given.VALUE}
        found = {
            m.item: m
            for m in heard(
                (
                    visits_made(
                        [v.at.astimezone(zone).date() for v in made if v.desa_id == desa.pk],
                        in_use=bool(made),
                        on=day,
                    ),
                    pledges_signed(_pledges(desa, now)),
                    promises_kept(_promises(held, desa, left), now=now, in_use=bool(held)),
                ),
                typed,
            )
        }
        for item in ITEMS:
            last = _tip([a for a in said if a.item == item])
            row = _answer(operation, desa.kode, item, found.get(item), last)
            if row is None:
                same += item in found
                continue
            row.on, row.occurred_at = day, datetime.combine(day, time(), zone)
            row.recorded_at, row.by = now, by
            row.save(force_insert=True)
            rows.append(row)
    if rows:
        record(
            "dialogue_taken",
            by=by,
            now=now,
            operation=operation,
            subject=operation.kode,
            payload={
                "desa": sorted({row.place for row in rows}),
                "items": sorted({row.item for row in rows}),
                "count": len(rows),
            },
            rows=rows,
        )
    return Imported(len(rows), same)


def _tip(said: Iterable[Answer]) -> Answer | None:
    """What now stands at the end of the derived answers: the last of them, or what somebody put over it."""
    rows = list(said)
    over = {row.corrects: row for row in rows if row.corrects}
    derived = [row for row in rows if row.channel == DIALOGUE_CHANNEL]
    tip = max(derived, key=lambda row: (row.recorded_at, row.pk), default=None)
    while tip is not None and tip.client_id in over:
        tip = over[tip.client_id]
    return tip


def _answer(
    operation: Operation, kode: str, item: str, found: Measured | None, last: Answer | None
) -> Answer | None:
    """The answer to write; None where what stands says it already."""
    derived = last is not None and last.channel == DIALOGUE_CHANNEL
    if found is None:
        if not derived or last is None or last.given == Given.REFUSED:
            return None
        given, value, source = Given.REFUSED, None, LAPSED
    else:
        given = Given.NOT_APPLICABLE if found.value is None else Given.VALUE
        value, source = found.value, found.source
    if derived and last is not None and (last.given, last.value, last.source) == (given, value, source):
        return None
    before = last.client_id if last else ""
    return Answer(
        client_id=str(
            uuid.uuid5(DIALOGUE_IDS, f"{operation.kode}/{kode}/{item}/{before}/{given}/{value}/{source}")
        ),
        operation=operation,
        place=kode,
        item=item,
        value=value,
        given=given.value,
        source=source,
        rater=RATER,
        corrects=before,
        channel=DIALOGUE_CHANNEL,
    )


def _pledges(desa: Desa, now: datetime) -> Mapping[int, PledgeWord | None]:
    """A pledge dated ahead is not signed yet."""
    day = today(desa.operation, now)
    found: dict[int, PledgeWord | None] = {}
    for line in pledges(desa):
        ahead = line.row is not None and line.row.on is not None and line.row.on > day
        found[line.nomor] = None if line.row is None else "unsigned" if ahead else line.row.state
    return found


def _promises(held: Iterable[Commitment], desa: Desa, left: datetime | None) -> tuple[Promise, ...]:
    """Commitments that speak of the village: of a meeting about it, or of no meeting."""
    return tuple(
        Promise(row.kode, row.due, _kept_at(row, left), row.status == Status.BROKEN)
        for row in held
        if row.meeting is None or desa in row.meeting.desa.all()
    )


def _kept_at(row: Commitment, left: datetime | None) -> datetime | None:
    """Recorded as kept, or guarded by a gate that opened when the last unit had left (method 7.4)."""
    if row.status == Status.KEPT:
        return row.moved_at
    return left if row.gate and row.owner and row.status != Status.BROKEN else None

"""What the registers of the dialogue say of F04, F05 and F06, as answers before an assessment (RULES 7)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from kondusif.answers.answer import Answer, Given
from kondusif.dialogue import CommitmentStatus
from kondusif.dialogue.indicators import (
    COMMITMENTS,
    PLEDGES,
    RATER,
    VISITS,
    DerivedValue,
    DueCommitment,
    PledgeWord,
    commitments_kept,
    pledges_signed,
    visits_made,
    without_empty_registers,
)
from kondusif.stages import local_day
from kondusif_web.accounts.roles import require
from kondusif_web.answers import queries
from kondusif_web.answers.actions import Receipt, take_answers
from kondusif_web.answers.facts import DIALOGUE_CHANNEL, today
from kondusif_web.answers.models import Answer as Row
from kondusif_web.dialogue.models import Commitment, Visit
from kondusif_web.dialogue.queries import commitments_of, last_left_at, pledges
from kondusif_web.election.models import Desa, Membership, Operation

ITEMS = (VISITS, PLEDGES, COMMITMENTS)
DIALOGUE_IDS = uuid.UUID("d0b2e4c1-0b5c-5b7a-8f5e-2c6f0f1a9e44")  # names answers taken from the dialogue
LAPSED = "Tidak lagi dapat diturunkan dari dialog"


@transaction.atomic
def take_dialogue(*, operation: Operation, by: Membership | None, now: datetime) -> Receipt:
    """F04, F05 and F06 of every voting village in the person's areas, from the registers (method 7.6).

    Before every assessment, since a visit ages and a promise falls due by the day alone. An answer is written
    only where the register says something else than it did; it corrects the one before. What can no longer
    be derived is lapsed by an answer without a value, and the field's own stands again.
    """
    operation = operation.lock()
    if by is not None:
        require(by, "publish_class")
    day = today(operation, now)
    tips, typed = queries.tips(operation, DIALOGUE_CHANNEL, ITEMS), _typed(operation, day)
    registers = _Registers.of(operation, now)
    answers, same = [], 0
    for desa in queries.voting(operation, by):
        found = registers.say(desa, typed.get(desa.kode, set()))
        for item in ITEMS:
            answer = _answer(operation, desa.kode, item, found.get(item), tips.get((desa.kode, item)), day)
            if answer is None:
                same += item in found
            else:
                answers.append(answer)
    done = take_answers(operation=operation, answers=answers, by=by, now=now, channel=DIALOGUE_CHANNEL)
    return replace(done, same=same)


def _typed(operation: Operation, day: date) -> dict[str, set[str]]:
    """By village the items that the field answered itself."""
    rows = Row.objects.filter(operation=operation, item__in=ITEMS, on__lte=day, given=Given.VALUE)
    out: dict[str, set[str]] = {}
    for place, item in rows.exclude(channel=DIALOGUE_CHANNEL).values_list("place", "item"):
        out.setdefault(place, set()).add(item)
    return out


@dataclass(frozen=True)
class _Registers:
    """Visits, commitments and when the last unit left, read once for all villages."""

    now: datetime
    zone: ZoneInfo
    visits: tuple[Visit, ...]
    held: tuple[Commitment, ...]
    left: datetime | None

    @classmethod
    def of(cls, operation: Operation, now: datetime) -> _Registers:
        made = Visit.objects.filter(operation=operation, at__lte=now)
        held = commitments_of(operation).prefetch_related("meeting__desa")
        return cls(now, operation.zone, tuple(made), tuple(held), last_left_at(operation))

    def say(self, desa: Desa, typed: set[str]) -> dict[str, DerivedValue]:
        """What they say of a village by item; ``typed``: items that the field answered itself."""
        days = [local_day(v.at, self.zone) for v in self.visits if v.desa_id == desa.pk]
        visits = visits_made(days, in_use=bool(self.visits), on=local_day(self.now, self.zone))
        promises = _promises(self.held, desa, self.left)
        kept = commitments_kept(promises, now=self.now, in_use=bool(self.held))
        return {
            m.item: m
            for m in without_empty_registers((visits, pledges_signed(_pledges(desa, self.now)), kept), typed)
        }


def _answer(
    operation: Operation, kode: str, item: str, found: DerivedValue | None, last: Row | None, day: date
) -> Answer | None:
    """The answer to write; None where what stands says it already."""
    derived = last if last is not None and last.channel == DIALOGUE_CHANNEL else None
    if found is None and (derived is None or derived.given == Given.REFUSED):
        return None
    given, value, source = _word(found)
    if derived is not None and (derived.given, derived.value, derived.source) == (given, value, source):
        return None
    before = last.client_id if last else ""
    name = f"{operation.kode}/{kode}/{item}/{before}/{given}/{value}/{source}"
    return Answer(
        str(uuid.uuid5(DIALOGUE_IDS, name)), kode, item, value, "", given, day, source, RATER, before
    )


def _word(found: DerivedValue | None) -> tuple[Given, float | None, str]:
    if found is None:
        return Given.REFUSED, None, LAPSED
    return Given.NOT_APPLICABLE if found.value is None else Given.VALUE, found.value, found.source


def _pledges(desa: Desa, now: datetime) -> Mapping[int, PledgeWord | None]:
    """A pledge dated ahead is not signed yet."""
    day = today(desa.operation, now)
    found: dict[int, PledgeWord | None] = {}
    for line in pledges(desa):
        ahead = line.row is not None and line.row.on is not None and line.row.on > day
        found[line.nomor] = None if line.row is None else "unsigned" if ahead else line.row.state
    return found


def _promises(held: Iterable[Commitment], desa: Desa, left: datetime | None) -> tuple[DueCommitment, ...]:
    """Commitments that speak of the village: of a meeting about it, or of no meeting."""
    return tuple(
        DueCommitment(row.kode, row.due, _kept_at(row, left), row.status == CommitmentStatus.BROKEN)
        for row in held
        if row.meeting is None or desa in row.meeting.desa.all()
    )


def _kept_at(row: Commitment, left: datetime | None) -> datetime | None:
    """Recorded as kept, or guarded by a gate that opened when the last unit had left (method 7.4)."""
    if row.status == CommitmentStatus.KEPT:
        return row.moved_at
    return left if row.gate and row.owner and row.status != CommitmentStatus.BROKEN else None

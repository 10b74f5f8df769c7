"""What an operation asks now, and rows of answers as the core reads them."""

from __future__ import annotations

from datetime import date, datetime, time

from kondusif.answers.agreement import SYSTEM
from kondusif.answers.answer import Answer as CoreAnswer
from kondusif.answers.answer import Given
from kondusif.classes import rounds as core
from kondusif.instrument.indicator import stage_index
from kondusif.plan.readiness import RATER
from kondusif.stages import local_day, stage_at
from kondusif_web.answers.models import Answer, Round
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Membership, Operation

# Ways in which answers come; a file comes under its ending. Never part of what an answer says (RULES 26).
FORM = "formulir"
FILE = "xlsx"
PLAN_CHANNEL = "rencana"  # taken from an approved plan, they stand as long as the plan does (RULES 5)
DIALOGUE_CHANNEL = "dialog"  # taken from visits, pledges and commitments (RULES 7)
JOINT = "bersama"  # agreed by raters together (method 9.3)
HELD = "tahan"  # written by the office while raters differ

NOT_RATED = (PLAN_CHANNEL, JOINT, HELD)

BY_OFFICE = (SYSTEM, RATER)  # raters that are nobody: what a plan or a register says is of today


def today(operation: Operation, now: datetime) -> date:
    """The day where the operation is."""
    return local_day(now, operation.zone)


def stage_of(operation: Operation, now: datetime) -> str:
    """The stage of the index on that day."""
    return stage_at(election_of(operation), now)


# What a row holds as the core's answer does; its id and kind bear other names there.
SAME = ("place", "item", "value", "word", "on", "source", "rater", "corrects")
READ = ("client_id", "given", "channel", *SAME)  # all that is read of a row where all answers are read


def answer_of(row: Answer) -> CoreAnswer:
    """One answer as the core reads it."""
    same = {name: getattr(row, name) for name in SAME}
    return CoreAnswer(id=row.client_id, given=Given(row.given), **same)


def row_of(
    operation: Operation, answer: CoreAnswer, *, channel: str, by: Membership | None, now: datetime
) -> Answer:
    """The row that keeps an answer, not saved yet."""
    return Answer(
        client_id=answer.id,
        operation=operation,
        given=answer.given.value,
        channel=channel,
        occurred_at=start_of(operation, answer.on),
        recorded_at=now,
        by=by,
        **{name: getattr(answer, name) for name in SAME},
    )


def start_of(operation: Operation, day: date) -> datetime:
    """The first moment of a day where the operation is."""
    return datetime.combine(day, time(), operation.zone)


def fresh_since(operation: Operation, now: datetime) -> date:
    """The day since when an assessment is of today's picture (``kondusif.classes.rounds``)."""
    return core.fresh_since(milestones_of(operation), election_of(operation), now)


def milestones_of(operation: Operation) -> tuple[core.Milestone, ...]:
    """The eight gates, dated ones as dated."""
    dated = {row.kode: row.at for row in operation.stage_dates.all() if row.kode in core.ROUND_MILESTONES}
    return core.milestones(election_of(operation), dated)


def running(operation: Operation) -> Round | None:
    """The round that runs."""
    return Round.objects.filter(operation=operation, closed_at__isnull=True).first()


def asked_stage(operation: Operation, now: datetime) -> str:
    """The stage whose items are asked for: the round's or today's, whichever is the later."""
    today = stage_at(election_of(operation), now)
    row = running(operation)
    return max(filter(None, (today, row.stage if row else None)), key=stage_index)

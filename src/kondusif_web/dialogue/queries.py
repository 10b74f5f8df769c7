"""Every read of the dialogue, beginning with what the person may see.

Committees see the questions of their own village. Start dates per village tell the class apart (RULES 9), so
who may not see classes reads the latest start that holds for all, as the public does (RULES 20, 22).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from kondusif import dialogue as core
from kondusif.stages import start_for_all
from kondusif_web.accounts.roles import in_areas, may, rows_for
from kondusif_web.classes.queries import levels as published_levels
from kondusif_web.dialogue.facts import commitment_of, meeting_of, said_of
from kondusif_web.dialogue.models import Answer, Commitment, Correction, Meeting, Pledge, Question, Visit
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Calon, Desa, Membership, Operation, Tps
from kondusif_web.planning.queries import approved_plan, plan_starts
from kondusif_web.posts.models import PostingRow


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part as a page shows it. ``same_for_all``: the dates are the latest start, not this village's own."""

    question: Question
    answer: core.PartAnswer
    same_for_all: bool
    order: int  # as asked


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    row: Commitment
    standing: core.CommitmentState
    kept_at: datetime | None


@dataclass(frozen=True, slots=True)
class PledgeLine:
    desa: Desa
    nomor: int
    row: Pledge | None


def meetings_visible_to(operation: Operation, member: Membership) -> QuerySet[Meeting]:
    """Meetings about a village inside the person's areas."""
    rows = rows_for(meetings_of(operation), member, "see_dialogue", field="desa__kode")
    return rows.distinct()


def meetings_of(operation: Operation) -> QuerySet[Meeting]:
    """Every meeting with its villages, people and questions."""
    rows = Meeting.objects.filter(operation=operation)
    return rows.prefetch_related("desa", "participants", "questions__parts", "questions__desa")


def questions_visible_to(operation: Operation, member: Membership) -> QuerySet[Question]:
    """Questions from villages inside the person's areas."""
    rows = Question.objects.filter(operation=operation)
    return rows_for(rows, member, "see_dialogue", field="desa__kode")


def visits_visible_to(operation: Operation, member: Membership) -> QuerySet[Visit]:
    rows = Visit.objects.filter(operation=operation).select_related("desa")
    return rows_for(rows, member, "see_dialogue", field="desa__kode")


def commitments_of(operation: Operation) -> QuerySet[Commitment]:
    rows = Commitment.objects.filter(operation=operation)
    return rows.select_related("meeting").prefetch_related("meeting__desa")


def corrections_of(operation: Operation) -> dict[UUID, list[Correction]]:
    """Every correction, by the key of the row that it corrects, in order of time."""
    rows = Correction.objects.filter(operation=operation)
    found: dict[UUID, list[Correction]] = {}
    for row in rows.select_related("recorded_by", "confirmed_by", "meeting", "question", "commitment"):
        found.setdefault(row.of.pk, []).append(row)
    return found


def last_left_at(operation: Operation) -> datetime | None:
    """When the last unit of the operation came home; None while one is out, ordered, or none was sent."""
    rows = PostingRow.objects.filter(operation=operation).exclude(state="cancelled")
    states = list(rows.values_list("state", "moved_at"))
    if not states or any(state != "home" or at is None for state, at in states):
        return None
    return max(at for _state, at in states if at is not None)


def answers_of(
    operation: Operation,
    meetings: Iterable[Meeting],
    *,
    starts_by_place: Mapping[str, datetime] | None,
    levels: Mapping[str, int],
    now: datetime,
    promised: core.Commitment | None = None,
) -> Iterator[tuple[Meeting, tuple[core.PartAnswer, ...]]]:
    """How each part of each meeting stands (RULES 10), by the words that were not corrected since.

    The meetings come with what ``meeting_of`` reads; promises and words are read once for all of them.
    ``promised``: a promise not saved yet, in place of the one of its code.
    """
    promises = _with(promised, [commitment_of(row) for row in commitments_of(operation)])
    said: dict[UUID, list[core.Reply]] = {}
    rows = Answer.objects.filter(operation=operation, corrected_by__isnull=True)
    for row in rows.select_related("part__question"):
        said.setdefault(row.part.question.meeting_id, []).append(said_of(row))
    for meeting in meetings:
        yield (
            meeting,
            core.answer_parts(
                meeting_of(meeting),
                plan_starts=starts_by_place,
                levels=levels,
                commitments=promises,
                said=said.get(meeting.pk, ()),
                now=now,
            ),
        )


def _with(promised: core.Commitment | None, held: Iterable[core.Commitment]) -> list[core.Commitment]:
    if promised is None:
        return list(held)
    return [promised, *(c for c in held if c.kode != promised.kode)]


def answered_by(promised: core.Commitment, operation: Operation, member: Membership) -> list[PartLine]:
    """The parts, as the person sees them, whose answer this promise would make another one."""

    def told(line: PartLine) -> tuple[object, ...]:
        a = line.answer
        return line.question.pk, a.part.kode, a.status, a.code, a.levels, a.by

    before = {told(line) for line in part_lines(operation, member)}
    return [line for line in part_lines(operation, member, promised=promised) if told(line) not in before]


def starts_same_for_all(operation: Operation) -> dict[str, datetime]:
    """The latest start of any class at every voting village and station: true everywhere, telling nothing."""
    latest = start_for_all(election_of(operation))
    desa = Desa.objects.filter(operation=operation, memilih=True).values_list("kode", flat=True)
    tps = Tps.objects.filter(operation=operation).values_list("kode", flat=True)
    return dict.fromkeys([*desa, *tps], latest)


def part_lines(
    operation: Operation, member: Membership, *, promised: core.Commitment | None = None
) -> tuple[PartLine, ...]:
    """Every part the person may see, open first; with ``promised`` as if it were recorded."""
    now = operation.now()
    own_dates = may(member, "see_class")
    planned = approved_plan(operation) is not None
    if own_dates:
        dates, levels = plan_starts(operation) if planned else None, published_levels(operation)
    else:
        dates, levels = starts_same_for_all(operation) if planned else None, {}
    seen = {str(row.pk): row for row in questions_visible_to(operation, member).select_related("desa")}
    lines = []
    meetings = meetings_visible_to(operation, member)
    given = {"starts_by_place": dates, "levels": levels, "now": now, "promised": promised}
    for _meeting, found in answers_of(operation, meetings, **given):
        for answer in found:
            if question := seen.get(answer.question):
                lines.append(PartLine(question, answer, planned and not own_dates, len(lines)))
    open_first = [core.AnswerStatus.OPEN, core.AnswerStatus.PARTLY, core.AnswerStatus.ANSWERED]
    return tuple(sorted(lines, key=lambda line: open_first.index(line.answer.status)))


def commitments(operation: Operation, member: Membership) -> tuple[CommitmentLine, ...]:
    """Commitments that speak of the person's areas, with their standing now: overdue and ownerless first."""
    if not may(member, "see_dialogue"):
        return ()
    rows = commitments_of(operation)
    here = in_areas(rows, member, "meeting__desa__kode").values_list("pk", flat=True)
    seen = Q(pk__in=list(here))  # those of no meeting speak of every village that votes
    if in_areas(operation.desa.filter(memilih=True), member).exists():
        seen |= Q(meeting=None)
    lines = _commitment_lines(operation, rows.filter(seen))
    return tuple(sorted(lines, key=lambda line: _FIRST.index(line.standing)))


_FIRST = (
    core.CommitmentState.OVERDUE,
    core.CommitmentState.OWNERLESS,
    core.CommitmentState.BROKEN,
    core.CommitmentState.RUNNING,
    core.CommitmentState.KEPT,
)


def _commitment_lines(operation: Operation, rows: Iterable[Commitment]) -> Iterable[CommitmentLine]:
    now, left = operation.now(), last_left_at(operation)
    for row in rows:
        stands = core.commitment_state(commitment_of(row), now=now, gate_opened_at=left)
        kept_at = row.moved_at if row.status == core.CommitmentStatus.KEPT else left
        yield CommitmentLine(row, stands, kept_at if stands is core.CommitmentState.KEPT else None)


def pledges(desa: Desa) -> tuple[PledgeLine, ...]:
    """One line per candidate number; without a row the pledge is not known."""
    return _pledges([desa])


def pledges_visible_to(operation: Operation, member: Membership) -> tuple[PledgeLine, ...]:
    voting = Desa.objects.filter(operation=operation, memilih=True)
    return _pledges(rows_for(voting, member, "see_dialogue"))


def _pledges(villages: Iterable[Desa]) -> tuple[PledgeLine, ...]:
    """Those of each village, in the order given, each by number."""
    order = {desa.pk: desa for desa in villages}
    rows = {(row.desa_id, row.nomor): row for row in Pledge.objects.filter(desa__in=order)}
    numbers: dict[int, list[int]] = {}
    for pk, nomor in Calon.objects.filter(desa__in=order).values_list("desa", "nomor"):
        numbers.setdefault(pk, []).append(nomor)
    return tuple(
        PledgeLine(desa, nomor, rows.get((pk, nomor)))
        for pk, desa in order.items()
        for nomor in sorted(numbers.get(pk, ()))
    )

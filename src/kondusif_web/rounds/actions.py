"""Opening and closing rounds, and taking answers from the form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kondusif.errors import Conflict, ImportRefused, MoveRefused, NotAllowed, Problem
from kondusif.files.checks import possible
from kondusif.measure.answers import UNKNOWN, Given
from kondusif.measure.banned import scan
from kondusif.measure.rounds import Due, due
from kondusif.places import desa_of
from kondusif.stages import reachable
from kondusif.words import N_
from kondusif_web.accounts.roles import require
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import covers
from kondusif_web.logbook.actions import record
from kondusif_web.rounds import facts, ledgers, wording
from kondusif_web.rounds.facts import NOT_KNOWN, Told
from kondusif_web.rounds.models import Frozen, NotKnown, Round
from kondusif_web.vulnerability import actions as vulnerability
from kondusif_web.vulnerability import facts as measured
from kondusif_web.vulnerability.models import Answer, Assessment

MAY_OPEN = (Due.DUE, Due.OVERDUE, Due.MISSED, Due.UNDATED)


def _require_run(by: Membership, operation: Operation) -> None:
    """A round asks every village at once, so who runs one answers for every village (method 9.6)."""
    require(by, "run_rounds")
    if not covers(by, operation):
        raise NotAllowed("a round is of the whole operation", deed="run_rounds", why="whole")


@transaction.atomic
def open_round(*, operation: Operation, gate: str, by: Membership, now: datetime) -> Round:
    """Begin the round of a gate. MoveRefused while another runs, before its time, or a second time.

    Raises NotAllowed for another role, and for areas that do not hold every voting village.
    """
    operation = Operation.objects.select_for_update().get(pk=operation.pk)
    _require_run(by, operation)
    known = {g.kode: g for g in facts.gates_of(operation)}
    if gate not in known:
        raise MoveRefused("round_unknown", gate=gate)
    if facts.running(operation) is not None:
        raise MoveRefused("round_runs", gate=gate)
    rows = Round.objects.filter(operation=operation)
    closed = set(rows.values_list("gate", flat=True))
    state = due(known.values(), opened=(), closed=closed, now=now)[gate]
    if state not in MAY_OPEN or (state is Due.UNDATED and now < operation.vote_at):
        raise MoveRefused("round_early" if state in (Due.LATER, Due.UNDATED) else "round_closed", gate=gate)
    row = Round.objects.create(
        operation=operation,
        gate=gate,
        stage=known[gate].stage,
        due_at=known[gate].at,
        opened_at=now,
        opened_by=by,
    )
    record(
        "round_opened",
        by=by,
        now=now,
        operation=operation,
        subject=row.pk,
        payload={"gate": gate, "stage": row.stage, "due_at": row.due_at},
        rows=[row],
    )
    return row


@transaction.atomic
def close_round(*, operation: Operation, gate: str, by: Membership, now: datetime) -> Round:
    """End it and keep, for every voting village, the class published by now and what it rests on.

    Raises NotAllowed as for opening, MoveRefused where that round does not run.
    """
    operation = Operation.objects.select_for_update().get(pk=operation.pk)
    _require_run(by, operation)
    row = facts.running(operation)
    if row is None or row.gate != gate:
        raise MoveRefused("round_not_running", gate=gate)
    newest = _newest(operation)
    frozen = []
    for village in ledgers.villages(operation, now, stage=row.stage, round_=row):
        shown = newest.get(village.desa.kode)
        frozen.append(
            Frozen.objects.create(
                round=row,
                desa=village.desa,
                assessment=shown,
                within=bool(shown and shown.published_at and shown.published_at >= row.opened_at),
                coverage_due=village.own.coverage_due or 0.0,
                provisional=village.own.provisional,
                asked=village.own.asked,
                owed=len(village.debts),
                stale=len([d for d in village.debts if d.why == "stale"]),
                disputed=len(village.reviews),
                evidence=village.own.evidence or 0.0,
            )
        )
    row.closed_at, row.closed_by = now, by
    row.save()
    record(
        "round_closed",
        by=by,
        now=now,
        operation=operation,
        subject=row.pk,
        payload={
            "gate": gate,
            "villages": len(frozen),
            "provisional": sum(f.provisional for f in frozen),
            "owed": sum(f.owed for f in frozen),
            "classes": {f.desa.kode: str(f.assessment_id or "") for f in frozen},
        },
        rows=[row, *frozen],
    )
    return row


def _newest(operation: Operation) -> dict[str, Assessment]:
    rows = Assessment.objects.filter(operation=operation, number__isnull=False).select_related("desa")
    return {row.desa.kode: row for row in rows.order_by("number")}


@dataclass(frozen=True, slots=True)
class Taken:
    """How many lines were new, how many were here already with the same content."""

    new: int
    same: int


@transaction.atomic
def answer_items(
    *, operation: Operation, place: str, told: Sequence[Told], by: Membership, now: datetime
) -> Taken:
    """Answers of one place from the form, all of them or none (RULES 26).

    Raises NotAllowed outside the areas, ImportRefused for impossible values, items that are not asked, days
    to come and words never kept, Conflict for an id with other content.
    """
    require(by, "answer_items", place)
    operation = Operation.objects.select_for_update().get(pk=operation.pk)
    if problems := _problems(operation, place, told, by, now):
        raise ImportRefused(problems)
    unknown = [t for t in told if t.kind == NOT_KNOWN]
    answers = facts.answers_of(place, told, by)
    new_unknown = _keep_unknown(operation, place, unknown, by, now)
    crossed = NotKnown.objects.filter(operation=operation, client_id__in=[a.id for a in answers]).first()
    if crossed is not None:
        raise Conflict("the same id arrived before as not known", id=str(crossed.client_id))
    done = vulnerability.import_answers(
        operation=operation, answers=answers, by=by, now=now, channel=facts.FORM, deed="answer_items"
    )
    if done.new or new_unknown:
        row = facts.running(operation)
        record(
            "items_answered",
            by=by,
            now=now,
            operation=operation,
            kode_desa=desa_of(place),
            subject=place,
            payload={
                "place": place,
                "items": sorted(a.item for a in answers),
                "not_known": sorted(t.item for t in unknown),
                "round": row.gate if row else "",
            },
            rows=new_unknown,
        )
    return Taken(done.new + len(new_unknown), done.same + len(unknown) - len(new_unknown))


def _keep_unknown(
    operation: Operation, place: str, told: Iterable[Told], by: Membership, now: datetime
) -> list[NotKnown]:
    out = []
    for t in told:
        same = {"place": place, "item": t.item, "note": t.source, "on": t.on, "by_id": by.pk}
        there = NotKnown.objects.filter(operation=operation, client_id=t.id).first()
        if Answer.objects.filter(operation=operation, client_id=str(t.id)).exists() or (
            there is not None and any(getattr(there, k) != v for k, v in same.items())
        ):
            raise Conflict("the same id arrived before with other content", id=str(t.id))
        if there is None:
            out.append(NotKnown.objects.create(client_id=t.id, operation=operation, at=now, **same))
    return out


def _problems(
    operation: Operation, place: str, told: Sequence[Told], by: Membership, now: datetime
) -> list[Problem]:
    recipe = measured.recipe_of(operation.recipe)
    day = measured.today(operation, now)
    station = place != desa_of(place)
    found = []

    def problem(t: Told, column: str, what: str, expected: str) -> None:
        found.append(Problem("formulir", t.item, None, column, what, expected))

    for t in told:
        indicator = recipe.by_id.get(t.item)
        if t.item not in recipe.items or t.item in recipe.from_plan:
            problem(t, "butir", t.item, N_("butir yang ditanyakan"))
        elif station and t.item not in recipe.tps_items:
            problem(t, "butir", t.item, N_("butir TPS"))
        elif indicator and t.value is not None and (what := possible(indicator, t.value)):
            problem(t, "nilai", f"{t.value:g}", what)
        if t.kind != NOT_KNOWN and not t.source.strip():
            problem(t, "sumber", "kosong", N_("sumber jawaban"))
        if not reachable(t.on):
            problem(t, "tanggal", t.on.isoformat(), str(wording.YEARS))
        if t.on > day:
            problem(t, "tanggal", t.on.isoformat(), N_("tanggal yang sudah lewat"))
        for banned in scan(t.source):
            problem(t, "sumber", banned.word, vulnerability.CLEAN_TEXT)
        if t.corrects and (t.kind == Given.REFUSED or t.word == UNKNOWN):
            problem(t, "membetulkan", t.corrects, measured.A_VALUE_CORRECTS)
        if t.corrects and not _own(operation, t, place, by):
            problem(t, "membetulkan", t.corrects, N_("jawaban Anda sendiri pada butir ini"))
    return found


def _own(operation: Operation, t: Told, place: str, by: Membership) -> bool:
    rows = Answer.objects.filter(operation=operation, client_id=t.corrects)
    return rows.filter(place=place, item=t.item, rater=by.username).exists()

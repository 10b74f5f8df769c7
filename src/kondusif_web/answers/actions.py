"""Every write on answers, assessments and overrides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from kondusif import classify as core
from kondusif.errors import Conflict, ImportRefused, Problem
from kondusif.measure.answers import Answer as CoreAnswer
from kondusif.measure.answers import Given, answers_digest, distinct
from kondusif.measure.banned import scan
from kondusif.measure.score import book_of
from kondusif.places import desa_of
from kondusif.plan.readiness import Readiness, plan_answers
from kondusif.stages import reachable
from kondusif.words import N_
from kondusif_web.accounts.roles import require
from kondusif_web.answers import facts as answers_facts
from kondusif_web.answers import queries
from kondusif_web.answers.models import Answer
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument import facts as instrument_facts
from kondusif_web.logbook.actions import record

CLEAN_TEXT = N_("teks tanpa agama, suku, pilihan politik, nomor orang, atau angka suara")


@dataclass(frozen=True, slots=True)
class Imported:
    """How many answers were new, and how many were here already with the same content."""

    new: int
    same: int


@transaction.atomic
def import_answers(
    *,
    operation: Operation,
    answers: Iterable[CoreAnswer],
    by: Membership | None,
    now: datetime,
    channel: str = "xlsx",
    file: str = "jawaban",
    deed: str = "import_answers",
) -> Imported:
    """All of them or none. ``by`` None only from the command line; ``deed`` is what ``by`` must be allowed.

    Raises NotAllowed for a place outside the areas, Conflict for an id that has other content or corrections
    that go round, ImportRefused listing unknown places and items, days to come and words never kept.
    """
    operation = Operation.objects.select_for_update().get(pk=operation.pk)
    coming = distinct(answers)
    if by is not None:
        require(by, deed)
        for desa in sorted({desa_of(a.place) for a in coming}):
            require(by, deed, desa)
    if problems := _problems(operation, coming, now, file):
        raise ImportRefused(problems)
    there = queries.answers_by_id(operation, (a.id for a in coming))
    for answer in coming:
        if answer.id in there and answers_facts.answer_of(there[answer.id]) != answer:
            raise Conflict(f"answer {answer.id} is here with other content", answer=answer.id)
    new = [a for a in coming if a.id not in there]
    if by is not None and (posing := [a for a in new if a.rater.casefold() == answers_facts.PLAN_RATER]):
        raise ImportRefused([_posed(a, file) for a in posing])
    book_of(
        instrument_facts.recipe_of(operation.recipe),
        [*queries.answers(operation), *new],
        answers_facts.today(operation, now),
    )
    if new:
        zone = ZoneInfo(operation.tz)
        rows = Answer.objects.bulk_create(
            Answer(
                client_id=a.id,
                operation=operation,
                place=a.place,
                item=a.item,
                value=a.value,
                word=a.word,
                given=a.given.value,
                on=a.on,
                source=a.source,
                rater=a.rater,
                corrects=a.corrects,
                channel=channel,
                occurred_at=datetime.combine(a.on, time(), zone),
                recorded_at=now,
                by=by,
            )
            for a in new
        )
        record(
            "answers_imported",
            by=by,
            now=now,
            operation=operation,
            subject=answers_digest(new)[:16],
            payload={
                "count": len(new),
                "places": sorted({a.place for a in new}),
                "channel": channel,
                "digest": answers_digest(new),
            },
            rows=rows,
        )
    return Imported(len(new), len(coming) - len(new))


def _problems(operation: Operation, answers: Sequence[CoreAnswer], now: datetime, file: str) -> list[Problem]:
    places = set(operation.desa.values_list("kode", flat=True))
    places |= set(operation.tps.values_list("kode", flat=True))
    recipe = instrument_facts.recipe_of(operation.recipe)
    day = answers_facts.today(operation, now)
    found = []

    def problem(a: CoreAnswer, column: str, what: str, expected: str) -> None:
        found.append(Problem(file, "jawaban", None, column, f"{what} ({a.place} {a.item})", expected))

    for a in answers:
        if a.place not in places:
            problem(a, "tempat", a.place, N_("desa atau TPS dalam operasi"))
        if a.item not in recipe.items:
            problem(a, "butir", a.item, N_("butir dari instrumen yang berlaku"))
        elif a.given is Given.NOT_APPLICABLE and not _may_not_apply(recipe, a.item):
            problem(a, "keadaan", N_("tidak berlaku"), N_("nilai; butir ini selalu berlaku"))
        if a.corrects and answers_facts.says_nothing(a):
            problem(a, "mengoreksi", a.corrects, answers_facts.A_VALUE_CORRECTS)
        if not reachable(a.on):
            problem(a, "tanggal", a.on.isoformat(), N_("tahun 2000 sampai 2099"))
        if a.on > day:
            problem(a, "tanggal", a.on.isoformat(), N_("tanggal yang sudah lewat"))
        for column, text in (("sumber", a.source), ("penilai", a.rater)):
            for banned in scan(text):
                problem(a, column, banned.word, CLEAN_TEXT)
    return found


def _posed(a: CoreAnswer, file: str) -> Problem:
    """An answer in the office's own name: nobody's rating, so that it would pass the joint review by."""
    return Problem(
        file, "jawaban", None, "penilai", f"{a.rater} ({a.place} {a.item})", answers_facts.NOT_THE_OFFICE
    )


def _may_not_apply(recipe: core.Recipe, item: str) -> bool:
    return item in recipe.by_id and recipe.by_id[item].may_not_apply


@transaction.atomic
def take_readiness(
    *,
    operation: Operation,
    plan: str,
    readiness: Iterable[tuple[str, float, float | None]],
    by: Membership | None,
    now: datetime,
) -> Imported:
    """F01 and F03 of each desa from the plan just approved, as answers (RULES 5); once per plan.

    ``plan``: its id; ``readiness``: desa, shortfall in per cent, reserve minutes or None where no reserve
    is assigned: then F03 stays unanswered. The class that sizes the force leaves both out, so nothing turns
    in a circle. The caller has checked who may approve.
    """
    day = answers_facts.today(operation, now)
    zone = ZoneInfo(operation.tz)
    rows = []
    desa = set()
    for answer in plan_answers(plan, (Readiness(*found) for found in readiness), day):
        if Answer.objects.filter(operation=operation, client_id=answer.id).exists():
            continue
        desa.add(answer.place)
        last = _last_of_a_plan(operation, answer.place, answer.item)
        rows.append(
            Answer.objects.create(
                client_id=answer.id,
                operation=operation,
                place=answer.place,
                item=answer.item,
                value=answer.value,
                given=answer.given.value,
                on=day,
                source=answer.source,
                rater=answer.rater,
                corrects=last.client_id if last else "",
                channel=answers_facts.PLAN_CHANNEL,
                occurred_at=datetime.combine(day, time(), zone),
                recorded_at=now,
                by=by,
            )
        )
    if rows:
        record(
            "readiness_taken",
            by=by,
            now=now,
            operation=operation,
            subject=plan,
            payload={"plan": plan, "desa": sorted(desa)},
            rows=rows,
        )
    return Imported(len(rows), 0)


def _last_of_a_plan(operation: Operation, kode: str, item: str) -> Answer | None:
    """What the plan before said; the new plan takes its place."""
    rows = Answer.objects.filter(
        operation=operation, place=kode, item=item, channel=answers_facts.PLAN_CHANNEL
    )
    replaced = set(rows.values_list("corrects", flat=True))
    return next((row for row in rows if row.client_id not in replaced), None)

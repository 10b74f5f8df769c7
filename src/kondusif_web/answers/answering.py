"""Opening and closing rounds, and taking answers from the form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kondusif.errors import Conflict, ImportRefused, Problem
from kondusif.files.checks import possible
from kondusif.measure.answers import UNKNOWN, Given
from kondusif.measure.banned import scan
from kondusif.places import desa_of
from kondusif.stages import reachable
from kondusif.words import N_
from kondusif_web.accounts.roles import require
from kondusif_web.answers import actions as vulnerability
from kondusif_web.answers import facts, wording
from kondusif_web.answers import facts as answers_facts
from kondusif_web.answers.facts import NOT_KNOWN, Told
from kondusif_web.answers.models import Answer, NotKnown
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument import facts as instrument_facts
from kondusif_web.logbook.actions import record


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
    recipe = instrument_facts.recipe_of(operation.recipe)
    day = answers_facts.today(operation, now)
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
            problem(t, "membetulkan", t.corrects, answers_facts.A_VALUE_CORRECTS)
        if t.corrects and not _own(operation, t, place, by):
            problem(t, "membetulkan", t.corrects, N_("jawaban Anda sendiri pada butir ini"))
    return found


def _own(operation: Operation, t: Told, place: str, by: Membership) -> bool:
    rows = Answer.objects.filter(operation=operation, client_id=t.corrects)
    return rows.filter(place=place, item=t.item, rater=by.username).exists()

"""Whether answers may be taken: what the core's verdicts ask of an operation, read from its rows once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from kondusif.answers.answer import Answer as CoreAnswer
from kondusif.answers.check import CheckContext, Fault, KnownAnswer, Origin, UnansweredItem, faults
from kondusif.classes.score import answer_log
from kondusif.errors import ImportRefused, Problem
from kondusif.places import desa_of
from kondusif_web.answers import queries
from kondusif_web.answers.facts import (
    DIALOGUE_CHANNEL,
    FORM,
    JOINT,
    NOT_RATED,
    PLAN_CHANNEL,
    answer_of,
    running,
    today,
)
from kondusif_web.answers.models import Answer, Round
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument.facts import recipe_of

ORIGINS: Mapping[str, Origin] = {
    FORM: Origin.SELF,
    PLAN_CHANNEL: Origin.OFFICE,
    DIALOGUE_CHANNEL: Origin.OFFICE,
    JOINT: Origin.OFFICE,
}
COLUMNS: Mapping[str, str] = {
    "place": "tempat",
    "item": "butir",
    "given": "keadaan",
    "value": "nilai",
    "on": "tanggal",
    "source": "sumber",
    "rater": "penilai",
    "corrects": "mengoreksi",
    "reason": "alasan",
}


class AnswersRefused(ImportRefused):
    """Answers that may not be taken; ``faults`` names every field, for the form they came from."""

    def __init__(self, found: Sequence[Fault], file: str) -> None:
        self.faults = tuple(found)
        super().__init__([problem_of(f, file) for f in found])


def problem_of(fault: Fault, file: str, row: int | None = None) -> Problem:
    """A fault as one of a file: its column, and the row or else the place and item it is of."""
    a = fault.answer
    found = fault.found if row is not None else f"{fault.found} ({a.place} {a.item})"
    code = "" if fault.expected else fault.code
    return Problem(file, "jawaban", row, COLUMNS[fault.field], found, fault.words, code)


def faults_of(
    operation: Operation,
    answers: Sequence[CoreAnswer],
    *,
    by: Membership | None,
    now: datetime,
    channel: str,
    asked: Iterable[UnansweredItem] = (),
    coming: Iterable[str] = (),
) -> tuple[Fault, ...]:
    """Every fault of answers that are not here yet, and of what was asked; ``by`` None: the terminal.

    ``coming``: codes of places that come with them.
    """
    way = ORIGINS.get(channel, Origin.TERMINAL if by is None else Origin.FILE)
    here = _here(operation, answers, by, now)
    return faults(answers, way, replace(here, places=here.places.union(coming)), asked)


def _here(
    operation: Operation, answers: Sequence[CoreAnswer], by: Membership | None, now: datetime
) -> CheckContext:
    row = running(operation)
    corrected = queries.answers_by_id(operation, (a.corrects for a in answers if a.corrects))
    return CheckContext(
        recipe=recipe_of(operation.recipe),
        places=_places(operation),
        on=today(operation, now),
        round=row is not None,
        rater=by.username if by else "",
        corrected={key: _known(there, by) for key, there in corrected.items()},
        personal=_personal(row, {a.place for a in answers}, by) if row and by else {},
    )


def _places(operation: Operation) -> frozenset[str]:
    desa, tps = operation.desa.values_list("kode", flat=True), operation.tps.values_list("kode", flat=True)
    return frozenset([*desa, *tps])


def _known(row: Answer, by: Membership | None) -> KnownAnswer:
    others = row.by_id is not None and (by is None or row.by_id != by.pk)
    return KnownAnswer(answer_of(row), others=others, office=row.channel in NOT_RATED)


def _personal(
    row: Round, places: set[str], by: Membership
) -> dict[tuple[str, str, str], tuple[CoreAnswer, ...]]:
    """Answers of the running round that other people gave themselves, in the form."""
    rows = Answer.objects.filter(operation=row.operation, channel=FORM, recorded_at__gte=row.opened_at)
    out: dict[tuple[str, str, str], tuple[CoreAnswer, ...]] = {}
    for answer in rows.exclude(by=by):
        if answer.place in places:
            key = answer.place, answer.item, answer.rater
            out[key] = (*out.get(key, ()), answer_of(answer))
    return out


def refuse_circles(operation: Operation, new: Sequence[CoreAnswer], now: datetime) -> None:
    """Raises Conflict for corrections that go round, or that name another place or item."""
    desa = {desa_of(a.place) for a in new}
    known = queries.answers(operation, desa.pop() if len(desa) == 1 else "")
    corrected = queries.answers_by_id(operation, (a.corrects for a in new if a.corrects))
    here = [*known, *(answer_of(row) for row in corrected.values())]
    answer_log(recipe_of(operation.recipe), [*here, *new], today(operation, now))

"""What one person's file would calm over the heads of others while a round runs (RULES 2, method 9.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kondusif.instrument.indicator import Indicator
from kondusif.measure.agreement import risk_of
from kondusif.measure.answers import Answer as CoreAnswer
from kondusif.words import N_
from kondusif_web.answers import facts
from kondusif_web.answers import facts as answers_facts
from kondusif_web.answers import queries as measures
from kondusif_web.answers.models import Answer
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument import facts as instrument_facts

EXPECTED = {
    "mengoreksi": N_("jawaban yang Anda masukkan sendiri; jawaban orang lain diputus di penilaian bersama"),
    "penilai": N_("penilai yang belum menjawab sendiri; jawabannya di formulir tidak diganti lewat berkas"),
}


def over_others(
    operation: Operation, coming: Sequence[CoreAnswer], by: Membership
) -> tuple[tuple[CoreAnswer, str], ...]:
    """Answers of a file that pass the joint review by, each with the column at fault.

    Those that correct what the office or a joint review wrote; and in a running round the calmer ones that
    correct another account's answer or speak in the name of a rater who answered in person.
    """
    known = measures.answers_by_id(operation, (a.id for a in coming))
    new = [a for a in coming if a.id not in known]
    corrected = measures.answers_by_id(operation, (a.corrects for a in new if a.corrects))
    personal = _personal(operation, {a.place for a in new}, by)
    indicators = instrument_facts.recipe_of(operation.recipe).by_id
    runs = facts.running(operation) is not None
    found = []
    for a in new:
        risk, there = risk_of(a, indicators.get(a.item)), corrected.get(a.corrects)
        if there is not None and (
            there.channel in facts.NOT_RATED
            or (runs and there.by_id not in (None, by.pk) and risk < _risk(there, indicators))
        ):
            found.append((a, "mengoreksi"))
        elif any(risk < _risk(p, indicators) for p in personal.get((a.place, a.item, a.rater), ())):
            found.append((a, "penilai"))
    return tuple(found)


def _risk(row: Answer, indicators: Mapping[str, Indicator]) -> float:
    return risk_of(answers_facts.answer_of(row), indicators.get(row.item))


def _personal(
    operation: Operation, places: set[str], by: Membership
) -> dict[tuple[str, str, str], list[Answer]]:
    """Answers of the running round that other people gave themselves, in the form."""
    row = facts.running(operation)
    if row is None:
        return {}
    rows = Answer.objects.filter(operation=operation, channel=facts.FORM, recorded_at__gte=row.opened_at)
    out: dict[tuple[str, str, str], list[Answer]] = {}
    for answer in rows.exclude(by=by):
        if answer.place in places:
            out.setdefault((answer.place, answer.item, answer.rater), []).append(answer)
    return out

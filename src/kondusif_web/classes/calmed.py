"""Answers that one person calmed, in words, for who reads or publishes their class (method 9.7)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from kondusif.instrument.recipe import Recipe
from kondusif.measure.answers import Answer as CoreAnswer
from kondusif.measure.answers import Given
from kondusif.measure.calmed import Brought, calmed_alone
from kondusif.places import desa_of
from kondusif_web.answers import facts, wording
from kondusif_web.answers.models import Answer
from kondusif_web.pages.wording import nama_butir, nama_pendamping

BY_OFFICE = (facts.PLAN_CHANNEL, facts.DIALOGUE_CHANNEL)  # counted from a plan or a register, nobody's word


COMPANION_WORDS = {"yes": wording.YES, "no": wording.NO}


@dataclass(frozen=True, slots=True)
class CalmedRow:
    """One line: where, which item, from what to what, who and when. ``tps``: two digits, blank for a desa."""

    kode: str
    nama: str
    tps: str
    dari: str
    ke: str
    siapa: str
    kapan: datetime
    sumber: str


def by_desa(
    rows: Iterable[Answer], recipe: Recipe, day: date, *, known: Collection[str] = ()
) -> dict[str, list[CalmedRow]]:
    """Calmed answers among ``rows`` (``by__user`` at hand) by desa; those in ``known`` were seen before."""
    rows = [row for row in rows if row.channel not in BY_OFFICE]
    who = {row.client_id: str(row.by) if row.by else _("baris perintah") for row in rows}
    brought = (
        Brought(
            facts.answer_of(row),
            row.recorded_at,
            row.by.username if row.by else "",
            row.channel == facts.JOINT,
        )
        for row in rows
    )
    out: dict[str, list[CalmedRow]] = {}
    for c in calmed_alone(brought, recipe.by_id, day):
        a = c.after.answer
        if a.id in known:
            continue
        desa = desa_of(a.place)
        out.setdefault(desa, []).append(
            CalmedRow(
                kode=a.item,
                nama=_name(recipe, a.item),
                tps=a.place.rpartition("-")[2] if a.place != desa else "",
                dari=_said(recipe, c.before.answer),
                ke=_said(recipe, a),
                siapa=who[a.id],
                kapan=c.after.at,
                sumber=a.source,
            )
        )
    return out


def _name(recipe: Recipe, item: str) -> str:
    if item in recipe.by_id:
        return nama_butir(recipe.by_id[item])
    return nama_pendamping(recipe, item)


def _said(recipe: Recipe, answer: CoreAnswer) -> str:
    if answer.given is not Given.VALUE:
        return str(wording.GIVEN[answer.given.value])
    if answer.word:
        return str(COMPANION_WORDS.get(answer.word, answer.word))
    indicator = recipe.by_id.get(answer.item)
    return wording.value_in_words(indicator, answer.value) if indicator else wording.number(answer.value)

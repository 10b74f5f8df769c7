"""What the form asks one person at one place: the items owed, by dimension, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from kondusif.answers.answer import Answer as CoreAnswer
from kondusif.answers.answer import AnswerLog
from kondusif.answers.last_vote import Known
from kondusif.classes.rounds import SECOND
from kondusif.classes.score import answer_log
from kondusif.instrument.indicator import Indicator, parent_of
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of
from kondusif_web.answers import facts, ledgers, queries, wording
from kondusif_web.answers.models import NotKnown
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.pages.wording import nama_dimensi


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One item for one person. ``before`` only what may be shown: another rater's value of this round is not,
    so that two ratings stay two. ``own``: the person's current answer of this round, to be corrected."""

    item: str
    indicator: Indicator | None  # None for a companion
    name: str = ""
    why: tuple[str, str] | None = None  # it is owed, as a mark and in a word
    before: CoreAnswer | None = None
    before_words: str = ""
    hidden: bool = False
    own: CoreAnswer | None = None
    asked_on: date | None = None  # somebody asked and did not know yet
    last: Known | None = None  # what earlier operations of the office know of it

    @property
    def unit(self) -> str:
        return wording.unit_of(self.indicator) if self.indicator else ""

    @property
    def range(self) -> str:
        return wording.range_of(self.indicator) if self.indicator else wording.beside(parent_of(self.item))


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one dimension."""

    kode: str
    name: str
    questions: tuple[FormQuestion, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The form of one place: its sections, and how much is owed there."""

    sections: tuple[Section, ...]
    owed: int


def questionnaire(
    operation: Operation,
    member: Membership,
    place: str,
    now: datetime,
    *,
    everything: bool,
    last: Mapping[str, Known] = MappingProxyType({}),
) -> Questionnaire | None:
    """Questions for ``place`` (desa or TPS code); None for a place that does not vote or is not there.

    ``everything``: also what is answered and fresh, so that a second rater can rate it. ``last``: values that
    earlier operations know, by item.
    """
    row, stage = facts.running(operation), facts.asked_stage(operation, now)
    villages = ledgers.villages(operation, now, stage=stage, round_=row, kode=desa_of(place))
    owed = {t.kode: found for v in villages for t, found in v.tps} | {v.desa.kode: v.own for v in villages}
    if place not in owed:
        return None
    recipe, day = recipe_of(operation.recipe), facts.today(operation, now)
    log = answer_log(recipe, queries.answers(operation, desa_of(place), day), day)
    rated: dict[str, list[CoreAnswer]] = {}
    for answer in queries.round_answers(row) if row else ():
        if answer.place == place:
            rated.setdefault(answer.item, []).append(answer)
    mine = {item for item, given in rated.items() if any(a.rater == member.username for a in given)}
    debts = {
        d.item: d.why
        for d in owed[place].debts
        if d.item not in recipe.from_plan and not (d.why == SECOND and d.item in mine)
    }
    tried = {n.item: n.on for n in NotKnown.objects.filter(operation=operation, place=place).order_by("at")}
    questions = [
        replace(
            _question(recipe, log, place, item, rated.get(item, ()), member.username),
            why=wording.DEBT_LOOKS.get(debts.get(item, "")),
            asked_on=tried.get(item),
            last=last.get(item),
        )
        for item in _asked(recipe, stage, place, everything, debts)
    ]
    sections = [
        Section(kode, nama_dimensi(recipe, kode), tuple(q for q in questions if q.item.startswith(kode)))
        for kode in recipe.dimension_weights
    ]
    return Questionnaire(tuple(section for section in sections if section.questions), len(debts))


def _asked(recipe: Recipe, stage: str, place: str, everything: bool, debts: dict[str, str]) -> list[str]:
    """Items in the order of the instrument, each count followed by its yes or no."""
    station = place != desa_of(place)
    out: list[str] = []
    for indicator in recipe.indicators:
        if indicator.from_plan or (station and indicator.id not in recipe.tps_items):
            continue
        wanted = indicator.id in debts or (everything and indicator.due(stage))
        if wanted:
            out.append(indicator.id)
        if not station:
            out += [c.id for c in indicator.companions if wanted or c.id in debts]
    return out


def _question(
    recipe: Recipe, log: AnswerLog, place: str, item: str, rated: Iterable[CoreAnswer], rater: str
) -> FormQuestion:
    """The question with what ``rater`` may see of the answers there; ``rated``: those of this round."""
    corrected = {a.corrects for a in log.ids.values() if a.corrects}
    mine = [a for a in rated if a.rater == rater and a.id not in corrected]
    own = max(mine, key=lambda a: (a.on, a.id), default=None)
    others = any(a.rater != rater for a in rated)
    before = own if others else log.latest(place, item) or log.last_value(place, item)
    return FormQuestion(
        item=item,
        indicator=recipe.by_id.get(item),
        name=wording.name_of(recipe, item),
        before=before,
        before_words=wording.answer_in_words(recipe, before),
        hidden=others and own is None,
        own=own,
    )

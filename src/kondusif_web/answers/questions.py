"""What the form asks one person at one place: the items owed, by dimension, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
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
from kondusif_web.answers.wording import value_in_words
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.pages.wording import kata_inti, nama_dimensi


@dataclass(frozen=True, slots=True)
class Question:
    """One item for one person. ``before`` only what may be shown: another rater's value of this round is not,
    so that two ratings stay two. ``own``: the person's standing answer of this round, to be corrected."""

    item: str
    indicator: Indicator | None  # None for a companion
    name: str = ""
    why: str = ""
    before: str = ""
    before_on: date | None = None
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

    @property
    def rationale(self) -> str:
        return kata_inti(self.indicator.rationale) if self.indicator else ""

    @property
    def source(self) -> str:
        return kata_inti(self.indicator.source) if self.indicator else ""

    @property
    def last_source(self) -> str:
        """Where the offered value comes from, as it is kept with the answer."""
        return wording.from_operations(self.last.operations) if self.last else ""

    @property
    def last_words(self) -> str:
        """The offered value with its unit."""
        return value_in_words(self.indicator, self.last.value) if self.last and self.indicator else ""

    @property
    def why_words(self) -> tuple[str, object] | None:
        return wording.DEBT_LOOKS.get(self.why)


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one dimension."""

    kode: str
    name: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The form of one place: its sections, and how much is owed there."""

    place: str
    stage: str
    sections: tuple[Section, ...]
    owed: int
    round_gate: str


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
    row = facts.running(operation)
    stage = facts.asked_stage(operation, now)
    villages = ledgers.villages(operation, now, stage=stage, round_=row, kode=desa_of(place))
    if not villages:
        return None
    village = villages[0]
    own = {t.kode: found for t, found in village.tps} | {village.desa.kode: village.own}
    if place not in own:
        return None
    recipe, day = recipe_of(operation.recipe), facts.today(operation, now)
    known = queries.answers(operation, desa_of(place), day)
    fresh = {a.id: a for a in queries.round_answers(row)} if row else {}
    book = answer_log(recipe, known, day)
    debts = {d.item: d.why for d in own[place].debts}
    mine = {(a.item) for a in fresh.values() if a.rater == member.username and a.place == place}
    open_debts = {
        i: w for i, w in debts.items() if i not in recipe.from_plan and not (w == SECOND and i in mine)
    }
    asked = _asked(recipe, stage, place, everything, open_debts)
    tried = {n.item: n.on for n in NotKnown.objects.filter(operation=operation, place=place).order_by("at")}
    sections = []
    for kode in recipe.dimension_weights:
        found = tuple(
            replace(
                _question(
                    recipe, book, place, item, member, open_debts.get(item, ""), fresh, tried.get(item)
                ),
                last=last.get(item),
            )
            for item in asked
            if item.startswith(kode)
        )
        if found:
            sections.append(Section(kode, nama_dimensi(recipe, kode), found))
    return Questionnaire(place, stage, tuple(sections), len(open_debts), row.gate if row else "")


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
    recipe: Recipe,
    book: AnswerLog,
    place: str,
    item: str,
    member: Membership,
    why: str,
    fresh: dict[str, CoreAnswer],
    tried: date | None,
) -> Question:
    standing = book.latest(place, item) or book.last_value(place, item)
    corrected = {a.corrects for a in book.ids.values() if a.corrects}
    own = [
        a
        for a in fresh.values()
        if (a.place, a.item, a.rater) == (place, item, member.username) and a.id not in corrected
    ]
    others = [a for a in fresh.values() if (a.place, a.item) == (place, item) and a.rater != member.username]
    hidden = bool(others) and not own
    shown = max(own, key=lambda a: (a.on, a.id), default=None) if others else standing
    return Question(
        item=item,
        name=wording.name_of(recipe, item),
        indicator=recipe.by_id.get(item),
        why=why,
        before=wording.said(recipe, shown) if shown else "",
        before_on=shown.on if shown else None,
        hidden=hidden,
        own=max(own, key=lambda a: (a.on, a.id), default=None),
        asked_on=tried,
    )

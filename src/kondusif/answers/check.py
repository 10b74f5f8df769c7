"""Whether an answer may be taken: one verdict each, the same by whatever way it comes (RULES 2, 7, 17, 26).

A verdict finds faults of one answer beside what is known; a fault names the field and what is wrong by its
code, whose words are the table ``answer_faults``. Lowering an answer needs the person who gave it: who
brings a file neither corrects what somebody else answered nor speaks in that person's name, unless it is
worse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from kondusif.answers.agreement import SYSTEM, risk_of
from kondusif.answers.answer import UNKNOWN, Answer, Given
from kondusif.banned import scan
from kondusif.instrument.indicator import possible
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of
from kondusif.stages import reachable
from kondusif.words import table


class Origin(StrEnum):
    """How answers come: by who saw, in a file of one person, from the terminal, by the office itself."""

    SELF = "self"
    FILE = "file"
    TERMINAL = "terminal"
    OFFICE = "office"  # derived from a plan or a register, or agreed on by raters together


@dataclass(frozen=True, slots=True)
class UnansweredItem:
    """Somebody asked and does not know yet: the item stays owed. Fields as of an answer."""

    id: str
    place: str
    item: str
    on: date
    source: str
    rater: str


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """An answer that is here. ``others``: another person brought it; ``office``: the office wrote it, or a
    joint review."""

    answer: Answer
    others: bool = False
    office: bool = False


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What is known when answers come: codes of places, the day where the operation is, whether a round runs.

    ``rater``: name of who brings them; ``corrected``: by id, the answers here that coming ones correct;
    ``personal``: by place, item and rater, what other people answered themselves while this round runs.
    """

    recipe: Recipe
    places: frozenset[str]
    on: date
    round: bool = False
    rater: str = ""
    corrected: Mapping[str, KnownAnswer] = field(default_factory=dict)
    personal: Mapping[tuple[str, str, str], tuple[Answer, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a coming answer: its field, what is wrong by code, what stands there.

    ``expected``: what could stand there, where the code alone does not say.
    """

    answer: Answer | UnansweredItem
    field: str
    code: str
    found: str
    expected: str = ""

    @property
    def words(self) -> str:
        """What could stand there, in Indonesian."""
        return self.expected or table("answer_faults")[self.code]


Verdict = Callable[[Answer, CheckContext], Iterator[Fault]]
AnyVerdict = Callable[[Answer | UnansweredItem, CheckContext], Iterator[Fault]]


# ---------------------------------------------------------------- of whatever comes


def known_place(a: Answer | UnansweredItem, here: CheckContext) -> Iterator[Fault]:
    if a.place not in here.places:
        yield Fault(a, "place", "place_unknown", a.place)


def known_item(a: Answer | UnansweredItem, here: CheckContext) -> Iterator[Fault]:
    if a.item not in here.recipe.items:
        yield Fault(a, "item", "item_unknown", a.item)


def past_day(a: Answer | UnansweredItem, here: CheckContext) -> Iterator[Fault]:
    if not reachable(a.on):
        yield Fault(a, "on", "day_impossible", a.on.isoformat())
    elif a.on > here.on:
        yield Fault(a, "on", "day_to_come", a.on.isoformat())


def clean_texts(a: Answer | UnansweredItem, here: CheckContext) -> Iterator[Fault]:
    for name, text in (("source", a.source), ("rater", a.rater)):
        for banned in scan(text):
            yield Fault(a, name, "never_kept", banned.word)


def asked_item(a: Answer | UnansweredItem, here: CheckContext) -> Iterator[Fault]:
    """What a plan answers is asked of nobody, and a station is asked its own items alone (RULES 4, 5)."""
    if a.item in here.recipe.from_plan:
        yield Fault(a, "item", "item_not_asked", a.item)
    elif a.place != desa_of(a.place) and a.item not in here.recipe.tps_items:
        yield Fault(a, "item", "item_not_of_station", a.item)


# ---------------------------------------------------------------- of an answer


def applies(a: Answer, here: CheckContext) -> Iterator[Fault]:
    indicator = here.recipe.by_id.get(a.item)
    if a.given is Given.NOT_APPLICABLE and not (indicator and indicator.may_not_apply):
        yield Fault(a, "given", "always_applies", table("given")[a.given.value])


def possible_value(a: Answer, here: CheckContext) -> Iterator[Fault]:
    indicator = here.recipe.by_id.get(a.item)
    if indicator and a.value is not None and (what := possible(indicator, a.value)):
        yield Fault(a, "value", "value_impossible", f"{a.value:g}", what)


def says_source(a: Answer, here: CheckContext) -> Iterator[Fault]:
    if not a.source.strip():
        yield Fault(a, "source", "source_missing", "kosong")


def value_corrects(a: Answer, here: CheckContext) -> Iterator[Fault]:
    """A refusal or a word not known corrects nothing (RULES 2)."""
    if a.corrects and (a.given is Given.REFUSED or a.word == UNKNOWN):
        yield Fault(a, "corrects", "corrects_by_nothing", a.corrects)


def own_correction(a: Answer, here: CheckContext) -> Iterator[Fault]:
    there = here.corrected.get(a.corrects)
    if a.corrects and (there is None or _of(there.answer) != (a.place, a.item, here.rater)):
        yield Fault(a, "corrects", "corrects_not_own", a.corrects)


def _of(a: Answer) -> tuple[str, str, str]:
    return a.place, a.item, a.rater


def not_the_office(a: Answer, here: CheckContext) -> Iterator[Fault]:
    """An answer in the office's own name is nobody's rating, so that it would pass the joint review by."""
    if a.rater.casefold() == SYSTEM:
        yield Fault(a, "rater", "rater_is_office", a.rater)


def not_over_others(a: Answer, here: CheckContext) -> Iterator[Fault]:
    """Lowering what others answered needs a second rater (RULES 2, 7, method 9.3)."""
    indicator = here.recipe.by_id.get(a.item)
    risk, there = risk_of(a, indicator), here.corrected.get(a.corrects)
    lowers = there is not None and here.round and there.others and risk < risk_of(there.answer, indicator)
    if there is not None and (there.office or lowers):
        yield Fault(a, "corrects", "corrects_others", a.corrects)
    elif any(risk < risk_of(b, indicator) for b in here.personal.get(_of(a), ())):
        yield Fault(a, "rater", "rater_answered", a.rater)


OF_ALL: tuple[AnyVerdict, ...] = (known_place, known_item, past_day, clean_texts)
OF_ASKED: tuple[AnyVerdict, ...] = (*OF_ALL, asked_item)
OF_ANSWERS: tuple[Verdict, ...] = (*OF_ALL, applies, possible_value, says_source)
VERDICTS: Mapping[Origin, tuple[Verdict, ...]] = MappingProxyType(
    {
        Origin.SELF: (*OF_ANSWERS, asked_item, value_corrects, own_correction),
        Origin.FILE: (*OF_ANSWERS, value_corrects, not_the_office, not_over_others),
        Origin.TERMINAL: (*OF_ANSWERS, value_corrects),
        Origin.OFFICE: OF_ANSWERS,
    }
)


def faults(
    answers: Iterable[Answer], brought: Origin, here: CheckContext, asked: Iterable[UnansweredItem] = ()
) -> tuple[Fault, ...]:
    """Every fault of the answers that come, and of what was asked without an answer; in their order."""
    found = [f for a in answers for verdict in VERDICTS[brought] for f in verdict(a, here)]
    return (*found, *(f for a in asked for verdict in OF_ASKED for f in verdict(a, here)))

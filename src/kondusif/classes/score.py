"""One place, one day: a score from 0 (calm) to 100, with every point of it accounted for.

Missing is not zero: an unanswered item takes no part, and coverage says how much did (method 1.3-1.6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import date
from math import fsum

from kondusif.answers.answer import Answer, AnswerLog, Given
from kondusif.errors import MissingAnswers
from kondusif.instrument.indicator import Indicator, stage_index
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of

ANSWERED, ABSENT, STALE, REFUSED, NOT_APPLICABLE, NOT_DUE = (
    "answered",
    "absent",
    "stale",
    "refused",
    "not_applicable",
    "not_due",
)


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One indicator in a score. ``normalised`` 0..1 and ``contribution`` in points only when answered;
    ``value`` and ``answer`` also when stale, so that a page can show what went stale."""

    id: str
    state: str
    value: float | None
    normalised: float | None
    contribution: float | None
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a place. ``total`` and ``dimensions`` are 0..100, None where nothing is answered.

    ``weights`` are the dimension weights in force (over answered dimensions, summing to 1); ``contributions``
    in points by item, summing to ``total``; both coverages are weighted shares 0..1.
    """

    place: str
    at: date
    stage: str
    total: float | None
    dimensions: Mapping[str, float | None]
    weights: Mapping[str, float]
    contributions: Mapping[str, float]
    coverage_due: float
    coverage_all: float
    items: tuple[ItemScore, ...]

    def required(self) -> float:
        """The total. Raises ``MissingAnswers`` where there is none."""
        if self.total is None:
            raise MissingAnswers("place", place=self.place)
        return self.total

    def missing(self) -> tuple[ItemScore, ...]:
        """Items that are due and have no usable answer."""
        return tuple(i for i in self.items if i.state in (ABSENT, STALE, REFUSED))


def answer_log(recipe: Recipe, answers: Iterable[Answer], on: date) -> AnswerLog:
    """Answers as they stand on a day, ties of one day broken towards risk."""
    return AnswerLog(answers, on, recipe.by_id)


def score(
    recipe: Recipe,
    answers: Iterable[Answer],
    place: str,
    *,
    on: date,
    stage: str,
    without: Collection[str] = (),
    replace: Mapping[str, Answer] | None = None,
) -> Score:
    """Score of ``place`` on a day and stage (method 1.3).

    ``without``: items left out altogether (RULES 5). ``replace``: a station's answers that stand in place of
    the village's (RULES 4). Raises ``Conflict`` on one id with two contents.
    """
    return score_book(
        recipe, answer_log(recipe, answers, on), place, stage=stage, without=without, replace=replace
    )


def score_book(
    recipe: Recipe,
    log: AnswerLog,
    place: str,
    *,
    stage: str,
    without: Collection[str] = (),
    replace: Mapping[str, Answer] | None = None,
    cautious: bool = False,
) -> Score:
    """As ``score``, on answers already put in order.

    ``cautious``: every missing or stale due item takes its last known value, or the worst where none is known
    (RULES 2, method 2.4). Such a score is for comparison only and is never shown as the place's own.
    """
    stage_index(stage)
    replace = replace or {}
    items = [
        _item(i, log, place, stage, replace.get(i.id), cautious)
        for i in recipe.indicators
        if i.id not in without
    ]
    return total_up(recipe, place, log.on, stage, items)


def station_score(
    recipe: Recipe, log: AnswerLog, tps: str, stage: str, without: Collection[str] = ()
) -> Score:
    """The desa's score with this station's own fresh values in place of the desa's (method 2.5)."""
    items = [i for i in recipe.tps_items if i not in without]
    latest = {i: a for i in items if (a := log.latest(tps, i)) and _fresh(recipe, a, log.on)}
    found = score_book(recipe, log, desa_of(tps), stage=stage, without=without, replace=latest)
    return changed(found, place=tps)


def _fresh(recipe: Recipe, answer: Answer, on: date) -> bool:
    """A station's value stands in place of the desa's only while it is fresh."""
    return answer.given is Given.VALUE and (on - answer.on).days <= recipe.by_id[answer.item].fresh_days


def total_up(recipe: Recipe, place: str, on: date, stage: str, items: Iterable[ItemScore]) -> Score:
    """Weighted means over what is answered, and what each item added (method 1.3-1.5).

    Sums run in the recipe's order with ``fsum``, so the row order of answers changes no bit.
    """
    items = list(items)
    by_id = recipe.by_id
    answered = {i.id: i.normalised for i in items if i.normalised is not None}
    weight_in = {
        d: fsum(by_id[i].weight for i in answered if by_id[i].dimension == d)
        for d in recipe.dimension_weights
    }
    dimensions = {
        d: 100 * fsum(by_id[i].weight * r for i, r in answered.items() if by_id[i].dimension == d) / w
        if w
        else None
        for d, w in weight_in.items()
    }
    present = fsum(recipe.dimension_weights[d] for d, value in dimensions.items() if value is not None)
    weights = {d: w / present for d, w in recipe.dimension_weights.items() if dimensions[d] is not None}
    contributions = {
        i: 100 * weights[by_id[i].dimension] * by_id[i].weight / weight_in[by_id[i].dimension] * risk
        for i, risk in answered.items()
    }
    total = (
        fsum(w * value for d, w in weights.items() if (value := dimensions[d]) is not None)
        if answered
        else None
    )
    applicable = [i for i in items if i.state != NOT_APPLICABLE]
    due = [i for i in applicable if by_id[i.id].due(stage)]
    return Score(
        place=place,
        at=on,
        stage=stage,
        total=total,
        dimensions=dimensions,
        weights=weights,
        contributions=contributions,
        coverage_due=_coverage(recipe, due),
        coverage_all=_coverage(recipe, applicable),
        items=tuple(
            ItemScore(i.id, i.state, i.value, i.normalised, contributions.get(i.id), i.answer) for i in items
        ),
    )


def _coverage(recipe: Recipe, items: Iterable[ItemScore]) -> float:
    """Weighted share answered of these items, 0..1; 0 where there are none (RULES 1, method 1.6)."""
    items = list(items)
    whole = fsum(recipe.shares[i.id] for i in items)
    done = fsum(recipe.shares[i.id] for i in items if i.state == ANSWERED)
    return done / whole if whole else 0.0


def _item(
    indicator: Indicator, log: AnswerLog, place: str, stage: str, instead: Answer | None, cautious: bool
) -> ItemScore:
    answer = instead or log.latest(place, indicator.id)
    state = _state(indicator, answer, log.on, stage)
    if state == ANSWERED and answer and answer.value is not None:
        return ItemScore(indicator.id, state, answer.value, indicator.risk(answer.value), None, answer)
    if cautious and state in (ABSENT, STALE, REFUSED):
        last = answer if instead else log.last_value(place, indicator.id)
        value = last.value if last else None
        return ItemScore(
            indicator.id, state, value, 1.0 if value is None else indicator.risk(value), None, last
        )
    return ItemScore(indicator.id, state, answer.value if answer else None, None, None, answer)


def _state(indicator: Indicator, answer: Answer | None, on: date, stage: str) -> str:
    """State of an item. An answer counts as soon as it is fresh, also before its stage (method 1.2).

    "Not applicable" is heard only where the catalogue lets an item not apply; elsewhere it is a refusal, so
    that nobody silences a weapon found by calling it inapplicable.
    """
    if answer is None:
        return ABSENT if indicator.due(stage) else NOT_DUE
    if (on - answer.on).days > indicator.fresh_days:
        return STALE
    if answer.given is Given.NOT_APPLICABLE and indicator.may_not_apply:
        return NOT_APPLICABLE
    return ANSWERED if answer.given is Given.VALUE else REFUSED

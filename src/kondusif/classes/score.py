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
GAPS = frozenset({ABSENT, STALE, REFUSED})  # there is no usable answer


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One indicator in a score. ``normalised`` is its risk 0..1, only when answered; ``value`` and ``answer``
    stand here also when stale, so that a page can show what went stale."""

    id: str
    state: str
    value: float | None
    normalised: float | None
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


def answer_log(recipe: Recipe, answers: Iterable[Answer], on: date) -> AnswerLog:
    """Answers as they stand on a day, ties of one day broken towards risk."""
    return AnswerLog(answers, on, recipe.by_id)


def score_place(
    recipe: Recipe,
    log: AnswerLog,
    place: str,
    *,
    stage: str,
    without: Collection[str] = (),
    replace: Mapping[str, Answer] | None = None,
    cautious: bool = False,
) -> Score:
    """Score of ``place`` at a stage on the day of the log (method 1.3-1.5).

    ``without``: items left out altogether (RULES 5). ``replace``: a station's answers that stand in place of
    the village's (RULES 4). ``cautious``: every missing or stale due item takes its last known value, or the
    worst where none is known (RULES 2, method 2.4); such a score is for comparison only and is never shown as
    the place's own. Sums run in the recipe's order with ``fsum``, so the row order of answers changes no bit.
    """
    stage_index(stage)
    instead = replace or {}
    asked = [i for i in recipe.indicators if i.id not in without]
    items = [_item(i, log, place, stage, instead.get(i.id), cautious) for i in asked]
    risks = {i.id: i.normalised for i in items if i.normalised is not None}
    answered = [i for i in asked if i.id in risks]
    inside = {d: [i for i in answered if i.dimension == d] for d in recipe.dimension_weights}
    sums = {d: fsum(i.weight for i in group) for d, group in inside.items() if group}
    known = {
        d: _within(
            100 * fsum(i.weight * risks[i.id] for i in inside[d]) / whole,
            [100 * risks[i.id] for i in inside[d]],
        )
        for d, whole in sums.items()
    }
    present = fsum(recipe.dimension_weights[d] for d in known)
    weights = {d: recipe.dimension_weights[d] / present for d in known}
    contributions = {
        i.id: 100 * weights[i.dimension] * i.weight / sums[i.dimension] * risks[i.id] for i in answered
    }
    applicable = [i for i in items if i.state != NOT_APPLICABLE]
    return Score(
        place=place,
        at=log.on,
        stage=stage,
        total=_within(fsum(weights[d] * value for d, value in known.items()), known.values())
        if known
        else None,
        dimensions={d: known.get(d) for d in recipe.dimension_weights},
        weights=weights,
        contributions=contributions,
        coverage_due=_coverage(recipe, [i for i in applicable if recipe.by_id[i.id].due(stage)]),
        coverage_all=_coverage(recipe, applicable),
        items=tuple(items),
    )


def _within(mean: float, children: Collection[float]) -> float:
    """A mean never leaves the range of its children, whatever rounding does."""
    return min(max(mean, min(children)), max(children))


def score_station(
    recipe: Recipe, log: AnswerLog, tps: str, stage: str, without: Collection[str] = ()
) -> Score:
    """The desa's score with this station's own fresh values in place of the desa's (method 2.5)."""
    items = [i for i in recipe.tps_items if i not in without]
    latest = {i: a for i in items if (a := log.latest(tps, i)) and _fresh(recipe, a, log.on)}
    found = score_place(recipe, log, desa_of(tps), stage=stage, without=without, replace=latest)
    return changed(found, place=tps)


def _fresh(recipe: Recipe, answer: Answer, on: date) -> bool:
    """A station's value stands in place of the desa's only while it is fresh."""
    return answer.given is Given.VALUE and (on - answer.on).days <= recipe.by_id[answer.item].fresh_days


def _coverage(recipe: Recipe, items: Collection[ItemScore]) -> float:
    """Weighted share answered of these items, 0..1; 0 where there are none (RULES 1, method 1.6)."""
    whole = fsum(recipe.shares[i.id] for i in items)
    done = fsum(recipe.shares[i.id] for i in items if i.state == ANSWERED)
    return done / whole if whole else 0.0


def _item(
    indicator: Indicator, log: AnswerLog, place: str, stage: str, instead: Answer | None, cautious: bool
) -> ItemScore:
    answer = instead or log.latest(place, indicator.id)
    state = _state(indicator, answer, log.on, stage)
    supposed = cautious and state in GAPS
    if supposed and instead is None:
        answer = log.last_value(place, indicator.id)
    value = answer.value if answer else None
    risk = None
    if supposed and value is None:
        risk = 1.0
    elif value is not None and (supposed or state == ANSWERED):
        risk = indicator.risk(value)
    return ItemScore(indicator.id, state, value, risk, answer)


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

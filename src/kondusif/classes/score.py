"""One place, one day: a score from 0 (calm) to 100, with every point of it accounted for.

Missing is not zero: an unanswered item takes no part, and coverage says how much did (method 1.3-1.6).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import date
from functools import cached_property
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
    return PlaceItems(recipe, log, place, stage).score(without, replace, cautious)


class PlaceItems:
    """The items of a place at a stage, each looked up once, however often they are scored: without some, or
    with a station's answers in place of the village's. Parameters as those of ``score_place``."""

    def __init__(self, recipe: Recipe, log: AnswerLog, place: str, stage: str) -> None:
        stage_index(stage)
        self.recipe, self.log, self.place, self.stage = recipe, log, place, stage

    def score(
        self,
        without: Collection[str] = (),
        replace: Mapping[str, Answer] | None = None,
        cautious: bool = False,
    ) -> Score:
        """The score with every point of it."""
        recipe, items = self.recipe, self._items(without, replace or {}, cautious)
        means = _Means(recipe, items)
        return Score(
            place=self.place,
            at=self.log.on,
            stage=self.stage,
            total=means.total,
            dimensions={d: means.known.get(d) for d in recipe.dimension_weights},
            weights=means.weights,
            contributions=means.contributions(),
            coverage_due=self._coverage_due(items),
            coverage_all=_coverage(recipe, items),
            items=tuple(items),
        )

    def total(
        self,
        without: Collection[str] = (),
        replace: Mapping[str, Answer] | None = None,
        cautious: bool = False,
    ) -> tuple[float | None, float]:
        """``total`` and ``coverage_due`` of that score, without the rest of it."""
        items = self._items(without, replace or {}, cautious)
        return _Means(self.recipe, items).total, self._coverage_due(items)

    def _items(
        self, without: Collection[str], instead: Mapping[str, Answer], cautious: bool
    ) -> list[ItemScore]:
        own = self._cautious if cautious else self._plain
        return [
            self._item(i, instead[i.id], cautious) if i.id in instead else own[i.id]
            for i in self.recipe.indicators
            if i.id not in without
        ]

    @cached_property
    def _plain(self) -> Mapping[str, ItemScore]:
        return {i.id: self._item(i, None, False) for i in self.recipe.indicators}

    @cached_property
    def _cautious(self) -> Mapping[str, ItemScore]:
        return {i.id: self._item(i, None, True) for i in self.recipe.indicators}

    @cached_property
    def _due(self) -> frozenset[str]:
        return frozenset(i.id for i in self.recipe.indicators if i.due(self.stage))

    def _item(self, indicator: Indicator, instead: Answer | None, cautious: bool) -> ItemScore:
        return _item(indicator, self.log, self.place, self.stage, instead, cautious)

    def _coverage_due(self, items: Iterable[ItemScore]) -> float:
        return _coverage(self.recipe, [i for i in items if i.id in self._due])


class _Means:
    """Weighted means of the answered items within each dimension, and of the dimensions (method 1.4)."""

    def __init__(self, recipe: Recipe, items: Iterable[ItemScore]) -> None:
        by_id = recipe.by_id
        self.risks = [(by_id[i.id], i.normalised) for i in items if i.normalised is not None]
        inside: dict[str, list[tuple[Indicator, float]]] = {d: [] for d in recipe.dimension_weights}
        for indicator, risk in self.risks:
            inside[indicator.dimension].append((indicator, risk))
        self.inside = {d: group for d, group in inside.items() if group}
        self.sums = {d: fsum(i.weight for i, _ in group) for d, group in self.inside.items()}
        self.known = {
            d: _within(
                100 * fsum(i.weight * risk for i, risk in group) / self.sums[d],
                [100 * risk for _, risk in group],
            )
            for d, group in self.inside.items()
        }
        present = fsum(recipe.dimension_weights[d] for d in self.known)
        self.weights = {d: recipe.dimension_weights[d] / present for d in self.known}

    @property
    def total(self) -> float | None:
        """0..100; None where nothing is answered."""
        if not self.known:
            return None
        return _within(fsum(self.weights[d] * value for d, value in self.known.items()), self.known.values())

    def contributions(self) -> dict[str, float]:
        """Points by item, summing to the total."""
        weights, sums = self.weights, self.sums
        return {
            i.id: 100 * weights[i.dimension] * i.weight / sums[i.dimension] * risk for i, risk in self.risks
        }


def _within(mean: float, children: Collection[float]) -> float:
    """A mean never leaves the range of its children, whatever rounding does."""
    return min(max(mean, min(children)), max(children))


def score_station(recipe: Recipe, log: AnswerLog, tps: str, stage: str) -> Score:
    """The desa's score with this station's own fresh values in place of the desa's (method 2.5)."""
    found = score_place(recipe, log, desa_of(tps), stage=stage, replace=fresh_values(recipe, log, tps))
    return changed(found, place=tps)


def fresh_values(recipe: Recipe, log: AnswerLog, tps: str) -> dict[str, Answer]:
    """A station's own values that are fresh, so that they stand in place of the desa's."""
    return {i: a for i in recipe.tps_items if (a := log.latest(tps, i)) and _fresh(recipe, a, log.on)}


def _fresh(recipe: Recipe, answer: Answer, on: date) -> bool:
    """A station's value stands in place of the desa's only while it is fresh."""
    return answer.given is Given.VALUE and (on - answer.on).days <= recipe.by_id[answer.item].fresh_days


def _coverage(recipe: Recipe, items: Iterable[ItemScore]) -> float:
    """Weighted share answered of these items, 0..1; 0 where there are none (RULES 1, method 1.6)."""
    applicable = [i for i in items if i.state != NOT_APPLICABLE]
    whole = fsum(recipe.shares[i.id] for i in applicable)
    done = fsum(recipe.shares[i.id] for i in applicable if i.state == ANSWERED)
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

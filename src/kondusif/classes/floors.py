"""Floors: facts that alone set a least class, because a weighted mean would drown them (RULES 3).

Floors read last known values: a fact does not lapse because its answer goes stale (RULES 2).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kondusif.answers.answer import NO, UNKNOWN, YES, Answer, AnswerLog
from kondusif.instrument.floor import Floor
from kondusif.instrument.indicator import stage_index
from kondusif.instrument.recipe import Recipe

FIRED, UNTOLD, UNASKED, CLEAR = "fired", "untold", "unasked", "clear"


@dataclass(frozen=True, slots=True)
class FiredFloor:
    """A floor and the facts it rests on: item, value, day, companion and its word, answer ids."""

    id: str
    level: int
    facts: Mapping[str, object]


def circular(recipe: Recipe, floor: Floor, without: Collection[str]) -> bool:
    """Whether it would let the plan argue for itself, where ``without`` sizes no force (RULES 5, method 2.6).

    A floor on any other item that sizes no force still counts: a weapon is a weapon.
    """
    return recipe.by_id[floor.item].from_plan and floor.item in without


def floor_state(
    recipe: Recipe, floor: Floor, log: AnswerLog, place: str, stage: str
) -> tuple[str, FiredFloor]:
    """State of a floor on last known values, however old (RULES 2 and 3, method 2.3).

    ``untold``: the count is there, its companion says nothing. ``unasked``: the count is due and was never
    given. Both fire in the cautious score only.
    """
    count = log.last_value(place, floor.item)
    word = log.last_value(place, floor.companion) if floor.companion else None
    reached = count is not None and count.value is not None and floor.reached(count.value)
    said = _said(floor, log, count, word)
    fact = FiredFloor(
        floor.id,
        floor.level,
        {
            "item": floor.item,
            "value": count.value if count else None,
            "on": count.on if count else None,
            "companion": floor.companion,
            "word": word.word if word else "",
            "companion_on": word.on if word else None,
            "answers": tuple(a.id for a in (count, word) if a),
        },
    )
    if floor.from_stage and stage_index(stage) < stage_index(floor.from_stage):
        return CLEAR, fact
    if floor.companion and said == YES:
        return FIRED, fact
    if reached:
        return (FIRED if not floor.companion else CLEAR if said == NO else UNTOLD), fact
    if count is None and recipe.by_id[floor.item].due(stage) and said != NO:
        return UNASKED, fact
    return CLEAR, fact


def floor_level(recipe: Recipe, log: AnswerLog, place: str, stage: str) -> int:
    """The highest level of the floors that fire at a place, 0 without any."""
    states = (floor_state(recipe, f, log, place, stage) for f in recipe.floors)
    return max((floor.level for state, floor in states if state == FIRED), default=0)


def _said(floor: Floor, log: AnswerLog, count: Answer | None, word: Answer | None) -> str:
    """What the companion says about the count as it stands.

    A "yes" outweighs a count of none unless the count is newer. A "no" speaks only about the count of its
    day: when the count has risen since, what was added is unknown.
    """
    if word is None or word.word == UNKNOWN:
        return UNKNOWN
    none_now = count is not None and count.value is not None and not floor.reached(count.value)
    if word.word == YES:
        return NO if none_now and count is not None and count.on > word.on else YES
    if count is not None and count.on > word.on:
        then = log.last_value(count.place, floor.item, by=word.on)
        if then is None or (then.value or 0.0) < (count.value or 0.0):
            return UNKNOWN
    return NO

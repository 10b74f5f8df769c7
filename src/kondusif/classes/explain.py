"""What would change a class: each indicator moved alone, scored again exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from kondusif.answers.answer import Answer, AnswerLog, Given
from kondusif.classes.floors import FIRED, floor_state
from kondusif.classes.score import ANSWERED, answer_log, score_book
from kondusif.instrument.recipe import Recipe


@dataclass(frozen=True, slots=True)
class ClassChange:
    """One indicator moved alone: from, to, points of total it adds, and the class that comes of it.

    ``step`` is the share of the indicator's range that was moved, 0..1.
    """

    item: str
    before: float
    after: float
    delta: float
    level: int
    step: float


def class_of_day(recipe: Recipe, log: AnswerLog, place: str, stage: str) -> tuple[float | None, int | None]:
    """Total 0..100 and level of a desa on the day itself: the higher of the score's and the floors that fire.

    What is held because missing never calms is left aside. None where nothing is answered.
    """
    total = score_book(recipe, log, place, stage=stage).total
    fired = (floor_state(recipe, f, log, place, stage) for f in recipe.floors)
    levels = [f.level for state, f in fired if state == FIRED]
    if total is not None:
        levels.append(recipe.level_of(total))
    return total, max(levels, default=None)


def one_at_a_time(
    recipe: Recipe,
    answers: Iterable[Answer],
    place: str,
    *,
    on: date,
    stage: str,
) -> tuple[ClassChange, ...]:
    """Smallest change of each single answered indicator that raises or drops a desa's class (method 2.9).

    Every change is scored again in full, floors included. Sorted: raises first, then by share of range moved.
    What is held because missing never calms is left aside: the class meant is that of the day.
    """
    log = answer_log(recipe, answers, on)
    base = score_book(recipe, log, place, stage=stage)

    def at(item: str, value: float) -> tuple[int | None, float | None]:
        seen = Answer(f"?{item}", place, item, value, "", Given.VALUE, on, "", "")
        total, level = class_of_day(recipe, log.supposing(seen), place, stage)
        return level, total

    def level_at(item: str, value: float) -> int | None:
        return at(item, value)[0]

    found = []
    for item in base.items:
        if item.state != ANSWERED or item.value is None or base.total is None:
            continue
        level, _ = at(item.id, item.value)
        for values in _ways(recipe, item.id, item.value):
            to = _first_change(values, partial(level_at, item.id), level)
            if to is None:
                continue
            after, total = at(item.id, to)
            if after is not None and total is not None:
                indicator = recipe.by_id[item.id]
                span = indicator.hi - indicator.lo
                step = min(1.0, abs(to - item.value) / span)
                found.append(ClassChange(item.id, item.value, to, total - base.total, after, step))
    return tuple(sorted(found, key=lambda c: (-c.level, c.step, c.item)))


def _ways(recipe: Recipe, item: str, now: float) -> list[Sequence[float]]:
    """Values an answer could take, outward from ``now``: riskier and calmer, each in order of risk."""
    indicator = recipe.by_id[item]
    if indicator.transform.kind == "map":
        points = sorted(indicator.transform.points, key=lambda p: p[1])
        here = indicator.risk(now)
        return [[at for at, r in points if r > here], [at for at, r in reversed(points) if r < here]]
    tenths = 10 if not indicator.whole else 1  # shares, minutes and metres move by a tenth
    lo, hi, at = (round(x * tenths) for x in (indicator.lo, indicator.hi, now))
    up = range(at + 1, hi + 1)
    down = range(at - 1, lo - 1, -1)
    return [[k / tenths for k in up], [k / tenths for k in down]]


def _first_change(
    values: Sequence[float], level_at: Callable[[float], int | None], level: int | None
) -> float | None:
    """First of the values, ordered by risk, whose class differs; by halving, since class follows risk."""
    if not values or level_at(values[-1]) == level:
        return None
    low, high = 0, len(values) - 1
    while low < high:
        middle = (low + high) // 2
        if level_at(values[middle]) == level:
            low = middle + 1
        else:
            high = middle
    return values[low]

"""What would change a class: each indicator moved alone, scored again exactly."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from kondusif.answers.answer import Answer, AnswerLog
from kondusif.classes.floors import floor_level
from kondusif.classes.score import ANSWERED, answer_log, score_place
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

    What is held because missing never lowers a class is left aside. None where nothing is answered.
    """
    total = score_place(recipe, log, place, stage=stage).total
    by_score = 0 if total is None else recipe.level_of(total)
    return total, max(by_score, floor_level(recipe, log, place, stage)) or None


def one_at_a_time(
    recipe: Recipe, answers: Iterable[Answer], place: str, *, on: date, stage: str
) -> tuple[ClassChange, ...]:
    """Smallest change of each single answered indicator that raises or drops a desa's class (method 2.9).

    Every change is scored again in full, floors included. Sorted: raises first, then by share of range moved.
    What is held because missing never lowers a class is left aside: the class meant is that of the day.
    """
    log = answer_log(recipe, answers, on)
    base = score_place(recipe, log, place, stage=stage)
    found = []
    for item in base.items:
        if item.state != ANSWERED or item.value is None or base.total is None:
            continue
        span = recipe.by_id[item.id].hi - recipe.by_id[item.id].lo
        moved = partial(_class_with, recipe, log, place, stage, item.id)
        _, level = moved(item.value)
        for values in _outward(recipe, item.id, item.value):
            to = _first_change(values, moved, level)
            if to is None:
                continue
            total, after = moved(to)
            if after is not None and total is not None:
                step = min(1.0, abs(to - item.value) / span)
                found.append(ClassChange(item.id, item.value, to, total - base.total, after, step))
    return tuple(sorted(found, key=lambda c: (-c.level, c.step, c.item)))


def _outward(recipe: Recipe, item: str, now: float) -> list[Sequence[float]]:
    """Values an answer could take, outward from ``now``: riskier and calmer, each in order of risk."""
    indicator = recipe.by_id[item]
    if indicator.transform.kind == "map":
        points = sorted(indicator.transform.points, key=lambda p: p[1])
        here = indicator.risk(now)
        return [[at for at, r in points if r > here], [at for at, r in reversed(points) if r < here]]
    tenths = 10 if not indicator.whole else 1  # shares, minutes and metres move by a tenth
    lo, hi, at = (round(x * tenths) for x in (indicator.lo, indicator.hi, now))
    return [[k / tenths for k in range(at + 1, hi + 1)], [k / tenths for k in range(at - 1, lo - 1, -1)]]


def _class_with(
    recipe: Recipe, log: AnswerLog, place: str, stage: str, item: str, value: float
) -> tuple[float | None, int | None]:
    return class_of_day(recipe, log.supposing(place, item, value), place, stage)


def _first_change(
    values: Sequence[float],
    moved: Callable[[float], tuple[float | None, int | None]],
    level: int | None,
) -> float | None:
    """First of the values, ordered by risk, whose class differs; by halving, since class follows risk."""

    def differs(value: float) -> bool:
        return moved(value)[1] != level

    if not values or not differs(values[-1]):
        return None
    return values[bisect_left(values, True, key=differs)]

"""What would change a class: each indicator moved alone, and the fewest things to put right so that it falls.

Every change is scored again exactly, floors included. The fewest things (method 2.11) are only what people
can still change before the vote: an objection can be settled, a station moved, a crew trained; a close
result of last time, a blade found or a single road cannot be undone. The engine finds them, exactly (method
8.12).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial

import numpy as np

from kondusif.answers.answer import Answer, AnswerLog
from kondusif.classes.floors import floor_level
from kondusif.classes.score import ANSWERED, Score, answer_log, score_place
from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe
from kondusif_index.data import Data
from kondusif_index.explain.counterfactual import CounterfactualStep, counterfactual, levers
from kondusif_index.steps.aggregate import Aggregating
from kondusif_index.tree import Column, Node, Tree

TOP = "*"


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

    def moved(item: str, value: float) -> tuple[float | None, int | None]:
        return class_of_day(recipe, log.supposing(place, item, value), place, stage)

    found = []
    for item in base.items:
        if item.state != ANSWERED or item.value is None or base.total is None:
            continue
        span = recipe.by_id[item.id].hi - recipe.by_id[item.id].lo
        at = partial(moved, item.id)
        _, level = at(item.value)
        for values in _outward(recipe, item.id, item.value):
            to = _first_change(values, at, level)
            if to is None:
                continue
            total, after = at(to)
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


def _first_change(
    values: Sequence[float],
    class_at: Callable[[float], tuple[float | None, int | None]],
    level: int | None,
) -> float | None:
    """First of the values, ordered by risk, whose class differs; by halving, since class follows risk."""

    def differs(value: float) -> bool:
        return class_at(value)[1] != level

    if not values or not differs(values[-1]):
        return None
    return values[bisect_left(values, True, key=differs)]


# ---------------------------------------------------------------- the fewest things to put right


class AttainableReason(StrEnum):
    """Why there is a set, or none."""

    FOUND = "found"
    LOWEST = "lowest"  # there is no class below
    FLOOR = "floor"  # a fact holds the class, whatever the score
    BEYOND = "beyond"  # everything that can change, changed as far as it goes, is not enough
    UNKNOWN = "unknown"  # nothing is answered


@dataclass(frozen=True, slots=True)
class Attainable:
    """``steps`` together bring the class to ``level`` at score ``total``; empty with a reason otherwise.

    ``fewest``: proven that no fewer indicators do it.
    """

    why: AttainableReason
    steps: tuple[CounterfactualStep, ...] = ()
    level: int | None = None
    total: float | None = None
    fewest: bool = True


def attainable(recipe: Recipe, log: AnswerLog, place: str, *, stage: str) -> Attainable:
    """Fewest indicators, then least effort (share of their ranges), that drop the class of the day by one."""
    now = score_place(recipe, log, place, stage=stage)
    if now.total is None:
        return Attainable(AttainableReason.UNKNOWN)
    by_floor = floor_level(recipe, log, place, stage)
    level = max(recipe.level_of(now.total), by_floor)
    if level == 1:
        return Attainable(AttainableReason.LOWEST)
    if by_floor == level:
        return Attainable(AttainableReason.FLOOR)
    tree, data = _columns(recipe, now)
    values = {i.id: i.value for i in now.items if i.state == ANSWERED and i.value is not None}
    stays = {i.id for i in recipe.indicators if not i.changeable}
    allowed = {code: _allowed(recipe.by_id[code]) for code in values}
    can = levers(tree, values, partial(_risks, recipe), allowed, stays)
    found = counterfactual(data, tree, Aggregating(), recipe.cuts, place, can, target=level - 1)
    if found.steps is None:
        return Attainable(AttainableReason.BEYOND)
    supposed = log
    for step in found.steps:
        supposed = supposed.supposing(place, step.code, step.after)
    total, after = class_of_day(recipe, supposed, place, stage)
    return Attainable(AttainableReason.FOUND, found.steps, after, total, found.fewest)


def _columns(recipe: Recipe, now: Score) -> tuple[Tree, Data]:
    """The answered part of a score as a tree and one row of risks on 0-100."""
    risks = {i.id: 100 * i.normalised for i in now.items if i.normalised is not None}
    answered = [i for i in recipe.indicators if i.id in risks]
    nodes = [Node(TOP), *(Node(d, TOP, recipe.dimension_weights[d]) for d in now.weights)]
    nodes += [Node(i.id, i.dimension, i.weight, leaf=True, lo=i.lo, hi=i.hi) for i in answered]
    tree = Tree(tuple(nodes))
    return tree, Data((now.place,), tree.leaf_codes, np.array([[risks[c] for c in tree.leaf_codes]]))


def _risks(recipe: Recipe, code: str, raw: Column) -> Column:
    i = recipe.by_id[code]
    return 100 * i.transform.risks(raw, i.lo, i.hi)


def _allowed(indicator: Indicator) -> float | tuple[float, ...]:
    """Values that an answer can take: marks of a table, yes or no, else whole units of the range."""
    if indicator.transform.kind == "map":
        return tuple(at for at, _ in indicator.transform.points)
    if indicator.type == "boolean":
        return (0.0, 1.0)
    return 1.0

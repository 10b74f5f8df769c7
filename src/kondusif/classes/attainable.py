"""The fewest things to put right so that a village's class falls (method 2.11).

Only what people can still change before the vote moves: an objection can be settled, a station moved, a crew
trained; a close result of last time, a blade found or a single road cannot be undone. The set comes from the
index engine, exactly (method 8.12), and is scored again in full, floors included.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np

from kondusif.answers.answer import AnswerLog
from kondusif.classes.explain import class_of_day
from kondusif.classes.floors import floor_level
from kondusif.classes.score import ANSWERED, Score, score_place
from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe
from kondusif_index.data import Data
from kondusif_index.explain.counterfactual import CounterfactualStep, counterfactual, levers
from kondusif_index.steps.aggregate import Aggregating
from kondusif_index.tree import Column, Node, Tree

TOP = "*"


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

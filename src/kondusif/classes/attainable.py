"""The fewest things to put right so that a village's class falls (method 2.11).

Only what people can still change before the vote moves: an objection can be settled, a station moved, a crew
trained; a close result of last time, a blade found or a single road cannot be undone. The set comes from the
index engine, exactly (method 8.12), and is scored again in full, floors included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from kondusif.answers.answer import Answer, AnswerLog, Given
from kondusif.classes.floors import FIRED, floor_state
from kondusif.classes.score import ANSWERED, Score, score_book
from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe
from kondusif_index.data import Data
from kondusif_index.explain.counterfactual import Step, levers, smallest
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
    steps: tuple[Step, ...] = ()
    level: int | None = None
    total: float | None = None
    fewest: bool = True


def attainable(recipe: Recipe, log: AnswerLog, place: str, *, stage: str) -> Attainable:
    """Fewest indicators, then least effort (share of their ranges), that drop the class of the day by one."""
    score = score_book(recipe, log, place, stage=stage)
    if score.total is None:
        return Attainable(AttainableReason.UNKNOWN)
    by_score, by_floor = recipe.level_of(score.total), _floor(recipe, log, place, stage)
    level = max(by_score, by_floor)
    if level == 1:
        return Attainable(AttainableReason.LOWEST)
    if by_floor == level:
        return Attainable(AttainableReason.FLOOR)
    tree, data = _columns(recipe, score)
    now = {i.id: i.value for i in score.items if i.state == ANSWERED and i.value is not None}
    stays = {i.id for i in recipe.indicators if not i.changeable}
    can = levers(tree, now, _scale(recipe), {code: _allowed(recipe.by_id[code]) for code in now}, stays)
    found = smallest(data, tree, Aggregating(), recipe.cuts, place, can, target=level - 1)
    if found.steps is None:
        return Attainable(AttainableReason.BEYOND)
    supposed = log
    for step in found.steps:
        seen = Answer(f"?{step.code}", place, step.code, step.after, "", Given.VALUE, log.on, "", "")
        supposed = supposed.supposing(seen)
    total = score_book(recipe, supposed, place, stage=stage).total
    assert total is not None
    after = max(recipe.level_of(total), _floor(recipe, supposed, place, stage))
    return Attainable(AttainableReason.FOUND, found.steps, after, total, found.fewest)


def _floor(recipe: Recipe, log: AnswerLog, place: str, stage: str) -> int:
    states = ((f.level, floor_state(recipe, f, log, place, stage)[0]) for f in recipe.floors)
    return max((level for level, state in states if state == FIRED), default=1)


def _columns(recipe: Recipe, score: Score) -> tuple[Tree, Data]:
    """The answered part of a score as a tree and one row of risks on 0-100."""
    risks = {i.id: 100 * i.normalised for i in score.items if i.normalised is not None}
    inside = {d for d, value in score.dimensions.items() if value is not None}
    nodes = [Node(TOP), *(Node(d, TOP, w) for d, w in recipe.dimension_weights.items() if d in inside)]
    nodes += [
        Node(i.id, i.dimension, i.weight, leaf=True, lo=i.lo, hi=i.hi)
        for i in recipe.indicators
        if i.id in risks
    ]
    tree = Tree(tuple(nodes))
    return tree, Data((score.place,), tree.leaf_codes, np.array([[risks[c] for c in tree.leaf_codes]]))


def _scale(recipe: Recipe) -> Callable[[str, Column], Column]:
    def scaled(code: str, raw: Column) -> Column:
        i = recipe.by_id[code]
        return 100 * i.transform.risks(raw, i.lo, i.hi)

    return scaled


def _allowed(indicator: Indicator) -> float | tuple[float, ...]:
    """Values that an answer can take: marks of a table, yes or no, else whole units of the range."""
    if indicator.transform.kind == "map":
        return tuple(at for at, _ in indicator.transform.points)
    if indicator.type == "boolean":
        return (0.0, 1.0)
    return 1.0

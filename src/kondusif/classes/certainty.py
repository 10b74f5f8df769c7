"""How firm is a class? Many draws of one village and its stations give P(class) (method 2.7, 2.10, RULES 8).

Each draw moves four things at once: weights, goalposts, answers (two people rarely say quite the same) and
what is missing. A floor is a fact, so no draw moves it. Draws come from the seed, the place and the item, so
neither the order of villages nor of answers changes a bit. That is why this is no run of the Monte Carlo of
the engine, which draws unit by unit: published chances rest on these draws and stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kondusif.answers.answer import AnswerLog
from kondusif.classes.classify import Classification, DesaAssessment, firmness_of
from kondusif.classes.score import ANSWERED, GAPS, ItemScore, Score, score_station
from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe
from kondusif.stages import LEVELS
from kondusif_index.rounding import edges

Draws = NDArray[np.float64]


def with_chances(
    recipe: Recipe, made: DesaAssessment, log: AnswerLog, noise: Mapping[str, float] | None = None
) -> DesaAssessment:
    """The same assessment with the chance of each class, and the word that follows from it.

    ``log`` holds the answers that ``made`` rests on (``answer_log``); ``noise``: standard deviation of an
    item's answer as a share of its range, from raters who were compared, where there is one; else the
    recipe's. In every draw a station stands no lower than its village. Levels stay as they are: a chance says
    how firm a class is and never moves it.
    """
    weights, dimensions = _weights(recipe)
    village = made.score

    def levels(risks: Mapping[str, Draws], c: Classification) -> NDArray[np.int64]:
        """Level per draw; the worst where a draw has no score: unknown is not calm."""
        by_score = np.digitize(_total(recipe, risks, weights, dimensions), edges(recipe.cuts)) + 1
        return np.maximum(by_score, max((f.level for f in c.floors), default=1))

    own = _risks(recipe, village, village.items, noise or {})
    level = levels(own, made.classification)
    beneath = {(i, village.contributions.get(i.id)) for i in village.items}
    stations = {}
    for place, c in made.tps.items():
        score = score_station(recipe, log, place, made.stage)
        other = [i for i in score.items if (i, score.contributions.get(i.id)) not in beneath]
        risks = own | _risks(recipe, score, other, noise or {})
        stations[place] = _with_chance(recipe, c, np.maximum(levels(risks, c), level))
    return replace(made, classification=_with_chance(recipe, made.classification, level), tps=stations)


def _with_chance(recipe: Recipe, c: Classification, level: NDArray[np.int64]) -> Classification:
    """With P(level 1), P(2), P(3), which sum to 1, from the level of each draw."""
    one, two, three = (float((level == k).mean()) for k in LEVELS)
    made = replace(c, chance=(one, two, three))
    return replace(made, firmness=firmness_of(recipe, made))


def _rng(recipe: Recipe, *names: str) -> np.random.Generator:
    return np.random.default_rng([recipe.certainty.seed, *(crc32(n.encode()) for n in names)])


def _weights(recipe: Recipe) -> tuple[dict[str, Draws], dict[str, Draws]]:
    """Weights of items and dimensions in each draw: the recipe's, times 1 +- the spread."""
    how = recipe.certainty

    def perturbed(name: str, weight: float) -> Draws:
        return weight * (1 + _rng(recipe, "bobot", name).uniform(-how.weights, how.weights, how.draws))

    items = {i.id: perturbed(i.id, i.weight) for i in recipe.indicators}
    return items, {d: perturbed(d, w) for d, w in recipe.dimension_weights.items()}


def _risks(
    recipe: Recipe, score: Score, items: Iterable[ItemScore], noise: Mapping[str, float]
) -> dict[str, Draws]:
    """Risk 0..1 of every item that takes part, per draw: answers perturbed, gaps drawn, never zero.

    An item never answered is drawn from the place's own risks in that dimension; without any, every risk is
    as likely.
    """
    found: dict[str, Draws] = {}
    for item in items:
        indicator = recipe.by_id[item.id]
        rng = _rng(recipe, score.place, item.id)
        gap = item.state in GAPS and indicator.due(score.stage)
        if item.value is not None and (gap or item.state == ANSWERED):
            found[item.id] = _perturbed(recipe, indicator, item.value, rng, noise.get(item.id))
        elif gap:
            pool = [
                i.normalised
                for i in score.items
                if i.normalised is not None and recipe.by_id[i.id].dimension == indicator.dimension
            ]
            draws = recipe.certainty.draws
            found[item.id] = rng.choice(np.asarray(pool), draws) if pool else rng.uniform(0, 1, draws)
    return found


def _perturbed(
    recipe: Recipe, indicator: Indicator, value: float, rng: np.random.Generator, noise: float | None
) -> Draws:
    how = recipe.certainty
    if indicator.type == "boolean":
        wrong = rng.random(how.draws) < how.flip
        said = np.where(wrong, 1.0 - float(bool(value)), float(bool(value)))
        return indicator.transform.risks(said, indicator.lo, indicator.hi)
    span = indicator.hi - indicator.lo
    # no further down than up, so that cutting at the lowest possible answer pulls no score upward;
    # a count of none stays none
    room = max(0.0, value - min(0.0, indicator.lo))
    error = rng.normal(0, 1, how.draws) * span * (how.noise if noise is None else noise)
    x = value + np.clip(error, -room, room)
    if indicator.type in ("count", "likert"):
        x = np.round(x)
    hi = indicator.hi + span * rng.uniform(-how.posts, how.posts, how.draws)
    return indicator.transform.risks(x, indicator.lo, hi)


def _total(
    recipe: Recipe, risks: Mapping[str, Draws], weights: Mapping[str, Draws], dimensions: Mapping[str, Draws]
) -> Draws:
    """Score 0..100 per draw, as method 1.3; NaN where nothing takes part."""
    top, whole = np.zeros(recipe.certainty.draws), np.zeros(recipe.certainty.draws)
    for d, weight in dimensions.items():
        inside = [i.id for i in recipe.indicators if i.dimension == d and i.id in risks]
        if inside:
            values = np.stack([weights[i] * risks[i] for i in inside]).sum(axis=0)
            top += weight * values / np.stack([weights[i] for i in inside]).sum(axis=0)
            whole += weight
    total: Draws = np.divide(100 * top, whole, out=np.full(len(top), np.nan), where=whole > 0)
    return total

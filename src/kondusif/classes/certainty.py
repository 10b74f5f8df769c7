"""How sure is a class? Many draws of one village and its stations give P(class) (method 2.10, RULES 8).

Each draw moves four things at once: weights, goalposts, answers (two people rarely say quite the same) and
what is missing. A floor is a fact, so no draw moves it. Draws come from the seed, the place and the item, so
neither the order of villages nor of answers changes a bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kondusif.answers.answer import AnswerLog
from kondusif.classes.classify import Chance, Classification, DesaAssessment, Firmness
from kondusif.classes.score import ABSENT, ANSWERED, REFUSED, STALE, ItemScore, Score, station_score
from kondusif.instrument.floor import LEVELS
from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe
from kondusif_index.uncertainty.firmness import firmness

Draws = NDArray[np.float64]


def chances(
    recipe: Recipe,
    village: Score,
    stations: Mapping[str, Score],
    floors: Mapping[str, int],
    noise: Mapping[str, float] | None = None,
) -> dict[str, Chance]:
    """P(level 1), P(2), P(3) of a village and each station; they sum to 1.

    ``stations``: the village's score with each station's own values (method 2.5); ``floors``: the highest
    floor that fired at a place, where one did; ``noise``: standard deviation of an item's answer as a share
    of its range, from raters who were compared, where there is one; else the recipe's. In every draw a
    station stands no lower than its village.
    """
    noise = noise or {}
    weights, dimensions = _weights(recipe)
    own = _risks(recipe, village, village.place, noise)
    level = np.maximum(
        _levels(recipe, _total(recipe, own, weights, dimensions)), floors.get(village.place, 1)
    )
    found = {village.place: _shares(level)}
    beneath = {i.id: i for i in village.items}
    for place, score in stations.items():
        risks = dict(own)
        for item in score.items:
            if item != beneath.get(item.id):
                risks |= _risks(recipe, score, place, noise, only=item.id)
        mine = _levels(recipe, _total(recipe, risks, weights, dimensions))
        found[place] = _shares(np.maximum(np.maximum(mine, floors.get(place, 1)), level))
    return found


def _dice(recipe: Recipe, *names: str) -> np.random.Generator:
    return np.random.default_rng([recipe.certainty.seed, *(crc32(n.encode()) for n in names)])


def _weights(recipe: Recipe) -> tuple[dict[str, Draws], dict[str, Draws]]:
    """Weights of items and dimensions in each draw: the recipe's, times 1 +- the spread."""
    how = recipe.certainty

    def spread(name: str, weight: float) -> Draws:
        return weight * (1 + _dice(recipe, "bobot", name).uniform(-how.weights, how.weights, how.draws))

    items = {i.id: spread(i.id, i.weight) for i in recipe.indicators}
    return items, {d: spread(d, w) for d, w in recipe.dimension_weights.items()}


def _risks(
    recipe: Recipe, score: Score, place: str, noise: Mapping[str, float], only: str = ""
) -> dict[str, Draws]:
    """Risk 0..1 of every item that takes part, per draw: answers shaken, gaps drawn, never zero.

    An item never answered is drawn from the place's own risks in that dimension; without any, every risk is
    as likely.
    """
    found: dict[str, Draws] = {}
    for item in score.items:
        if only and item.id != only:
            continue
        indicator = recipe.by_id[item.id]
        dice = _dice(recipe, place, item.id)
        gap = item.state in (ABSENT, STALE, REFUSED) and indicator.due(score.stage)
        if item.state == ANSWERED or (gap and item.value is not None):
            found[item.id] = _shaken(recipe, indicator, item, dice, noise.get(item.id))
        elif gap:
            pool = _own(recipe, score, indicator.dimension)
            draws = recipe.certainty.draws
            found[item.id] = dice.choice(np.asarray(pool), draws) if pool else dice.uniform(0, 1, draws)
    return found


def _own(recipe: Recipe, score: Score, dimension: str) -> list[float]:
    """Risks that this place has shown in a dimension."""
    return [
        i.normalised
        for i in score.items
        if i.normalised is not None and recipe.by_id[i.id].dimension == dimension
    ]


def _shaken(
    recipe: Recipe, indicator: Indicator, item: ItemScore, dice: np.random.Generator, noise: float | None
) -> Draws:
    how = recipe.certainty
    assert item.value is not None
    if indicator.type == "boolean":
        wrong = dice.random(how.draws) < how.flip
        said = np.where(wrong, 1.0 - float(bool(item.value)), float(bool(item.value)))
        return indicator.transform.risks(said, indicator.lo, indicator.hi)
    span = indicator.hi - indicator.lo
    # no further down than up, so that cutting at the lowest possible answer pulls no score upward;
    # a count of none stays none
    room = max(0.0, item.value - min(0.0, indicator.lo))
    error = dice.normal(0, 1, how.draws) * span * (how.noise if noise is None else noise)
    x = item.value + np.clip(error, -room, room)
    if indicator.type in ("count", "likert"):
        x = np.round(x)
    hi = indicator.hi + span * dice.uniform(-how.posts, how.posts, how.draws)
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


def _levels(recipe: Recipe, total: Draws) -> NDArray[np.int64]:
    """Level per draw; the worst where a draw has no score: unknown is not calm."""
    found: NDArray[np.int64] = np.digitize(total, recipe.cuts) + 1
    return found


def _shares(level: NDArray[np.int64]) -> Chance:
    one, two, three = (float((level == k).mean()) for k in LEVELS)
    return one, two, three


# ---------------------------------------------------------------- the word that follows


def with_chances(
    recipe: Recipe, made: DesaAssessment, log: AnswerLog, noise: Mapping[str, float] | None = None
) -> DesaAssessment:
    """The same assessment with the chance of each class, and the word that follows from it.

    ``log`` holds the answers that ``made`` rests on (``answer_log``); ``noise`` as in ``chances``. Levels
    stay as they are: a chance says how firm a class is and never moves it.
    """
    places = {made.desa: made.classification, **made.tps}
    found = chances(
        recipe,
        made.score,
        {t: station_score(recipe, log, t, made.stage) for t in made.tps},
        {place: max(f.level for f in c.floors) for place, c in places.items() if c.floors},
        noise,
    )
    firm = {place: _with(recipe, c, found[place]) for place, c in places.items()}
    return replace(made, classification=firm[made.desa], tps={t: firm[t] for t in made.tps})


def _with(recipe: Recipe, c: Classification, chance: Chance) -> Classification:
    return replace(c, chance=chance, firmness=firmness_word(recipe, c, chance))


def firmness_word(recipe: Recipe, c: Classification, chance: Chance) -> Firmness:
    """The word by the chance; provisional and held classes keep their own (method 2.7)."""
    if c.level is None or c.provisional:
        return Firmness.SEMENTARA
    if c.held:
        return Firmness.AMBANG_TURUN
    return Firmness(firmness(chance, c.level, firm=recipe.certainty.firm).value)

"""One village reckoned: class, chance, what would change it, as the row of an assessment keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from kondusif import classify as core
from kondusif.firm import shake
from kondusif.instrument.recipe import Recipe
from kondusif.measure.answers import Answer as CoreAnswer
from kondusif.measure.explain import what_if
from kondusif.measure.reach import reach
from kondusif.measure.score import book_of
from kondusif_web.classes import facts
from kondusif_web.classes.models import Assessment


def noise(recipe: Recipe, spread: Mapping[str, float] | None) -> dict[str, float]:
    """Spread of one rater by item, in its unit, as a share of the item's range (method 2.10)."""
    return {
        item: sd / (recipe.by_id[item].hi - recipe.by_id[item].lo)
        for item, sd in sorted((spread or {}).items())
        if item in recipe.by_id
    }


def reckon(
    recipe: Recipe,
    answers: Sequence[CoreAnswer],
    desa: str,
    tps: Sequence[str],
    day: date,
    stage: str,
    last: Assessment | None,
    noise: Mapping[str, float],
) -> tuple[core.DesaAssessment, dict[str, Any]]:
    """The core's assessment of a desa on a day, and the plain values that its row keeps."""
    made = core.assess(
        recipe,
        answers,
        desa,
        tps,
        on=day,
        stage=stage,
        previous=facts.published_of(last),
        tps_previous=facts.tps_published_of(last),
    )
    book = book_of(recipe, answers, day)
    made = shake(recipe, made, book, noise)
    results = facts.results_of(recipe, made, answers, what_if(recipe, answers, desa, on=day, stage=stage))
    least = facts.reach_of(reach(recipe, book, desa, stage=stage))
    return made, results | {"noise": dict(noise), "reach": least}

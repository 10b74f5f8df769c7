"""How firm is a class? P(class) from many draws, and the word for it (RULES 8, method 2.7 and 2.10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kondusif.classify import Classification, DesaAssessment, Firmness
from kondusif.instrument.recipe import Recipe
from kondusif.measure.answers import Book
from kondusif.measure.certainty import Chance, chances
from kondusif.measure.index.firmness import firmness
from kondusif.measure.score import station_score


def shake(
    recipe: Recipe, made: DesaAssessment, book: Book, noise: Mapping[str, float] | None = None
) -> DesaAssessment:
    """The same assessment with the chance of each class, and the word that follows from it.

    ``book`` holds the answers that ``made`` rests on (``book_of``); ``noise`` as in ``chances``. Levels stay
    as they are: a chance says how firm a class is and never moves it.
    """
    places = {made.desa: made.classification, **made.tps}
    found = chances(
        recipe,
        made.score,
        {t: station_score(recipe, book, t, made.stage) for t in made.tps},
        {place: max(f.level for f in c.floors) for place, c in places.items() if c.floors},
        noise,
    )
    firm = {place: _with(recipe, c, found[place]) for place, c in places.items()}
    return replace(made, classification=firm[made.desa], tps={t: firm[t] for t in made.tps})


def _with(recipe: Recipe, c: Classification, chance: Chance) -> Classification:
    return replace(c, chance=chance, firmness=word(recipe, c, chance))


def word(recipe: Recipe, c: Classification, chance: Chance) -> Firmness:
    """The word by the chance; provisional and held classes keep their own (method 2.7)."""
    if c.level is None or c.provisional:
        return Firmness.SEMENTARA
    if c.held:
        return Firmness.AMBANG_TURUN
    return Firmness(firmness(chance, c.level, firm=recipe.certainty.firm).value)

"""Another recipe from a recipe: each function changes one thing and gives a whole, checked recipe or refuses.

Nothing is half changed: ``Recipe`` refuses to be made when it contradicts itself. Every ``RecipeError`` names
its ``why`` and, where one field is at fault, its ``field``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from kondusif.errors import RecipeError
from kondusif.measure.banned import scan
from kondusif.measure.catalogue import DIMENSIONS, Indicator
from kondusif.measure.recipe import Floor, Recipe

KODE = re.compile(r"[a-z][a-z0-9-]{2,39}")
TYPES = ("count", "ratio", "likert", "boolean")
LARGEST = 1e9  # of any number; what is larger overflows where it is summed
MOST = 80  # indicators; beyond it nobody answers them all


def named(recipe: Recipe, kode: str, version: str) -> Recipe:
    """The same method under another name. Raises RecipeError for a code that is no plain word."""
    if not KODE.fullmatch(kode):
        raise RecipeError(f"not a code: {kode}", why="kode", field="kode")
    _clean_code(kode, "kode")
    return replace(recipe, kode=kode, version=version)


def _clean_code(code: str, field: str) -> None:
    """A code is read by people as well: its words are looked at like any text."""
    if found := scan(re.sub("[-_]", " ", code)):
        raise RecipeError(f"{field}: {found[0].word}", why="banned", field=field, word=found[0].word)


def next_id(recipe: Recipe, dimension: str) -> str:
    """The first free number of a dimension: ``A09``."""
    taken = {i.id for i in recipe.indicators}
    return next(f"{dimension}{n:02d}" for n in range(1, 100) if f"{dimension}{n:02d}" not in taken)


def with_indicator(recipe: Recipe, indicator: Indicator, *, new: bool) -> Recipe:
    """An indicator added at the end of its dimension (``new``), or put in place of the one of the same id.

    An indicator asks about a place or a process: words about persons' religion, ethnicity, opinion or
    identity are refused. Only what changed is read.
    """
    before = recipe.by_id.get(indicator.id)
    if (before is None) != new:
        why = "twice" if new else "unknown_indicator"
        raise RecipeError(f"{indicator.id} stands already or not at all", why=why, indicator=indicator.id)
    if indicator.dimension not in recipe.dimension_weights:
        raise RecipeError("no such dimension", why="indicator_dimension", field="dimension")
    if not re.fullmatch(rf"{indicator.dimension}\d\d", indicator.id):
        raise RecipeError(
            f"not an id: {indicator.id}", why="indicator_id", field="id", indicator=indicator.id
        )
    _known(indicator)
    for name in ("name_id", "name_en", "unit", "source"):
        text = getattr(indicator, name)
        if not text.strip():
            raise RecipeError(f"{name} is blank", why="blank", field=name, indicator=indicator.id)
    for name in ("subdimension", "name_id", "name_en", "unit", "source", "rationale", "reference"):
        text = getattr(indicator, name)
        if (before is None or getattr(before, name) != text) and (found := scan(text)):
            raise RecipeError(f"{name}: {found[0].word}", why="banned", field=name, word=found[0].word)
    if new and len(recipe.indicators) >= MOST:
        raise RecipeError("too many indicators", why="too_many", most=MOST)
    rows = [indicator if i.id == indicator.id else i for i in recipe.indicators]
    if new:
        after = max((n for n, i in enumerate(rows) if i.dimension <= indicator.dimension), default=-1)
        rows.insert(after + 1, indicator)
    return replace(recipe, indicators=tuple(rows))


def _known(indicator: Indicator) -> None:
    if indicator.type not in TYPES:
        raise RecipeError("no such type", why="indicator_type", field="type", indicator=indicator.id)
    yes_no = indicator.transform.kind in ("boolean", "boolean_inverse")
    if yes_no != (indicator.type == "boolean"):
        raise RecipeError("a yes is no number", why="boolean_transform", field="transform")
    for name in ("lo", "hi", "weight"):
        if abs(getattr(indicator, name)) > LARGEST:
            raise RecipeError(f"{name} is no use", why="number", field=name, indicator=indicator.id)


def without_indicator(recipe: Recipe, item: str) -> Recipe:
    """The recipe without an indicator; its answers are kept and unused.

    Raises RecipeError while a floor rests on it (a floor is never lost in passing) or when its dimension
    would stand empty.
    """
    if item not in recipe.by_id:
        raise RecipeError(f"no such indicator: {item}", why="unknown_indicator", indicator=item)
    if floors := [f.id for f in recipe.floors if f.item == item]:
        raise RecipeError(f"{item} carries floors", why="carries_floor", indicator=item, floors=floors)
    rest = tuple(i for i in recipe.indicators if i.id != item)
    dimension = recipe.by_id[item].dimension
    if all(i.dimension != dimension for i in rest):
        raise RecipeError("the dimension would be empty", why="dimension_empty", dimension=dimension)
    return replace(
        recipe,
        indicators=rest,
        force_without=tuple(i for i in recipe.force_without if i != item),
        tps_items=tuple(i for i in recipe.tps_items if i != item),
    )


def codes_under(recipe: Recipe, parent: str) -> tuple[str, ...]:
    """What is weighed together: the dimensions (parent blank) or the indicators of one dimension."""
    if not parent:
        return tuple(recipe.dimension_weights)
    codes = tuple(i.id for i in recipe.indicators if i.dimension == parent)
    if not codes:
        raise RecipeError(f"no such dimension: {parent}", why="indicator_dimension", field="dimension")
    return codes


def weights_under(recipe: Recipe, parent: str) -> dict[str, float]:
    """Their weights as the recipe keeps them: dimensions sum to 1, indicators are relative."""
    if not parent:
        return dict(recipe.dimension_weights)
    return {code: recipe.by_id[code].weight for code in codes_under(recipe, parent)}


def with_weights(recipe: Recipe, parent: str, weights: Mapping[str, float]) -> Recipe:
    """Weights of all dimensions (parent blank, summing to 1) or of all indicators of one dimension."""
    if set(weights) != set(codes_under(recipe, parent)):
        raise RecipeError("weights of other items", why="weights_differ")
    if large := [code for code, weight in weights.items() if abs(weight) > LARGEST]:
        raise RecipeError("a weight is no use", why="number", field=large[0], indicator=large[0])
    if not parent:
        return replace(recipe, dimension_weights={d: weights[d] for d in recipe.dimension_weights})
    return replace(
        recipe,
        indicators=tuple(
            replace(i, weight=weights[i.id]) if i.id in weights else i for i in recipe.indicators
        ),
    )


def with_rules(recipe: Recipe, *, cuts: tuple[float, float], provisional_below: float, near: float) -> Recipe:
    """Other cut-offs (half-open, 0-100), provisional threshold (a share) and nearness (points)."""
    return replace(recipe, cuts=cuts, provisional_below=provisional_below, near=near)


def with_floor(recipe: Recipe, floor: Floor, *, before: str = "") -> Recipe:
    """A floor added, or put in place of the one called ``before``."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{2,39}", floor.id):
        raise RecipeError(f"not a code: {floor.id}", why="floor_id", field="id", floor=floor.id)
    if floor.id != before:
        _clean_code(floor.id, "id")
    others = [f.id for f in recipe.floors if f.id != before]
    if floor.id in others:
        raise RecipeError(f"floor {floor.id} stands already", why="floor_twice", field="id", floor=floor.id)
    if before and before not in {f.id for f in recipe.floors}:
        raise RecipeError(f"no such floor: {before}", why="unknown_floor", floor=before)
    if floor.companion and not floor.companion.startswith(f"{floor.item}_"):
        raise RecipeError("the companion is of another item", why="floor_companion", field="companion")
    if before:
        return replace(recipe, floors=tuple(floor if f.id == before else f for f in recipe.floors))
    return replace(recipe, floors=(*recipe.floors, floor))


def without_floor(recipe: Recipe, floor: str) -> Recipe:
    """The recipe without one of its floors."""
    if floor not in {f.id for f in recipe.floors}:
        raise RecipeError(f"no such floor: {floor}", why="unknown_floor", floor=floor)
    return replace(recipe, floors=tuple(f for f in recipe.floors if f.id != floor))


assert set(DIMENSIONS) == set("ABCDEF"), "an id begins with the letter of its dimension"

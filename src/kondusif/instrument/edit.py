"""Another recipe from a recipe: each function changes one thing and gives a whole, checked recipe or refuses.

Nothing is half changed: ``Recipe`` refuses to be made when it contradicts itself. Every ``RecipeError`` names
its ``why`` and, where one field is at fault, its ``field``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from string import ascii_uppercase
from typing import Any

from kondusif.banned import scan
from kondusif.errors import RecipeError
from kondusif.instrument.catalogue import DIMENSIONS, TYPES, catalogue
from kondusif.instrument.floor import Floor
from kondusif.instrument.indicator import TPS, Indicator
from kondusif.instrument.pairwise import rounded
from kondusif.instrument.published import published_items
from kondusif.instrument.recipe import KODE, Recipe, check_known

LARGEST = 1e9  # of any number; what is larger overflows where it is summed
LONGEST = 60  # letters of a dimension's name
MOST = 80  # indicators; beyond it nobody answers them all


def named(recipe: Recipe, kode: str, version: str) -> Recipe:
    """The same method under another name. Raises RecipeError for a code that is no plain word."""
    if not KODE.fullmatch(kode):
        raise RecipeError(f"not a code: {kode}", why="kode", field="kode")
    _check_words(re.sub("[-_]", " ", kode), "kode")
    return replace(recipe, kode=kode, version=version)


def _check_words(text: str, field: str) -> None:
    """Raises RecipeError for words that are never kept. A code is read by people as well: pass its words."""
    if found := scan(text):
        raise RecipeError(f"{field}: {found[0].word}", why="banned", field=field, word=found[0].word)


def next_id(recipe: Recipe, dimension: str, taken: Collection[str] = ()) -> str:
    """The first free number of a dimension: ``A09``.

    Ids of the catalogue, of published versions and those ``taken`` by other versions are passed over, also
    where this recipe has them no more: answers go by id, and one to a retired question must not answer
    another.
    """
    taken = {i.id for i in recipe.indicators} | set(catalogue()) | published_items() | set(taken)
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
    if indicator.id in recipe.tps_items and indicator.level != TPS:
        raise RecipeError("a station answers it", why="tps_level", field="level", items=[indicator.id])
    _check_indicator(recipe, indicator)
    rows = [indicator if i.id == indicator.id else i for i in recipe.indicators]
    if new:
        after = max((n for n, i in enumerate(rows) if i.dimension <= indicator.dimension), default=-1)
        rows.insert(after + 1, indicator)
    return replace(recipe, indicators=tuple(rows))


def _check_indicator(recipe: Recipe, indicator: Indicator) -> None:
    """What an indicator must be whatever recipe it comes into."""
    before = recipe.by_id.get(indicator.id)
    if not re.fullmatch(rf"{indicator.dimension}\d\d", indicator.id):
        raise RecipeError(
            f"not an id: {indicator.id}", why="indicator_id", field="id", indicator=indicator.id
        )
    if indicator.type not in TYPES:
        raise RecipeError("no such type", why="indicator_type", field="type", indicator=indicator.id)
    yes_no = indicator.transform.kind in ("boolean", "boolean_inverse")
    if yes_no != (indicator.type == "boolean"):
        raise RecipeError("expected a number, found yes", why="boolean_transform", field="transform")
    for name in ("lo", "hi", "weight"):
        if abs(getattr(indicator, name)) > LARGEST:
            raise RecipeError(f"{name} is no use", why="number", field=name, indicator=indicator.id)
    if before is None and len(recipe.indicators) >= MOST:
        raise RecipeError("too many indicators", why="too_many", most=MOST)
    _check_texts(indicator, before)


def _check_texts(indicator: Indicator, before: Indicator | None) -> None:
    for name in ("name_id", "name_en", "unit", "source"):
        if not getattr(indicator, name).strip():
            raise RecipeError(f"{name} is blank", why="blank", field=name, indicator=indicator.id)
    for name in ("subdimension", "name_id", "name_en", "unit", "source", "rationale", "reference"):
        text = getattr(indicator, name)
        if before is None or getattr(before, name) != text:
            _check_words(text, name)


def without_indicator(recipe: Recipe, item: str) -> Recipe:
    """The recipe without an indicator; its answers are kept and unused.

    Raises RecipeError while a floor rests on it (a floor is never lost in passing) or when its dimension
    would stand empty or size no force.
    """
    check_known(recipe, [item])
    if floors := [f.id for f in recipe.floors if f.item == item]:
        raise RecipeError(f"{item} carries floors", why="carries_floor", indicator=item, floors=floors)
    dimension = recipe.by_id[item].dimension
    if codes_under(recipe, dimension) == (item,):
        raise RecipeError("the dimension would be empty", why="dimension_empty", dimension=dimension)
    rest = _rest(recipe, {item})
    _each_sizes([dimension], rest["indicators"], recipe.force_without)
    return replace(recipe, **rest)


def _rest(recipe: Recipe, gone: Collection[str]) -> dict[str, Any]:
    """Fields of the recipe that name indicators, without some of them."""
    return {
        "indicators": tuple(i for i in recipe.indicators if i.id not in gone),
        "force_without": tuple(i for i in recipe.force_without if i not in gone),
        "tps_items": tuple(i for i in recipe.tps_items if i not in gone),
    }


def next_dimension(recipe: Recipe, taken: Collection[str] = ()) -> str:
    """The first free letter behind the catalogue's; those ``taken`` by other versions are passed over.

    Letters of the catalogue are never given again, for the reason of :func:`next_id`. Raises RecipeError
    when none is left.
    """
    used = {*DIMENSIONS, *recipe.dimension_weights, *taken}
    free = [letter for letter in ascii_uppercase if letter not in used]
    if not free:
        raise RecipeError("no letter is left", why="no_letter")
    return free[0]


def with_dimension(recipe: Recipe, first: Indicator, *, name: str, weight: float) -> Recipe:
    """A dimension of one's own with its first indicator; the others keep their proportions.

    ``weight`` is its share of the whole, between 0 and 1; all weights are rounded to four decimals and sum
    to 1. Raises RecipeError as :func:`with_indicator`, and for a letter that is taken or of the catalogue, a
    share outside its range and a name that is blank, too long or holds words that are never kept.
    """
    letter, name = first.dimension, _dimension_name(name)
    if letter in recipe.dimension_weights or letter in DIMENSIONS:
        raise RecipeError(f"{letter} is taken", why="dimension_taken", dimension=letter)
    if not 0 < weight < 1:
        raise RecipeError("a share lies between 0 and 1", why="dimension_share", field="share")
    _check_indicator(recipe, first)
    others = {d: w * (1 - weight) for d, w in recipe.dimension_weights.items()}
    return replace(
        recipe,
        indicators=(*recipe.indicators, first),
        dimension_weights=rounded({**others, letter: weight}),
        dimension_names={**recipe.dimension_names, letter: name},
    )


def with_dimension_name(recipe: Recipe, dimension: str, name: str) -> Recipe:
    """Another name for a dimension of one's own; those of the catalogue keep theirs."""
    if dimension not in recipe.dimension_weights or dimension in DIMENSIONS:
        raise RecipeError(f"not one's own: {dimension}", why="indicator_dimension", field="name")
    return replace(recipe, dimension_names={**recipe.dimension_names, dimension: _dimension_name(name)})


def _dimension_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise RecipeError("the dimension has no name", why="blank", field="name")
    if len(name) > LONGEST:
        raise RecipeError("the name is too long", why="too_long", field="name", most=LONGEST)
    _check_words(name, "name")
    return name


def without_dimension(recipe: Recipe, dimension: str) -> Recipe:
    """The recipe without a dimension and its indicators; the others keep their proportions.

    Answers are kept and unused. Raises RecipeError while a floor rests on one of its indicators, and for the
    last dimension.
    """
    gone = set(codes_under(recipe, dimension)) if dimension else set()
    if not gone or len(recipe.dimension_weights) == 1:
        raise RecipeError("the last dimension stays", why="last_dimension", dimension=dimension)
    if floors := [f.id for f in recipe.floors if f.item in gone]:
        raise RecipeError(
            f"{dimension} carries floors", why="dimension_floors", dimension=dimension, floors=floors
        )
    return replace(
        recipe,
        dimension_weights=rounded({d: w for d, w in recipe.dimension_weights.items() if d != dimension}),
        dimension_names={d: n for d, n in recipe.dimension_names.items() if d != dimension},
        **_rest(recipe, gone),
    )


def _each_sizes(
    dimensions: Iterable[str], indicators: Iterable[Indicator], force_without: Collection[str]
) -> None:
    """Raises RecipeError where no item of a dimension sizes the force."""
    sizing = {i.dimension for i in indicators if i.id not in force_without}
    if silent := [d for d in dimensions if d not in sizing]:
        raise RecipeError(
            "a whole dimension sizes no force",
            why="force_dimension",
            field="force_without",
            dimensions=silent,
        )


def with_roles(recipe: Recipe, *, tps_items: Collection[str], force_without: Collection[str]) -> Recipe:
    """Which items a station answers in place of its village (RULES 4), which size no force (RULES 5).

    Raises RecipeError for an item that is not there, a station's item that is not asked per TPS, an item from
    the plan that would size the plan, and where a whole dimension would size no force.
    """
    check_known(recipe, (*tps_items, *force_without))
    if other := [i for i in tps_items if recipe.by_id[i].level != TPS]:
        raise RecipeError("not asked per TPS", why="tps_level", field="tps_items", items=other)
    if circle := [i for i in recipe.from_plan if i not in force_without]:
        raise RecipeError("the plan would size the plan", why="circle", field="force_without", items=circle)
    _each_sizes(recipe.dimension_weights, recipe.indicators, force_without)
    order = [i.id for i in recipe.indicators]
    return replace(
        recipe,
        tps_items=tuple(i for i in order if i in tps_items),
        force_without=tuple(i for i in order if i in force_without),
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
    """A floor added, or put in place of the one called ``before``; none on what the plan gives (RULES 5)."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{2,39}", floor.id):
        raise RecipeError(f"not a code: {floor.id}", why="floor_id", field="id", floor=floor.id)
    if floor.id != before:
        _check_words(re.sub("[-_]", " ", floor.id), "id")
    others = [f.id for f in recipe.floors if f.id != before]
    if floor.id in others:
        raise RecipeError(f"floor {floor.id} stands already", why="floor_twice", field="id", floor=floor.id)
    if before and before not in {f.id for f in recipe.floors}:
        raise RecipeError(f"no such floor: {before}", why="unknown_floor", floor=before)
    if floor.item in recipe.from_plan:
        raise RecipeError("the plan would size the plan", why="circle", field="item", items=[floor.item])
    if floor.companion and not floor.companion.startswith(f"{floor.item}_"):
        raise RecipeError("the companion is of another item", why="floor_companion", field="companion")
    kept = [floor if f.id == before else f for f in recipe.floors]
    return replace(recipe, floors=tuple(kept if before else [*kept, floor]))


def without_floor(recipe: Recipe, floor: str) -> Recipe:
    """The recipe without one of its floors."""
    if floor not in {f.id for f in recipe.floors}:
        raise RecipeError(f"no such floor: {floor}", why="unknown_floor", floor=floor)
    return replace(recipe, floors=tuple(f for f in recipe.floors if f.id != floor))

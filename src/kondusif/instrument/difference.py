"""What one recipe says and another does not, and which items' points that moves.

Both sides are plain values side by side; sentences are made by whoever shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from kondusif.instrument.floor import Floor
from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe

SAME = 1e-9  # weights and points closer than this are one number


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that differs: ``of`` an indicator, dimension, floor or rule; None: it is not there."""

    of: str
    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Difference:
    """Two recipes side by side. ``shares``: weight in the whole of each indicator that moved, 0..1."""

    added: tuple[Indicator, ...]
    removed: tuple[Indicator, ...]
    indicators: tuple[Changed, ...]
    dimensions: tuple[Changed, ...]
    shares: tuple[Changed, ...]
    floors: tuple[Changed, ...]
    rules: tuple[Changed, ...]

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))


def difference(before: Recipe, after: Recipe) -> Difference:
    """Everything that differs between two recipes but their names, in the order of the recipes.

    >>> from kondusif.instrument.published import default_recipe
    >>> bool(difference(default_recipe(), default_recipe()))
    False
    """
    here, there = before.by_id, after.by_id
    ids = [*here, *(i for i in there if i not in here)]
    dimensions = sorted(set(before.dimension_weights) | set(after.dimension_weights))
    names = [f.name for f in fields(Indicator) if f.name != "id"]
    return Difference(
        added=tuple(i for i in after.indicators if i.id not in here),
        removed=tuple(i for i in before.indicators if i.id not in there),
        indicators=tuple(
            Changed(i, name, getattr(here[i], name), getattr(there[i], name))
            for i in ids
            if i in here and i in there
            for name in names
            if _differ(getattr(here[i], name), getattr(there[i], name))
        ),
        dimensions=(
            *_each(dimensions, "weight", before.dimension_weights, after.dimension_weights),
            *(
                Changed(d, "name", before.name_of(d), after.name_of(d))
                for d in dimensions
                if d in before.dimension_weights
                and d in after.dimension_weights
                and before.name_of(d) != after.name_of(d)
            ),
        ),
        shares=_each(ids, "share", before.shares, after.shares),
        floors=_floors(before, after),
        rules=tuple(
            Changed("", name, getattr(before, name), getattr(after, name))
            for name in ("cuts", "provisional_below", "near", "force_without", "tps_items")
            if getattr(before, name) != getattr(after, name)
        ),
    )


def _each(
    codes: list[str], field: str, before: Mapping[str, float], after: Mapping[str, float]
) -> tuple[Changed, ...]:
    return tuple(
        Changed(code, field, before.get(code), after.get(code))
        for code in codes
        if _differ(before.get(code), after.get(code))
    )


def _floors(before: Recipe, after: Recipe) -> tuple[Changed, ...]:
    here: dict[str, Floor] = {f.id: f for f in before.floors}
    there: dict[str, Floor] = {f.id: f for f in after.floors}
    ids = [*here, *(f for f in there if f not in here)]
    return tuple(Changed(f, "floor", here.get(f), there.get(f)) for f in ids if here.get(f) != there.get(f))


def _differ(a: object, b: object) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) > SAME
    return a != b

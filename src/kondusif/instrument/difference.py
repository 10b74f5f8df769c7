"""What one recipe says and another does not, and which items' points that moves.

Both sides are plain values side by side; sentences are made by whoever shows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe

SAME = 1e-9  # weights and points closer than this are one number
RULES = ("cuts", "provisional_below", "near", "force_without", "tps_items")


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
    kept = [i for i in here if i in there]
    weights, new_weights = before.dimension_weights, after.dimension_weights
    names = {d: before.name_of(d) for d in weights if d in new_weights}
    rules, new_rules = ({name: getattr(r, name) for name in RULES} for r in (before, after))
    return Difference(
        added=tuple(i for i in after.indicators if i.id not in here),
        removed=tuple(i for i in before.indicators if i.id not in there),
        indicators=tuple(
            Changed(i, field, old, new)
            for i in kept
            for field, old, new in _differing(_plain(here[i]), _plain(there[i]))
        ),
        dimensions=(
            *_changed("weight", weights, new_weights),
            *_changed("name", names, {d: after.name_of(d) for d in names}),
        ),
        shares=_changed("share", before.shares, after.shares),
        floors=_changed("floor", {f.id: f for f in before.floors}, {f.id: f for f in after.floors}),
        rules=tuple(Changed("", name, old, new) for name, old, new in _differing(rules, new_rules)),
    )


def _plain(indicator: Indicator) -> dict[str, object]:
    return {f.name: getattr(indicator, f.name) for f in fields(Indicator)}


def _changed(field: str, before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Changed, ...]:
    return tuple(Changed(code, field, old, new) for code, old, new in _differing(before, after))


def _differing(
    before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[tuple[str, object, object]]:
    """Keys whose values differ, first those of ``before``; None where one is not there."""
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        close = isinstance(old, float) and isinstance(new, float) and abs(old - new) <= SAME
        if old != new and not close:
            yield key, old, new

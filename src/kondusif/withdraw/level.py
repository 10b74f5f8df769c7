"""The gate level of a village: which class its gates, quiet hours and approver follow, and why (RULES 13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kondusif.places import desa_of


@dataclass(frozen=True, slots=True)
class LevelSpell:
    """A level of one place from ``at`` until ``until`` (None: no end known).

    ``place`` is a desa or TPS code. A ``publication`` lasts until the next of its village, an ``override``, a
    level that a person set, until it expires.
    """

    place: str
    level: int
    at: datetime
    source: Literal["publication", "override"] = "publication"
    until: datetime | None = None

    def lasts(self, at: datetime) -> bool:
        return self.at <= at and (self.until is None or self.until > at)


@dataclass(frozen=True, slots=True)
class GateLevel:
    """The level that governs, and the spells that make it: the village's own before those of stations.

    ``in_force``: whether any of them still is; a level that was reached once stays (RULES 13).
    """

    level: int
    because: tuple[LevelSpell, ...]
    in_force: bool

    @property
    def places(self) -> tuple[str, ...]:
        """Who makes it: the village alone where it is of this level itself, else each such station."""
        first = self.because[0].place
        same = tuple(dict.fromkeys(s.place for s in self.because))
        return (first,) if first == desa_of(first) else same

    @property
    def source(self) -> LevelSpell:
        return self.because[0]


def publication_spells(made: Sequence[tuple[datetime, Mapping[str, int]]]) -> list[LevelSpell]:
    """The spells of a village's publications, given in order, each by place; one lasts until the next."""
    ends = [*(at for at, _ in made[1:]), None] if made else []
    return [
        LevelSpell(place, level, at, until=end)
        for (at, levels), end in zip(made, ends, strict=True)
        for place, level in levels.items()
    ]


def gate_level(spells: Iterable[LevelSpell], covered_at: datetime | None, now: datetime) -> GateLevel | None:
    """The highest level, machine or human, of a village and its TPS since a plan first covered it.

    In force at ``covered_at``, or in any publication or override since, whatever followed; while no plan
    covers it (None), what is in force now. None while no class is known. Coming spells are not yet known.
    """
    since = now if covered_at is None else min(covered_at, now)
    known = [s for s in spells if s.at <= now and (s.lasts(since) or s.at >= since)]
    if not known:
        return None
    level = max(s.level for s in known)
    making = [s for s in known if s.level == level]
    current = [s for s in making if s.lasts(now)]
    making.sort(key=lambda s: (not s.lasts(now), s.place != desa_of(s.place), s.at, s.place))
    kept = making if not current else making[: len(current)]
    return GateLevel(level, tuple(kept), bool(current))

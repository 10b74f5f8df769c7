"""What another recipe would do to a place: both run over the same answers of the same day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kondusif.classes.classify import Classification, DesaAssessment
from kondusif.classes.score import Score
from kondusif.instrument.difference import SAME


@dataclass(frozen=True, slots=True)
class PointShift:
    """An item whose points in the score differ; None where an item is not asked or not answered."""

    item: str
    before: float | None
    after: float | None

    @property
    def points(self) -> float:
        return (self.after or 0.0) - (self.before or 0.0)


def shifts(before: Score, after: Score) -> tuple[PointShift, ...]:
    """Items whose contribution changed, largest first; they sum to the change of the total."""
    ids = sorted(before.contributions.keys() | after.contributions.keys())
    rows = (PointShift(i, before.contributions.get(i), after.contributions.get(i)) for i in ids)
    return tuple(sorted((s for s in rows if abs(s.points) > SAME), key=lambda s: (-abs(s.points), s.item)))


@dataclass(frozen=True, slots=True)
class Effect:
    """One place under two recipes, on the same answers and the same day."""

    desa: str
    before: DesaAssessment
    after: DesaAssessment

    @property
    def moved(self) -> bool:
        return self.before.level != self.after.level

    @property
    def points(self) -> float | None:
        """Points by which the score changes; None where a side has none."""
        a, b = self.before.score.total, self.after.score.total
        return None if a is None or b is None else b - a

    @property
    def shifts(self) -> tuple[PointShift, ...]:
        return shifts(self.before.score, self.after.score)

    @property
    def stations(self) -> tuple[tuple[str, Classification, Classification], ...]:
        """TPS whose class changes."""
        pairs = ((t, c, self.after.tps[t]) for t, c in self.before.tps.items())
        return tuple(row for row in pairs if row[1].level != row[2].level)

    @property
    def floors(self) -> tuple[tuple[str, bool], ...]:
        """Floors that fire on one side only: id, and whether it is the later one."""
        here = {f.id for f in self.before.classification.floors}
        there = {f.id for f in self.after.classification.floors}
        return tuple((f, f in there) for f in sorted(here ^ there))


def moved_first(effects: Iterable[Effect]) -> list[Effect]:
    """Changed classes first, upward before downward, then by the size of the change in points."""

    def order(e: Effect) -> tuple[bool, int, float, str]:
        step = (e.after.level or 0) - (e.before.level or 0)
        return not e.moved, -step, -abs(e.points or 0.0), e.desa

    return sorted(effects, key=order)

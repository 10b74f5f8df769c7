"""Actions against a risk: what one may bring, scored again exactly, and what was seen after it (method 1.9).

Nothing here says that an action caused anything. What is expected is a supposition about one answer; what is
seen is the same answer before and after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from kondusif.answers.answer import AnswerLog
from kondusif.classes.explain import class_of_day
from kondusif.classes.score import ANSWERED, score_place
from kondusif.errors import KondusifError, MoveRefused
from kondusif.instrument.recipe import Recipe


class MitigationError(KondusifError):
    """An action that contradicts itself: an item nobody measures, an answer outside its range."""

    code = "mitigation_error"


class MitigationStatus(StrEnum):
    """Where an action stands, as people recorded it."""

    OFFERED = "offered"  # written down; nobody owns it yet
    OWNED = "owned"
    DONE = "done"
    DROPPED = "dropped"


# What was done is not opened again and what was dropped stays dropped: what follows is a new action. An owner
# may give it back while it is open; what was called done by mistake is dropped, with its reason.
MITIGATION_MOVES: Mapping[MitigationStatus, tuple[MitigationStatus, ...]] = MappingProxyType(
    {
        MitigationStatus.OFFERED: (MitigationStatus.OWNED, MitigationStatus.DROPPED),
        MitigationStatus.OWNED: (MitigationStatus.OFFERED, MitigationStatus.DONE, MitigationStatus.DROPPED),
        MitigationStatus.DONE: (MitigationStatus.DROPPED,),
        MitigationStatus.DROPPED: (),
    }
)
OPEN = frozenset({MitigationStatus.OFFERED, MitigationStatus.OWNED})  # may be late, and may be edited


def check_mitigation_move(a: MitigationStatus, b: MitigationStatus) -> None:
    """Raises MoveRefused unless the table allows the move."""
    if b not in MITIGATION_MOVES[a]:
        raise MoveRefused("mitigation_move_unknown", src=a.value, dst=b.value)


def check_editable(status: MitigationStatus) -> None:
    """Raises MoveRefused once an action is over: what people answered for is not rewritten afterwards."""
    if status not in OPEN:
        raise MoveRefused("mitigation_over", src=status.value, dst=status.value)


def overdue(status: MitigationStatus, due: datetime | None, now: datetime) -> bool:
    """Its moment has passed and it is neither done nor dropped; also while nobody owns it."""
    return status in OPEN and due is not None and due < now


@dataclass(frozen=True, slots=True)
class ExpectedEffect:
    """One answer supposed to be ``target``: points of total it brings (``delta``, negative is calmer) and the
    class of the day before and after. ``before`` None: not answered now. Levels None where there is no class.
    """

    item: str
    before: float | None
    target: float
    delta: float | None
    level_before: int | None
    level_after: int | None


def expected_effect(
    recipe: Recipe, log: AnswerLog, place: str, item: str, target: float, *, stage: str
) -> ExpectedEffect:
    """The village scored again in full, floors included, with ``item`` at ``target`` (method 1.9).

    As in "what would change it" (method 2.9), a class that is held for missing answers is left aside.
    Raises MitigationError for an item that is not in the recipe or a target outside its range.
    """
    check_target(recipe, item, target)
    total, level = class_of_day(recipe, log, place, stage)
    after, level_after = class_of_day(recipe, log.supposing(place, item, target), place, stage)
    now = next(i for i in score_place(recipe, log, place, stage=stage).items if i.id == item)
    return ExpectedEffect(
        item=item,
        before=now.value if now.state == ANSWERED else None,
        target=target,
        delta=None if total is None or after is None else after - total,
        level_before=level,
        level_after=level_after,
    )


def check_target(recipe: Recipe, item: str, target: float) -> None:
    """Raises MitigationError unless ``target`` is an answer that ``item`` may have."""
    indicator = recipe.by_id.get(item)
    if indicator is None:
        raise MitigationError("item", item=item)
    if not indicator.lo <= target <= indicator.hi:
        raise MitigationError(
            "range",
            item=item,
            found=target,
            lo=indicator.lo,
            hi=indicator.hi,
        )
    if indicator.whole and target != round(target):
        raise MitigationError("whole", item=item)


@dataclass(frozen=True, slots=True)
class PublishedItem:
    """An item in a published assessment: number, moment, value and points where answered, day observed,
    level of the village."""

    number: int
    at: datetime
    value: float | None
    points: float | None
    observed: date | None
    level: int | None


@dataclass(frozen=True, slots=True)
class ObservedEffect:
    """What stands after an action beside what stood before it; says nothing of why.

    ``before`` None: nothing was published before it was done. ``remeasured``: the answer after was observed
    on or after the day it was done; while it was not, nothing has been seen.
    """

    before: PublishedItem | None
    after: PublishedItem
    remeasured: bool

    @property
    def delta(self) -> float | None:
        """Points after less points before; None where either is missing."""
        if self.before is None or self.before.points is None or self.after.points is None:
            return None
        return self.after.points - self.before.points

    @property
    def moved(self) -> bool:
        """Whether the class of the village is another than before."""
        return self.before is not None and self.before.level != self.after.level


def effect_seen(marks: Iterable[PublishedItem], done_at: datetime, done_on: date) -> ObservedEffect | None:
    """The last publication up to ``done_at`` beside the first after it whose answer was observed since.

    While no later publication holds an answer observed on or after ``done_on`` (the local day), the first
    later one, not remeasured. None while nothing was published after it.
    """
    ordered = sorted(marks, key=lambda m: m.number)
    earlier = [m for m in ordered if m.at <= done_at]
    later = [m for m in ordered if m.at > done_at]
    if not later:
        return None
    before = earlier[-1] if earlier else None
    again = next((m for m in later if m.observed is not None and m.observed >= done_on), None)
    return ObservedEffect(before, again or later[0], again is not None)

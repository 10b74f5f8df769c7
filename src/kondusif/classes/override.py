"""A commander's class beside the machine's: one person can raise it, two can set it (RULES 7, method 2.8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kondusif.errors import MoveRefused, NotAllowed
from kondusif.stages import LEVELS

OVERRIDE_HOURS = 14 * 24  # [P] longest override: after two weeks it is decided anew (RULES 7)


@dataclass(frozen=True, slots=True)
class Override:
    """A commander's class beside the machine's; both are kept (RULES 7, method 2.8).

    ``machine``: the level the commander saw. ``until``: exclusive. Names are role codes or usernames.
    """

    place: str
    machine: int
    human: int
    reason: str
    by: str
    at: datetime
    until: datetime
    second: str = ""
    second_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.human not in LEVELS or self.machine not in LEVELS:
            raise ValueError(f"levels are {LEVELS}")
        if self.human == self.machine:
            raise MoveRefused("override_same")
        if not self.reason.strip() or not self.by:
            raise ValueError("an override carries a reason and a name")
        if not self.at < self.until:
            raise MoveRefused("override_past")
        if bool(self.second) != (self.second_at is not None):
            raise ValueError("a second person comes with a time")
        if self.second == self.by:
            raise NotAllowed("same", by=self.by)

    @property
    def downward(self) -> bool:
        return self.human < self.machine

    def in_force(self, now: datetime, machine: int | None = None) -> bool:
        """Whether it stands: begun, not expired, and downward only with a second person.

        A downward override lapses when the machine's class rises above the one the commander saw.
        """
        if not self.at <= now < self.until:
            return False
        if not self.downward:
            return True
        if self.second_at is None or self.second_at > now:
            return False
        return machine is None or machine <= self.machine


def effective_level(machine: int | None, overrides: Iterable[Override], now: datetime) -> int | None:
    """The level in force (method 2.8): one person can only raise it, two can set it (RULES 7).

    Taken in the order they were made. So nobody lowers alone what another raised, and nobody needs a second
    person to raise again what two had lowered. None goes below a class that the machine has since raised.
    """
    level = machine
    for o in sorted((o for o in overrides if o.at <= now < o.until), key=lambda o: (o.at, o.human)):
        if o.second_at is not None and o.second_at <= now and o.in_force(now, machine):
            level = o.human if o.downward or machine is None else max(machine, o.human)
        elif level is not None:
            level = max(level, o.human)
        elif o.in_force(now, machine):
            level = o.human
    return level


def waits(override: Override, among: Iterable[Override], machine: int | None, now: datetime) -> bool:
    """Whether it lowers what stands at its place, and so needs a second person who has not signed yet."""
    if override.second_at is not None or not override.at <= now < override.until:
        return False
    level = effective_level(machine, among, now)
    if level is None or override.human >= level:
        return False
    return override.downward or machine is None or machine < override.human

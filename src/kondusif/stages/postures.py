"""The planned posture timeline of a place (method 4.9). Planning only: gates decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kondusif.stages.days import local_day
from kondusif.stages.election import Election, deadlines, local, starts
from kondusif.stages.schedule import calendar
from kondusif.standby import NIGHT, NIGHT_LEVEL, QUIET_HOURS


@dataclass(frozen=True, slots=True)
class PlannedPosture:
    """One planned posture of a place. ``gated``: the start is the earliest possible, gates decide."""

    posture: str
    start: datetime
    end: datetime | None
    gated: bool = False


def timeline(election: Election, level: int, *, begins: int | None = None) -> tuple[PlannedPosture, ...]:
    """The planned posture timeline of a place of this level (RULES 9, 12, 13; method 4.9).

    ``begins``: the level whose start counts where it is another: a village begins by its own level and steps
    down with its highest place.

    Postures are the codes of ``kondusif.standby.Posture``. From L1 on every start is the earliest that the
    gates could allow; nothing here opens a gate. L4 and closing are absent while the inauguration is unknown.
    """
    pack, dl = election.pack, deadlines(election)
    vote = election.vote_at.astimezone(election.zone)
    counting = vote + timedelta(hours=pack.poll_hours)
    escort = counting + timedelta(hours=pack.counting_hours)
    standby = escort + timedelta(hours=pack.escort_hours)
    l1 = _past_night(standby + timedelta(hours=QUIET_HOURS[level]), level, election)
    steps: list[tuple[str, datetime]] = [
        ("preparation", calendar(election)[0].start),
        ("moved_in", starts(election, begins or level)),
        ("voting", vote),
        ("counting", counting),
        ("box_escort", escort),
        ("standby", standby),
        ("l1", l1),
        ("l2", max(l1, dl.objection_shut_at)),
        ("l3", max(l1, dl.dispute_limit_at)),
    ]
    if dl.inauguration_at is not None:
        l4 = max(steps[-1][1], dl.inauguration_at + timedelta(hours=24))
        steps += [("l4", l4), ("closed", max(l4, calendar(election)[-1].start))]
    ends: list[datetime | None] = [*(at for _, at in steps[1:]), None]
    return tuple(
        PlannedPosture(posture, start, end, gated=posture in GATED)
        for (posture, start), end in zip(steps, ends, strict=True)
        if end is None or end > start
    )


GATED = frozenset({"l1", "l2", "l3", "l4", "closed"})


def _past_night(at: datetime, level: int, election: Election) -> datetime:
    dusk, dawn = NIGHT
    if level < NIGHT_LEVEL or dawn <= at.time() < dusk:
        return at
    day = local_day(at, election.zone) + timedelta(days=at.time() >= dusk)
    return local(election, day, dawn)

"""The published stages as a calendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from icalendar import Calendar, Event

from kondusif.stages import local_day
from kondusif_web.public.build import CHANGED, SEQUENCE, Body


def calendar(kode: str, stages: Sequence[Body], *, made_at: datetime, mark: str, language: str) -> bytes:
    """One event a stage, in the order given. ``mark`` stands before each summary of a drill.

    ``UID`` is the stage of the operation, whatever is published after; ``SEQUENCE`` rises when the stage
    changes; ``DTSTAMP`` is when the calendar was published, so that one publication gives the same bytes.
    """
    out = Calendar()
    out.add("version", "2.0")
    out.add("prodid", f"-//Kondusif//Publik//{language.upper()}")
    for stage in stages:
        out.add_component(_event(kode, stage, made_at, mark))
    return bytes(out.to_ical())


def _event(kode: str, stage: Mapping[str, Any], made_at: datetime, mark: str) -> Event:
    starts, ends = _span(datetime.fromisoformat(stage["mulai"]), datetime.fromisoformat(stage["sampai"]))
    event = Event()
    event.add("uid", f"{sha256((kode + '/' + stage['kode']).encode()).hexdigest()[:24]}@kondusif")
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("sequence", stage.get(SEQUENCE, 0))
    if CHANGED in stage:
        event.add("last-modified", datetime.fromisoformat(stage[CHANGED]).astimezone(UTC))
    event.add("summary", mark + stage["teks"])
    return event


def _span(starts: datetime, ends: datetime) -> tuple[date, date]:
    """Hours of one day as they are, in UTC. A deadline or a window of days: whole days, the end exclusive.

    >>> at = datetime.fromisoformat
    >>> _span(at("2023-10-11T00:00+07:00"), at("2023-10-13T23:59+07:00"))
    (datetime.date(2023, 10, 11), datetime.date(2023, 10, 14))
    """
    zone = starts.tzinfo or UTC  # what is published carries the operation's own
    first, last = local_day(starts, zone), local_day(ends, zone)
    if starts < ends and first == last:
        return starts.astimezone(UTC), ends.astimezone(UTC)
    return first, last + timedelta(days=1)

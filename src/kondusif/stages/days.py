"""The day of a moment, and working days: Monday to Friday less the national holidays (method 4.1, 4.2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

import holidays

from kondusif.stages.packs import StagesError


def local_day(at: datetime, zone: tzinfo) -> date:
    """The day on the calendar there: the one place where a moment becomes a day.

    The server keeps UTC, where the first 7 to 9 hours of a day in Indonesia are still yesterday. Raises
    ``StagesError`` for a moment without a zone.

    >>> from datetime import UTC
    >>> from zoneinfo import ZoneInfo
    >>> local_day(datetime(2023, 10, 9, 23, 0, tzinfo=UTC), ZoneInfo("Asia/Jakarta"))
    datetime.date(2023, 10, 10)
    """
    return require_zone(at).astimezone(zone).date()


def require_zone(at: datetime) -> datetime:
    """The moment. Raises ``StagesError`` where it has no zone."""
    if at.utcoffset() is None:
        raise StagesError("no_zone", field="now", found=str(at))
    return at


@lru_cache(maxsize=64)
def _public(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("ID", years=year, categories=("public",)))


@lru_cache(maxsize=64)
def _collective(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("ID", years=year, categories=("government",)))


def is_working_day(d: date, *, collective_leave: bool = False) -> bool:
    """Monday to Friday, not a national holiday (method 4.1).

    Holidays are the ``public`` category for Indonesia of the `holidays` library. Collective leave (cuti
    bersama) is in its ``government`` category only, so it is a working day here unless asked for.

    >>> is_working_day(date(2023, 9, 28)), is_working_day(date(2023, 12, 26))
    (False, True)
    """
    if d.weekday() >= 5 or d in _public(d.year):
        return False
    return not (collective_leave and d in _collective(d.year))


def add_working_days(d: date, n: int, *, collective_leave: bool = False) -> date:
    """The n-th working day after ``d``; ``d`` itself is not counted (method 4.2). Negative counts back.

    >>> add_working_days(date(2023, 10, 10), 3)
    datetime.date(2023, 10, 13)
    """
    step = timedelta(days=1 if n >= 0 else -1)
    left = abs(n)
    while left:
        d += step
        left -= is_working_day(d, collective_leave=collective_leave)
    return d


def working_days_between(a: date, b: date, *, collective_leave: bool = False) -> int:
    """Working days in (a, b]; negative when b lies before a, so that it undoes :func:`add_working_days`.

    >>> working_days_between(date(2023, 10, 10), date(2023, 10, 13))
    3
    """
    if b < a:
        return -working_days_between(
            b - timedelta(days=1), a - timedelta(days=1), collective_leave=collective_leave
        )
    days = (a + timedelta(days=i) for i in range(1, (b - a).days + 1))
    return sum(is_working_day(day, collective_leave=collective_leave) for day in days)

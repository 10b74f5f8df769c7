"""Days and moments as people write them, read by one function each.

The day comes first, as everywhere in Indonesia: 03/04/2023 is 3 April 2023. A year of two digits is of this
century. What contradicts itself is refused: a day of the week that is not the date's, a 13th month.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from itertools import chain
from types import MappingProxyType
from zoneinfo import ZoneInfo

from kondusif.stages import ZONES
from kondusif.words import N_, table

_ISO = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})")
_DAY_FIRST = re.compile(
    r"(?P<d>\d{1,2})(?:\s*[/.-]\s*|\s+)(?P<m>\d{1,2}|[a-z]+)\.?[\s,/.-]+(?P<y>\d{4}|\d{2})"
)
_MONTH_FIRST = re.compile(r"(?P<m>[a-z]+)\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})")
_WEEKDAY = re.compile(r"(?P<name>[a-z']+)\.?\s*[,\s]\s*(?P<rest>.*)")
_ZONE = r"wib|wita|wit|z|utc|gmt|(?:utc|gmt)?\s*\+\d{1,2}(?::?\d{2})?"  # 07.00-13.00 is from, to
_MOMENT = re.compile(
    rf"(?P<day>.*?)(?:[,\s]+|(?<=\d)t)(?:(?:pukul|pkl|jam)\.?\s*)?"
    rf"(?P<h>\d{{1,2}})[.:](?P<min>\d{{2}})(?:[.:](?P<s>\d{{2}})(?:[.,]\d+)?)?\s*(?P<zone>{_ZONE})?"
)


def _names(family: str, **more: int) -> Mapping[str, int]:
    """Every name in both languages, to its number."""
    known = chain.from_iterable(table(family, language).items() for language in ("id", "en"))
    return MappingProxyType({name.casefold(): int(number) for number, name in known} | more)


MONTHS = _names("months_long", pebruari=2, nopember=11, agt=8, ags=8, agst=8)
WEEKDAYS = _names("days_long", ahad=7, **{"jum'at": 5})


def written_day(text: str) -> date:
    """A date in words or figures. Raises ``ValueError``, with a message where there is more to say.

    >>> written_day("Selasa, 10 OKTOBER 2023"), written_day("03/04/23")
    (datetime.date(2023, 10, 10), datetime.date(2023, 4, 3))
    """
    value = " ".join(text.casefold().replace("’", "'").split())
    weekday = None
    if (match := _WEEKDAY.fullmatch(value)) and (weekday := _number(match["name"], WEEKDAYS)):
        value = match["rest"]
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST):
        if match := pattern.fullmatch(value):
            break
    else:
        raise ValueError
    month = int(match["m"]) if match["m"].isdigit() else _number(match["m"], MONTHS)
    if not 1 <= month <= 12:
        raise ValueError(N_("hari, bulan, tahun, misalnya 25/10/2023 atau 25 Oktober 2023"))
    year, day_of_month = int(match["y"]) + (2000 if len(match["y"]) == 2 else 0), int(match["d"])
    if not (1900 <= year < 2200 and 1 <= day_of_month <= monthrange(year, month)[1]):
        raise ValueError(N_("tanggal yang ada di kalender"))
    day = date(year, month, day_of_month)
    if weekday and weekday != day.isoweekday():
        raise ValueError(N_("hari yang cocok dengan tanggalnya"))
    return day


def _number(name: str, among: Mapping[str, int]) -> int:
    """The number of a name or of its first three letters or more; 0 where none or several begin so."""
    hits = {n for known, n in among.items() if known == name or (len(name) >= 3 and known.startswith(name))}
    return hits.pop() if len(hits) == 1 else 0


def written_moment(text: str) -> datetime:
    """A date and hour; naive where no zone is written. Raises ``ValueError`` as :func:`written_day`.

    >>> written_moment("10 Okt 2023 pukul 07.00"), written_moment("2023-10-10T07:00:00+08:00").isoformat()
    (datetime.datetime(2023, 10, 10, 7, 0), '2023-10-10T07:00:00+08:00')
    """
    match = _MOMENT.fullmatch(" ".join(text.casefold().split()))
    if not match:
        raise ValueError
    hour, minute, second = (int(match[part] or 0) for part in ("h", "min", "s"))
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(N_("jam 00.00 sampai 23.59"))
    return datetime.combine(written_day(match["day"]), time(hour, minute, second), _zone(match["zone"]))


def _zone(word: str | None) -> tzinfo | None:
    if not word:
        return None
    if name := ZONES.get(word.upper()):
        return ZoneInfo(name)
    offset = re.fullmatch(r"(?:utc|gmt)?\s*\+(\d{1,2}):?(\d{2})?", word)
    if not offset:
        return UTC
    ahead = timedelta(hours=int(offset[1]), minutes=int(offset[2] or 0))
    if ahead >= timedelta(days=1):
        raise ValueError(N_("zona WIB, WITA, WIT, atau selisih seperti +08:00"))
    return timezone(ahead)


def located(at: datetime, zone: tzinfo) -> datetime:
    """On the clock of ``zone``: what names no zone was written there."""
    return at.replace(tzinfo=zone) if at.utcoffset() is None else at.astimezone(zone)

"""A village where every gate of every move is open; each test spoils one thing."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kondusif.stages import Election, deadlines
from kondusif.standby import QUIET_HOURS, Posture
from kondusif.withdraw import ITEMS, Check, IncidentFact, PostingCount, Situation, Waiver

WIB = ZoneInfo("Asia/Jakarta")
DESA = "99.01.01.2001"
TPS = (f"{DESA}-01", f"{DESA}-02")
ELECTION = Election(
    datetime(2023, 10, 10, 7, tzinfo=WIB), inauguration_at=datetime(2023, 12, 28, 9, tzinfo=WIB)
)
HOUR = timedelta(hours=1)
SINCE = datetime(2023, 10, 10, 22, tzinfo=WIB)

# When each move can be clear: in daylight, after its deadlines.
NOWS = {
    (Posture.STANDBY, Posture.L1): datetime(2023, 10, 12, 14, tzinfo=WIB),
    (Posture.STANDBY, Posture.L2): datetime(2023, 10, 16, 10, tzinfo=WIB),
    (Posture.L1, Posture.L2): datetime(2023, 10, 16, 10, tzinfo=WIB),
    (Posture.L2, Posture.L3): datetime(2023, 12, 15, 10, tzinfo=WIB),
    (Posture.L3, Posture.L4): datetime(2023, 12, 29, 10, tzinfo=WIB),
    (Posture.L4, Posture.CLOSED): datetime(2023, 12, 30, 10, tzinfo=WIB),
}
MINUTES = {number for number, item in ITEMS.items() if item.minutes}


def check(item, value="yes", at=None, *, now=None, **more):
    """A complete check: with a second observer and the number of the minutes."""
    at = at or now - HOUR
    fixed = {"by": "petugas1", "second": "kapolsek", "minutes": "BA 05" if item in MINUTES else ""}
    fixed |= more
    named = "-".join(str(x) for x in (item, value, at.isoformat(), *sorted(fixed.values())))
    return Check(id=fixed.pop("id", named), desa=DESA, item=item, value=value, at=at, **fixed)


def all_checks(now):
    yield from (check(item, now=now) for item in ITEMS if item != 13)
    for party in ("camat", "danramil", "kapolsek"):
        yield check(13, now=now, by=party, second="", party=party)
    yield check(13, now=now, by="kode", second="", party="warga")


def clear(posture=Posture.STANDBY, to=Posture.L1, *, level=None, now=None):
    now = now or NOWS[posture, to]
    return Situation(
        desa=DESA,
        level=level or (1 if (posture, to) == (Posture.STANDBY, Posture.L2) else 2),
        posture=posture,
        tps=TPS,
        checks=tuple(all_checks(now)),
        last_report_at=now - HOUR,
        standby_since=SINCE,
        deadlines=deadlines(ELECTION),
        dispute="none",
        postings=(PostingCount("polsek@tps01", "home", 3, 3, 2, 2),),
        quiet_hours=QUIET_HOURS,
    )


def without(s, *items):
    return replace(s, checks=tuple(c for c in s.checks if c.item not in items))


def plus(s, *checks):
    return replace(s, checks=(*s.checks, *checks))


def news(kind, at, ended=None, **more):
    return IncidentFact(more.pop("id", f"news-{kind}"), kind, at, ended, DESA, open=ended is None, **more)


def waiver(s, gate, facts, *, move, at, **more):
    fixed = {
        "reason": "jalan ditutup hajatan",
        "requested_by": "kapolsek",
        "approved_by": "kapolres",
        "second_by": "camat",
    }
    return Waiver("w1", s.desa, move, gate, frozenset(facts), at=at, **(fixed | more))

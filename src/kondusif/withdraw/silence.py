"""How often whoever stands there speaks, and who is silent: a table by posture (RULES 13 [P], method 5.9).

``reports_due.csv`` holds one row for each posture in which anybody of ours may stand at a village; one that
is not there expects nothing. Intervals in minutes, by day and from 22.00 to 05.00 local time, and a grace.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from kondusif.errors import MoveRefused
from kondusif.standby import Posture
from kondusif.tables import Row, markdown, packaged, rows

FILE = "reports_due.csv"
REPORT_NIGHT = (time(22), time(5))  # RULES 13 [P], local time
GAP_MEMORY = timedelta(hours=30)  # the longest quiet hours, and the longest interval of stand-by before them
STALE_INTERVALS = 2  # [P] intervals without any report after which a board is no longer today's
# Who is watched: each station but those that all our people have left; where somebody is on post; the same,
# and the village where nobody is, since its patrol remains; the village, for its daily visit by the Polsek.
WATCHED = ("stations", "manned", "patrol", "village")
CALM, NOT_CALM = GAPS = ("calm", "not_calm")  # what a report says of the silence before it
GAP_PROOFS = ("neighbour", "visit", "call")  # how a second person knows that nothing happened in it
VISITORS = frozenset({"kapolsek", "kapolres"})  # roles whose word is a visit of the Polsek; a patrol's is too
GONE = frozenset({"cancelled", "returning", "home"})  # states of a posting that stands nowhere any more


@dataclass(frozen=True, slots=True)
class ReportRule:
    """How often a post of a village in one posture speaks; ``watched`` is one of ``WATCHED``."""

    every: timedelta
    at_night: timedelta
    grace: timedelta
    watched: str

    def interval(self, at: datetime, tz: str) -> timedelta:
        """How long after a word at ``at`` the next one is expected."""
        begins, ends = REPORT_NIGHT
        clock = at.astimezone(ZoneInfo(tz)).time()
        return self.at_night if clock >= begins or clock < ends else self.every


_COLUMNS = ("posture", "every_minutes", "night_minutes", "grace_minutes", "watched")


def _rule(row: Row) -> ReportRule:
    every, night, grace = (timedelta(minutes=row.whole(column)) for column in _COLUMNS[1:4])
    return ReportRule(every, night, grace, row.one_of("watched", WATCHED))


REPORTS_DUE: Mapping[Posture, ReportRule] = MappingProxyType(
    {Posture(row["posture"]): _rule(row) for row in rows(FILE, packaged("kondusif.withdraw", FILE), _COLUMNS)}
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a post. ``gap`` is one of ``GAPS``: what it says of the silence before it, "" nothing.

    ``second``: another person who confirms that; "" while nobody has.
    """

    at: datetime
    by: str = ""
    gap: str = ""
    second: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether it says that nothing happened, and a second person, not its reporter, says so too."""
        return self.gap == CALM and self.second not in ("", self.by)


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence of a post that ended. ``said``: a report states that nothing happened in it."""

    place: str
    since: datetime
    until: datetime
    said: bool = False


@dataclass(frozen=True, slots=True)
class WatchedPost:
    """A place whose word is expected: a TPS, or the village (its desa code) for its patrol or visit.

    ``since``: when its posture began. ``last_at``: field time of its latest word, None where it never spoke.
    ``words``: its words of at least ``GAP_MEMORY`` before now, in any order.
    """

    place: str
    since: datetime
    last_at: datetime | None = None
    words: tuple[Word, ...] = ()


def watched_places(
    posture: Posture, desa: str, tps: Iterable[str], postings: Iterable[tuple[str, str]]
) -> tuple[str, ...]:
    """The places of a village whose word is expected in this posture, by code.

    ``postings``: the place (TPS or desa code) and the state of each posting. Where none is known at a station
    somebody is taken to stand there: missing is not zero.
    """
    rule = REPORTS_DUE.get(posture)
    if rule is None:
        return ()
    states: dict[str, set[str]] = {}
    for place, state in postings:
        states.setdefault(place, set()).add(state)
    manned = tuple(place for place in (*tps, desa) if "on_post" in states.get(place, ()))
    if rule.watched == "stations":
        return tuple(t for t in tps if not states.get(t) or states[t] - GONE)
    if rule.watched == "manned":
        return manned
    return manned if rule.watched == "patrol" and manned else (desa,)


def watched_posts(
    posture: Posture,
    desa: str,
    tps: Iterable[str],
    postings: Iterable[tuple[str, str]],
    *,
    since: datetime,
    last: Mapping[str, datetime],
    arrived: Mapping[str, datetime] = MappingProxyType({}),
    words: Mapping[str, tuple[Word, ...]] = MappingProxyType({}),
    visited: datetime | None = None,
) -> tuple[WatchedPost, ...]:
    """:func:`watched_places` with their last words; any word from a village counts for the village, but
    where its daily visit is awaited only that of a visitor, the last at ``visited``.

    ``since``: when the posture began; ``arrived``: when somebody was last put on post there, where known.
    ``words``: by place, what was said lately.
    """
    tps = tuple(tps)
    spoken = {place: last[place] for place in (desa, *tps) if place in last}
    if spoken:
        spoken[desa] = max(spoken.values())
    if posture in REPORTS_DUE and REPORTS_DUE[posture].watched == "village":
        spoken = {} if visited is None else {desa: visited}
    places = watched_places(posture, desa, tps, postings)
    return tuple(
        WatchedPost(p, max(since, arrived.get(p, since)), spoken.get(p), words.get(p, ())) for p in places
    )


def report_due(
    posture: Posture, since: datetime, last_at: datetime | None, tz: str = "Asia/Jakarta"
) -> datetime | None:
    """When a post must have spoken again, counted from the later of its posture and its last word."""
    rule = REPORTS_DUE.get(posture)
    base = max(since, last_at or since)
    return None if rule is None else base + rule.interval(base, tz)


def is_silent(posture: Posture, post: WatchedPost, now: datetime, tz: str) -> bool:
    """Whether its word is overdue, the grace over. Silence is not calm."""
    known = post.last_at if post.last_at is None or post.last_at <= now else None
    due = report_due(posture, post.since, known, tz)
    return due is not None and now > due + REPORTS_DUE[posture].grace


def silent_posts(
    posture: Posture, watched: Iterable[WatchedPost], now: datetime, tz: str
) -> tuple[WatchedPost, ...]:
    """The watched posts of a village that are silent at ``now``, in their order."""
    return tuple(post for post in watched if is_silent(posture, post, now, tz))


def check_confirming(*, gap: str, reporter: str, second: str, how: str, confirmed: bool) -> None:
    """Raises :class:`MoveRefused` unless another than the reporter confirms, once, that a gap was calm."""
    if gap != CALM:
        raise MoveRefused("gap_not_stated")
    if reporter == second:
        raise MoveRefused("verify_own_report")
    if confirmed:
        raise MoveRefused("verified_already")
    if how not in GAP_PROOFS:
        raise MoveRefused("gap_proof_unknown", found=how)


def uncounted_gaps(
    posture: Posture, post: WatchedPost, after: datetime, now: datetime, tz: str
) -> tuple[Gap, ...]:
    """The silences of a post that ended after ``after`` and do not count as quiet, the oldest first.

    One counts only if a report, that which ended it or a later one, states that nothing happened in it, a
    second person says so, and none says the contrary (RULES 13).
    """
    words = sorted((w for w in post.words if w.at <= now), key=lambda w: w.at)
    found, last = [], post.since
    for i, word in enumerate(words):
        due = report_due(posture, post.since, last, tz)
        if due is not None and word.at > due + REPORTS_DUE[posture].grace and word.at > after:
            said = [w for w in words[i:] if w.gap]
            denied = any(w.gap == NOT_CALM for w in said)
            if denied or not any(w.confirmed for w in said):
                found.append(Gap(post.place, last, word.at, said=bool(said) and not denied))
        last = max(last, word.at)
    return tuple(found)


def stale_after(postures: Iterable[Posture], now: datetime, tz: str) -> timedelta | None:
    """How old the newest report may be, by the shortest interval expected; None when nothing is expected."""
    expected = [REPORTS_DUE[p].interval(now, tz) for p in postures if p in REPORTS_DUE]
    return STALE_INTERVALS * min(expected) if expected else None


def reports_markdown() -> str:
    """The table of the reports due, for the generated page of gates."""
    minute = timedelta(minutes=1)
    lines = [
        (p.value, *(f"{n // minute} min" for n in (r.every, r.at_night, r.grace)), r.watched)
        for p, r in REPORTS_DUE.items()
    ]
    return markdown(("Posture", "Word every", "22.00 to 05.00", "Grace", "Watched"), lines)

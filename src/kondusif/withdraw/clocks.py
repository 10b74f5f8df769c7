"""The gates beside the checklist: quiet hours, night, deadlines, counting home (method 6.8 to 6.13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kondusif.standby import NIGHT, NIGHT_LEVEL, QUIET_HOURS
from kondusif.withdraw.checklist import affirms, current_checks
from kondusif.withdraw.facts import OPEN, SHUT, Check, GateState, PostingCount, Reason, Situation
from kondusif.withdraw.items import UNREST
from kondusif.withdraw.silence import Gap, silent_posts, uncounted_gaps

INAUGURATION_REST = timedelta(hours=24)  # RULES 12


@dataclass(frozen=True, slots=True)
class UnrestSpell:
    """A spell of bad news: an incident, or an observation of items 9-11 that turned bad. None: goes on."""

    id: str
    at: datetime
    ended_at: datetime | None


def unrest_spells(s: Situation, now: datetime) -> tuple[UnrestSpell, ...]:
    """Every spell of bad news (RULES 13, 14). A bad observation ends with the next good one."""
    found = [UnrestSpell(n.id, n.at, n.end(now)) for n in s.incidents if n.desa == s.desa and n.bad]
    for item in UNREST:
        checks = current_checks(s, item, now)
        found += [UnrestSpell(c.id, c.at, _calm_since(s, c, checks, now)) for c in checks if c.value == "no"]
    return tuple(found)


def _calm_since(s: Situation, bad: Check, checks: tuple[Check, ...], now: datetime) -> datetime | None:
    """The first good look after a bad one: at the same place, or of (or at) every place of the village."""
    later = [c for c in checks if affirms(c) and bad.at < c.at <= now]
    same = min((c.at for c in later if c.tps == bad.tps), default=None)
    if bad.tps or not s.tps:
        return same
    each = [min((c.at for c in later if c.tps == t), default=None) for t in s.tps]
    everywhere = None if None in each else max(at for at in each if at)
    return min((at for at in (same, everywhere) if at), default=None)


def quiet(s: Situation, now: datetime) -> GateState:
    """6, 12 or 24 hours [P] by level without bad news, since stand-by or the end of the last (RULES 13).

    Silence is not calm: while a watched post is silent, or without a report since that moment and within the
    quiet hours, the gate is shut; and after a silence that does not count as quiet the hours run anew.
    """
    if s.level is None:
        return _shut("quiet", Reason.LEVEL_UNKNOWN, "class_published")
    hours = (s.quiet_hours or QUIET_HOURS)[s.level]
    facts: dict[str, object] = {"hours": hours, "level": s.level, "last_report_at": s.last_report_at}
    if s.standby_since is None or s.standby_since > now:
        return _shut("quiet", Reason.NOT_STANDBY, "standby", facts)
    spells = unrest_spells(s, now)
    if going_on := tuple(sorted(t.id for t in spells if t.ended_at is None)):
        return _shut("quiet", Reason.INCIDENT_OPEN, "incident_closed", facts, going_on)
    last = max((t for t in spells if t.ended_at), key=lambda t: t.ended_at or t.at, default=None)
    since = max(s.standby_since, last.ended_at) if last and last.ended_at else s.standby_since
    ids = (last.id,) if last and last.ended_at == since else ()
    facts |= {"since": since, "after_news": bool(ids), "passed": now - since}
    until = since + timedelta(hours=hours)
    if s.last_report_at is None or s.last_report_at > now:
        return _shut("quiet", Reason.NO_REPORT, "report", facts, ids)
    if silent := silent_posts(s.posture, s.watched, now, s.tz):
        facts["silent"] = {post.place: post.last_at for post in silent}
        return _shut("quiet", Reason.POST_SILENT, "report", facts, ids)
    if gaps := _uncounted(s, max(since, now - timedelta(hours=hours)), now):
        facts["gaps"] = [(gap.place, gap.since, gap.until) for gap in gaps]
        said = all(gap.said for gap in gaps)
        reason = Reason.GAP_UNCONFIRMED if said else Reason.GAP_UNSTATED
        anew = max(gap.until for gap in gaps) + timedelta(hours=hours)
        return _shut("quiet", reason, "gap_confirmed" if said else "gap_stated", facts, ids, anew)
    if now < until:
        return _shut("quiet", Reason.QUIET_RUNNING, "clock", facts, ids, until)
    if s.last_report_at < since or now - s.last_report_at > timedelta(hours=hours):
        return _shut("quiet", Reason.SILENT, "report", facts, ids)
    return _open("quiet", facts, ids)


def _uncounted(s: Situation, after: datetime, now: datetime) -> list[Gap]:
    """The silences of its watched posts that ended after ``after`` and do not count as quiet."""
    return [gap for post in s.watched for gap in uncounted_gaps(s.posture, post, after, now, s.tz)]


def night(s: Situation, now: datetime) -> GateState:
    """At level 3 not between 18.00 and 06.00 local time (RULES 13)."""
    if s.level is None:
        return _shut("night", Reason.LEVEL_UNKNOWN, "class_published")
    facts: dict[str, object] = {"level": s.level, "guarded": s.level >= NIGHT_LEVEL}
    if s.level < NIGHT_LEVEL or not is_night(now, s.tz):
        return _open("night", facts)
    return _shut("night", Reason.NIGHT, "clock", facts, (), next_time(now, s.tz, dawn=True))


def is_night(at: datetime, tz: str) -> bool:
    """Whether it is 18.00 or later, or before 06.00, on the local clock."""
    dusk, dawn = NIGHT
    return not dawn <= at.astimezone(ZoneInfo(tz)).time() < dusk


def next_time(at: datetime, tz: str, *, dawn: bool) -> datetime:
    """The next local dawn (06.00) or dusk (18.00) strictly after ``at``."""
    local = at.astimezone(ZoneInfo(tz))
    edge = NIGHT[1] if dawn else NIGHT[0]
    day = local.replace(hour=edge.hour, minute=edge.minute, second=0, microsecond=0)
    return day if day > local else day + timedelta(days=1)


def objection_window(s: Situation, now: datetime) -> GateState:
    """The candidates' working days to object, of the rule pack, are over (RULES 12)."""
    if s.deadlines is None:
        return _shut("objection_window", Reason.UNKNOWN, "calendar")
    at = s.deadlines.objection_shut_at
    if now < at:
        return _shut("objection_window", Reason.WINDOW_OPEN, "clock", {"until": at}, (), at)
    return _open("objection_window", {"until": at})


def dispute(s: Situation, now: datetime) -> GateState:
    """The dispute is settled or its working days have passed; none counts once nobody can object."""
    if s.deadlines is None:
        return _shut("dispute", Reason.UNKNOWN, "calendar")
    window, limit = s.deadlines.objection_shut_at, s.deadlines.dispute_limit_at
    facts: dict[str, object] = {"dispute": s.dispute, "until": limit}
    if s.dispute == "settled" or now >= limit:
        return _open("dispute", facts)
    if s.dispute == "none":
        if now >= window:
            return _open("dispute", facts)
        return _shut("dispute", Reason.WINDOW_OPEN, "clock", facts, (), window)
    reason = Reason.DISPUTE_OPEN if s.dispute == "open" else Reason.UNKNOWN
    return _shut("dispute", reason, "dispute_settled", facts, (), limit)


def inauguration(s: Situation, now: datetime) -> GateState:
    """Twenty-four hours have passed since the inauguration; while its date is unknown the gate is shut."""
    if s.deadlines is None or s.deadlines.inauguration_at is None:
        return _shut("inauguration", Reason.INAUGURATION_UNKNOWN, "inauguration_date")
    at = s.deadlines.inauguration_at + INAUGURATION_REST
    facts: dict[str, object] = {"inauguration_at": s.deadlines.inauguration_at, "until": at}
    if now < at:
        return _shut("inauguration", Reason.INAUGURATION_AHEAD, "clock", facts, (), at)
    return _open("inauguration", facts)


def home(s: Situation, now: datetime) -> GateState:
    """Every posting of the village is home and counted. No posting on record is not "everyone is home"."""
    if not s.postings:
        return _shut("home", Reason.UNKNOWN, "postings")
    away = tuple(p.posting for p in s.postings if p.state not in ("home", "cancelled"))
    if away:
        return _shut("home", Reason.NOT_HOME, "homecoming", {"away": away}, away)
    for p in s.postings:
        if p.state == "home" and (count := headcount_gate(p)).shut:
            return _shut("home", count.reason, "headcount", count.facts, (p.posting,))
    return _open("home", {"postings": len(s.postings)})


def headcount_gate(p: PostingCount) -> GateState:
    """People and equipment out = back (item 15, of one posting)."""
    facts: dict[str, object] = {
        "posting": p.posting,
        "out": p.out,
        "back": p.back,
        "equipment_out": p.equipment_out,
        "equipment_back": p.equipment_back,
    }
    if p.back is None or p.equipment_back is None:
        return _shut("15", Reason.NOT_COUNTED, "headcount", facts, (p.posting,))
    if p.back != p.out or p.equipment_back != p.equipment_out:
        return _shut("15", Reason.COUNT_DIFFERS, "headcount", facts, (p.posting,))
    return _open("15", facts, (p.posting,))


def _open(gate: str, facts: Mapping[str, object], ids: tuple[str, ...] = ()) -> GateState:
    return GateState(gate, OPEN, Reason.MET, facts, fact_ids=ids)


def _shut(
    gate: str,
    reason: Reason,
    opens_by: str,
    facts: Mapping[str, object] | None = None,
    ids: tuple[str, ...] = (),
    opens_at: datetime | None = None,
) -> GateState:
    return GateState(gate, SHUT, reason, facts or {}, False, opens_by, opens_at, ids)

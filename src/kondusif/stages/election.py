"""One vote: its moment, zone and pack; when security begins, and what the law still lets happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from kondusif.places import TPS_KODE, desa_of
from kondusif.stages.days import add_working_days, local_day
from kondusif.stages.packs import PP_43_2014, START_OFFSETS, RulePack, StagesError

ZONES = MappingProxyType({"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"})
LEVELS = (1, 2, 3)
FIRST_YEAR, LAST_YEAR = 2000, 2099  # beyond, a date is a slip of the hand


@dataclass(frozen=True, slots=True)
class Election:
    """One vote: its moment, zone, rule pack and start offsets; actual dates replace computed ones.

    ``tz`` is WIB, WITA, WIT or one of their IANA names. ``start_offsets``: level to (days before, time).
    """

    vote_at: datetime
    tz: str = "Asia/Jakarta"
    pack: RulePack = PP_43_2014
    start_offsets: Mapping[int, tuple[int, time]] = field(default_factory=lambda: START_OFFSETS)
    inauguration_at: datetime | None = None
    bpd_report_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.tz in ZONES:
            object.__setattr__(self, "tz", ZONES[self.tz])
        if self.tz not in ZONES.values():
            raise StagesError("zone_unknown", found=self.tz, expected=tuple(ZONES))
        for name in ("vote_at", "inauguration_at", "bpd_report_at"):
            at = getattr(self, name)
            if at is not None and at.utcoffset() is None:
                raise StagesError("no_zone", field=name, found=str(at))
            if at is not None and not reachable(at):
                raise StagesError("impossible_year", field=name, found=str(at))
            if at is not None and name != "vote_at" and at <= self.vote_at:
                raise StagesError("before_vote", field=name, found=str(at))
        if set(self.start_offsets) != set(LEVELS):
            raise StagesError("offsets_missing", found=tuple(self.start_offsets))
        if not starts(self, 3) <= starts(self, 2) <= starts(self, 1) < self.vote_at:
            raise StagesError("offsets_order")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)

    @property
    def day(self) -> date:
        """H, the local date of the vote."""
        return local_day(self.vote_at, self.zone)

    @property
    def poll_closes_at(self) -> datetime:
        """When the poll closes by the rule pack; from then on there is something to judge."""
        return self.vote_at + timedelta(hours=self.pack.poll_hours)

    @property
    def objections_open_at(self) -> datetime:
        """From the day after the vote a candidate may object."""
        return self.vote_at + timedelta(days=1)


def reachable(at: datetime | date) -> bool:
    """Whether the year is one that a vote can have, so that days can be added to it."""
    return FIRST_YEAR <= at.year <= LAST_YEAR


def local(election: Election, d: date, t: time = time(0)) -> datetime:
    return datetime.combine(d, t, tzinfo=election.zone)


def h(election: Election, now: datetime) -> int:
    """Days from H by local date: H-63 is -63."""
    return (local_day(now, election.zone) - election.day).days


def stage_at(election: Election, now: datetime) -> str:
    """The stage of the index (method 4.8): persiapan, pencalonan, kampanye or masa_tenang.

    From the quiet days on everything is due, so voting and all after it count as masa_tenang.
    """
    pack = election.pack
    today = local_day(now, election.zone)
    quiet = election.day - timedelta(days=pack.quiet_days)
    campaign = quiet - timedelta(days=pack.campaign_days)
    if today >= quiet:
        return "masa_tenang"
    if today >= campaign:
        return "kampanye"
    candidacy = add_working_days(campaign, -pack.candidacy_wd, collective_leave=pack.collective_leave)
    return "pencalonan" if today >= candidacy else "persiapan"


def starts(election: Election, level: int) -> datetime:
    """When security begins at a place of this level (RULES 9, method 4.6)."""
    if level not in LEVELS:
        raise StagesError("level_unknown", found=level)
    days, at = election.start_offsets[level]
    return local(election, election.day - timedelta(days=days), at)


def place_starts(election: Election, levels: Mapping[str, int]) -> dict[str, datetime]:
    """The start of every place (desa or TPS code) by its own published level."""
    return {kode: starts(election, level) for kode, level in sorted(levels.items())}


def start_for_all(election: Election) -> datetime:
    """The latest start of any level: true of every village, so it tells no class (RULES 9)."""
    return max(starts(election, level) for level in LEVELS)


@dataclass(frozen=True, slots=True)
class VillageStart:
    """When security begins in a village: ``at`` by its own level; ``earlier``: the TPS of a higher level that
    begin before it, by code, in order of time (RULES 9, method 4.6)."""

    at: datetime
    earlier: Mapping[str, datetime] = field(default_factory=dict)


def village_start(desa: str, place_starts: Mapping[str, datetime]) -> VillageStart | None:
    """The one start of a village, with what begins earlier beside it; None where nothing is planned.

    Where only its TPS are dated the village begins with the last of them: from then all of it is served.
    """
    tps = {k: at for k, at in place_starts.items() if TPS_KODE.fullmatch(k) and desa_of(k) == desa}
    at = place_starts.get(desa) or max(tps.values(), default=None)
    if at is None:
        return None
    earlier = {kode: when for kode, when in sorted(tps.items()) if when < at}
    return VillageStart(at, dict(sorted(earlier.items(), key=lambda item: item[1])))


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What the law still lets happen. ``inauguration_at`` is None while unknown: it is set by decree.

    ``bpd_report_at`` is BPD's report to the regent through the camat: computed, or actual when known.
    """

    objection_shut_at: datetime
    committee_report_at: datetime
    bpd_report_at: datetime
    dispute_limit_at: datetime
    inauguration_at: datetime | None


def deadlines(election: Election) -> Deadlines:
    """Objection, reports and dispute limit (method 4.3 to 4.5, RULES 19)."""
    pack = election.pack

    def after(d: date, n: int) -> date:
        return add_working_days(d, n, collective_leave=pack.collective_leave)

    objection = after(election.day, pack.objection_wd)
    committee = after(objection if pack.reports_wait_for_objections else election.day, pack.bpd_wd)
    if election.bpd_report_at is None:
        bpd = local(election, after(committee, pack.regent_wd), pack.day_ends)
    else:
        bpd = election.bpd_report_at.astimezone(election.zone)
    return Deadlines(
        objection_shut_at=local(election, objection, pack.day_ends),
        committee_report_at=local(election, committee, pack.day_ends),
        bpd_report_at=bpd,
        dispute_limit_at=local(
            election, after(local_day(bpd, election.zone), pack.dispute_wd), pack.day_ends
        ),
        inauguration_at=election.inauguration_at and election.inauguration_at.astimezone(election.zone),
    )

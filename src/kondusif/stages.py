"""Stages and deadlines: working days, calendar days, holidays, rule packs.

The rules of a village-head election change (PP 43/2014 gave way to PP 16/2026) and local orders change the
rest, so lengths are data in a :class:`RulePack` that names its regulation. Numbers marked [P] in RULES are
proposals of the pack or the operation; the election carries its own start offsets (RULES 9).

Method: docs/method/4-stages.md. Every moment is timezone-aware and returned in the election's local time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from kondusif.errors import KondusifError
from kondusif.places import desa_of

ZONES = MappingProxyType({"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"})
LEVELS = (1, 2, 3)


class StagesError(KondusifError):
    """An election or rule pack contradicts itself: naive time, unknown zone, offsets out of order."""

    code = "stages_error"


# ---------------------------------------------------------------- days


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


# ---------------------------------------------------------------- rule packs


@dataclass(frozen=True, slots=True)
class RulePack:
    """Lengths and offsets, named by the regulation they encode. Published packs are never edited.

    ``*_wd`` are working days; ``*_days`` calendar days; milestones are days from H (negative: before).
    """

    kode: str
    nama: str
    regulation: str
    sources: tuple[str, ...]
    objection_wd: int = 3  # candidates' objections, from the day after the vote
    bpd_wd: int = 7  # committee to BPD
    regent_wd: int = 7  # BPD to regent, through the camat
    dispute_wd: int = 30  # regent settles a dispute, from BPD's report
    reports_wait_for_objections: bool = True  # RULES 19: the longest road is 3 + 7 + 7 + 30
    collective_leave: bool = False  # whether cuti bersama stops the count
    candidacy_wd: int = 33  # registration to invitations, ending the day before the campaign
    campaign_days: int = 3
    quiet_days: int = 3
    day_ends: time = time(23, 59)  # [P] a limit in days lasts until its last minute
    poll_hours: int = 6  # [P] 07.00-13.00
    counting_hours: int = 6  # [P] planned; big villages count past midnight
    escort_hours: int = 3  # [P] boxes to the kecamatan
    quiet_hours: Mapping[int, int] = field(
        default_factory=lambda: MappingProxyType({1: 6, 2: 12, 3: 24})  # RULES 13 [P], for planning only
    )
    night: tuple[time, time] = (time(18, 0), time(6, 0))  # RULES 13: no L0 to L1 at level 3
    milestones: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType(
            {"dialog": -63, "ukur": -21, "rencana": -7, "geser": -1, "siaga": 1, "tutup": 70}  # [P]
        )
    )

    def __post_init__(self) -> None:
        lengths = (self.objection_wd, self.bpd_wd, self.regent_wd, self.dispute_wd, self.candidacy_wd)
        if any(n < 1 for n in lengths) or min(self.campaign_days, self.quiet_days) < 0:
            raise StagesError("a rule pack has a length below one working day", pack=self.kode)
        m = self.milestones
        if set(m) != MILESTONES:
            raise StagesError("milestones missing or unknown", pack=self.kode, found=tuple(m))
        if not m["dialog"] < m["ukur"] < m["rencana"] < m["geser"] < 0 < m["siaga"] < m["tutup"]:
            raise StagesError("milestones out of order", pack=self.kode)


MILESTONES = frozenset({"dialog", "ukur", "rencana", "geser", "siaga", "tutup"})

PP_43_2014 = RulePack(
    kode="pp-43-2014",
    nama="PP 43/2014 dan Permendagri 112/2014 beserta perubahannya (2023)",
    regulation=(
        "UU 6/2014; PP 43/2014 jo. PP 47/2015; Permendagri 112/2014 jo. 65/2017 jo. 72/2020; "
        "Perbup setempat yang merinci"
    ),
    sources=(
        "UU 6/2014 pasal 37: laporan panitia dan BPD 7 hari, perselisihan diselesaikan bupati 30 hari",
        "Keberatan 3 hari: J. Cakrawala Hukum 10(2) 2019, doi 10.26905/idjch.v10i2.3541",
        "Hitungan hari kerja 3 + 7 + 7 + 30: usulan [P], jalan terpanjang; cocokkan dengan Perbup setempat",
    ),
)
PP_16_2026 = RulePack(
    kode="pp-16-2026",
    nama="PP 16/2026",
    regulation="UU 3/2024; PP 16/2026 (berlaku 27 Maret 2026, mencabut PP 43/2014); Perbup setempat",
    sources=(
        "Jadwal Pilkades Kabupaten Blitar 2026 menurut Kecamatan Selorejo (sekunder): "
        "keberatan 3 hari kerja, panitia ke BPD 7, BPD ke bupati 7, perselisihan 30",
        "Status Permendagri 112/2014 setelah PP 16/2026 belum diketahui",
    ),
    reports_wait_for_objections=False,  # in the Blitar timetable the reports run from the vote
)
PACKS: Mapping[str, RulePack] = MappingProxyType({p.kode: p for p in (PP_43_2014, PP_16_2026)})

START_OFFSETS: Mapping[int, tuple[int, time]] = MappingProxyType(
    {1: (1, time(7)), 2: (2, time(7)), 3: (3, time(7))}  # RULES 9 [P]: H-1, H-2, H-3 at 07.00
)


# ---------------------------------------------------------------- an election


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
            raise StagesError("unknown time zone", found=self.tz, expected=tuple(ZONES))
        for name in ("vote_at", "inauguration_at", "bpd_report_at"):
            at = getattr(self, name)
            if at is not None and at.utcoffset() is None:
                raise StagesError("a moment without a time zone", field=name, found=str(at))
            if at is not None and name != "vote_at" and at <= self.vote_at:
                raise StagesError("an act after the vote is dated before it", field=name, found=str(at))
        if set(self.start_offsets) != set(LEVELS):
            raise StagesError("start offsets need levels 1, 2 and 3", found=tuple(self.start_offsets))
        if not starts(self, 3) <= starts(self, 2) <= starts(self, 1) < self.vote_at:
            raise StagesError("a higher level may not start later, and all start before the vote")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)

    @property
    def day(self) -> date:
        """H, the local date of the vote."""
        return self.vote_at.astimezone(self.zone).date()


def _at(election: Election, d: date, t: time = time(0)) -> datetime:
    return datetime.combine(d, t, tzinfo=election.zone)


def _aware(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise StagesError("a moment without a time zone", field="now", found=str(at))
    return at


def h(election: Election, now: datetime) -> int:
    """Days from H by local date: H-63 is -63."""
    return (_aware(now).astimezone(election.zone).date() - election.day).days


def starts(election: Election, level: int) -> datetime:
    """When security begins at a place of this level (RULES 9, method 4.6)."""
    if level not in LEVELS:
        raise StagesError("unknown level", found=level)
    days, at = election.start_offsets[level]
    return _at(election, election.day - timedelta(days=days), at)


def place_starts(election: Election, levels: Mapping[str, int]) -> dict[str, datetime]:
    """The start of every place (desa or TPS code) by its own published level."""
    return {kode: starts(election, level) for kode, level in sorted(levels.items())}


def village_start(desa: str, place_starts: Mapping[str, datetime]) -> datetime | None:
    """The earliest start of a village and its TPS; None where nothing is planned."""
    return min((at for kode, at in place_starts.items() if desa_of(kode) == desa), default=None)


# ---------------------------------------------------------------- deadlines


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
    next_risk_dates: tuple[tuple[str, datetime], ...]

    @property
    def regent_report_at(self) -> datetime:
        """When the regent has the report, from which the dispute limit is counted."""
        return self.bpd_report_at

    def risk_dates_after(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """The risk dates still to come (checklist item 14)."""
        return tuple((kode, at) for kode, at in self.next_risk_dates if at > now)


def deadlines(election: Election) -> Deadlines:
    """Objection, reports and dispute limit (method 4.3 to 4.5, RULES 19)."""
    pack = election.pack

    def after(d: date, n: int) -> date:
        return add_working_days(d, n, collective_leave=pack.collective_leave)

    objection = after(election.day, pack.objection_wd)
    committee = after(objection if pack.reports_wait_for_objections else election.day, pack.bpd_wd)
    if election.bpd_report_at is None:
        bpd = _at(election, after(committee, pack.regent_wd), pack.day_ends)
    else:
        bpd = election.bpd_report_at.astimezone(election.zone)
    objection_at = _at(election, objection, pack.day_ends)
    dispute_at = _at(election, after(bpd.date(), pack.dispute_wd), pack.day_ends)
    inauguration = election.inauguration_at and election.inauguration_at.astimezone(election.zone)
    risks = [("objection_shut", objection_at), ("bpd_report", bpd), ("dispute_limit", dispute_at)]
    if inauguration:
        risks.append(("inauguration", inauguration))
    return Deadlines(
        objection_shut_at=objection_at,
        committee_report_at=_at(election, committee, pack.day_ends),
        bpd_report_at=bpd,
        dispute_limit_at=dispute_at,
        inauguration_at=inauguration,
        next_risk_dates=tuple(sorted(risks, key=lambda r: r[1])),
    )


# ---------------------------------------------------------------- stages


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the strip, from ``start`` until ``end`` (the next one's start; None for the last)."""

    kode: str
    nama: str
    start: datetime
    end: datetime | None
    source: str
    h: int


def calendar(election: Election) -> tuple[Stage, ...]:
    """The ten stages of an operation in order, dialogue to closing (method 4.7).

    The operation closes at its milestone (H+70), or the day after the dispute limit or the inauguration
    if one of those comes later: it never closes while the law still lets something happen.
    """
    pack, dl = election.pack, deadlines(election)

    def on(milestone: str) -> datetime:
        return _at(election, election.day + timedelta(days=pack.milestones[milestone]))

    last = max(filter(None, (dl.dispute_limit_at, dl.inauguration_at)))
    closing = max(on("tutup"), _at(election, last.date() + timedelta(days=1)))
    vote = election.vote_at.astimezone(election.zone)
    order = "perintah operasi [P]"
    steps: list[tuple[str, str, datetime, str]] = [
        ("dialog", "Dialog", on("dialog"), order),
        ("ukur", "Ukur dan kelas", on("ukur"), order),
        ("rencana", "Rencana disahkan", on("rencana"), order),
        ("geser", "Pergeseran pasukan", on("geser"), order),
        ("pungut", "Pungut dan hitung", vote, pack.regulation),
        ("siaga", "Siaga", on("siaga"), order),
        ("keberatan", "Keberatan ditutup", dl.objection_shut_at, f"{pack.objection_wd} hari kerja"),
        ("bpd", "Laporan BPD", dl.bpd_report_at, pack.regulation),
        ("sengketa", "Batas sengketa", dl.dispute_limit_at, f"{pack.dispute_wd} hari kerja"),
        ("tutup", "Operasi ditutup", closing, order),
    ]
    steps.sort(key=lambda s: s[2])  # an early actual report may overtake another step
    ends: list[datetime | None] = [*(s[2] for s in steps[1:]), None]
    return tuple(
        Stage(kode, nama, start, end, source, h(election, start))
        for (kode, nama, start, source), end in zip(steps, ends, strict=True)
    )


def current_stage(election: Election, now: datetime) -> Stage | None:
    """The stage of the strip that ``now`` lies in; None before the dialogue."""
    _aware(now)
    return next((s for s in reversed(calendar(election)) if s.start <= now), None)


def stage_at(election: Election, now: datetime) -> str:
    """The stage of the index (method 4.8): persiapan, pencalonan, kampanye or masa_tenang.

    From the quiet days on everything is due, so voting and all after it count as masa_tenang.
    """
    pack = election.pack
    today = _aware(now).astimezone(election.zone).date()
    quiet = election.day - timedelta(days=pack.quiet_days)
    campaign = quiet - timedelta(days=pack.campaign_days)
    candidacy = add_working_days(campaign, -pack.candidacy_wd, collective_leave=pack.collective_leave)
    if today >= quiet:
        return "masa_tenang"
    if today >= campaign:
        return "kampanye"
    return "pencalonan" if today >= candidacy else "persiapan"


# ---------------------------------------------------------------- posture timeline


@dataclass(frozen=True, slots=True)
class Phase:
    """One planned posture of a place. ``gated``: the start is the earliest possible, gates decide."""

    posture: str
    start: datetime
    end: datetime | None
    gated: bool = False


def timeline(election: Election, level: int) -> tuple[Phase, ...]:
    """The planned posture timeline of a place of this level (RULES 9, 12, 13; method 4.9).

    Postures are the codes of ``kondusif.standby.Posture``. From L1 on every start is the earliest that the
    gates could allow; nothing here opens a gate. L4 and closing are absent while the inauguration is unknown.
    """
    pack, dl = election.pack, deadlines(election)
    vote = election.vote_at.astimezone(election.zone)
    counting = vote + timedelta(hours=pack.poll_hours)
    escort = counting + timedelta(hours=pack.counting_hours)
    standby = escort + timedelta(hours=pack.escort_hours)
    l1 = _past_night(pack, standby + timedelta(hours=pack.quiet_hours[level]), level)
    steps: list[tuple[str, datetime]] = [
        ("preparation", calendar(election)[0].start),
        ("moved_in", starts(election, level)),
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
        Phase(posture, start, end, gated=posture in GATED)
        for (posture, start), end in zip(steps, ends, strict=True)
        if end is None or end > start
    )


GATED = frozenset({"l1", "l2", "l3", "l4", "closed"})


def _past_night(pack: RulePack, at: datetime, level: int) -> datetime:
    dusk, dawn = pack.night
    if level < 3 or dawn <= at.time() < dusk:
        return at
    day = at.date() + timedelta(days=1) if at.time() >= dusk else at.date()
    return datetime.combine(day, dawn, tzinfo=at.tzinfo)


def posture_planned(phases: Iterable[Phase], now: datetime) -> str | None:
    """The posture a timeline plans for ``now``; None outside it."""
    _aware(now)
    return next((p.posture for p in phases if p.start <= now and (p.end is None or now < p.end)), None)

"""Everything on the posko board for one reader, and how old it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from kondusif.incidents import Severity
from kondusif.stages import Election, Stage, calendar, current_stage, h, local_day
from kondusif_web.accounts.roles import may
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Membership, Operation
from kondusif_web.pages.templatetags.kondusif import tanggal
from kondusif_web.pages.wording import hari_h
from kondusif_web.planning import queries as planning_queries
from kondusif_web.posts import queries as posts_queries
from kondusif_web.posts.models import PostingRow
from kondusif_web.reports import queries as reports_queries
from kondusif_web.reports.models import Incident
from kondusif_web.reports.queries import SilentPost
from kondusif_web.situation.cards import Card, cards
from kondusif_web.situation.villages import VillageStatus, villages
from kondusif_web.withdrawal import queries as withdrawal_queries


@dataclass(frozen=True, slots=True)
class StageStep:
    """``judul`` and ``sub`` as printed; ``keadaan``: lalu, kini or nanti."""

    kode: str
    judul: str
    sub: str
    keadaan: str
    stage: Stage | None  # None: before the first


def strip(election: Election, now: datetime) -> tuple[StageStep, ...]:
    """The stages of the operation as the reader stands in them: "now" carries today's H, in any stage."""
    here, today = current_stage(election, now), hari_h(h(election, now))
    out = [] if here else [StageStep("belum", today, _("Sebelum tahap pertama"), "kini", None)]
    for stage in calendar(election):
        first = local_day(stage.start, election.zone)
        day = tanggal(first).partition(" ")[2]
        if here is not None and stage.kode == here.kode:
            since = day if first == local_day(now, election.zone) else _("sejak %s") % day
            out.append(StageStep(stage.kode, today, f"{_(stage.nama)} · {since}", "kini", stage))
        else:
            done = "lalu" if stage.start <= now else "nanti"
            out.append(StageStep(stage.kode, f"{hari_h(stage.h)} · {day}", _(stage.nama), done, stage))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the newest report is. ``basi``: older than the limit while people stand in the field."""

    newest: datetime | None
    basi: bool
    umur: timedelta | None


@dataclass(frozen=True, slots=True)
class Board:
    """What the page shows; parts that are not for this reader are None and not drawn."""

    tahap: tuple[StageStep, ...]
    kartu: tuple[Card, ...]
    desa: tuple[VillageStatus, ...]
    segar: Freshness
    diam: tuple[SilentPost, ...] | None
    pos: int
    insiden: tuple[Incident, ...] | None
    cadangan: tuple[PostingRow, ...] | None  # those that wait, the largest first
    dibuka: tuple[Any, ...] = ()  # villages that bad news brought back to stand-by (RULES 14)

    @property
    def memilih(self) -> tuple[VillageStatus, ...]:
        return tuple(v for v in self.desa if v.desa.memilih)

    @property
    def bidang(self) -> list[Any]:
        return [v.bidang for v in self.desa]

    @property
    def orang_cadangan(self) -> int:
        return sum(r.heads for r in self.cadangan or ())


def board(operation: Operation, user: Membership, now: datetime) -> Board:
    """The board of a commander, planner or forum partner."""
    police = may(user, "incident_manage")
    incidents = tuple(reports_queries.open_incidents(operation, user)) if may(user, "see_gates") else None
    watch = reports_queries.watch(operation, now, user) if police else None
    silent = watch.silent if watch else ()
    rows = villages(operation, user, now, _marks(incidents or (), silent))
    return Board(
        tahap=strip(election_of(operation), now),
        kartu=cards(operation, user, now, rows, incidents or (), silent),
        desa=rows,
        segar=freshness(operation, user, now),
        diam=silent if watch else None,
        pos=watch.expected if watch else 0,
        insiden=incidents,
        cadangan=reserves(operation, user) if may(user, "see_reserve") else None,
        dibuka=tuple(withdrawal_queries.reopenings(operation, user, now)),
    )


def freshness(operation: Operation, user: Membership, now: datetime) -> Freshness:
    """The newest report of the operation against the limit."""
    newest = reports_queries.newest_report_at(operation, user, now)
    limit = reports_queries.stale_limit(operation, now)
    age = now - newest if newest else None
    return Freshness(newest, limit is not None and (age is None or age > limit), age)


def reserves(operation: Operation, user: Membership) -> tuple[PostingRow, ...]:
    """Units that wait as reserve in the approved plan, the largest first."""
    plan = planning_queries.approved_plan(operation)
    if plan is None:
        return ()
    waiting = posts_queries.postings_visible_to(operation, user).filter(plan=plan.pk, jenis="cadangan")
    there = waiting.exclude(state__in=("cancelled", "home"))
    return tuple(sorted(there, key=lambda row: (-row.heads, row.unit.nama)))


def _marks(incidents: Iterable[Incident], silent: Iterable[SilentPost]) -> Mapping[str, Mapping[str, int]]:
    """Marks per village for the map; green incidents stay in the list."""
    marks: dict[str, Counter[str]] = defaultdict(Counter)
    for row in incidents:
        if row.severity != Severity.HIJAU:
            marks[row.desa]["insiden"] += 1
    for post in silent:
        marks[post.desa]["diam"] += 1
    return marks

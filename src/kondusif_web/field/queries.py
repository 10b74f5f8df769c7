"""Every read of the field; what a person sees begins with their areas and role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet

from kondusif.incidents import Severity
from kondusif.places import within
from kondusif.standby import Posture, is_gated, moves_from, report_due
from kondusif.withdraw import OPEN, SHUT, WAIVED, Earliest, GateState, Situation, earliest, gates
from kondusif.withdraw.statements import NOTICE_HOURS
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import may
from kondusif_web.accounts.visible import areas, in_areas
from kondusif_web.election.clock import now as clock_now
from kondusif_web.election.models import Desa, Operation
from kondusif_web.election.queries import desa_visible_to, operation_or_none
from kondusif_web.field import facts, wording
from kondusif_web.field.models import (
    GateCheck,
    Incident,
    PostureRow,
    Report,
    ResidentCode,
    WaiverRow,
    WithdrawalRequest,
)
from kondusif_web.logbook.queries import filtered

NOTICE_KINDS = ("village_reopened", "incident_opened", "incident_escalated")


def postures(operation: Operation) -> dict[str, PostureRow]:
    """The posture row of every village that has one, by desa code."""
    rows = PostureRow.objects.filter(operation=operation).select_related("desa")
    return {row.desa.kode: row for row in rows}


def incidents_visible_to(user: User) -> QuerySet[Incident, Any]:
    """Incidents in the person's areas, for those who manage or report them or see gates."""
    rows = Incident.objects.filter(operation=operation_or_none())
    if not any(may(user, deed) for deed in ("incident_manage", "report", "see_gates")):
        return rows.none()
    return in_areas(rows.select_related("observer", "verified_by", "closed_by"), user, "place")


def open_incidents(user: User) -> list[Incident]:
    """Those that nobody has closed, gravest and newest first."""
    grave = tuple(Severity)
    rows = incidents_visible_to(user).filter(closed_at__isnull=True)
    return sorted(rows, key=lambda i: (-grave.index(Severity(i.severity)), -i.occurred_at.timestamp()))


def reports_of(user: User) -> QuerySet[Report, Any]:
    """What this person has sent, newest first."""
    return Report.objects.filter(operation=operation_or_none(), observer=user)


def last_report_at(place: str) -> datetime | None:
    """When anyone last reported from this place."""
    at: datetime | None = Report.objects.filter(place=place).aggregate(at=Max("occurred_at"))["at"]
    return at


@dataclass(frozen=True, slots=True)
class SilentPost:
    """A manned station that should have spoken. ``last_at`` None: it never has."""

    kode: str
    nama: str
    desa: str
    last_at: datetime | None
    silent_for: timedelta | None


def silent_posts(operation: Operation, now: datetime) -> list[SilentPost]:
    """Stations whose report is overdue, the longest silence first. Silence is not calm."""
    last = {
        r["place"]: r["at"]
        for r in Report.objects.filter(operation=operation, occurred_at__lte=now)
        .values("place")
        .annotate(at=Max("occurred_at"))
        .order_by()
    }
    found = []
    for row in (
        PostureRow.objects.filter(operation=operation).select_related("desa").prefetch_related("desa__tps")
    ):
        for tps in row.desa.tps.all():
            at = last.get(tps.kode)
            due = report_due(Posture(row.state), row.since, at)
            if due is not None and now > due:
                found.append(
                    SilentPost(
                        tps.kode,
                        f"TPS {tps.nomor:02d} {row.desa.nama}",
                        row.desa.kode,
                        at,
                        now - (at or row.since),
                    )
                )
    return sorted(found, key=lambda p: (p.last_at is not None, p.last_at or now, p.kode))


def desa_of(desa: Desa | str) -> Desa:
    """A village row, from itself or its code."""
    return desa if isinstance(desa, Desa) else Desa.objects.select_related("operation").get(kode=desa)


def situation_of(desa: Desa | str, now: datetime | None = None) -> Situation:
    """The village as its gates see it. For actions and pages that have checked who asks."""
    row = desa_of(desa)
    return facts.situation(row, now or clock_now(row.operation))


@dataclass(frozen=True, slots=True)
class Ladder:
    """The next step down of a village with every gate of it; ``to`` None where no gated step is next."""

    desa: Desa
    situation: Situation
    to: Posture | None
    gates: tuple[GateState, ...]
    earliest: Earliest | None
    now: datetime

    @property
    def shut(self) -> tuple[GateState, ...]:
        return tuple(g for g in self.gates if g.state is SHUT)

    @property
    def passed(self) -> tuple[GateState, ...]:
        return tuple(g for g in self.gates if g.state is not SHUT)

    @property
    def open(self) -> int:
        return sum(g.state is OPEN for g in self.gates)

    @property
    def waived(self) -> int:
        return sum(g.state is WAIVED for g in self.gates)

    @property
    def total(self) -> int:
        return len(self.gates)


def ladders(rows: Iterable[Desa], operation: Operation, now: datetime) -> list[Ladder]:
    """The ladder of each village; classes are read once."""
    known = facts.levels(operation, now)
    return [ladder(row, now, known=known) for row in rows]


def ladder(
    desa: Desa | str,
    now: datetime,
    to: str | Posture | None = None,
    known: Mapping[str, int] | None = None,
) -> Ladder:
    """Gates of the next step (or of the step to ``to``) judged at ``now``."""
    row = desa_of(desa)
    s = facts.situation(row, now, known)
    steps = [p for p in moves_from(s.posture, s.level) if is_gated(s.posture, p)]
    step = next((p for p in steps if p == to), next(iter(steps), None))
    if step is None:
        return Ladder(row, s, None, (), None, now)
    return Ladder(row, s, step, gates(s, step, now), earliest(s, step, now), now)


def gate_counts(desa: Desa | str, now: datetime) -> Ladder:
    """How many gates of the next step are open, waived and shut, and the earliest time."""
    return ladder(desa, now)


def waiting_request(desa: str) -> WithdrawalRequest | None:
    """The request that waits for a decision on this village."""
    rows = WithdrawalRequest.objects.filter(desa=desa, outcome="waiting")
    return rows.select_related("requested_by").first()


def waiting_requests(user: User) -> QuerySet[WithdrawalRequest, Any]:
    """Requests in the person's areas that wait, for those who see gates."""
    rows = WithdrawalRequest.objects.filter(operation=operation_or_none(), outcome="waiting")
    return (
        in_areas(rows.select_related("requested_by"), user, "desa") if may(user, "see_gates") else rows.none()
    )


def requests_of(desa: str) -> QuerySet[WithdrawalRequest, Any]:
    """Every request of a village, newest first."""
    return WithdrawalRequest.objects.filter(desa=desa).select_related("requested_by", "decided_by")


def waivers_of(desa: str) -> QuerySet[WaiverRow, Any]:
    """Every waiver of a village, newest first: the mark stays for ever."""
    return WaiverRow.objects.filter(desa=desa).select_related("requested_by", "second_by", "approved_by")


def waiting_waivers(user: User) -> QuerySet[WaiverRow, Any]:
    """Waivers in the person's areas that lack a signature."""
    rows = WaiverRow.objects.filter(operation=operation_or_none())
    rows = rows.filter(Q(second_by__isnull=True) | Q(approved_by__isnull=True))
    return (
        in_areas(rows.select_related("requested_by"), user, "desa") if may(user, "see_gates") else rows.none()
    )


def checks_of(desa: str, items: Iterable[int] | None = None) -> QuerySet[GateCheck, Any]:
    """Checklist answers of a village, newest first."""
    rows = GateCheck.objects.filter(desa=desa).select_related("observer", "second")
    return rows if items is None else rows.filter(item__in=list(items))


def codes_of(desa: str) -> QuerySet[ResidentCode, Any]:
    """Resident codes of a village: states and tries, nothing about the resident."""
    return ResidentCode.objects.filter(desa=desa)


def villages(user: User) -> QuerySet[Desa, Any]:
    """Voting villages in the person's areas."""
    return desa_visible_to(user).filter(memilih=True).select_related("operation")


def history(desa: str, limit: int = 12) -> list[Any]:
    """The latest lines of the book about this village's steps and waivers."""
    return list(filtered(kode_desa=desa).filter(kind__in=tuple(wording.BOOK))[:limit])


@dataclass(frozen=True, slots=True)
class Notice:
    """What the people concerned are told in the office."""

    kind: str
    desa: str
    at: datetime
    subject: str
    payload: dict[str, Any]


def notices(user: User, now: datetime) -> list[Notice]:
    """Re-openings and incidents of the last day in the person's areas, newest first (RULES 14)."""
    if not any(may(user, deed) for deed in ("see_gates", "report")):
        return []
    since = now - timedelta(hours=NOTICE_HOURS)
    rows = filtered().filter(kind__in=NOTICE_KINDS, occurred_at__gte=since, occurred_at__lte=now)
    mine = areas(user)
    return [
        Notice(e.kind, e.kode_desa, e.occurred_at, e.subject, e.payload)
        for e in rows
        if within(e.kode_desa, mine) and user.role in e.payload.get("tell", (user.role,))
    ]

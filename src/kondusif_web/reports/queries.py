"""Every read of reports, incidents and statements; what a person sees begins with their areas and role."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Max, QuerySet

from kondusif.answers.last_vote import ATTACKS, Known, Vote, known
from kondusif.incidents import Severity
from kondusif.places import desa_of, within
from kondusif.standby import REPORT_EVERY, Posture, report_due, stale_after
from kondusif.withdraw import Check, IncidentFact
from kondusif.withdraw.facts import Value
from kondusif_web.accounts.roles import areas, in_areas, rows_for
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import finished, memberships, tps_visible_to
from kondusif_web.posts.models import PostureRow
from kondusif_web.reports.models import GateCheck, Incident, Report


def incidents_visible_to(operation: Operation, user: Membership) -> QuerySet[Incident]:
    """Incidents in the person's areas, for those who manage or report them or see gates."""
    people = ("observer__user", "verified_by__user", "closed_by__user")
    rows = Incident.objects.filter(operation=operation).select_related("operation", *people)
    return rows_for(rows, user, "incident_manage", "report", "see_gates", field="place")


def open_incidents(operation: Operation, user: Membership) -> list[Incident]:
    """Those that nobody has closed, gravest and newest first."""
    grave = tuple(Severity)
    rows = incidents_visible_to(operation, user).filter(closed_at__isnull=True)
    return sorted(rows, key=lambda i: (-grave.index(Severity(i.severity)), -i.occurred_at.timestamp()))


def reports_of(operation: Operation, user: Membership) -> QuerySet[Report]:
    """What this person has sent, newest first."""
    return Report.objects.filter(operation=operation, observer=user)


def latest(*sources: QuerySet[Any]) -> datetime | None:
    """The newest moment of rows of the field."""
    found = [rows.aggregate(at=Max("occurred_at"))["at"] for rows in sources]
    return max((at for at in found if at), default=None)


def latest_by_desa(now: datetime, *sources: QuerySet[Any]) -> dict[str, datetime]:
    """The newest moment until ``now`` of rows of the field, by the code of their village."""
    out: dict[str, datetime] = {}
    for rows in sources:
        until = rows.filter(occurred_at__lte=now)
        for desa, at in until.order_by().values_list("desa").annotate(at=Max("occurred_at")):
            out[desa] = max(at, out.get(desa, at))
    return out


def last_report_at(operation: Operation, place: str) -> datetime | None:
    """When anyone last reported from this place."""
    return latest(Report.objects.filter(operation=operation, place=place))


@dataclass(frozen=True, slots=True)
class SilentPost:
    """A manned station that should have spoken. ``last_at`` None: it never has."""

    kode: str
    nama: str
    desa: str
    last_at: datetime | None
    silent_for: timedelta | None


def silent_posts(
    operation: Operation, now: datetime, member: Membership | None = None
) -> tuple[SilentPost, ...]:
    """Stations whose report is overdue, those never heard first. Silence is not calm.

    Of the whole operation, or those in the areas of ``member``.
    """
    mine = areas(member) if member else None
    heard = Report.objects.filter(operation=operation, occurred_at__lte=now)
    last = dict(heard.values_list("place").annotate(at=Max("occurred_at")).order_by())
    found = []
    rows = PostureRow.objects.filter(operation=operation)
    for row in rows.select_related("desa").prefetch_related("desa__tps"):
        for tps in row.desa.tps.all():
            at = last.get(tps.kode)
            due = report_due(Posture(row.state), row.since, at)
            here = mine is None or within(tps.kode, mine)
            if here and due is not None and now > due:
                nama = f"TPS {tps.nomor:02d} {row.desa.nama}"
                found.append(SilentPost(tps.kode, nama, row.desa.kode, at, now - (at or row.since)))
    return tuple(sorted(found, key=lambda p: (p.last_at is not None, p.last_at or now, p.kode)))


def expected_posts(operation: Operation, member: Membership) -> tuple[str, ...]:
    """Stations in the person's areas whose village stands in a posture in which people there report."""
    speaking = PostureRow.objects.filter(operation=operation, state__in=list(REPORT_EVERY))
    rows = tps_visible_to(operation, member).filter(desa__in=speaking.values("desa"))
    return tuple(rows.order_by("kode").values_list("kode", flat=True))


def newest_report_at(operation: Operation, member: Membership, now: datetime) -> datetime | None:
    """When the newest word came from the person's areas."""
    rows = [model.objects.filter(operation=operation, occurred_at__lte=now) for model in (Report, Incident)]
    return latest(*(in_areas(of_model, member, "place") for of_model in rows))


def stale_limit(operation: Operation) -> timedelta | None:
    """How old the newest report may be, by the postures of the villages; None when nothing is expected."""
    states = PostureRow.objects.filter(operation=operation).values_list("state", flat=True)
    return stale_after(Posture(state) for state in states)


def checks_of(operation: Operation, desa: str, items: Iterable[int] | None = None) -> QuerySet[GateCheck]:
    """Checklist answers of a village, newest first."""
    rows = checks_in(operation, [desa])
    return rows if items is None else rows.filter(item__in=list(items))


def checks_in(operation: Operation, kodes: Collection[str]) -> QuerySet[GateCheck]:
    """Checklist answers of villages, newest first, with their people."""
    rows = GateCheck.objects.filter(operation=operation, desa__in=kodes)
    return rows.select_related("observer__user", "second__user")


def last_votes(operation: Operation, desa: str, member: Membership | None = None) -> Mapping[str, Known]:
    """What earlier operations of the office know of a village, by item; nothing for a station.

    An operation that ``member`` is not of as well is told by the day of its vote, not by its code (RULES 36).
    """
    voted = [past for past in finished(operation) if past.desa.filter(kode=desa, memilih=True).exists()]
    mine = set(memberships(member.user).values_list("operation", flat=True)) if voted and member else set()
    return known([_vote(past, desa, by_day=past.pk not in mine) for past in voted])


def _vote(past: Operation, desa: str, *, by_day: bool) -> Vote:
    incidents = Incident.objects.filter(operation=past, desa=desa)
    mended = incidents.filter(corrects__isnull=False).values("corrects")
    election = election_of(past)
    closes = election.vote_at + timedelta(hours=election.pack.poll_hours)
    spoken = Report.objects.filter(operation=past, desa=desa, occurred_at__gte=closes)
    at = PostureRow.objects.filter(operation=past, desa__kode=desa).first()
    return Vote(
        operation=f"{election.day:%d-%m-%Y}" if by_day else past.kode,
        attacks=incidents.filter(kind__in=ATTACKS).exclude(client_id__in=mended).count(),
        heard=spoken.exclude(kind=Report.Kind.TIBA).exists(),
        dispute=at.dispute if at else "unknown",
    )


def check_of(row: GateCheck) -> Check:
    """One checklist answer, under the id it came with. Without ``tps`` it speaks for the village."""
    return Check(
        id=str(row.client_id),
        desa=row.desa,
        item=row.item,
        value=cast(Value, row.value),
        at=row.occurred_at,
        by=row.observer.username,
        second=getattr(row.second, "username", ""),
        tps=_tps(row.place),
        minutes=row.minutes,
        party=row.party,
        note=row.note,
        corrects=str(row.corrects or ""),
    )


def news_of(row: Incident) -> IncidentFact:
    """An incident with its severity; ``kondusif.incidents`` decides which are bad news."""
    return IncidentFact(
        id=str(row.client_id),
        kind=row.kind,
        at=row.occurred_at,
        ended_at=row.ended_at,
        desa=row.desa,
        tps=_tps(row.place),
        open=row.open,
        severity=row.severity,
    )


def _tps(place: str) -> str:
    return place if place != desa_of(place) else ""

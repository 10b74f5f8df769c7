"""Every read of reports, incidents and statements; what a person sees begins with their areas and role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Max, Q, QuerySet

from kondusif.answers.last_vote import ATTACKS, Known, Vote, known
from kondusif.incidents import Severity
from kondusif.places import desa_of, within
from kondusif.standby import Posture
from kondusif.withdraw import Check, IncidentFact
from kondusif.withdraw.facts import Value
from kondusif.withdraw.silence import (
    CALM,
    GAP_MEMORY,
    VISITORS,
    Gap,
    WatchedPost,
    Word,
    is_silent,
    stale_after,
    uncounted_gaps,
    watched_posts,
)
from kondusif_web.accounts.roles import areas, in_areas, rows_for
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.election.queries import finished, memberships
from kondusif_web.posts import queries as posts_queries
from kondusif_web.posts.models import PostingRow, PostureRow
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


def reports_at(operation: Operation, place: str, now: datetime) -> QuerySet[Report]:
    """What this place has said, newest first."""
    rows = Report.objects.filter(operation=operation, place=place, occurred_at__lte=now)
    return rows.select_related("observer__user")


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


def last_words(
    operation: Operation, now: datetime, kodes: Collection[str] | None = None
) -> dict[str, datetime]:
    """By place, when it last spoke: a report of any kind, or an incident."""
    last: dict[str, datetime] = {}
    for model in (Report, Incident):
        heard = model.objects.filter(operation=operation, occurred_at__lte=now)
        heard = heard if kodes is None else heard.filter(desa__in=kodes)
        for place, at in heard.values_list("place").annotate(at=Max("occurred_at")).order_by():
            last[place] = max(at, last.get(place, at))
    for seen, at in (
        _reports_lately(operation, now, kodes, None).exclude(seen=[]).values_list("seen", "occurred_at")
    ):
        last |= {place: max(at, last.get(place, at)) for place in seen}
    return last


def _reports_lately(
    operation: Operation, now: datetime, kodes: Collection[str] | None, since: datetime | None
) -> QuerySet[Report]:
    rows = Report.objects.filter(operation=operation, occurred_at__lte=now)
    rows = rows if kodes is None else rows.filter(desa__in=kodes)
    return rows if since is None else rows.filter(occurred_at__gt=since)


def words(operation: Operation, now: datetime, kodes: Collection[str]) -> dict[str, tuple[Word, ...]]:
    """By place of the villages ``kodes``, what was said within ``GAP_MEMORY``, and who confirmed it."""
    since = now - GAP_MEMORY
    found: dict[str, list[Word]] = defaultdict(list)
    reports = _reports_lately(operation, now, kodes, since)
    mended = set(reports.filter(corrects__isnull=False).values_list("corrects", flat=True))
    people = ("observer__user__username", "confirmed_by__user__username")
    told = reports.order_by().values_list("client_id", "place", "occurred_at", "seen", "payload", *people)
    for key, place, at, seen, payload, by, second in told:
        gap = "" if key in mended else payload.get("gap", "")
        found[place].append(Word(at, by, gap, second or ""))
        for other in seen:
            found[other].append(Word(at, by))
    news = Incident.objects.filter(operation=operation, desa__in=kodes, occurred_at__range=(since, now))
    for place, at in news.order_by().values_list("place", "occurred_at"):
        found[place].append(Word(at))
    return {place: tuple(said) for place, said in found.items()}


def gaps_at(operation: Operation, place: str, now: datetime) -> tuple[Gap, ...]:
    """The silences of one place that do not count as quiet, of a village on stand-by; ended or going on."""
    desa = desa_of(place)
    row = PostureRow.objects.filter(operation=operation, desa__kode=desa).first()
    post = next((p for p in watched(operation, now, [desa]).get(desa, ()) if p.place == place), None)
    if row is None or post is None:
        return ()
    posture = Posture(row.state)
    ended = uncounted_gaps(posture, post, now - GAP_MEMORY, now, operation.tz)
    if is_silent(posture, post, now, operation.tz):
        return (*ended, Gap(place, post.last_at or post.since, now))
    return ended


def unconfirmed(operation: Operation, place: str, now: datetime) -> Report | None:
    """The latest report of this place that states a calm silence which nobody has confirmed."""
    rows = reports_at(operation, place, now).filter(payload__gap=CALM, occurred_at__gt=now - GAP_MEMORY)
    return rows.filter(confirmed_at__isnull=True).first()


def visits(operation: Operation, now: datetime, kodes: Collection[str]) -> dict[str, datetime]:
    """By village, when the Polsek or a patrol last reported from it (RULES 13, the daily word at L3)."""
    patrols = PostingRow.objects.filter(operation=operation, jenis="patroli").values("post")
    visitor = Q(observer__role__in=VISITORS) | Q(observer__post__in=patrols)
    rows = _reports_lately(operation, now, kodes, None).filter(visitor)
    return latest_by_desa(now, rows)


def watched(
    operation: Operation, now: datetime, kodes: Collection[str] | None = None
) -> dict[str, tuple[WatchedPost, ...]]:
    """By village, who should speak there and when each last did; of the villages ``kodes`` where named."""
    rows = operation.desa.filter(memilih=True).prefetch_related("tps").select_related("posture")
    rows = rows if kodes is None else rows.filter(kode__in=kodes)
    said = _Said.read(operation, now, kodes, rows)
    manned, nobody = posts_queries.manning(operation, kodes), posts_queries.Manning()
    return {row.kode: _watched_in(row, manned.get(row.kode, nobody), said, now) for row in rows}


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said: the last word of each place; of villages on stand-by also the words before it."""

    last: Mapping[str, datetime]
    words: Mapping[str, tuple[Word, ...]]
    visits: Mapping[str, datetime]

    @classmethod
    def read(
        cls, operation: Operation, now: datetime, kodes: Collection[str] | None, rows: Iterable[Desa]
    ) -> _Said:
        states = {row.kode: row.posture.state for row in rows if hasattr(row, "posture")}
        standby = [kode for kode, state in states.items() if state == Posture.STANDBY]
        visited = [kode for kode, state in states.items() if state == Posture.L3]
        return cls(
            last_words(operation, now, kodes),
            words(operation, now, standby) if standby else {},
            visits(operation, now, visited) if visited else {},
        )


def _watched_in(
    desa: Desa, manned: posts_queries.Manning, said: _Said, now: datetime
) -> tuple[WatchedPost, ...]:
    """One that nobody moved yet is in preparation, from when somebody was first put on post there."""
    row: PostureRow | None = getattr(desa, "posture", None)
    return watched_posts(
        Posture(row.state) if row else Posture.PREPARATION,
        desa.kode,
        [tps.kode for tps in desa.tps.all()],
        manned.states,
        since=row.since if row else min(manned.arrived.values(), default=now),
        last=said.last,
        arrived=manned.arrived,
        words=said.words,
        visited=said.visits.get(desa.kode),
    )


@dataclass(frozen=True, slots=True)
class SilentPost:
    """A place whose word is overdue. ``last_at`` None: it never spoke. ``nama``: who should speak there."""

    kode: str
    nama: str
    desa: str
    last_at: datetime | None
    silent_for: timedelta

    @property
    def nomor(self) -> str:
        """``02`` of a station; of a village the name of who should speak there."""
        return self.kode.partition("-")[2] or self.nama


@dataclass(frozen=True, slots=True)
class Watch:
    """How many places are expected to speak, and which of them are silent, those never heard first."""

    expected: int = 0
    silent: tuple[SilentPost, ...] = ()


def watch(operation: Operation, now: datetime, member: Membership | None = None) -> Watch:
    """Every place whose word is expected, of the operation or in the areas of ``member`` (RULES 13)."""
    mine = areas(member) if member else None
    villages = {d.kode: d for d in operation.desa.filter(memilih=True).select_related("posture")}
    expected, found = 0, []
    for kode, posts in watched(operation, now).items():
        row: PostureRow | None = getattr(villages[kode], "posture", None)
        posture = Posture(row.state) if row else Posture.PREPARATION
        for post in posts:
            if mine is not None and not within(post.place, mine):
                continue
            expected += 1
            if is_silent(posture, post, now, operation.tz):
                age = now - (post.last_at or post.since)
                name = post_name(post.place, villages[kode].nama)
                found.append(SilentPost(post.place, name, kode, post.last_at, age))
    return Watch(
        expected, tuple(sorted(found, key=lambda p: (p.last_at is not None, p.last_at or now, p.kode)))
    )


def post_name(place: str, desa: str) -> str:
    """``TPS 02 Tegalrejo``; of a village as a whole, whose patrol or visit speaks, its name."""
    number = place.partition("-")[2]
    return f"TPS {number} {desa}" if number else desa


def newest_report_at(operation: Operation, member: Membership, now: datetime) -> datetime | None:
    """When the newest word came from the person's areas."""
    rows = [model.objects.filter(operation=operation, occurred_at__lte=now) for model in (Report, Incident)]
    return latest(*(in_areas(of_model, member, "place") for of_model in rows))


def stale_limit(operation: Operation, now: datetime) -> timedelta | None:
    """How old the newest report may be, by the postures of the villages; None when nothing is expected."""
    states = PostureRow.objects.filter(operation=operation).values_list("state", flat=True)
    return stale_after((Posture(state) for state in states), now, operation.tz)


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

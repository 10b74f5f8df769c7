"""Every read of steps and gates; what a person sees begins with their areas and role."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from kondusif.operation import VillageAt
from kondusif.places import within
from kondusif.stages import Election, deadlines
from kondusif.standby import Posture
from kondusif.withdraw import PostingCount, Situation, Waiver
from kondusif.withdraw.level import GateLevel, gate_level
from kondusif.withdraw.silence import WatchedPost
from kondusif.withdraw.statements import NOTICE_HOURS, dispute_of
from kondusif_web.accounts.roles import areas, may, rows_for
from kondusif_web.classes import queries as classes
from kondusif_web.election.facts import desa_of as desa_value
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.election.queries import desa_visible_to
from kondusif_web.logbook.queries import filtered
from kondusif_web.planning import queries as planning
from kondusif_web.posts.models import PostureRow
from kondusif_web.posts.queries import posting_counts, posture_of, postures
from kondusif_web.reports.models import GateCheck, Incident, Report
from kondusif_web.reports.queries import check_of, checks_in, latest_by_desa, news_of, watched
from kondusif_web.withdrawal import wording
from kondusif_web.withdrawal.models import ResidentCode, WaiverRow, WithdrawalRequest

Row = TypeVar("Row")


def voting_postures(operation: Operation) -> dict[str, Posture]:
    """Of every village that votes, by code; one that nobody moved yet is in preparation."""
    there = postures(operation)
    kodes = operation.desa.filter(memilih=True).values_list("kode", flat=True)
    return {k: Posture(there[k].state) if k in there else Posture.PREPARATION for k in kodes}


def waiver_of(row: WaiverRow) -> Waiver:
    """A waiver, in force from the later of its two signatures; without both it covers nothing."""
    signed = (row.second_at, row.approved_at)
    return Waiver(
        id=str(row.pk),
        desa=row.desa,
        move=row.move,
        gate=row.gate,
        facts=frozenset(row.facts),
        reason=row.reason,
        requested_by=row.requested_by.username,
        approved_by=getattr(row.approved_by, "username", ""),
        second_by=getattr(row.second_by, "username", ""),
        at=max(at or row.requested_at for at in signed),
    )


def gate_levels(
    operation: Operation, now: datetime, kodes: Collection[str] | None = None
) -> dict[str, GateLevel]:
    """By village the level that governs gates, quiet hours and approvers, and what makes it (RULES 13)."""
    covered = planning.first_covered(operation)
    spells = classes.level_spells(operation, kodes)
    found = {kode: gate_level(of_it, covered.get(kode), now) for kode, of_it in spells.items()}
    return {kode: governs for kode, governs in found.items() if governs is not None}


def level_of(desa: Desa, now: datetime) -> int | None:
    """The gate level of one village, for who decides."""
    governs = gate_levels(desa.operation, now, [desa.kode]).get(desa.kode)
    return governs.level if governs else None


def village_at(desa: Desa, now: datetime) -> VillageAt:
    """The value that a file fills too, as far as gates look at it. Reads only; who decides holds the lock."""
    return villages_at(desa.operation, [desa], now)[0]


def villages_at(operation: Operation, rows: Iterable[Desa], now: datetime) -> list[VillageAt]:
    """Each village as its gates see it. Every table is read once, however many villages there are."""
    rows = list(rows)
    if not rows:
        return []
    facts = _VillageFacts.read(operation, [row.kode for row in rows], now)
    return [facts.of(row, now) for row in rows]


@dataclass(frozen=True, slots=True)
class _VillageFacts:
    """What gates look at, by the code of the village; ``heard``: the newest word of the field."""

    operation: Operation
    election: Election
    levels: Mapping[str, GateLevel]
    watched: Mapping[str, tuple[WatchedPost, ...]]
    postures: Mapping[str, PostureRow]
    tps: Mapping[str, Sequence[str]]
    checks: Mapping[str, Sequence[GateCheck]]
    incidents: Mapping[str, Sequence[Incident]]
    heard: Mapping[str, datetime]
    postings: Mapping[str, Sequence[PostingCount]]
    waivers: Mapping[str, Sequence[WaiverRow]]

    @classmethod
    def read(cls, operation: Operation, kodes: Collection[str], now: datetime) -> _VillageFacts:
        here = {"operation": operation, "desa__in": kodes}
        news = Incident.objects.filter(**here)
        stations = operation.tps.filter(desa__kode__in=kodes).select_related("desa")
        waivers = waivers_of(operation).filter(desa__in=kodes)
        return cls(
            operation=operation,
            election=election_of(operation),
            levels=gate_levels(operation, now, kodes),
            watched=watched(operation, now, kodes),
            postures=postures(operation, kodes),
            tps=_grouped((t.desa.kode, t.kode) for t in stations),
            checks=_grouped((c.desa, c) for c in checks_in(operation, kodes)),
            incidents=_grouped((n.desa, n) for n in news),
            heard=latest_by_desa(now, Report.objects.filter(**here), news),
            postings=posting_counts(operation, kodes),
            waivers=_grouped((w.desa, w) for w in waivers),
        )

    def of(self, desa: Desa, now: datetime) -> VillageAt:
        kode = desa.kode
        row = posture_of(desa, self.postures)
        found = tuple(check_of(c) for c in self.checks.get(kode, ()))
        governs = self.levels.get(kode)
        situation = Situation(
            desa=kode,
            level=governs.level if governs else None,
            posture=Posture(row.state),
            tps=tuple(self.tps.get(kode, ())),
            checks=found,
            incidents=tuple(news_of(n) for n in self.incidents.get(kode, ())),
            last_report_at=self.heard.get(kode),
            watched=self.watched.get(kode, ()),
            standby_since=row.standby_since,
            deadlines=deadlines(self.election),
            dispute=dispute_of(row.dispute, found, now),
            postings=tuple(self.postings.get(kode, ())),
            waivers=tuple(waiver_of(w) for w in self.waivers.get(kode, ())),
            tz=self.operation.tz,
        )
        return VillageAt(
            desa=desa_value(desa), now=now, situation=situation, since=row.since, governs=governs
        )


def _grouped(pairs: Iterable[tuple[str, Row]]) -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = {}
    for desa, row in pairs:
        out.setdefault(desa, []).append(row)
    return out


def requests_of(operation: Operation, desa: str = "") -> QuerySet[WithdrawalRequest]:
    """Every request of the operation, or of one village, newest first, with its people and ``outcome_now``.

    That is the outcome; of one that waits "outdated", where the village has moved since it was asked for.
    """
    rows = WithdrawalRequest.objects.filter(operation=operation)
    if desa:
        rows = rows.filter(desa=desa)
    there = PostureRow.objects.filter(
        operation=operation,
        desa__kode=OuterRef("desa"),
        state=OuterRef("state_from"),
        since=OuterRef("since"),
    )
    outdated = When(Q(outcome="waiting") & ~Exists(there), then=Value("outdated"))
    rows = rows.annotate(outcome_now=Case(outdated, default=F("outcome")))
    return rows.select_related("requested_by__user", "decided_by__user")


def waiting_request(operation: Operation, desa: str) -> WithdrawalRequest | None:
    """The request that waits for a decision on this village."""
    return requests_of(operation, desa).filter(outcome_now="waiting").first()


def waiting_requests(operation: Operation, user: Membership) -> QuerySet[WithdrawalRequest]:
    """Requests in the person's areas that wait, for those who see gates."""
    rows = requests_of(operation).filter(outcome_now="waiting")
    return rows_for(rows, user, "see_gates", field="desa")


def waivers_of(operation: Operation, desa: str = "") -> QuerySet[WaiverRow]:
    """Every waiver of the operation, or of one village, newest first, with its people: the mark stays."""
    rows = WaiverRow.objects.filter(operation=operation)
    if desa:
        rows = rows.filter(desa=desa)
    return rows.select_related("requested_by__user", "second_by__user", "approved_by__user")


def waiting_waivers(operation: Operation, user: Membership) -> QuerySet[WaiverRow]:
    """Waivers in the person's areas that lack a signature."""
    rows = waivers_of(operation).filter(Q(second_by__isnull=True) | Q(approved_by__isnull=True))
    return rows_for(rows, user, "see_gates", field="desa")


def codes_of(operation: Operation, desa: str) -> QuerySet[ResidentCode]:
    """Resident codes of a village: states and tries, nothing about the resident."""
    return ResidentCode.objects.filter(operation=operation, desa=desa)


def villages(operation: Operation, user: Membership) -> QuerySet[Desa]:
    """Voting villages in the person's areas."""
    return desa_visible_to(operation, user).filter(memilih=True).select_related("operation")


def history(operation: Operation, desa: str) -> list[Any]:
    """The latest lines of the book about this village's steps and waivers."""
    rows = filtered(operation.kode, kode_desa=desa)
    return list(rows.filter(kind__in=tuple(wording.BOOK))[:12])


def reopenings(operation: Operation, user: Membership, now: datetime) -> list[Any]:
    """Lines of the book on re-openings of the last day that this person is told of (RULES 14)."""
    if not any(may(user, permission) for permission in ("see_gates", "report")):
        return []
    since, mine = now - timedelta(hours=NOTICE_HOURS), areas(user)
    rows = filtered(operation.kode, kind="village_reopened")
    return [
        e
        for e in rows.filter(occurred_at__gte=since, occurred_at__lte=now)
        if within(e.kode_desa, mine) and user.role in e.payload.get("tell", (user.role,))
    ]

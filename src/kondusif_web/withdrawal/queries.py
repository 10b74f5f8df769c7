"""Every read of steps and gates; what a person sees begins with their areas and role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from kondusif.operation import VillageAt
from kondusif.places import desa_of, within
from kondusif.stages import deadlines
from kondusif.standby import Posture
from kondusif.withdraw import Situation, Waiver
from kondusif.withdraw.statements import NOTICE_HOURS, dispute_of
from kondusif_web.accounts.roles import areas, may, rows_for
from kondusif_web.classes import queries as classes
from kondusif_web.election.facts import desa_of as desa_value
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.election.queries import desa_visible_to
from kondusif_web.logbook.queries import filtered
from kondusif_web.posts.models import PostureRow
from kondusif_web.posts.queries import posting_counts, posture_of, postures
from kondusif_web.reports.models import Incident, Report
from kondusif_web.reports.queries import check_of, checks_of, latest, news_of
from kondusif_web.withdrawal import wording
from kondusif_web.withdrawal.models import ResidentCode, WaiverRow, WithdrawalRequest


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


def level_of(desa: Desa, now: datetime, known: Mapping[str, int] | None = None) -> int | None:
    """The higher of village and TPS in force, which governs gates, quiet hours and approvers (RULES 13).

    ``known``: the levels of the operation, read once for a list of villages.
    """
    known = classes.levels(desa.operation, now) if known is None else known
    return max((n for kode, n in known.items() if desa_of(kode) == desa.kode), default=None)


def village_at(desa: Desa, now: datetime, known: Mapping[str, int] | None = None) -> VillageAt:
    """The value that a file fills too, as far as gates look at it. Reads only; who decides holds the lock."""
    row = posture_of(desa)
    situation = _situation(desa, row, now, level_of(desa, now, known))
    return VillageAt(desa=desa_value(desa), now=now, situation=situation, since=row.since)


def _situation(desa: Desa, row: PostureRow, now: datetime, level: int | None) -> Situation:
    here = {"operation": desa.operation, "desa": desa.kode}
    news = Incident.objects.filter(**here)
    heard = [rows.filter(occurred_at__lte=now) for rows in (Report.objects.filter(**here), news)]
    found = tuple(check_of(c) for c in checks_of(desa.operation, desa.kode))
    return Situation(
        desa=desa.kode,
        level=level,
        posture=Posture(row.state),
        tps=tuple(desa.tps.values_list("kode", flat=True)),
        checks=found,
        incidents=tuple(news_of(n) for n in news),
        last_report_at=latest(*heard),
        standby_since=row.standby_since,
        deadlines=deadlines(election_of(desa.operation)),
        dispute=dispute_of(row.dispute, found, now),
        postings=posting_counts(desa.operation, desa.kode),
        waivers=tuple(waiver_of(w) for w in waivers_of(desa.operation, desa.kode)),
        tz=desa.operation.tz,
    )


def villages_at(operation: Operation, rows: Iterable[Desa], now: datetime) -> list[VillageAt]:
    """Each village as its gates see it; classes are read once."""
    known = classes.levels(operation, now)
    return [village_at(row, now, known) for row in rows]


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

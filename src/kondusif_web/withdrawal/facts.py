"""Rows into core values: one village at a moment, as its gates see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Max

from kondusif.operation import VillageAt
from kondusif.places import desa_of
from kondusif.stages import deadlines
from kondusif.standby import Posture
from kondusif.withdraw import Situation, Waiver
from kondusif.withdraw.statements import dispute_of
from kondusif_web.classes import queries as classes
from kondusif_web.election.facts import desa_of as desa_value
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Desa
from kondusif_web.posts.models import PostureRow
from kondusif_web.posts.queries import posting_counts
from kondusif_web.reports.facts import check_of, news_of
from kondusif_web.reports.models import GateCheck, Incident, Report
from kondusif_web.withdrawal.models import WaiverRow


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
        approved_by=row.approved_by.username if row.approved_by else "",
        second_by=row.second_by.username if row.second_by else "",
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
    row = PostureRow.objects.filter(desa=desa).first()
    return VillageAt(
        desa=desa_value(desa),
        now=now,
        situation=_situation(desa, row, now, level_of(desa, now, known)),
        since=row.since if row else None,
    )


def _situation(desa: Desa, row: PostureRow | None, now: datetime, level: int | None) -> Situation:
    checks = GateCheck.objects.filter(operation=desa.operation, desa=desa.kode)
    news = Incident.objects.filter(operation=desa.operation, desa=desa.kode)
    heard = [
        model.objects.filter(operation=desa.operation, desa=desa.kode, occurred_at__lte=now).aggregate(
            at=Max("occurred_at")
        )["at"]
        for model in (Report, Incident)
    ]
    found = tuple(check_of(c) for c in checks.select_related("observer__user", "second__user"))
    return Situation(
        desa=desa.kode,
        level=level,
        posture=Posture(row.state) if row else Posture.PREPARATION,
        tps=tuple(desa.tps.values_list("kode", flat=True)),
        checks=found,
        bad_news=tuple(news_of(n) for n in news),
        last_report_at=max((at for at in heard if at), default=None),
        standby_since=row.standby_since if row else None,
        deadlines=deadlines(election_of(desa.operation)),
        dispute=dispute_of(row.dispute if row else "unknown", found, now),
        postings=posting_counts(desa.operation, desa.kode),
        waivers=tuple(
            waiver_of(w)
            for w in WaiverRow.objects.filter(operation=desa.operation, desa=desa.kode).select_related(
                "requested_by__user", "second_by__user", "approved_by__user"
            )
        ),
        tz=desa.operation.tz,
    )

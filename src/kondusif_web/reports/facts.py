"""Rows into core values: one village as its gates see it."""

from __future__ import annotations

from typing import cast

from kondusif.places import desa_of
from kondusif.withdraw import BadNews, Check
from kondusif.withdraw.facts import Value
from kondusif_web.reports.models import GateCheck, Incident


def check_of(row: GateCheck) -> Check:
    """One checklist answer, under the id it came with. Without ``tps`` it speaks for the village."""
    return Check(
        id=str(row.client_id),
        desa=row.desa,
        item=row.item,
        value=cast(Value, row.value),
        at=row.occurred_at,
        by=row.observer.username,
        second=row.second.username if row.second else "",
        tps=_tps(row.place),
        minutes=row.minutes,
        party=row.party,
        note=row.note,
        corrects=str(row.corrects or ""),
    )


def news_of(row: Incident) -> BadNews:
    """An incident with its severity; ``kondusif.incidents`` decides which are bad news."""
    return BadNews(
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

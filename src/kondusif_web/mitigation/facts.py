"""Rows into values of the core: a published assessment as the mark of one item."""

from __future__ import annotations

from datetime import date, datetime

from kondusif import mitigation as core
from kondusif_web.classes.models import Assessment
from kondusif_web.mitigation.models import Mitigation


def mark_of(row: Assessment, item: str) -> core.PublishedItem | None:
    """The item as this publication has it; None where its recipe does not know the item."""
    found = next((i for i in row.results["items"] if i["id"] == item), None)
    if found is None or row.number is None or row.published_at is None:
        return None
    answered = found["points"] is not None
    return core.PublishedItem(
        number=row.number,
        at=row.published_at,
        value=found["value"] if answered else None,
        points=found["points"],
        observed=date.fromisoformat(found["on"]) if found["on"] and answered else None,
        level=row.level,
    )


def late(row: Mitigation, now: datetime) -> bool:
    """Whether its moment has passed and it is still open."""
    return core.overdue(core.MitigationStatus(row.status), row.due, now)

"""Publishing: the only write, and the only moment at which anything live is read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kondusif_web.accounts.roles import require
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.public.build import items, revised
from kondusif_web.public.facts import facts_of
from kondusif_web.public.models import Item, PublicKind


@transaction.atomic
def publish_public(*, operation: Operation, by: Membership, now: datetime) -> tuple[Item, ...]:
    """Replace what the public reads by what is approved now. Items that no longer hold are taken down."""
    require(by, "publish_public")
    operation = operation.lock()
    before = {
        (row.kind, row.number): row for row in Item.objects.select_for_update().filter(operation=operation)
    }
    stages = [row.body for row in before.values() if row.kind == PublicKind.STAGE]
    rows = []
    for kind, number, fresh in items(facts_of(operation, now)):
        body = revised(fresh, stages, now) if kind is PublicKind.STAGE else fresh
        row = before.pop((kind.value, number), None) or Item(
            operation=operation, kind=kind.value, number=number
        )
        row.body, row.published_by, row.published_at = body, by, now
        row.save()
        rows.append(row)
    gone = tuple(before.values())
    stale = [Item(pk=row.pk) for row in gone]  # delete() clears the key that the book needs
    for row in gone:
        row.delete()
    record(
        "public_published",
        by=by,
        now=now,
        operation=operation,
        payload={"items": len(rows), "withdrawn": len(gone)},
        rows=rows,
        gone=stale,
    )
    return tuple(rows)

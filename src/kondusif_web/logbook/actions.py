"""The one way into the book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import connection, models

from kondusif import events, logbook
from kondusif.errors import Conflict
from kondusif_web.logbook.clock import server_now
from kondusif_web.logbook.digests import covered, digests, operation_of, plain, row_key, village_of
from kondusif_web.logbook.models import Chained, Entry

Row = TypeVar("Row", bound=models.Model)
LOCK = 0x6B6F6E64  # advisory lock of a chain on PostgreSQL: numbers follow commit order


def record(
    kind: str,
    row: models.Model | None = None,
    *,
    by: models.Model | None,
    now: dt.datetime,
    operation: models.Model | None = None,
    occurred_at: dt.datetime | None = None,
    kode_desa: str = "",
    subject: object = "",
    payload: Mapping[str, Any] | None = None,
    rows: Iterable[models.Model] = (),
    gone: Iterable[models.Model] = (),
    corrects: object = "",
) -> Entry:
    """Write one line, inside the transaction of the writes it tells of and after them.

    ``row`` is what the line is about. It is the first of the rows, and says what is not given: the operation,
    the village by its ``desa`` or ``place``, the subject by its key.

    The line goes into the chain of the operation, without one into the chain of the office. A member writes
    only into the operation that the membership is of, and nobody into an archived one, but that somebody's
    place in it ends (Conflict).
    ``now`` is the operation's clock and stands as ``occurred_at`` unless the field's own time is given;
    ``recorded_at`` is always the server's. ``rows`` are all further rows written, ``gone`` those removed:
    digests let verify find a later edit beneath. Raises UnknownEvent, and RuntimeError outside a transaction.
    """
    if row is not None:
        operation, rows = operation or operation_of(row), [row, *rows]
        kode_desa, subject = kode_desa or village_of(row), subject or row.pk
    of = getattr(by, "operation_id", None)
    if operation is not None and of is not None and of != operation.pk:
        raise Conflict("foreign_member", operation=operation.kode)
    if getattr(operation, "archived", False) and kind not in {events.LAST, *events.AFTER_LAST}:
        raise Conflict("archived", operation=operation.kode)
    written = list(rows)
    return append(
        Entry,
        kind,
        at=occurred_at or now,
        by=getattr(by, "username", ""),
        operation=getattr(operation, "kode", ""),
        kode_desa=kode_desa,
        subject=str(subject),
        payload=payload or {},
        corrects=str(corrects),
        rows=digests(written) | {row_key(row): "" for row in gone},
        columns={table: names for row in written for table, names in [covered(type(row))]},
    )


def saved(row: Row) -> Row:
    """The row, written once every field and promise of its table was looked at. Raises ValidationError."""
    row.full_clean()
    row.save()
    return row


def append(
    table: type[Chained],
    kind: str,
    *,
    at: dt.datetime,
    payload: Mapping[str, Any],
    operation: str = "",
    **more: Any,
) -> Any:
    """Add one row to the chain of an operation. Only :func:`record` and the access log call it.

    Nothing follows ``operation_archived`` but ``events.AFTER_LAST``: Conflict.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a line is written in the same transaction as what it tells of")
    event = events.check(kind, payload)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, operation])
    last = table.objects.filter(operation=operation).order_by("-seq").first()
    closed = last is not None and last.kind in {events.LAST, *events.AFTER_LAST}
    if closed and kind not in events.AFTER_LAST:
        raise Conflict("archived", operation=operation)
    if kind in events.AFTER_LAST and not closed:
        raise RuntimeError(f"{kind} stands in the chain of an archived operation only")
    entry = logbook.Entry(
        kind=kind,
        occurred_at=at,
        recorded_at=server_now(),
        version=event.version,
        payload=plain(dict(payload)),
        operation=operation,
        **more,
    )
    row = table.of(logbook.chain(last.entry() if last else None, entry))
    row.save(force_insert=True)
    return row

"""Reads of the book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from kondusif.logbook import GENESIS
from kondusif.stages import reachable
from kondusif_web.logbook.models import Chained, Entry


def head(operation: str = "", table: type[Chained] = Entry) -> str:
    """The hash of the last line of an operation's chain; GENESIS for an empty one."""
    rows = table.objects.filter(operation=operation).order_by("-seq")
    return rows.values_list("hash", flat=True).first() or GENESIS


def chain_names() -> list[str]:
    """Codes of the chains of the book, the office's ``""`` first."""
    return sorted({"", *Entry.objects.order_by().values_list("operation", flat=True).distinct()})


def lines(operation: str = "", table: type[Chained] = Entry) -> Iterator[str]:
    """One chain as canonical JSON lines, in order; what ``kondusif logbook verify`` reads."""
    for row in table.objects.filter(operation=operation).order_by("seq").iterator(chunk_size=1000):
        yield row.entry().to_json()


def filtered(operation: str, *, kind: str = "", kode_desa: str = "", day: str = "") -> QuerySet[Entry, Entry]:
    """Lines of one chain, newest first; ``day`` is an ISO date where the page is shown, ignored when it is
    not one."""
    rows = Entry.objects.filter(operation=operation).order_by("-seq")
    if kind:
        rows = rows.filter(kind=kind)
    if kode_desa:
        rows = rows.filter(kode_desa__startswith=kode_desa)
    if when := parse_date_or_none(day):
        start = datetime.combine(when, time(), timezone.get_current_timezone())
        rows = rows.filter(occurred_at__gte=start, occurred_at__lt=start + timedelta(days=1))
    return rows


def hands(operation: str, subject: str, *, kinds: Iterable[str], since: str) -> frozenset[str]:
    """Who wrote lines of ``kinds`` about a subject, from its last line of the kind ``since`` on."""
    rows = Entry.objects.filter(operation=operation, subject=subject)
    first = rows.filter(kind=since).order_by("-seq").values_list("seq", flat=True).first() or 0
    return frozenset(rows.filter(kind__in=(since, *kinds), seq__gte=first).values_list("by", flat=True))


def parse_date_or_none(text: str) -> date | None:
    """An ISO date of a year that the book can hold, or None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if reachable(day) else None


def kinds(operation: str) -> list[str]:
    """Kinds that stand in the chain."""
    rows = Entry.objects.filter(operation=operation)
    return sorted(rows.order_by().values_list("kind", flat=True).distinct())

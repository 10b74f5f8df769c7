"""Reads of the book."""

from __future__ import annotations

from collections.abc import Iterator

from kondusif.logbook import GENESIS
from kondusif_web.logbook.models import Chained, Entry


def head(table: type[Chained] = Entry) -> str:
    """The hash of the last line, printed on every issued paper; GENESIS for an empty book."""
    return table.objects.order_by("-seq").values_list("hash", flat=True).first() or GENESIS


def lines(table: type[Chained] = Entry) -> Iterator[str]:
    """The book as canonical JSON lines, in order; what ``kondusif logbook verify`` reads."""
    for row in table.objects.order_by("seq").iterator(chunk_size=1000):
        yield row.entry().to_json()

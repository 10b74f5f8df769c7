"""Everything the book may say: one row of ``events.csv`` per kind, with its version and what it must carry.

``context`` is the room that writes it; ``access`` is the second chain: who read what that is restricted, and
who came in (RULES 21). Payloads hold codes, numbers and moments, never names or telephone numbers: personal
data stays where it can be removed. A kind is never edited once a book carries it; a changed payload is the
same kind with the next version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kondusif.errors import KondusifError
from kondusif.tables import packaged, rows

FILE = "events.csv"
LAST = "operation_archived"
AFTER_LAST = frozenset({"member_ended"})  # all that may follow it in the chain, and nowhere else


class UnknownEvent(KondusifError):
    """A kind that is not in the table, or a payload without what its kind must carry."""

    code = "unknown_event"


@dataclass(frozen=True, slots=True)
class EventKind:
    """``needs`` are the payload keys that must be there; others may be."""

    kind: str
    context: str
    version: int
    needs: tuple[str, ...]


EVENT_KINDS: dict[str, EventKind] = {
    row["kind"]: EventKind(row["kind"], row["context"], row.whole("version"), tuple(row["needs"].split()))
    for row in rows(FILE, packaged("kondusif", FILE), ("kind", "context", "version", "needs", "note"))
}


def check(kind: str, payload: Mapping[str, Any]) -> EventKind:
    """The kind with its version. Raises :class:`UnknownEvent` naming what is missing."""
    known = EVENT_KINDS.get(kind)
    if known is None:
        raise UnknownEvent(f"no event of kind {kind!r} in kondusif.events", kind=kind)
    if missing := [key for key in known.needs if key not in payload]:
        raise UnknownEvent(f"{kind} must carry {', '.join(missing)}", kind=kind, missing=tuple(missing))
    return known

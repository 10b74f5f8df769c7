"""The book (buku mutasi): what happened, in order, each entry holding the hash of the one before.

An entry is canonical JSON on one line; its hash is SHA-256 over that line without the hash itself. Any
edit, insertion, deletion or re-order in an exported book is found by walking it; truncation or a full
rewrite is found against a *head* written down elsewhere (every issued paper, the public page; RULES 27).

>>> at = datetime(2023, 8, 8, tzinfo=UTC)
>>> book = [chain(None, Entry("opened", at, at))]
>>> book.append(chain(book[-1], Entry("closed", at, at)))
>>> verify_lines([e.to_json() for e in book], head=book[-1].hash)
()
>>> verify_lines([book[1].to_json()])[0].what.value
'deleted'
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from statistics import mode
from typing import Any

from kondusif.words import table

GENESIS = "0" * 64  # what the first entry holds as the hash before it


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the book. ``occurred_at`` is the field or drill clock, ``recorded_at`` the server's.

    ``rows`` maps ``"table:key"`` to the digest of the row as this entry left it, ``""`` when it was removed,
    so that a later edit beneath the office is found; ``columns`` names, per table, the columns that such a
    digest covers, so that a column added by a migration is no edit (RULES 31). ``operation`` is the
    code of the operation whose chain this is, ``""`` for the chain of the office. ``by`` is a user code.
    ``seq``, ``prev`` and ``hash`` are given by :func:`chain`.
    """

    kind: str
    occurred_at: datetime
    recorded_at: datetime
    kode_desa: str = ""
    subject: str = ""
    by: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    corrects: str = ""
    seq: int = 0
    prev: str = GENESIS
    hash: str = ""
    operation: str = ""
    version: int = 1
    rows: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """Every field but the hash, as plain JSON values."""
        out: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "hash"}
        out |= {name: stamp(out[name]) for name in ("occurred_at", "recorded_at")}
        columns = {table: list(names) for table, names in self.columns.items()}
        return out | {"payload": dict(self.payload), "rows": dict(self.rows), "columns": columns}

    def to_json(self) -> str:
        """One canonical line, without the newline."""
        return canonical(self.content() | {"hash": self.hash})

    @classmethod
    def from_json(cls, line: str) -> Entry:
        """Read one line. Raises ValueError when it is not an entry, however it fails."""
        try:
            raw = json.loads(line, parse_constant=_no_constant)
            if not isinstance(raw, dict) or set(raw) != _NAMES:
                raise ValueError("not the fields of an entry")
            for name, kinds in _SHAPES.items():
                if not isinstance(raw[name], kinds) or isinstance(raw[name], bool):
                    raise ValueError(f"{name} has the wrong type")
            raw |= {name: datetime.fromisoformat(raw[name]) for name in ("occurred_at", "recorded_at")}
            entry = cls(**raw)
            entry.content()
        except RecursionError as err:
            raise ValueError("nested too deep") from err
        return entry


_NAMES = {f.name for f in fields(Entry)}
_SHAPES: dict[str, type] = dict.fromkeys(_NAMES, str) | {
    "seq": int,
    "version": int,
    "payload": dict,
    "rows": dict,
    "columns": dict,
}


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is not JSON")


def stamp(at: datetime) -> str:
    """A moment in UTC with microseconds, the one spelling that goes into a hash. Refuses naive time."""
    if at.tzinfo is None:
        raise ValueError("naive datetime: the book needs a time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces, Unicode as it is; NaN and infinity are refused."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON, as 64 hex digits."""
    return sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def entry_hash(entry: Entry) -> str:
    """The hash this entry must carry."""
    return digest(entry.content())


def chain(last: Entry | None, entry: Entry) -> Entry:
    """The entry as it follows ``last`` (None: the first one), numbered and hashed."""
    seq, prev = (last.seq + 1, last.hash) if last else (1, GENESIS)
    entry = replace(entry, seq=seq, prev=prev, payload=json.loads(canonical(dict(entry.payload))))
    return replace(entry, hash=entry_hash(entry))


# ---------------------------------------------------------------- verification


def heads_noted(office: Iterable[Entry]) -> dict[str, tuple[str, ...]]:
    """Code of every operation in the office's chain, to the heads that its own chain had by then."""
    out: dict[str, tuple[str, ...]] = {}
    for entry in office:
        if entry.kind in ("operation_entered", "operation_left"):
            kode = str(entry.payload.get("kode"))
            out[kode] = (*out.get(kode, ()), str(entry.payload.get("head")))
    return out


class Break(StrEnum):
    """How a book can be broken."""

    UNREADABLE = "unreadable"  # not an entry at all
    EDITED = "edited"  # the content does not give the hash it carries
    DELETED = "deleted"  # numbers are missing
    INSERTED = "inserted"  # a number stands twice, or an entry does not follow the one before
    REORDERED = "reordered"  # a lower number after a higher one
    TRUNCATED = "truncated"  # the head written down elsewhere is not in this book
    GONE = "gone"  # the office's chain names this operation, whose chain is not there
    FOREIGN = "foreign"  # the line belongs to the chain of another operation


@dataclass(frozen=True, slots=True)
class BookFinding:
    """One break: ``line`` counts from 1, 0 for a book that is gone; ``seq`` is the entry's own number, None
    when unreadable."""

    what: Break
    line: int
    seq: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        where = f"baris {self.line}" + (f" (nomor {self.seq})" if self.seq is not None else "")
        more = ", ".join(f"{k} {v}" for k, v in self.facts.items())
        said = table("book_breaks")[self.what] + (f" [{more}]" if more else "")
        return f"{where}: {said}" if self.line else said


_Line = tuple[int, Entry | None, bool]  # number, entry, whether its content gives the hash it carries


def verify_lines(
    lines: Iterable[str], head: str | None = None, operation: str | None = None
) -> tuple[BookFinding, ...]:
    """Every break in the exported book of one chain, in order; an empty tuple when it is whole.

    ``head`` is a hash (or 8 or more of its first digits) printed at any time: the book must still hold it.
    ``operation`` is the code of the chain, without it that of most lines; a line of another chain is named
    and is no part of this one.
    """
    read = [_read(n, line) for n, line in enumerate(lines, 1)]
    codes = [entry.operation for _, entry, _ in read if entry]
    own = mode(codes or [""]) if operation is None else operation
    found, last = _walk(read, own)
    whole_heads = (entry.hash for _, entry, whole in read if entry and whole and entry.operation == own)
    if head is not None and not any(is_head(head, one) for one in whole_heads):
        found.append(BookFinding(Break.TRUNCATED, len(read), last.seq if last else None, {"head": head[:16]}))
    return tuple(found)


def _walk(read: Sequence[_Line], own: str) -> tuple[list[BookFinding], Entry | None]:
    """What is broken between the lines, and the last line of the chain."""
    present = {entry.seq for _, entry, _ in read if entry and entry.operation == own}
    found: list[BookFinding] = []
    seen: set[int] = set()
    last: Entry | None = None
    expected, highest, unread = 1, 0, False
    for n, entry, whole in read:
        if entry is None:
            found.append(BookFinding(Break.UNREADABLE, n))
            expected, unread = expected + 1, True
            continue
        if not whole:
            found.append(BookFinding(Break.EDITED, n, entry.seq, {"kind": entry.kind}))
        if entry.operation != own:
            found.append(BookFinding(Break.FOREIGN, n, entry.seq, {"operation": entry.operation or "kantor"}))
            continue
        follows = entry.prev == (last.hash if last else GENESIS)
        if entry.seq in seen:
            found.append(BookFinding(Break.INSERTED, n, entry.seq))
        elif entry.seq < highest:
            found.append(BookFinding(Break.REORDERED, n, entry.seq))
        elif _gap(entry.seq, expected, len(read), present):
            found.append(BookFinding(Break.DELETED, n, entry.seq, {"missing": entry.seq - expected}))
        elif entry.seq == expected and not (follows or unread):
            found.append(BookFinding(Break.INSERTED, n, entry.seq))
        seen.add(entry.seq)
        highest = max(highest, entry.seq)
        last, expected, unread = entry, entry.seq + 1, False
    return found, last


def _gap(seq: int, expected: int, lines: int, present: Set[int]) -> bool:
    """Whether numbers between the expected one and this one stand nowhere in the book."""
    return any(n not in present for n in range(expected, min(seq, expected + lines)))


def _read(n: int, line: str) -> _Line:
    """A line as it is; the entry None where it is none."""
    try:
        entry = Entry.from_json(line)
        return n, entry, entry_hash(entry) == entry.hash and line.rstrip("\r\n") == entry.to_json()
    except (ValueError, TypeError, OverflowError):
        return n, None, False


def is_head(head: str, full: str) -> bool:
    """Whether a printed head, whole or shortened to at least 8 digits, names this hash."""
    short = head.strip().lower()
    return len(short) >= 8 and full.startswith(short)


@dataclass(frozen=True, slots=True)
class RowMark:
    """What the book last said of a row: its digest over the named columns."""

    digest: str
    columns: tuple[str, ...]


def last_rows(entries: Iterable[Entry]) -> dict[str, RowMark]:
    """The latest mark per ``"table:key"``; removed rows are left out."""
    out: dict[str, RowMark] = {}
    for entry in entries:
        for key, value in entry.rows.items():
            out[key] = RowMark(value, tuple(entry.columns.get(key.partition(":")[0], ())))
    return {key: mark for key, mark in out.items() if mark.digest}

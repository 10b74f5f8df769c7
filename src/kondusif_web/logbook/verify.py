"""Does the database still hold what the book says? Every chain, every row, every move (RULES 27, 31).

Each chain is exported and walked by the core; then every row of every tracked table is compared with the
last digest that its own chain has for it, over the columns that the line covers. The moves that the chains
tell are replayed above (``situation.replay``), from the lines of this report. What is outside is named by
:data:`kondusif_web.logbook.digests.OUTSIDE` and by :data:`DJANGO`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models
from django.db.models import F, Value
from django.utils.translation import gettext as _

from kondusif import logbook
from kondusif_web.logbook.digests import OUTSIDE, chain_path, row_digest, tracked
from kondusif_web.logbook.models import Chained, Entry
from kondusif_web.logbook.queries import chain_names, lines
from kondusif_web.logbook.triggers import current_triggers, expected

DJANGO = {
    "django_session": "siapa sedang masuk; setiap masuk ada di buku akses",
    "django_migrations": "migrasi yang sudah berjalan",
    "django_content_type": "daftar tabel Django",
    "auth_permission": "tidak dipakai; wewenang peran ada di accounts/roles.py",
    "auth_group": "tidak dipakai",
    "auth_group_permissions": "tidak dipakai",
}


@dataclass(frozen=True, slots=True)
class RowFinding:
    """A row that is not as the book left it: ``what`` is edited, added, missing or unreadable."""

    what: str
    table: str
    pk: str

    def __str__(self) -> str:
        sentence = {
            "edited": _("baris diubah di luar kantor; pulihkan dari cadangan atau catat koreksinya"),
            "added": _("baris ditambah tanpa catatan di buku mutasi; hapus atau pulihkan dari cadangan"),
            "missing": _("baris hilang; pulihkan dari cadangan"),
            "unreadable": _("isi baris tidak dapat dibaca; pulihkan dari cadangan"),
        }[self.what]
        return f"{self.table} {self.pk}: {sentence}"


@dataclass(frozen=True, slots=True)
class ChainReport:
    """One chain: ``operation`` is its code, ``""`` for the office; ``lines`` those that can be read.

    ``moves``: a sentence for each that went wrong, once they were replayed.
    """

    operation: str
    entries: int
    head: str
    found: tuple[logbook.BookFinding, ...] = ()
    lines: tuple[logbook.Entry, ...] = field(default=(), repr=False)
    moves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """Everything verify found; ``ok`` only when every part is empty."""

    books: tuple[ChainReport, ...]
    access: ChainReport
    rows: int
    tables: int
    office: tuple[logbook.Entry, ...] = field(default=(), repr=False)  # lines of its chain, looked at or not
    row_findings: tuple[RowFinding, ...] = ()
    triggers: tuple[str, ...] = ()
    outside: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        chains = (*self.books, self.access)
        return not (self.row_findings or self.triggers or any(c.found or c.moves for c in chains))

    def book(self, operation: str) -> ChainReport:
        """The report of one chain. Raises StopIteration for one that was not looked at."""
        return next(c for c in self.books if c.operation == operation)


def chains() -> list[type[Chained]]:
    """The book and every chain like it, such as the access log."""
    return [m for m in apps.get_models() if issubclass(m, Chained)]


def verify(
    operation: str | None = None,
    *,
    heads: Mapping[str, str] | None = None,
    access_head: str | None = None,
) -> Verification:
    """Look at one operation, or without a code at every chain and the office. Writes nothing.

    ``heads``: a head written down elsewhere, by the code of its chain, which must be there then. So must the
    chain of every operation that the office's chain tells of, with the heads it had when opened and archived.
    """
    office = _readable(list(lines("")))
    noted = logbook.heads_noted(office)
    heads = heads or {}
    names = sorted({*chain_names(), *noted, *heads}) if operation is None else [operation]
    books = tuple(_chain(name, Entry, heads.get(name), noted.get(name, ())) for name in names)
    marks = {chain.operation: logbook.last_rows(chain.lines) for chain in books}
    row_findings, rows = compare(marks, None if operation is None else {operation})
    access_table = next(table for table in chains() if table is not Entry)
    return Verification(
        books=books,
        access=_chain("", access_table, access_head),
        rows=rows,
        tables=len(tracked()),
        office=tuple(office),
        row_findings=tuple(row_findings),
        triggers=tuple(wrong_triggers()),
        outside=OUTSIDE | DJANGO,
    )


def _chain(name: str, table: type[Chained], head: str | None, noted: Collection[str] = ()) -> ChainReport:
    """One chain walked; ``head`` was written down elsewhere, ``noted`` are those that the office's tells."""
    text = list(lines(name, table))
    entries = _readable(text)
    found = (*logbook.verify_lines(text, head, name), *_as_noted(entries, noted))
    end = entries[-1].hash if entries else logbook.GENESIS
    return ChainReport(name, len(text), end, found, tuple(entries))


def _as_noted(entries: list[logbook.Entry], heads: Collection[str]) -> Iterator[logbook.BookFinding]:
    """What is wrong with a chain by the office's: gone, or without one of the ``heads`` that it tells."""
    if heads and not entries:
        yield logbook.BookFinding(logbook.Break.GONE, 0)
        return
    there = {entry.hash for entry in entries}
    for head in heads:
        if head not in there:
            last = entries[-1].seq
            yield logbook.BookFinding(logbook.Break.TRUNCATED, len(entries), last, {"head": head[:16]})


def compare(
    marks: Mapping[str, Mapping[str, logbook.RowMark]], only: Collection[str] | None = None
) -> tuple[list[RowFinding], int]:
    """Every row of every tracked table against the mark in its own chain; and how many rows there are.

    ``marks``: chain to row key to mark; ``only``: rows of these chains and no others.
    """
    found: list[RowFinding] = []
    left = {name: dict(marked) for name, marked in marks.items()}
    count = 0
    for model in tracked():
        table = model._meta.db_table
        for pk, chain, row in _rows(model, only):
            count += 1
            mark = left.get(chain, {}).pop(f"{table}:{pk}", None)
            if what := _wrong(row, mark):
                found.append(RowFinding(what, table, str(pk)))
    found += [RowFinding("missing", *key.split(":", 1)) for marked in left.values() for key in sorted(marked)]
    return found, count


def _wrong(row: models.Model | None, mark: logbook.RowMark | None) -> str:
    """What is wrong with a row, "" when it is as its last line left it."""
    if row is None:
        return "unreadable"
    try:
        if mark is None:
            row_digest(row)
            return "added"
        return "" if row_digest(row, mark.columns) == mark.digest else "edited"
    except (ValueError, TypeError):
        return "unreadable"


def wrong_triggers() -> Iterator[str]:
    """Triggers that are gone, do something else under the same name, or that nobody of ours made."""
    with connection.cursor() as cursor:
        there = current_triggers(cursor, connection.vendor)
    ours: dict[str, str] = {}
    for table in chains():
        ours |= expected(connection.vendor, table._meta.db_table)
    for name in sorted(ours.keys() | there.keys()):
        if name not in there:
            yield _("%s: hilang") % name
        elif name not in ours:
            yield _("%s: bukan milik kantor") % name
        elif there[name] != ours[name]:
            yield _("%s: isinya diganti") % name


def _readable(text: list[str]) -> list[logbook.Entry]:
    out = []
    for line in text:
        try:
            out.append(logbook.Entry.from_json(line))
        except (ValueError, TypeError):
            continue  # verify_lines names it
    return out


def _rows(
    model: type[models.Model], only: Collection[str] | None
) -> Iterator[tuple[Any, str, models.Model | None]]:
    """Key, chain and row of every row; one that cannot be read has None, and does not hide the others."""
    path = chain_path(model)
    every = model._base_manager.order_by("pk").annotate(own_chain=F(path) if path else Value(""))
    rows = every if only is None else every.filter(own_chain__in=only)
    files = any(isinstance(f, models.BinaryField) for f in model._meta.concrete_fields)
    try:
        for row in rows.iterator(chunk_size=10 if files else 1000):  # files are megabytes each
            yield row.pk, row.own_chain or "", row
    except (ValueError, TypeError):  # a column holds what its type cannot: look row by row
        for pk in _keys(model):
            chain, row = _row(every, pk)
            if only is None or chain is None or chain in only:
                yield pk, chain or "", row


def _row(rows: models.QuerySet[Any], pk: object) -> tuple[str | None, models.Model | None]:
    """Chain and row of a key; None for what cannot be read of them."""
    chain = None
    try:
        chain = rows.values_list("own_chain", flat=True).get(pk=pk) or ""
        return chain, rows.get(pk=pk)
    except (ValueError, TypeError, ObjectDoesNotExist):
        return chain, None


def _keys(model: type[models.Model]) -> list[Any]:
    quote = connection.ops.quote_name
    name, table = quote(model._meta.pk.column), quote(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {table} ORDER BY {name}")  # noqa: S608  names of our own models
        raw = [key for (key,) in cursor.fetchall()]
    out = []
    for key in raw:
        try:
            out.append(model._meta.pk.to_python(key))
        except Exception:
            out.append(key)
    return out

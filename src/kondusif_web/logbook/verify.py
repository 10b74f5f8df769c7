"""Does the database still hold what the book says? Both chains, every row, every move (RULES 27).

The book is exported and walked by the core; the moves it tells are replayed (``situation.replay``); then
every row of every tracked table is compared with the last digest the book has for it. What is outside is
named by :data:`kondusif_web.logbook.digests.OUTSIDE` and by :data:`DJANGO`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext as _

from kondusif import logbook
from kondusif_web.logbook.digests import OUTSIDE, row_digest, tracked
from kondusif_web.logbook.models import Chained, Entry
from kondusif_web.logbook.queries import lines
from kondusif_web.logbook.triggers import expected, standing

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
            "added": _("baris ditambah tanpa catatan buku; hapus atau pulihkan dari cadangan"),
            "missing": _("baris hilang; pulihkan dari cadangan"),
            "unreadable": _("isi baris tidak dapat dibaca; pulihkan dari cadangan"),
        }[self.what]
        return f"{self.table} {self.pk}: {sentence}"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything verify found; ``ok`` only when every part is empty."""

    entries: int
    head: str
    access_entries: int
    access_head: str
    rows: int
    tables: int
    book: tuple[logbook.Finding, ...] = ()
    access: tuple[logbook.Finding, ...] = ()
    moves: tuple[str, ...] = ()
    row_findings: tuple[RowFinding, ...] = ()
    triggers: tuple[str, ...] = ()
    outside: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not (self.book or self.access or self.moves or self.row_findings or self.triggers)


def _moves(
    replay: Callable[[list[logbook.Entry]], Iterable[str]] | None, entries: list[logbook.Entry]
) -> tuple[str, ...]:
    """What the replay finds; where a row cannot be read it says so, and the rows below are still compared."""
    try:
        return tuple(replay(entries)) if replay else ()
    except (ValueError, TypeError) as err:
        return (_("perpindahan tidak dapat diputar ulang, ada baris yang tidak terbaca: %s") % err,)


def chains() -> list[type[Chained]]:
    """The book and every chain like it, such as the access log."""
    return [m for m in apps.get_models() if issubclass(m, Chained)]


def verify(
    head: str | None = None,
    access_head: str | None = None,
    replay: Callable[[list[logbook.Entry]], Iterable[str]] | None = None,
) -> Report:
    """Look at everything. Writes nothing. ``replay`` walks the moves; contexts above the book know them."""
    access_table = next(table for table in chains() if table is not Entry)
    text, access_text = list(lines(Entry)), list(lines(access_table))
    entries = _readable(text)
    found, rows = compare(logbook.last_rows(entries))
    access = _readable(access_text)
    return Report(
        entries=len(text),
        head=entries[-1].hash if entries else logbook.GENESIS,
        access_entries=len(access_text),
        access_head=access[-1].hash if access else logbook.GENESIS,
        rows=rows,
        tables=len(tracked()),
        book=logbook.verify_lines(text, head),
        access=logbook.verify_lines(access_text, access_head),
        moves=_moves(replay, entries),
        row_findings=tuple(found),
        triggers=tuple(wrong_triggers()),
        outside=OUTSIDE | DJANGO,
    )


def compare(told: Mapping[str, str]) -> tuple[list[RowFinding], int]:
    """Every row of every tracked table against the digests the book tells; and how many rows there are."""
    found: list[RowFinding] = []
    left = dict(told)
    count = 0
    for model in tracked():
        table = model._meta.db_table
        for pk, digest in _digests(model):
            count += 1
            expected = left.pop(f"{table}:{pk}", None)
            if digest is None:
                found.append(RowFinding("unreadable", table, str(pk)))
            elif expected is None:
                found.append(RowFinding("added", table, str(pk)))
            elif expected != digest:
                found.append(RowFinding("edited", table, str(pk)))
    found += [RowFinding("missing", *key.split(":", 1)) for key in sorted(left)]
    return found, count


def wrong_triggers() -> Iterator[str]:
    """Triggers that are gone, do something else under the same name, or that nobody of ours made."""
    with connection.cursor() as cursor:
        there = standing(cursor, connection.vendor)
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


def _digests(model: type[models.Model]) -> Iterator[tuple[Any, str | None]]:
    """Key and digest of every row; a row that cannot be read has None, and does not hide the others."""
    rows = model._base_manager.order_by("pk")
    files = any(isinstance(f, models.BinaryField) for f in model._meta.concrete_fields)
    try:
        found = rows.iterator(chunk_size=10 if files else 1000)  # files are megabytes each
        yield from [(row.pk, row_digest(row)) for row in found]
    except (ValueError, TypeError):  # a column holds what its type cannot: look row by row
        for pk in _keys(model):
            try:
                yield pk, row_digest(rows.get(pk=pk))
            except (ValueError, TypeError, model.DoesNotExist):
                yield pk, None


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

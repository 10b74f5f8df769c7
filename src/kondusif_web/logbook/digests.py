"""The digest of a row: every concrete column, canonical, as the database holds it."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.apps import apps
from django.db import models

from kondusif.logbook import digest, stamp
from kondusif.places import desa_of

VILLAGE = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}")

# Tables outside the book, and why. Everything else in kondusif_web is compared row by row by verify.
OUTSIDE = {
    "logbook_entry": "buku itu sendiri, diperiksa sebagai rantai",
    "accounts_accessentry": "buku akses, diperiksa sebagai rantai sendiri",
    "intake_pending": "berkas yang menunggu dikonfirmasi, dihapus setelah dua jam; yang diterima ada di buku",
    "accounts_guess": "hitungan sandi salah, dikosongkan setelah berhasil masuk",
}


def tracked() -> list[type[models.Model]]:
    """Every model whose rows the book must account for, lowest context first."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("kondusif_web.") and model._meta.db_table not in OUTSIDE
    ]


def columns(model: type[models.Model]) -> list[models.Field]:
    """Concrete columns that count; ``volatile`` on the model names those that do not."""
    volatile = getattr(model, "volatile", ())
    return [f for f in model._meta.concrete_fields if f.name not in volatile]


def chain_path(model: type[models.Model]) -> str | None:
    """Lookup from a row to the code of its operation, None for rows of the office.

    The model's own ``chain`` where it says so, else its key to an operation, else the first key that leads to
    a row of one. Who wrote a row does not say where it belongs: keys to people are passed over.
    """
    if (own := getattr(model, "chain", None)) is not None:
        return own or None
    keys = [f for f in model._meta.concrete_fields if f.is_relation and f.related_model is not model]
    keys = [f for f in keys if not getattr(f.related_model, "is_person", False)]
    for key in sorted(keys, key=lambda f: f.name != "operation"):
        if path := chain_path(key.related_model):
            return f"{key.name}__{path}"
    return None


def operation_of(row: models.Model) -> models.Model | None:
    """The operation that a row belongs to, None for a row of the office."""
    path = chain_path(type(row))
    if path is None:
        return None
    found = row
    for key in path.split("__")[:-1]:
        found = getattr(found, key)
    return found


def village_of(row: models.Model) -> str:
    """The code of the village that a row speaks of by ``desa`` or ``place``; "" where it names none.

    ``place`` may be a text that somebody typed, such as the hall of a meeting: it is no code and stays out.
    """
    names = {f.name for f in row._meta.concrete_fields}
    name = next((name for name in ("desa", "place") if name in names), None)
    place = getattr(row, name) if name else ""
    kode = desa_of(str(getattr(place, "kode", place) or ""))
    return kode if VILLAGE.fullmatch(kode) else ""


def plain(value: object) -> object:
    """A column's value as JSON. Raises TypeError for a type whose spelling is not settled."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case dt.datetime():
            return stamp(value)
        case dt.date() | dt.time():
            return value.isoformat()
        case dt.timedelta():
            return value.total_seconds()
        case Decimal() | UUID():
            return str(value)
        case bytes() | memoryview():
            return bytes(value).hex()
        case list() | tuple():
            return [plain(v) for v in value]
        case dict():
            return {str(k): plain(v) for k, v in value.items()}
    raise TypeError(f"no settled spelling for {type(value).__name__}")


def row_key(row: models.Model) -> str:
    """``table:key``, how the book names a row."""
    return f"{row._meta.db_table}:{row.pk}"


def covered(model: type[models.Model]) -> tuple[str, list[str]]:
    """Table and the names of the columns that a digest of its rows covers."""
    return model._meta.db_table, [f.attname for f in columns(model)]


def row_digest(row: models.Model, names: Iterable[str] | None = None) -> str:
    """Of a row just read from the database. ``names``: only these columns, as its line covered them."""
    fields = {f.attname: f for f in columns(type(row))}
    return digest({n: plain(fields[n].value_from_object(row)) for n in (names or fields) if n in fields})


def digests(rows: Iterable[models.Model]) -> dict[str, str]:
    """Digests by row key, read back from the database so that a cached value cannot differ from it."""
    keys: dict[type[models.Model], set[object]] = defaultdict(set)
    for row in rows:
        if row.pk is None:
            raise ValueError(f"{row!r} was not saved before it was recorded")
        keys[type(row)].add(row.pk)
    out: dict[str, str] = {}
    for model, pks in keys.items():
        todo = list(pks)
        for start in range(0, len(todo), 500):  # below SQLite's limit of variables in one statement
            part = model._base_manager.filter(pk__in=todo[start : start + 500])
            out |= {row_key(row): row_digest(row) for row in part}
        if gone := [pk for pk in todo if f"{model._meta.db_table}:{pk}" not in out]:
            raise ValueError(f"{model._meta.db_table} {gone} is recorded but not in the database")
    return out

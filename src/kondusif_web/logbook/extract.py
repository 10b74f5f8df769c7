"""One operation and the office, out of a copy of the whole database."""

from __future__ import annotations

from django.apps import apps
from django.db import connections, models, transaction

from kondusif_web.logbook.digests import chain_path
from kondusif_web.logbook.triggers import statements
from kondusif_web.logbook.verify import chains


def keep_only(operation: str, *, using: str) -> None:
    """Delete the rows and the chain of every other operation; the file still has to be written anew.

    ``using`` names the connection to a copy, never the office's own database. The triggers of the chains are
    lifted for it and stand again when it ends; it happens whole or not at all. What is the office's stays:
    accounts with the hashes of their passwords, the access log, the office's chain, which names the others.
    """
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for table in chains():
            _run(cursor, statements(connection.vendor, table._meta.db_table, drop=True))
            table.objects.using(using).exclude(operation__in=("", operation))._raw_delete(using)
        for model in reversed(apps.get_models(include_auto_created=True)):
            if path := model.__module__.startswith("kondusif_web.") and _path(model):
                rows = model._base_manager.using(using).filter(**{f"{path}__isnull": False})
                rows.exclude(**{path: operation})._raw_delete(using)
        for table in chains():
            _run(cursor, statements(connection.vendor, table._meta.db_table))


def _run(cursor: object, sql: list[str]) -> None:
    for statement in sql:
        cursor.execute(statement)  # type: ignore[attr-defined]


def _path(model: type[models.Model]) -> str | None:
    """Lookup to the operation of a row; what is outside the book belongs where its member does."""
    if path := chain_path(model):
        return path
    for key in model._meta.concrete_fields:
        if key.is_relation and (path := chain_path(key.related_model)):
            return f"{key.name}__{path}"
    return None

"""Triggers that make a table append-only, on SQLite and PostgreSQL alike (RULES 27).

SQLite's ``INSERT OR REPLACE`` removes a row without firing the delete trigger, so an insert that does not
follow the last number of its operation, or that meets a row by key or hash, is refused as well.
"""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper

SQLITE = """
CREATE TRIGGER {t}_no_update BEFORE UPDATE ON {t}
BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END;
CREATE TRIGGER {t}_no_delete BEFORE DELETE ON {t}
BEGIN SELECT RAISE(ABORT, '{t} is append-only'); END;
CREATE TRIGGER {t}_in_order BEFORE INSERT ON {t}
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM {t} WHERE operation = NEW.operation)
  OR NEW.prev <> COALESCE(
    (SELECT hash FROM {t} WHERE operation = NEW.operation ORDER BY seq DESC LIMIT 1), '{genesis}')
  OR EXISTS (SELECT 1 FROM {t} WHERE id = NEW.id OR hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, '{t} is append-only: the entry does not follow the last one'); END;
"""

POSTGRESQL = """
CREATE FUNCTION {t}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{t} is append-only'; END $$;
CREATE FUNCTION {t}_follow() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM {t} WHERE operation = NEW.operation)
     OR NEW.prev <> COALESCE(
       (SELECT hash FROM {t} WHERE operation = NEW.operation ORDER BY seq DESC LIMIT 1), '{genesis}') THEN
    RAISE EXCEPTION '{t} is append-only: the entry does not follow the last one';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER {t}_no_change BEFORE UPDATE OR DELETE ON {t} FOR EACH ROW EXECUTE FUNCTION {t}_refuse();
CREATE TRIGGER {t}_no_truncate BEFORE TRUNCATE ON {t} FOR EACH STATEMENT EXECUTE FUNCTION {t}_refuse();
CREATE TRIGGER {t}_in_order BEFORE INSERT ON {t} FOR EACH ROW EXECUTE FUNCTION {t}_follow();
"""

DROP_SQLITE = "".join(f"DROP TRIGGER IF EXISTS {{t}}_{n};\n" for n in ("no_update", "no_delete", "in_order"))
DROP_POSTGRESQL = """
DROP TRIGGER IF EXISTS {t}_no_change ON {t};
DROP TRIGGER IF EXISTS {t}_no_truncate ON {t};
DROP TRIGGER IF EXISTS {t}_in_order ON {t};
DROP FUNCTION IF EXISTS {t}_refuse();
DROP FUNCTION IF EXISTS {t}_follow();
"""


def statements(vendor: str, table: str, *, drop: bool = False) -> list[str]:
    """SQL statements for one table. Raises ValueError for a database that cannot keep the promise."""
    from kondusif.logbook import GENESIS

    if vendor == "sqlite":
        text = DROP_SQLITE if drop else SQLITE
        mark = ";\n" if drop else "END;\n"
    elif vendor == "postgresql":
        text, mark = (DROP_POSTGRESQL if drop else POSTGRESQL), None
    else:
        raise ValueError(f"no append-only triggers for {vendor}")
    text = text.format(t=table, genesis=GENESIS).strip() + "\n"
    if mark is None:
        return [text]
    return [part + mark.strip() for part in text.split(mark) if part.strip()]


POSTGRESQL_TYPES = {
    "no_change": 1 | 2 | 8 | 16,
    "no_truncate": 2 | 32,
    "in_order": 1 | 2 | 4,
}  # pg_trigger.tgtype


def expected(vendor: str, table: str) -> dict[str, str]:
    """The triggers that must stand on a table, by name, each as :func:`current_triggers` reads it."""
    (first, *more) = statements(vendor, table)
    if vendor == "sqlite":
        return {sql.split()[2]: _flat(sql) for sql in (first, *more)}
    refuse, follow = (_flat(body) for body in first.split("$$")[1::2])
    bodies = {"no_change": refuse, "no_truncate": refuse, "in_order": follow}
    return {f"{table}_{n}": f"{table} {POSTGRESQL_TYPES[n]} {body}" for n, body in bodies.items()}


def current_triggers(cursor: CursorWrapper, vendor: str) -> dict[str, str]:
    """Every trigger of the database that works, by name, with the table it guards and what it does."""
    if vendor == "sqlite":
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {name: _flat(sql) for name, sql in cursor.fetchall()}
    cursor.execute(
        "SELECT t.tgname, c.relname, t.tgtype, p.prosrc, t.tgqual IS NULL FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace"
    )
    return {
        name: f"{table} {kind} {_flat(body)}" if always else "WHEN"
        for name, table, kind, body, always in cursor.fetchall()
    }


def _flat(sql: str) -> str:
    return " ".join(sql.split()).rstrip("; ")


def install(table: str):
    """The pair of functions that a migration's RunPython needs for one table."""

    def forwards(apps, schema_editor) -> None:
        for sql in statements(schema_editor.connection.vendor, table):
            schema_editor.execute(sql, params=None)

    def backwards(apps, schema_editor) -> None:
        for sql in statements(schema_editor.connection.vendor, table, drop=True):
            schema_editor.execute(sql, params=None)

    return forwards, backwards

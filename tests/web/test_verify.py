"""Editing any row of the database beneath is found by verify (RULES 27)."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, models, transaction

from kondusif.errors import MoveRefused
from kondusif.lifecycle import Phase
from kondusif.logbook import Break
from kondusif.standby import Posture
from kondusif_web.accounts import access
from kondusif_web.election.actions import date_stage, move_operation, set_clock
from kondusif_web.election.models import Calon, Desa, Operation, StageDate, Tps
from kondusif_web.logbook import digests
from kondusif_web.logbook.actions import record
from kondusif_web.logbook.digests import chain_path, columns, tracked
from kondusif_web.logbook.extract import keep_only
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.triggers import statements
from kondusif_web.logbook.verify import DJANGO, chains, verify
from kondusif_web.situation.replay import check_moves
from tests import cast
from tests.conftest import begin

pytestmark = pytest.mark.django_db

MODELS = tracked()
FIELDS = [(m, f) for m in MODELS for f in columns(m)]


@contextmanager
def unchecked(*, undo: bool = True):
    """The office's constraints out of the way: this is someone with a database tool in hand."""
    before = transaction.savepoint()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            yield cursor
        finally:
            if undo:
                transaction.savepoint_rollback(before)
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.fixture
def no_checks(db):
    """PostgreSQL cannot ignore a CHECK, but lets it be dropped until the test is rolled back."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


# Of each kind of column: some value, and another as a database tool writes it. The first that fits counts.
KINDS: list[tuple[type[models.Field], Callable[[], object], object]] = [
    (models.BooleanField, lambda: False, True),
    (models.JSONField, dict, '{"edited": true}'),
    (models.UUIDField, uuid.uuid4, "0123456789abcdef0123456789abcdef"),
    (models.DateTimeField, lambda: cast.NOW, "2001-01-01 00:00:00"),
    (models.DateField, lambda: date(2023, 10, 10), "2001-01-01"),
    (models.TimeField, lambda: time(7, 0), "01:01:01"),
    (models.DurationField, lambda: timedelta(hours=1), 7654321),
    (models.DecimalField, lambda: Decimal("1"), 7654321),
    (models.BinaryField, lambda: b"x", b"edited"),
    (models.SmallIntegerField, lambda: next(NUMBERS), 321),
    (models.IntegerField, lambda: next(NUMBERS), 7654321),
    (models.FloatField, lambda: next(NUMBERS), 7654321),
    (models.Field, lambda: uuid.uuid4().hex, "edited"),
]
NUMBERS = itertools.count(1)


def kind_of(field: models.Field) -> tuple[Callable[[], object], object]:
    return next((some, edited) for kind, some, edited in KINDS if isinstance(field, kind))


def value_for(field: models.Field, made: dict) -> object:
    """Some value of the field's type; a row to point at is made when there is none."""
    if field.is_relation:
        return None if field.null else row_of(field.related_model, made).pk
    value = kind_of(field)[0]()
    return value[: field.max_length or 32] if isinstance(value, str) else value


def tell(row: models.Model, operation: models.Model | None) -> None:
    """A line about the row in the chain of an operation, or of the office."""
    record(
        "operation_changed", by=None, now=cast.NOW, operation=operation, payload={"fields": []}, rows=[row]
    )


def row_of(model: type[models.Model], made: dict) -> models.Model:
    """One recorded row of any model, whatever its context."""
    if model not in made:
        made[model] = None  # a row that points at its own table points at nothing
        values = {
            f.attname: value_for(f, made)
            for f in model._meta.concrete_fields
            if not (f.primary_key and isinstance(f, models.AutoField))
        }
        row = model(**values)
        with unchecked(undo=False):
            models.Model.save_base(row, raw=True, force_insert=True)
        made[model] = row
        tell(row, row_of(Operation, made) if chain_path(model) else None)
    return made[model]


def other(field: models.Field, now: object) -> object:
    """A different value of the column, as a database tool would write it."""
    if field.is_relation:
        field = field.target_field
    edited = kind_of(field)[1]
    if edited is True:
        return not now
    return edited[: field.max_length] if edited == "edited" else edited


def found_in(table: str) -> set[str]:
    return {f.what for f in verify().row_findings if f.table == table}


def test_what_actions_wrote_is_as_the_book_says(op, people, other):
    access.write("read", by="auditor", what="logbook")
    report = verify()
    assert report.ok, report
    assert report.rows > 30
    assert report.tables == len(MODELS)


def test_every_table_of_the_database_is_compared_or_named_as_outside():
    known = {m._meta.db_table for m in MODELS} | set(digests.OUTSIDE) | set(DJANGO)
    with connection.cursor() as cursor:
        assert set(connection.introspection.table_names(cursor)) <= known


@pytest.mark.parametrize(("model", "field"), FIELDS, ids=lambda x: getattr(x, "__name__", None) or x.name)
def test_an_edit_of_any_column_is_found(no_checks, model, field):
    row = row_of(model, {})
    table = model._meta.db_table
    assert found_in(table) == set()
    q = connection.ops.quote_name
    try:
        with unchecked() as cursor:
            cursor.execute(
                f"UPDATE {q(table)} SET {q(field.column)} = %s WHERE {q(model._meta.pk.column)} = %s",
                [
                    other(field, field.value_from_object(row)),
                    model._meta.pk.get_db_prep_value(row.pk, connection),
                ],
            )
            assert cursor.rowcount == 1
            found = found_in(table)
    except DatabaseError as err:
        assert "append-only" in str(err)  # the table refuses by itself
    else:
        assert found and found <= {"edited", "unreadable", "missing", "added"}


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_a_removed_row_is_found(no_checks, model):
    row = row_of(model, {})
    q = connection.ops.quote_name
    try:
        with unchecked() as cursor:
            cursor.execute(
                f"DELETE FROM {q(model._meta.db_table)} WHERE {q(model._meta.pk.column)} = %s",
                [model._meta.pk.get_db_prep_value(row.pk, connection)],
            )
            found = found_in(model._meta.db_table)
    except DatabaseError as err:
        assert "append-only" in str(err)
    else:
        assert found == {"missing"}


def test_an_added_row_is_found(op, people):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_user"
            " (password, username, role, jabatan, is_active, must_change)"
            " SELECT password, 'tamu', 'planner', '', is_active, must_change"
            " FROM accounts_user WHERE username = 'kapolres'"
        )
    assert found_in("accounts_user") == {"added"}


def test_a_column_that_cannot_be_read_hides_no_other_row(op, people):
    if connection.vendor != "sqlite":
        pytest.skip("the database refuses such a value by itself")
    for n, kode in enumerate(("bpd_report", "inauguration")):
        date_stage(
            operation=op,
            kode=kode,
            at=cast.NOW + timedelta(days=20 + n),
            source="Keputusan",
            by=people.perencana,
            now=cast.NOW,
        )
    with unchecked() as cursor:
        cursor.execute("UPDATE election_stagedate SET at = '2023-13-45 00:00:00' WHERE kode = 'bpd_report'")
        cursor.execute("UPDATE election_stagedate SET source = 'x' WHERE kode = 'inauguration'")
        found = found_in("election_stagedate")
    assert found == {"unreadable", "edited"}


def lifted(table: str):
    """SQL that lifts the triggers, as someone with the file in hand can."""
    return statements(connection.vendor, table, drop=True)


@pytest.mark.parametrize("table", ["logbook_entry", "accounts_accessentry"])
@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE {t} SET \"by\" = 'x' WHERE seq = 2 AND {chain}", Break.EDITED),
        ("DELETE FROM {t} WHERE seq = 2 AND {chain}", Break.DELETED),
        (
            "DELETE FROM {t} WHERE {chain} AND seq = (SELECT MAX(seq) FROM {t} WHERE {chain})",
            Break.TRUNCATED,
        ),
    ],
)
def test_writing_under_lifted_triggers_is_found(op, people, table, sql, what):
    for _ in range(3):
        access.write("read", by="auditor", what="logbook")
    before = verify()
    kode = "uji" if table == "logbook_entry" else ""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in lifted(table):
            cursor.execute(statement)
        cursor.execute(sql.format(t=table, chain=f"operation = '{kode}'"))
        report = verify(heads={c.operation: c.head for c in before.books}, access_head=before.access.head)
        transaction.set_rollback(True)
    chain, others = report.access, report.books
    if table == "logbook_entry":
        chain, others = report.book("uji"), (report.book(""), report.access)
    assert what in {f.what for f in chain.found}
    assert not any(c.found for c in others)
    assert len(report.triggers) == 3
    assert not report.ok


# ---- one chain per operation


def stage(operation, source="SK"):
    return StageDate.objects.create(operation=operation, kode="inauguration", at=cast.NOW, source=source)


def test_each_row_stands_in_the_chain_of_its_operation(op, people, other):
    tables = {"election_desa", "election_tps", "election_calon", "election_membership"}
    for entry in Entry.objects.all():
        for key in entry.rows:
            table, _, pk = key.partition(":")
            if table in tables:
                model = next(m for m in MODELS if m._meta.db_table == table)
                own = model._base_manager.filter(pk=pk).values_list(chain_path(model), flat=True).get()
                assert own == entry.operation
    office = Entry.objects.filter(operation="").exclude(kind="account_created")
    assert [(e.kind, e.rows) for e in office] == [("operation_entered", {})] * 2


def test_a_row_that_only_another_chain_knows_is_found(op, other):
    tell(stage(op), other)
    found = [(f.what, f.table) for f in verify().row_findings]
    assert found == [("added", "election_stagedate"), ("missing", "election_stagedate")]
    assert [f.what for f in verify("uji").row_findings] == ["added"]
    assert [f.what for f in verify("lain").row_findings] == ["missing"]


def test_a_row_that_the_office_tells_is_not_told_for_its_operation(op):
    tell(stage(op), None)
    assert {f.what for f in verify("uji").row_findings} == {"added"}


def test_a_line_of_another_operation_about_our_row_changes_nothing_for_us(op, other):
    row = stage(op)
    tell(row, op)
    StageDate.objects.update(source="other")
    tell(row, other)  # somebody covers the edit in a chain where nobody looks for it
    assert [f.what for f in verify("uji").row_findings] == ["edited"]


def test_a_row_moved_to_another_operation_is_found_in_both(op, other):
    tell(row := stage(op), op)
    with unchecked():
        StageDate.objects.filter(pk=row.pk).update(operation=other)
        assert [f.what for f in verify("uji").row_findings] == ["missing"]
        assert [f.what for f in verify("lain").row_findings] == ["added"]


def test_one_operation_is_looked_at_alone(op, other):
    Desa.objects.filter(operation=other, kode=cast.KARANGJATI).update(nama="x")
    assert verify("uji").ok and not verify("lain").ok and not verify().ok
    assert [c.operation for c in verify("uji").books] == ["uji"]
    assert [c.operation for c in verify().books] == ["", "lain", "uji"]


def test_a_column_that_cannot_be_read_is_the_finding_of_its_own_operation(op, other):
    if connection.vendor != "sqlite":
        pytest.skip("the database refuses such a value by itself")
    tell(stage(op), op)
    with unchecked() as cursor:
        cursor.execute("UPDATE election_stagedate SET at = '2023-13-45 00:00:00'")
        assert [f.what for f in verify("uji").row_findings] == ["unreadable"]
        assert verify("lain").ok


def test_a_column_added_by_a_migration_is_told_from_an_edit(op, monkeypatch):
    """Rows told before it came are compared over the columns that their line covers, and those only."""
    real = digests.columns
    with monkeypatch.context() as before:
        before.setattr(digests, "columns", lambda m: [f for f in real(m) if f.name != "source"])
        tell(row := stage(op), op)
    assert Entry.objects.latest("id").columns["election_stagedate"] == ["id", "operation_id", "kode", "at"]
    assert verify("uji").ok  # the column came with the value that the migration gave it
    StageDate.objects.update(kode="other")
    assert found_in("election_stagedate") == {"edited"}
    StageDate.objects.update(kode="inauguration")
    tell(row, op)  # from its next line on the new column is covered like the others
    StageDate.objects.update(source="x")
    assert found_in("election_stagedate") == {"edited"}


def test_a_chain_relabelled_or_spliced_is_found_in_the_database_too(op, other):
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in lifted("logbook_entry"):
            cursor.execute(statement)
        cursor.execute("UPDATE logbook_entry SET operation = 'uji', seq = seq + 2 WHERE operation = 'lain'")
        report = verify()
        transaction.set_rollback(True)
    assert Break.EDITED in {f.what for f in report.book("uji").found}
    assert not report.ok


def test_a_hollow_trigger_of_the_same_name_and_a_foreign_one_are_found(op):
    """Whoever lifts a guard may leave another under its name, or one that edits what is written later."""
    if connection.vendor == "sqlite":
        hollow = [
            "DROP TRIGGER logbook_entry_no_update",
            "CREATE TRIGGER logbook_entry_no_update BEFORE UPDATE ON logbook_entry BEGIN SELECT 1; END",
            "CREATE TRIGGER later AFTER INSERT ON reports_report "
            "BEGIN UPDATE reports_report SET note = ''; END",
        ]
    else:
        hollow = [
            "CREATE OR REPLACE FUNCTION logbook_entry_follow() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NEW; END $$",
            "CREATE TRIGGER later AFTER INSERT ON reports_report EXECUTE FUNCTION logbook_entry_refuse()",
        ]
    assert verify().triggers == ()
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in hollow:
            cursor.execute(statement)
        found = verify().triggers
        transaction.set_rollback(True)
    assert [name.partition(":")[0].startswith("logbook_entry_") for name in found] == [False, True]


def test_a_row_that_cannot_be_read_is_named_and_does_not_stop_the_rest(op, monkeypatch):
    def replay(kode, lines, office):
        yield "one"
        raise ValueError("badly formed hexadecimal UUID string")

    monkeypatch.setattr("kondusif_web.situation.replay.replay", replay)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE election_operation SET nama = 'x'")
    report = check_moves(verify())
    assert all("badly formed" in chain.moves[0] for chain in report.books)
    assert [f.what for f in report.row_findings] == ["edited"]


def test_both_chains_are_walked():
    assert {c._meta.db_table for c in chains()} == {"logbook_entry", "accounts_accessentry"}


def test_a_row_that_is_not_in_the_database_cannot_be_recorded(op):
    op.pk = 999
    with pytest.raises(ValueError, match="not in the database"):
        record("operation_changed", by=None, now=cast.NOW, payload={"fields": []}, rows=[op])


def test_nothing_is_recorded_when_the_action_fails(op, people):
    before = Entry.objects.count()
    with pytest.raises(MoveRefused):
        set_clock(operation=op, to=cast.NOW - timedelta(days=1), by=None, now=cast.NOW)
    assert Entry.objects.count() == before
    assert verify().ok


# ---- an operation that vanished whole


def vanish(operation: str) -> None:
    """Rows and chain of one operation deleted and the triggers put back, as someone with the file may."""
    keep_only(operation, using="default")


def test_an_operation_that_vanished_whole_is_named_by_the_chain_of_the_office(op, people, other):
    vanish("uji")  # all but this one
    report = check_moves(verify())
    assert [b.operation for b in report.books] == ["", "lain", "uji"] and not report.ok
    gone = report.book("lain")
    assert (gone.entries, [f.what for f in gone.found]) == (0, [Break.GONE])
    assert "salinan satu operasi" in str(gone.found[0]) and gone.moves
    assert report.triggers == () and report.row_findings == ()
    assert not verify("lain").ok
    assert verify("uji").ok  # what a copy of one operation is looked at with


def test_an_operation_whose_row_is_gone_is_named(op, other):
    with unchecked():
        for table in (Calon, Tps, Desa):
            path = chain_path(table)
            table._base_manager.filter(**{path: "lain"})._raw_delete("default")
        Operation.objects.filter(kode="lain")._raw_delete("default")
        report = check_moves(verify())
    assert any("tidak ada operasi" in move for move in report.book("lain").moves) and not report.ok


def test_an_archive_whose_end_was_cut_is_found_without_a_head_on_paper(op):
    for to in (Phase.RUNNING, Phase.CLOSED, Phase.ARCHIVED):
        closed = {d.kode: Posture.CLOSED for d in op.desa.filter(memilih=True)}
        move_operation(operation=op, to=to, postures=closed, reason="uji", by=None, now=cast.NOW)
    assert verify().ok
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in lifted("logbook_entry"):
            cursor.execute(statement)
        cursor.execute("DELETE FROM logbook_entry WHERE kind = 'operation_archived'")
        found = verify("uji").book("uji").found
        transaction.set_rollback(True)
    assert [f.what for f in found] == [Break.TRUNCATED]


def test_an_operation_begun_anew_in_place_of_another_is_found(op, other):
    vanish("uji")
    begin(cast.OTHER | {"nama": "Lain lagi"})
    assert [f.what for f in verify("lain").book("lain").found] == [Break.TRUNCATED]

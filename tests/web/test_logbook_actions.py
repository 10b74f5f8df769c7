"""The book in the database: one way in, no way to change; one chain per operation and one for the office."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction

from kondusif import logbook
from kondusif.errors import Conflict
from kondusif.events import UnknownEvent
from kondusif.lifecycle import Phase
from kondusif_web.accounts import access
from kondusif_web.election.actions import move_operation
from kondusif_web.election.models import Operation
from kondusif_web.logbook.actions import record
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.queries import chain_names, head, lines
from tests import cast

pytestmark = pytest.mark.django_db


def test_what_actions_wrote_verifies_chain_by_chain(op, people, other):
    assert chain_names() == ["", "lain", "uji"]
    for kode, count in (("", len(cast.PEOPLE) + 2), ("uji", 2 + len(cast.PEOPLE) - 1), ("lain", 2)):
        text = list(lines(kode))
        assert logbook.verify_lines(text, head(kode), kode) == ()
        assert len(text) == count
        assert {logbook.Entry.from_json(line).seq for line in text} == set(range(1, count + 1))


def test_a_line_of_one_operation_moves_no_other_head(op, other):
    before = head("lain"), head()
    record("operation_changed", by=None, now=cast.NOW, operation=op, payload={"fields": []})
    assert (head("lain"), head()) == before
    assert head("uji") == Entry.objects.filter(operation="uji").last().hash


def test_an_unknown_kind_is_refused(people):
    with pytest.raises(UnknownEvent):
        record("something_else", by=None, now=cast.NOW)


def test_a_payload_without_its_keys_is_refused(people):
    with pytest.raises(UnknownEvent, match="role"):
        record("account_created", by=None, now=cast.NOW, payload={"prefixes": []})


def test_a_line_of_the_book_names_the_row_its_digest_and_the_columns_it_covers(op):
    line = Entry.objects.get(kind="operation_opened")
    assert list(line.rows) == [f"election_operation:{op.pk}"]
    assert line.columns == {"election_operation": [f.attname for f in Operation._meta.concrete_fields]}


def test_the_export_keeps_its_fields_where_they_are(op, people):
    told = record(
        "operation_changed", by=people.kapolres, now=cast.NOW, operation=op, payload={"fields": [], "id": "x"}
    )
    raw = json.loads(list(lines("uji"))[-1])
    assert (raw["kind"], raw["by"], raw["payload"]["id"]) == ("operation_changed", "kapolres", "x")
    assert raw["occurred_at"] == logbook.stamp(told.occurred_at) and raw["operation"] == "uji"


def test_a_member_of_one_operation_writes_no_line_of_another(op, people, other):
    before = head("lain")
    with pytest.raises(Conflict):
        record("operation_changed", by=people.kapolres, now=cast.NOW, operation=other, payload={"fields": []})
    assert head("lain") == before


def test_nothing_follows_the_line_that_archives_an_operation(op, other):
    for to in (Phase.RUNNING, Phase.CLOSED, Phase.ARCHIVED):
        move_operation(operation=op, to=to, postures=closed_villages(op), reason="uji", by=None, now=cast.NOW)
    stale = Operation(pk=op.pk, kode="uji")  # as somebody read it before
    for operation in (Operation.objects.get(kode="uji"), stale):
        with pytest.raises(Conflict) as refused:
            record("operation_changed", by=None, now=cast.NOW, operation=operation, payload={"fields": []})
        assert refused.value.reason == "archived"
    assert record("operation_changed", by=None, now=cast.NOW, operation=other, payload={"fields": []})


def test_what_may_follow_an_archive_stands_nowhere_else(op, people):
    with pytest.raises(RuntimeError, match="archived"):
        record("member_ended", people.petugas1, by=None, now=cast.NOW, payload={"role": "", "prefixes": []})


def test_the_office_tells_of_every_operation_and_with_which_head_it_was_archived(op, other):
    for to in (Phase.RUNNING, Phase.CLOSED, Phase.ARCHIVED):
        move_operation(operation=op, to=to, postures=closed_villages(op), reason="uji", by=None, now=cast.NOW)
    told = [logbook.Entry.from_json(line) for line in lines("")]
    assert [(e.kind, e.payload["kode"]) for e in told] == [
        ("operation_entered", "uji"),
        ("operation_entered", "lain"),
        ("operation_left", "uji"),
    ]
    first = [Entry.objects.get(operation=kode, seq=1).hash for kode in ("uji", "lain")]
    assert logbook.heads_noted(told) == {"uji": (first[0], head("uji")), "lain": (first[1],)}


def closed_villages(operation):
    from kondusif.standby import Posture

    return {d.kode: Posture.CLOSED for d in operation.desa.filter(memilih=True)}


COLUMNS = ", ".join(f'"{f.column}"' for f in Entry._meta.concrete_fields if f.column != "id")
FAR = COLUMNS.replace('"seq"', "seq + 70")


@pytest.mark.parametrize("table", ["logbook_entry", "accounts_accessentry"])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {t} SET kind = 'x'",
        "DELETE FROM {t}",
        f"INSERT INTO {{t}} ({COLUMNS}) SELECT {FAR} FROM {{t}} WHERE seq = 1",
    ],
)
def test_the_database_refuses_to_change_the_book(op, table, sql):
    access.write("read", by="auditor", what="logbook")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(sql.format(t=table))


def following(cursor, verb, *, key="", digest="'new'", more=""):
    """Insert a line that follows the last of "uji" in number and hash, under a key and hash of our choice."""
    values = COLUMNS.replace('"seq"', "seq + 1").replace('"prev"', "hash").replace('"hash"', digest)
    own, names = (f"{key}, ", f"id, {COLUMNS}") if key else ("", COLUMNS)
    cursor.execute(
        f"{verb} INTO logbook_entry ({names}) SELECT {own}{values} FROM logbook_entry"
        f" WHERE operation = 'uji' AND hash = '{head('uji')}' {more}"
    )


def first_of(operation, column):
    return Entry.objects.filter(operation=operation).order_by("seq").values_list(column, flat=True).first()


@pytest.mark.parametrize("victim", ["uji", "lain"])
@pytest.mark.parametrize("by", ["id", "hash"])
def test_a_line_that_takes_the_place_of_another_is_refused(op, other, victim, by):
    """``INSERT OR REPLACE`` removes what it meets without a delete: no line of any chain goes that way."""
    key = {"key": str(first_of(victim, "id"))} if by == "id" else {"digest": f"'{first_of(victim, 'hash')}'"}
    if connection.vendor == "sqlite":
        verb, more = "INSERT OR REPLACE", ""
    else:
        verb, more = "INSERT", f"ON CONFLICT ({by}) DO UPDATE SET kind = 'x'"
    count = Entry.objects.count()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        following(cursor, verb, more=more, **key)
    assert Entry.objects.count() == count


def test_a_line_that_follows_is_taken_whichever_chain_wrote_last(op, other):
    with transaction.atomic(), connection.cursor() as cursor:
        following(cursor, "INSERT")
        transaction.set_rollback(True)


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_insert_or_replace_of_a_whole_line_does_not_slip_past_the_triggers(op):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(
            "INSERT OR REPLACE INTO logbook_entry SELECT * FROM logbook_entry WHERE seq = 1"
        )

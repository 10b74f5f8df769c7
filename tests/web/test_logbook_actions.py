"""The book in the database: one way in, no way to change (RULES 27)."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from kondusif import logbook
from kondusif.events import UnknownEvent
from kondusif_web.logbook.actions import record
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.queries import head, lines
from tests import cast

pytestmark = pytest.mark.django_db


def test_what_actions_wrote_verifies(op, people):
    assert logbook.verify_lines(lines(), head=head()) == ()
    assert Entry.objects.count() == 2 + len(cast.PEOPLE)


def test_an_unknown_kind_is_refused(people):
    with pytest.raises(UnknownEvent):
        record("something_else", by=None, now=cast.NOW)


def test_a_payload_without_its_keys_is_refused(people):
    with pytest.raises(UnknownEvent, match="role"):
        record("account_created", by=None, now=cast.NOW, payload={"prefixes": []})


def test_a_line_of_the_book_names_the_row_and_its_digest(op):
    assert f"election_operation:{op.pk}" in Entry.objects.get(kind="operation_opened").rows


@pytest.mark.parametrize("table", ["logbook_entry", "accounts_accessentry"])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {t} SET kind = 'x'",
        "DELETE FROM {t}",
        "INSERT INTO {t} SELECT seq + 7, kind, version, operation, kode_desa, subject, occurred_at,"
        " recorded_at,"
        " by, payload, rows, corrects, prev, 'h' FROM {t} WHERE seq = 1",
    ],
)
def test_the_database_refuses_to_change_the_book(op, as_, table, sql):
    as_("auditor").get("/akses/")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(sql.format(t=table))


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_insert_or_replace_does_not_slip_past_the_triggers(op):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(
            "INSERT OR REPLACE INTO logbook_entry SELECT * FROM logbook_entry WHERE seq = 1"
        )

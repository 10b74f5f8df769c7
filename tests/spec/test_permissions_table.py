"""Who may do what, role by role as deeds.csv says, and nobody anything more (RULES 20)."""

import csv
from pathlib import Path

import pytest

from kondusif.roles import DEEDS, OFFICE, ROLES

ROWS = list(csv.DictReader(Path(__file__).with_name("deeds.csv").open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("row", ROWS, ids=[r["deed"] for r in ROWS])
def test_exactly_these_roles_may(row):
    assert DEEDS[row["deed"]] == set(row["roles"].split())


def test_every_deed_and_every_role_has_its_row():
    assert [r["deed"] for r in ROWS] == list(DEEDS)
    assert {role for r in ROWS for role in r["roles"].split()} == set(ROLES)


def test_a_deed_of_the_office_is_for_roles_that_an_account_can_have_there():
    assert set(DEEDS) >= OFFICE
    assert all(ROLES[role].office for deed in OFFICE for role in DEEDS[deed])

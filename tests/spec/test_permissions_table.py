"""Who may do what, role by role as permissions.csv says, and nobody anything more (RULES 20)."""

import csv
from pathlib import Path

import pytest

from kondusif.roles import OFFICE, PERMISSIONS, ROLES

ROWS = list(csv.DictReader(Path(__file__).with_name("permissions.csv").open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("row", ROWS, ids=[r["permission"] for r in ROWS])
def test_exactly_these_roles_may(row):
    assert PERMISSIONS[row["permission"]] == set(row["roles"].split())


def test_every_permission_and_every_role_has_its_row():
    assert [r["permission"] for r in ROWS] == list(PERMISSIONS)
    assert {role for r in ROWS for role in r["roles"].split()} == set(ROLES)


def test_a_permission_of_the_office_is_for_roles_that_an_account_can_have_there():
    assert set(PERMISSIONS) >= OFFICE
    assert all(ROLES[role].office for permission in OFFICE for role in PERMISSIONS[permission])

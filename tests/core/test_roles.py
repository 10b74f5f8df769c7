"""The table of roles: one row each, and a row that is not whole says where."""

import csv
import io
import re

import pytest

from kondusif.errors import TableError
from kondusif.files.sheets import PERAN
from kondusif.forces import Force
from kondusif.roles import NAMED, PERMISSIONS, ROLES, read

WHOLE = {
    "role": "satpolpp",
    "id": "Satpol PP",
    "en": "Municipal police",
    "force": "satpol",
    "office": "no",
    "operation": "yes",
    "permissions": "report see_stages",
}


def table(*rows):
    out = io.StringIO()
    sheet = csv.DictWriter(out, WHOLE)
    sheet.writeheader()
    sheet.writerows(rows)
    return out.getvalue()


def test_every_role_is_a_word_of_the_sheet_of_people():
    assert tuple(ROLES) == PERAN


def test_every_permission_is_somebodys_and_they_are_sorted():
    assert list(NAMED) == sorted(NAMED)
    assert all(PERMISSIONS.values()) and set().union(*PERMISSIONS.values()) == set(ROLES)


def test_a_row_gives_names_force_and_permissions():
    role = read(table(WHOLE))["satpolpp"]
    assert role.name("en") == "Municipal police" and role.name("jv") == "Satpol PP"
    assert role.force is Force.SATPOL and role.permissions == {"report", "see_stages"}
    assert role.operation and not role.office


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (
            "permissions",
            "report fly",
            "permissions: found 'report fly'; write what somebody asks for, not fly",
        ),
        ("permissions", "", "permissions: found ''; write something; it must not be empty"),
        ("en", "", "en: found ''; write something; it must not be empty"),
        ("force", "hansip", "force: found 'hansip'; write one of polri, tni, linmas, satpol"),
        ("office", "ya", "office: found 'ya'; write yes or no"),
        (
            "permissions",
            "manage_accounts",
            "office: found 'no'; write yes: manage_accounts is of the office",
        ),
    ],
)
def test_a_row_that_is_not_whole_names_row_and_column(column, value, said):
    with pytest.raises(TableError, match=re.escape(f"roles.csv row 2 (satpolpp), column {said}")):
        read(table(WHOLE | {column: value}))


def test_a_role_stands_once():
    with pytest.raises(TableError, match=r"row 3 .satpolpp., column role: .*a code that no other row has"):
        read(table(WHOLE, WHOLE))

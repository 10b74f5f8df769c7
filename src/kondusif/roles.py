"""Who may do what: one row of ``roles.csv`` per role (RULES 20).

A row holds the code of the role, its name in Indonesian and English, the force whose word its people give,
whether it is given in the office, in an operation or both, and its permissions. In which places is said by
the area codes of a membership: a Polres area is not a regency, so a jurisdiction is a set of codes and never
derived from the administration. The file, the command line and the office read the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kondusif.forces import Force
from kondusif.tables import Row, packaged, rows

COLUMNS = ("role", "id", "en", "force", "office", "operation", "permissions")
NAMED = tuple(
    row["permission"]
    for row in rows("permissions.csv", packaged("kondusif", "permissions.csv"), ("permission", "note"))
)  # every permission that a page or an action asks for, and what no row of a role can say about it
OFFICE = frozenset({"manage_accounts", "begin_operation", "see_access"})  # of the office, of no operation


@dataclass(frozen=True, slots=True)
class Role:
    """One row. ``force``: None for who speaks for no force, or whose title alone says which."""

    code: str
    names: Mapping[str, str]
    force: Force | None
    office: bool
    operation: bool
    permissions: frozenset[str]

    def name(self, language: str) -> str:
        """In this language, in Indonesian where it is not there."""
        return self.names.get(language) or self.names["id"]


def read(text: str) -> Mapping[str, Role]:
    """The table by code, in the order of its rows. Raises TableError that names row and column."""
    return MappingProxyType({row["role"]: _role(row) for row in rows("roles.csv", text, COLUMNS)})


def _role(row: Row) -> Role:
    permissions = frozenset(row.filled("permissions").split())
    if unknown := sorted(permissions - set(NAMED)):
        row.refuse("permissions", f"what somebody asks for, not {', '.join(unknown)}")
    office = row.yes("office")
    if not office and permissions & OFFICE:
        row.refuse("office", f"yes: {', '.join(sorted(permissions & OFFICE))} is of the office")
    force = row.one_of("force", (*Force, ""))
    return Role(
        code=row["role"],
        names={language: row.filled(language) for language in ("id", "en")},
        force=Force(force) if force else None,
        office=office,
        operation=row.yes("operation"),
        permissions=permissions,
    )


ROLES: Mapping[str, Role] = read(packaged("kondusif", "roles.csv"))
PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        permission: frozenset(code for code, role in ROLES.items() if permission in role.permissions)
        for permission in NAMED
    }
)

"""Who may do what: one row of ``roles.csv`` per role (RULES 20).

A row holds the code of the role, its name in Indonesian and English, the force whose word its people give,
whether it is given in the office, in an operation or both, and its permissions. In which places is said by
the area codes of a membership: a Polres area is not a regency, so a jurisdiction is a set of codes and never
derived from the administration. The file, the command line and the office read the same rows.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from kondusif.forces import Force

NAMED = (
    "answer_items",  # RULES 20: the committee gives no answers
    "approve_plan",
    "approve_waiver",  # RULES 15
    "approve_withdrawal_1",  # RULES 16
    "approve_withdrawal_23",  # RULES 16
    "begin_operation",
    "commit_own",
    "dialogue_answer",
    "dialogue_write",
    "draft_instrument",
    "drill",
    "enforce_instrument",
    "export_measure",
    "export_plotting",
    "gate_fact",
    "gate_fact_committee",  # RULES 17
    "import_answers",
    "import_history",
    "incident_manage",
    "make_plan",
    "manage_accounts",
    "manage_operation",
    "mitigation_own",
    "mitigation_write",
    "move_posture",
    "muster",
    "override_class",  # RULES 7
    "publish_class",
    "publish_instrument",  # by another person than the drafter
    "publish_public",
    "report",
    "request_waiver",
    "request_withdrawal",
    "run_operation",  # run, close, archive
    "run_rounds",
    "second_override",  # RULES 7: downward needs a second person
    "second_waiver",  # RULES 15: who did not request
    "see_access",
    "see_answers",
    "see_calibration",
    "see_class",
    "see_dialogue",
    "see_gates",
    "see_history",  # past votes elsewhere, in nobody's area here
    "see_instrument",
    "see_logbook",
    "see_mitigation",  # the forum without answers and points (RULES 20)
    "see_plan",  # postings are the costliest leak; the auditor sees who read them
    "see_posture",  # when people leave tells the class (RULES 20)
    "see_reserve",
    "see_stages",
    "settle_review",  # never one of the raters
)  # every permission that a page or an action asks for, and what no row can say about it
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
    """The table by code, in the order of its rows. Raises ValueError that names row and column."""
    found: dict[str, Role] = {}
    for number, row in enumerate(csv.DictReader(text.splitlines()), 2):
        role = _role(number, row)
        if role.code in found:
            raise ValueError(f"roles.csv:{number}: role {role.code} stands twice")
        found[role.code] = role
    return MappingProxyType(found)


def _role(number: int, row: Mapping[str, str]) -> Role:
    def wrong(column: str, expected: str) -> ValueError:
        return ValueError(f"roles.csv:{number}: {column} is {row[column]!r}; {expected}")

    permissions = frozenset(row["permissions"].split())
    if unknown := sorted(permissions - set(NAMED)):
        raise wrong("permissions", f"nobody asks for {', '.join(unknown)}")
    for column in ("role", "id", "en", "permissions"):
        if not row[column]:
            raise wrong(column, "it must not be empty")
    for column in ("office", "operation"):
        if row[column] not in ("yes", "no"):
            raise wrong(column, "write yes or no")
    if row["force"] and row["force"] not in set(Force):
        raise wrong("force", f"write one of {', '.join(Force)}, or nothing")
    office, operation = row["office"] == "yes", row["operation"] == "yes"
    if not office and permissions & OFFICE:
        raise wrong("office", f"{', '.join(sorted(permissions & OFFICE))} is of the office")
    names = {language: row[language] for language in ("id", "en")}
    return Role(
        row["role"], names, Force(row["force"]) if row["force"] else None, office, operation, permissions
    )


ROLES: Mapping[str, Role] = read((files("kondusif") / "roles.csv").read_text(encoding="utf-8"))
PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        permission: frozenset(code for code, role in ROLES.items() if permission in role.permissions)
        for permission in NAMED
    }
)

"""Who may do what, as one table, and where: a set of area-code prefixes (RULES 20).

A role says which deeds; the prefixes of a membership say in which places. A Polres area is not a regency, so
a jurisdiction is a set of codes and never derived from the administration. Roles are given per operation
(``election.Membership``); the deeds of :data:`OFFICE` belong to the office and ask for the account's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from kondusif.errors import NotAllowed
from kondusif.places import within


class Person(Protocol):
    """Who acts: an account in the office, or its membership in an operation."""

    username: str
    role: str
    is_active: bool

    @property
    def is_authenticated(self) -> bool: ...

    @property
    def prefixes(self) -> Sequence[str]: ...


class Role(StrEnum):
    """What an account is for. Titles (jabatan) are free text and stay on the account."""

    PLANNER = "planner"
    KAPOLSEK = "kapolsek"
    KAPOLRES = "kapolres"
    PETUGAS = "petugas"
    FORUM_CAMAT = "camat"
    FORUM_DANRAMIL = "danramil"
    PANITIA = "panitia"
    HUMAS = "humas"
    AUDITOR = "auditor"
    ADMIN = "admin"


NAMES = {
    Role.PLANNER: _("Perencana"),
    Role.KAPOLSEK: _("Kapolsek"),
    Role.KAPOLRES: _("Kapolres"),
    Role.PETUGAS: _("Petugas lapangan"),
    Role.FORUM_CAMAT: _("Camat"),
    Role.FORUM_DANRAMIL: _("Danramil"),
    Role.PANITIA: _("Panitia"),
    Role.HUMAS: _("Humas"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMIN: _("Administrator"),
}

POLICE = {Role.PLANNER, Role.KAPOLSEK, Role.KAPOLRES}
COMMAND = {Role.KAPOLSEK, Role.KAPOLRES}
FORUM = {Role.FORUM_CAMAT, Role.FORUM_DANRAMIL}
WORKING = POLICE | FORUM | {Role.PETUGAS, Role.PANITIA, Role.HUMAS}

# What an account may be for the office as a whole; everything else is given per operation.
OFFICE_ROLES = frozenset({Role.PLANNER, Role.AUDITOR, Role.ADMIN})
MEMBER_ROLES = frozenset(Role) - {Role.ADMIN}
OFFICE = frozenset({"manage_accounts", "begin_operation", "see_access"})

DEEDS: dict[str, frozenset[Role]] = {
    deed: frozenset(roles)
    for deed, roles in {
        "answer_items": {Role.PLANNER, Role.PETUGAS},  # RULES 20: the committee gives no answers
        "approve_plan": {Role.KAPOLRES},
        "approve_waiver": {Role.KAPOLRES},  # RULES 15
        "approve_withdrawal_1": COMMAND,  # RULES 16
        "approve_withdrawal_23": {Role.KAPOLRES},  # RULES 16
        "begin_operation": {Role.PLANNER},
        "commit_own": POLICE | FORUM | {Role.PANITIA},
        "dialogue_answer": POLICE | FORUM | {Role.PANITIA},
        "dialogue_write": POLICE | {Role.FORUM_CAMAT, Role.HUMAS},
        "draft_instrument": {Role.PLANNER},
        "drill": POLICE | {Role.AUDITOR},
        "enforce_instrument": {Role.KAPOLRES},
        "export_measure": {Role.PLANNER, Role.KAPOLRES},
        "export_plotting": POLICE,
        "gate_fact": POLICE | FORUM | {Role.PETUGAS},
        "gate_fact_committee": {Role.PANITIA, Role.FORUM_CAMAT},  # RULES 17
        "import_answers": {Role.PLANNER},
        "import_history": {Role.PLANNER},
        "incident_manage": POLICE,
        "make_plan": {Role.PLANNER},
        "manage_accounts": {Role.ADMIN},
        "manage_operation": {Role.PLANNER},
        "mitigation_own": POLICE | FORUM,
        "mitigation_write": POLICE | {Role.FORUM_CAMAT},
        "move_posture": POLICE,
        "muster": POLICE | {Role.PETUGAS},
        "override_class": COMMAND,  # RULES 7
        "publish_class": POLICE,
        "publish_instrument": {Role.PLANNER, Role.KAPOLRES},  # by another person than the drafter
        "publish_public": {Role.HUMAS, Role.KAPOLRES},
        "report": POLICE | {Role.PETUGAS},
        "request_waiver": POLICE,
        "request_withdrawal": POLICE,
        "run_operation": {Role.PLANNER, Role.KAPOLRES},  # run, close, archive
        "run_rounds": {Role.PLANNER, Role.KAPOLRES},
        "second_override": POLICE,  # RULES 7: downward needs a second person
        "second_waiver": POLICE,  # RULES 15: who did not request
        "see_access": {Role.AUDITOR},
        "see_answers": POLICE,
        "see_calibration": POLICE,
        "see_class": POLICE | FORUM,
        "see_dialogue": WORKING,
        "see_gates": POLICE | FORUM,
        "see_history": {Role.PLANNER, Role.KAPOLRES},  # past votes elsewhere, in nobody's area here
        "see_instrument": POLICE,
        "see_logbook": {Role.PLANNER, Role.KAPOLRES, Role.AUDITOR},
        "see_mitigation": POLICE | FORUM,  # the forum without answers and points (RULES 20)
        "see_plan": POLICE,  # postings are the costliest leak; the auditor sees who read them
        "see_posture": POLICE | FORUM | {Role.PETUGAS},  # when people leave tells the class (RULES 20)
        "see_reserve": POLICE,
        "see_stages": WORKING | {Role.AUDITOR},
        "settle_review": POLICE,  # never one of the raters
    }.items()
}


def may(who: Person, deed: str) -> bool:
    """Whether the role covers the deed, anywhere. An unknown deed raises KeyError: a mistake in code."""
    roles = DEEDS[deed]
    if (deed in OFFICE) != (not hasattr(who, "operation_id")):
        return False  # a role in an operation gives nothing in the office, and the other way round
    return bool(who.is_authenticated and who.is_active and who.role in roles)


def may_at(who: Person, deed: str, kode: str) -> bool:
    """Whether role and jurisdiction cover the deed at this place."""
    return may(who, deed) and within(kode, who.prefixes)


def require(who: Person, deed: str, kode: str = "") -> None:
    """Raises NotAllowed unless the role covers the deed and, when a place is named, the jurisdiction does."""
    if not may(who, deed):
        raise NotAllowed(f"{deed} is not for this role", deed=deed, kode=kode, why="role")
    if kode and not within(kode, who.prefixes):
        raise NotAllowed(f"{deed} at {kode} is outside the jurisdiction", deed=deed, kode=kode, why="area")

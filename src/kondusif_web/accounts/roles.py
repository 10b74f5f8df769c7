"""May this person do this, here, and see these rows? By ``kondusif.roles`` and the places of a membership.

Roles are given per operation (``election.Membership``); the permissions of ``OFFICE`` belong to the
office and ask for the account's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils.functional import lazy

from kondusif.errors import NotAllowed
from kondusif.places import within
from kondusif.roles import OFFICE, PERMISSIONS, ROLES
from kondusif_web.words import language


class Person(Protocol):
    """Who acts: an account in the office, or its membership in an operation."""

    username: str
    role: str
    is_active: bool

    @property
    def is_authenticated(self) -> bool: ...

    @property
    def prefixes(self) -> Sequence[str]: ...


Role = StrEnum("Role", {code.upper(): code for code in ROLES})  # codes, for the few rules that name a role
OFFICE_ROLES = frozenset(Role(code) for code, role in ROLES.items() if role.office)
MEMBER_ROLES = frozenset(Role(code) for code, role in ROLES.items() if role.operation)


def _name(code: str) -> str:
    return ROLES[code].name(language())


_lazy = lazy(_name, str)
NAMES = {role: _lazy(role.value) for role in Role}  # in the language of whoever looks


def may(who: Person, permission: str) -> bool:
    """Whether the role has the permission, anywhere. An unknown one raises KeyError: a mistake in code."""
    roles = PERMISSIONS[permission]
    if (permission in OFFICE) != (not hasattr(who, "operation_id")):
        return False  # a role in an operation gives nothing in the office, and the other way round
    return bool(who.is_authenticated and who.is_active and who.role in roles)


def may_at(who: Person, permission: str, kode: str) -> bool:
    """Whether the person has the permission at this place."""
    return may(who, permission) and within(kode, who.prefixes)


def require(who: Person, permission: str, kode: str = "") -> None:
    """Raises NotAllowed unless the role has the permission and, when a place is named, there."""
    if not may(who, permission):
        raise NotAllowed("role", permission=permission, kode=kode)
    if kode and not within(kode, who.prefixes):
        raise NotAllowed("area", permission=permission, kode=kode)


class Allowed:
    """Permissions as a template asks for them: ``{% if boleh.see_answers %}``."""

    def __init__(self, who: Person | None) -> None:
        self._who = who

    def __getitem__(self, permission: str) -> bool:
        return self._who is not None and may(self._who, permission)


def areas(who: Person) -> tuple[str, ...]:
    """The area-code prefixes of the membership; nobody signed in, nothing."""
    return tuple(who.prefixes) if who.is_authenticated and who.is_active else ()


def rows_for(queryset: QuerySet[Any], who: Person, *permissions: str, field: str = "kode") -> QuerySet[Any]:
    """Rows in the areas of who has one of the permissions; for anybody else none."""
    if not any(may(who, permission) for permission in permissions):
        return queryset.none()
    return in_areas(queryset, who, field)


def in_areas(queryset: QuerySet[Any], who: Person, field: str = "kode") -> QuerySet[Any]:
    """Rows whose place code lies in the areas, the same rule as ``kondusif.places.within``."""
    inside = Q()
    for prefix in areas(who):
        inside |= Q(**{field: prefix}) | Q(**{f"{field}__startswith": f"{prefix}."})
        inside |= Q(**{f"{field}__startswith": f"{prefix}-"})
    return queryset.filter(inside) if inside else queryset.none()

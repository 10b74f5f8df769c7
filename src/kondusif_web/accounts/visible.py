"""What a person may see: rows in the areas of the account."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from kondusif_web.accounts.models import User


def areas(user: User) -> tuple[str, ...]:
    """The area-code prefixes of the account; nobody signed in, nothing."""
    return tuple(user.prefixes) if user.is_authenticated and user.is_active else ()


def in_areas(queryset: QuerySet[Any], user: User, field: str = "kode") -> QuerySet[Any]:
    """Rows whose place code lies in the areas, the same rule as ``kondusif.places.within``."""
    inside = Q()
    for prefix in areas(user):
        inside |= Q(**{field: prefix}) | Q(**{f"{field}__startswith": f"{prefix}."})
        inside |= Q(**{f"{field}__startswith": f"{prefix}-"})
    return queryset.filter(inside) if inside else queryset.none()

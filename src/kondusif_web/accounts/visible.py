"""What a person may see: rows in the areas of the membership."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from kondusif_web.accounts.roles import Person


def areas(who: Person) -> tuple[str, ...]:
    """The area-code prefixes of the membership; nobody signed in, nothing."""
    return tuple(who.prefixes) if who.is_authenticated and who.is_active else ()


def in_areas(queryset: QuerySet[Any], who: Person, field: str = "kode") -> QuerySet[Any]:
    """Rows whose place code lies in the areas, the same rule as ``kondusif.places.within``."""
    inside = Q()
    for prefix in areas(who):
        inside |= Q(**{field: prefix}) | Q(**{f"{field}__startswith": f"{prefix}."})
        inside |= Q(**{f"{field}__startswith": f"{prefix}-"})
    return queryset.filter(inside) if inside else queryset.none()

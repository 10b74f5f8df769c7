"""Reads of the published items, and of nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kondusif_web.public.build import in_language
from kondusif_web.public.models import Item, PublicKind


def published(kode: str, language: str) -> dict[str, Any]:
    """Bodies by kind of one operation, as last published, in a language of the office; empty before the first
    time, and where there is no operation of this code."""
    out: dict[str, Any] = {kind.value: [] for kind in PublicKind}
    for row in Item.objects.filter(operation__kode=kode).order_by("kind", "number"):
        out[row.kind].append(in_language(row.body, language))
    return out


def published_at(kode: str) -> datetime:
    """When the public page of an operation was published last. Raises Item.DoesNotExist if it never was."""
    return Item.objects.get(operation__kode=kode, kind=PublicKind.HEADER).published_at


def published_headers(language: str) -> dict[str, dict[str, Any]]:
    """The header of every operation that has published, by code: live ones first, then by name."""
    rows = Item.objects.filter(kind=PublicKind.HEADER).values_list("operation__kode", "body")
    found = [(kode, in_language(body, language)) for kode, body in rows]
    return dict(sorted(found, key=lambda pair: (pair[1]["latihan"], pair[1]["nama"], pair[0])))

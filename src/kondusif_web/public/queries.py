"""Reads of the published items, and of nothing else."""

from __future__ import annotations

from typing import Any

from kondusif_web.public.build import in_language
from kondusif_web.public.models import Item, Kind


def published(language: str) -> dict[str, Any]:
    """Bodies by kind, as last published, in a language of the office; empty before the first time.

    The newest operation wins.
    """
    newest = Item.objects.order_by("-operation_id").values_list("operation_id", flat=True).first()
    out: dict[str, Any] = {kind.value: [] for kind in Kind}
    for row in Item.objects.filter(operation_id=newest).order_by("kind", "number"):
        out[row.kind].append(in_language(row.body, language))
    return out

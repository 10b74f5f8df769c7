"""Reads of the published items, and of nothing else."""

from __future__ import annotations

from typing import Any

from kondusif_web.public.models import Item, Kind


def published() -> dict[str, Any]:
    """Bodies by kind, as last published; empty before the first time. The newest operation wins."""
    newest = Item.objects.order_by("-operation_id").values_list("operation_id", flat=True).first()
    out: dict[str, Any] = {kind.value: [] for kind in Kind}
    for row in Item.objects.filter(operation_id=newest).order_by("kind", "number"):
        out[row.kind].append(row.body)
    return out

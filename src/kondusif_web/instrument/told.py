"""What differs between two recipes, in words: groups of lines, each with both sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kondusif.errors import RecipeError
from kondusif.instrument.difference import Changed, Difference, difference
from kondusif.instrument.recipe import Recipe
from kondusif_web.instrument import wording


def groups(before: Recipe, after: Recipe) -> list[dict[str, Any]]:
    """Groups that hold something: ``kunci``, ``judul`` and lines ``kode nama apa dari ke``."""
    found = difference(before, after)

    def line(c: Changed) -> dict[str, Any]:
        name = wording.item_name(after if c.after is not None else before, c.of)
        return {
            "kode": c.of,
            "nama": "" if name == c.of else name,
            "apa": wording.FIELDS.get(c.field, c.field),
            "dari": wording.side(before, c, c.before),
            "ke": wording.side(after, c, c.after),
        }

    return [
        {"kunci": key, "judul": wording.GROUPS[of], "baris": [line(c) for c in getattr(found, of)]}
        for key, of in GROUPS
        if getattr(found, of)
    ]


GROUPS = (
    ("batas", "rules"),
    ("lantai", "floors"),
    ("dimensi", "dimensions"),
    ("butir", "indicators"),
    ("bagian", "shares"),
)


def without(recipe: Recipe, change: Callable[[Recipe], Recipe]) -> dict[str, Any] | None:
    """What a removal would differ, for the page that offers it; None where the core refuses it."""
    try:
        return context(recipe, change(recipe))
    except RecipeError:
        return None


def context(before: Recipe, after: Recipe) -> dict[str, Any]:
    """For ``instrument/_beda.html``: what differs, items that are new and items taken out."""
    found: Difference = difference(before, after)
    return {"beda": groups(before, after), "tambah": found.added, "cabut": found.removed}

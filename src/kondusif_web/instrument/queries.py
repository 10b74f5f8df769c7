"""Every read of versions: who may see the instrument sees all of it, for it says nothing of any place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from kondusif.errors import RecipeError
from kondusif.instrument import edit, pairwise
from kondusif.instrument.recipe import Recipe
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import may
from kondusif_web.election.models import Operation
from kondusif_web.instrument import facts
from kondusif_web.instrument.models import Comparison, Enforcement, Instrument
from kondusif_web.logbook.queries import hands


@dataclass(frozen=True, slots=True)
class Version:
    """One version on a page: its key, recipe and row; the product's own has no row."""

    key: str
    recipe: Recipe
    row: Instrument | None
    in_force: bool = False

    @property
    def kode(self) -> str:
        return self.key.rpartition("/")[0]

    @property
    def nomor(self) -> str:
        return self.key.rpartition("/")[2]

    @property
    def digest(self) -> str:
        return self.recipe.digest

    @property
    def draft(self) -> bool:
        return self.row is not None and self.row.draft

    @property
    def retired(self) -> bool:
        return self.row is not None and hasattr(self.row, "retirement")

    @property
    def state(self) -> str:
        """``draf``, ``terbit`` or ``pensiun``."""
        return "draf" if self.draft else "pensiun" if self.retired else "terbit"


def visible_to(user: User) -> QuerySet[Instrument, Any]:
    """Stored versions with the people of their history, for those who may see the instrument."""
    rows = Instrument.objects.select_related(
        "drafted_by", "changed_by", "published_by", "retirement", "retirement__by"
    )
    return rows if may(user, "see_instrument") else rows.none()


def key_in_force(operation: Operation | None) -> str:
    """The version that an operation uses, in full."""
    return facts.full_key(operation.recipe if operation else "")


def versions(user: User, operation: Operation | None) -> list[Version]:
    """The product's own first, then stored ones: drafts, published, retired, newest first within each."""
    if not may(user, "see_instrument"):
        return []
    at = key_in_force(operation)
    stored = [Version(r.key, facts.recipe_in(r), r, r.key == at) for r in visible_to(user)]
    stored.sort(key=lambda v: v.row.changed_at if v.row else None, reverse=True)  # type: ignore[arg-type, return-value]
    order = ("draf", "terbit", "pensiun")
    return sorted(
        [*stored, *(Version(key, recipe, None, at == key) for key, recipe in facts.PRODUCT.items())],
        key=lambda v: order.index(v.state),
    )


def version(user: User, kode: str, nomor: str, operation: Operation | None) -> Version:
    """One version. Raises Http404 for one that is not there."""
    key = f"{kode}/{nomor}"
    at = key_in_force(operation)
    row = visible_to(user).filter(kode=kode, version=nomor).first()
    if row is not None:
        return Version(key, facts.recipe_in(row), row, key == at)
    if key in facts.PRODUCT and may(user, "see_instrument"):
        return Version(key, facts.PRODUCT[key], None, key == at)
    raise Http404


def draft(user: User, kode: str, nomor: str) -> Version:
    """A draft to work on. Raises Http404 for anything else."""
    found = version(user, kode, nomor, None)
    if not found.draft:
        raise Http404
    return found


def next_version(kode: str) -> str:
    """The first number that no version of this code has, the product's own counted."""
    taken = {int(v) for v in Instrument.objects.filter(kode=kode).values_list("version", flat=True)}
    taken |= {int(recipe.version) for recipe in facts.PRODUCT.values() if recipe.kode == kode}
    return str(max(taken, default=0) + 1)


def known_items() -> frozenset[str]:
    """Ids of items in any version, so that no retired one is given to another question."""
    every = (*facts.PRODUCT.values(), *(facts.recipe_in(row) for row in Instrument.objects.all()))
    return frozenset(i.id for recipe in every for i in recipe.indicators)


def history(operation: Operation | None) -> QuerySet[Enforcement, Any]:
    """What came into force, newest first."""
    return Enforcement.objects.filter(operation=operation).select_related("by")


def worked_on(user: User, row: Instrument) -> bool:
    """Whether the person drafted, changed or compared anything in this draft: not its second person then."""
    changes = ("instrument_changed", "instrument_compared", "comparison_removed")
    made = hands(row.key, kinds=changes, since="instrument_drafted")
    return user.pk in (row.drafted_by_id, row.changed_by_id) or user.username in made


@dataclass(frozen=True, slots=True)
class Judges:
    """Comparisons under one parent: each judge alone, and all who compared every pair together."""

    parent: str
    codes: tuple[str, ...]
    each: tuple[tuple[Comparison, pairwise.Judged | None, int], ...]  # judged, pairs still open
    together: pairwise.Judged | None

    @property
    def whole(self) -> int:
        return sum(judged is not None for _, judged, _ in self.each)


def judges(row: Instrument, recipe: Recipe, parent: str) -> Judges:
    """The judges of a parent as the core reckons them (method 8.8)."""
    codes = edit.codes_under(recipe, parent)
    each = []
    for comparison in row.comparisons.filter(parent=parent).select_related("by"):
        said = facts.judgements_of(comparison)
        left = len(pairwise.missing(codes, said))
        each.append((comparison, None if left else pairwise.judge(codes, said), left))
    try:
        said = pairwise.combine(codes, [facts.judgements_of(c) for c, _, _ in each])
        together = pairwise.judge(codes, said)
    except RecipeError:
        together = None
    return Judges(parent, codes, tuple(each), together)

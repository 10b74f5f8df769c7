"""Every read of versions: who may see the instrument sees all of it, for it says nothing of any place.

What was made in a drill is seen in drills alone; drafts of live operations in live ones alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from kondusif.errors import RecipeError
from kondusif.instrument import edit, pairwise
from kondusif.instrument.recipe import Recipe
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import NAMES, may
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument import facts, wording
from kondusif_web.instrument.models import Enforcement, Instrument
from kondusif_web.logbook.queries import filtered, hands
from kondusif_web.pages import Context


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
    def draft(self) -> bool:
        return self.row is not None and self.row.draft

    @property
    def drill(self) -> bool:
        """Made in a drill."""
        return self.row is not None and self.row.drill

    @property
    def retired(self) -> bool:
        return self.row is not None and hasattr(self.row, "retirement")

    @property
    def accounts(self) -> tuple[User | None, ...]:
        """Everybody in its history."""
        if self.row is None:
            return ()
        retired_by = self.row.retirement.by if self.retired else None
        return self.row.drafted_by, self.row.changed_by, self.row.published_by, retired_by

    @property
    def state(self) -> str:
        """``draf``, ``terbit`` or ``pensiun``."""
        return "draf" if self.draft else "pensiun" if self.retired else "terbit"


def usable_in(operation: Operation) -> QuerySet[Instrument]:
    """Stored versions that the operation may know of: a live one those of live ones; a drill those of drills,
    and what live ones have published."""
    rows = Instrument.objects.all()
    if operation.drill:
        return rows.filter(Q(drill=True) | Q(published_at__isnull=False))
    return rows.filter(drill=False)


def visible_to(member: Membership) -> QuerySet[Instrument]:
    """Usable versions with the people of their history, for those who may see the instrument."""
    rows = usable_in(member.operation).select_related(
        "drafted_by", "changed_by", "published_by", "retirement", "retirement__by"
    )
    return rows if may(member, "see_instrument") else rows.none()


def key_in_force(operation: Operation) -> str:
    """The version that an operation uses, in full."""
    return facts.full_key(operation.recipe)


def versions(operation: Operation, member: Membership) -> list[Version]:
    """The product's own first, then stored ones: drafts, published, retired, newest first within each."""
    if not may(member, "see_instrument"):
        return []
    at = key_in_force(operation)
    stored = [Version(r.key, facts.recipe_in(r), r, r.key == at) for r in visible_to(member)]
    stored.sort(key=lambda v: v.row.changed_at if v.row else None, reverse=True)  # type: ignore[arg-type, return-value]
    order = ("draf", "terbit", "pensiun")
    return sorted(
        [*stored, *(Version(key, recipe, None, at == key) for key, recipe in facts.PRODUCT.items())],
        key=lambda v: order.index(v.state),
    )


def version(operation: Operation, member: Membership, kode: str, nomor: str) -> Version:
    """One version. Raises Http404 for one that is not there."""
    key = f"{kode}/{nomor}"
    at = key_in_force(operation)
    row = visible_to(member).filter(kode=kode, version=nomor).first()
    if row is not None:
        return Version(key, facts.recipe_in(row), row, key == at)
    if key in facts.PRODUCT and may(member, "see_instrument"):
        return Version(key, facts.PRODUCT[key], None, key == at)
    raise Http404


def draft(operation: Operation, member: Membership, kode: str, nomor: str) -> Version:
    """A draft to work on, of the operation's own kind. Raises Http404 for anything else."""
    found = version(operation, member, kode, nomor)
    if not found.draft:
        raise Http404
    return found


def next_version(kode: str) -> str:
    """Above every number that the office ever drafted under this code, the product's own counted.

    A draft thrown away keeps its number: a key never names two texts.
    """
    drafted = filtered("", kind="instrument_drafted").filter(subject__startswith=f"{kode}/")
    taken = {int(key.rpartition("/")[2]) for key in drafted.values_list("subject", flat=True)}
    taken |= {int(recipe.version) for recipe in facts.PRODUCT.values() if recipe.kode == kode}
    return str(max(taken, default=0) + 1)


def known_items(operation: Operation) -> frozenset[str]:
    """Ids of items in any version usable here, so that no retired one is given to another question."""
    every = (*facts.PRODUCT.values(), *(facts.recipe_in(row) for row in usable_in(operation)))
    return frozenset(i.id for recipe in every for i in recipe.indicators)


def history(operation: Operation) -> QuerySet[Enforcement]:
    """What came into force in the operation, newest first."""
    return Enforcement.objects.filter(operation=operation).select_related("by__user")


def titles(operation: Operation, accounts: Iterable[User | None]) -> dict[int, object]:
    """How a page of the operation names the people of a version, by account.

    Its own members by their title. Of anybody else no more than what they are for the office: a title such as
    "Kapolsek Arjasari" would tell of an operation that the reader may not know of.
    """
    people = {account.pk: account for account in accounts if account is not None}
    own = Membership.objects.filter(operation=operation, user__in=people).select_related("user")
    elsewhere = {pk: NAMES.get(account.role, wording.OFFICE) for pk, account in people.items()}
    return elsewhere | {member.user_id: str(member) for member in own}


def worked_on(member: Membership, row: Instrument) -> bool:
    """Whether the person drafted, changed or compared anything in this draft, from whichever operation: not
    its second person then."""
    changes = ("instrument_changed", "instrument_compared", "comparison_removed")
    made = hands("", row.key, kinds=changes, since="instrument_drafted")
    return member.user_id in (row.drafted_by_id, row.changed_by_id) or member.username in made


def judges(row: Instrument, recipe: Recipe, parent: str) -> Context:
    """The judges of a parent as the core computes them (method 8.8).

    ``each``: comparison, result, pairs still open; ``together``: of all who compared every pair, None while
    nobody did; ``whole``: how many those are.
    """
    codes = edit.codes_under(recipe, parent)
    comparisons = list(row.comparisons.filter(parent=parent).select_related("by"))
    said = [facts.judgements_of(comparison) for comparison in comparisons]
    open_pairs = [len(pairwise.missing(codes, one)) for one in said]
    judged = [
        None if left else pairwise.judge(codes, one) for one, left in zip(said, open_pairs, strict=True)
    ]
    try:
        together = pairwise.judge(codes, pairwise.combine(codes, said))
    except RecipeError:
        together = None
    return {
        "each": list(zip(comparisons, judged, open_pairs, strict=True)),
        "together": together,
        "whole": open_pairs.count(0),
    }

"""Every write on versions of the instrument: lock, look, the core decides, write.

``by`` is what the person is in the operation from which they work; versions keep the account.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from kondusif.errors import Conflict, MoveRefused, NotAllowed, RecipeError
from kondusif.instrument import edit, pairwise
from kondusif.instrument.pairwise import Pair
from kondusif.instrument.published import text_digest
from kondusif.instrument.recipe import Recipe
from kondusif_web.accounts.roles import require
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument import facts, queries
from kondusif_web.instrument.models import Comparison, Enforcement, Instrument, Retirement
from kondusif_web.logbook.actions import record
from kondusif_web.pages.texts import required_text


@transaction.atomic
def start_draft(*, source: str, kode: str, by: Membership, now: datetime) -> Instrument:
    """A draft drawn from a version that is not a draft itself. The next version of ``kode``.

    Raises NotAllowed, RecipeError for a code that is no plain word, MoveRefused for an unknown source.
    """
    require(by, "draft_instrument")
    list(Operation.objects.select_for_update())  # two planners at once do not take one number
    recipe = _published(source, by.operation)
    version = queries.next_version(kode)
    recipe = edit.named(recipe, kode, version)
    row = Instrument(kode=kode, version=version, drill=by.operation.drill, source=facts.full_key(source))
    row.drafted_by = row.changed_by = by.user
    row.drafted_at = row.changed_at = now
    _write(row, recipe)
    _record("instrument_drafted", row, row, by, now, source=row.source, digest=row.digest, drill=row.drill)
    return row


def _published(key: str, operation: Operation) -> Recipe:
    """A version that is not a draft and that the operation may use. Raises MoveRefused."""
    kode, _, version = facts.full_key(key).rpartition("/")
    rows = queries.usable_in(operation)
    row = rows.filter(kode=kode, version=version, published_at__isnull=False).first()
    if row is not None:
        return facts.recipe_in(row)
    found = facts.PRODUCT.get(facts.full_key(key))
    if found is None:
        raise MoveRefused("instrument_unpublished", key=key)
    return found


def _write(row: Instrument, recipe: Recipe) -> None:
    row.text = recipe.to_toml()
    row.digest, row.text_digest = recipe.digest, text_digest(row.text)
    row.save()


def _own(pk: uuid.UUID | str, by: Membership) -> Instrument:
    """The locked version, of the same kind as the operation of ``by``: no drill moves what live ones use.

    Raises Instrument.DoesNotExist for one of the other kind, as for one that is not there.
    """
    return Instrument.objects.select_for_update().get(pk=pk, drill=by.operation.drill)


def _record(
    kind: str,
    about: Instrument | Comparison | Retirement | None,
    row: Instrument,
    by: Membership,
    now: datetime,
    *,
    gone: Sequence[Model] = (),
    **more: object,
) -> None:
    """A line of the office's chain: which version, and the operation it was done from."""
    payload = {"key": row.key, "operation": by.operation.kode} | more
    record(kind, about, by=by, now=now, subject=row.key, payload=payload, gone=gone)


def _draft(pk: uuid.UUID | str, by: Membership, seen: str | None = None) -> Instrument:
    """The locked draft. ``seen``: text digest that the person looked at. Raises MoveRefused, Conflict."""
    require(by, "draft_instrument")
    row = _own(pk, by)
    if not row.draft:
        raise MoveRefused("instrument_frozen", key=row.key)
    if seen is not None and seen != row.text_digest:
        raise Conflict("draft", key=row.key)
    return row


@transaction.atomic
def change_draft(
    *,
    draft: uuid.UUID | str,
    change: Callable[[Recipe], Recipe],
    what: str,
    by: Membership,
    now: datetime,
    seen: str | None = None,
) -> Instrument:
    """One change of a draft, by a function of ``kondusif.instrument.edit``; ``what`` names it in the book.

    Raises whatever the core refuses (RecipeError): then nothing is saved.
    """
    row = _draft(draft, by, seen)
    recipe = change(facts.recipe_in(row))
    if recipe.to_toml() == row.text:
        return row
    row.changed_by, row.changed_at = by.user, now
    _write(row, recipe)
    _record("instrument_changed", row, row, by, now, what=what, digest=row.digest)
    return row


@transaction.atomic
def compare(
    *,
    draft: uuid.UUID | str,
    parent: str,
    judge: str,
    judgements: Mapping[Pair, float],
    by: Membership,
    now: datetime,
) -> Comparison:
    """One judge's comparison of every pair under a parent; it takes the place of the judge's former one.

    Raises RecipeError for a pair without a judgement, one off the scale, or a judge without a title.
    """
    row = _draft(draft, by)
    codes = edit.codes_under(facts.recipe_in(row), parent)
    pairwise.judge(codes, judgements)
    judge = required_text("hakim", judge, 60)
    made = Comparison.objects.select_for_update().filter(instrument=row, parent=parent, judge=judge).first()
    made = made or Comparison(instrument=row, parent=parent, judge=judge)
    made.judgements = {f"{a}/{b}": judgements[a, b] for a, b in pairwise.pairs(codes)}
    made.by, made.at = by.user, now
    made.save()
    _record("instrument_compared", made, row, by, now, parent=parent, pairs=len(made.judgements))
    return made


@transaction.atomic
def remove_comparison(*, comparison: uuid.UUID | str, by: Membership, now: datetime) -> None:
    """A judge's comparison taken out of a draft."""
    row = Comparison.objects.select_for_update().select_related("instrument").get(pk=comparison)
    draft = _draft(row.instrument_id, by)
    pk = row.pk
    row.delete()
    row.pk = pk
    _record("comparison_removed", None, draft, by, now, gone=[row], parent=row.parent)


@transaction.atomic
def take_comparisons(*, draft: uuid.UUID | str, parent: str, by: Membership, now: datetime) -> Instrument:
    """Weights of a parent from all judges together, at four decimals (method 8.8).

    Raises RecipeError when nobody compared every pair, or when the judges together contradict themselves
    beyond what is accepted: then weights are set as numbers, or the judgements are mended.
    """
    row = _draft(draft, by)
    together = queries.judges(row, facts.recipe_in(row), parent)["together"]
    if together is None:
        raise RecipeError("nobody compared every pair", why="no_judge")
    if not together.consistent:
        raise RecipeError("the judgements contradict each other", why="inconsistent", cr=together.cr)
    weights = pairwise.rounded(together.weights)
    return change_draft(
        draft=draft,
        change=lambda recipe: edit.with_weights(recipe, parent, weights),
        what=f"pairwise {parent}".strip(),
        by=by,
        now=now,
    )


@transaction.atomic
def discard_draft(*, draft: uuid.UUID | str, by: Membership, now: datetime) -> None:
    """A draft thrown away with its comparisons; the book remembers that it was there."""
    row = _draft(draft, by)
    gone = [*row.comparisons.all(), row]
    for each in gone:
        pk = each.pk
        each.delete()
        each.pk = pk  # the book names it
    _record("instrument_discarded", None, row, by, now, gone=gone)


@transaction.atomic
def publish_instrument(
    *, draft: uuid.UUID | str, reason: str, by: Membership, now: datetime, seen: str | None = None
) -> Instrument:
    """The second person publishes: no change in it is theirs. From then on the row is frozen.

    Raises NotAllowed for whoever worked on it, Conflict when the draft is another than the one seen.
    """
    require(by, "publish_instrument")
    row = _own(draft, by)
    if not row.draft:
        raise MoveRefused("instrument_published", key=row.key)
    if queries.worked_on(by, row):
        raise NotAllowed("same", permission="publish_instrument")
    if seen is not None and seen != row.text_digest:
        raise Conflict("draft", key=row.key)
    row.reason = required_text("alasan", reason, 400)
    row.published_by, row.published_at = by.user, now
    row.save()
    _record("instrument_published", row, row, by, now, digest=row.digest, text_digest=row.text_digest)
    return row


@transaction.atomic
def retire_instrument(
    *, instrument: uuid.UUID | str, reason: str, by: Membership, now: datetime
) -> Retirement:
    """A published version that may no longer come into force. One in force is replaced first, wherever it is;
    a drill that uses a live version hinders nobody."""
    require(by, "publish_instrument")
    row = _own(instrument, by)
    if row.draft or hasattr(row, "retirement"):
        raise MoveRefused("instrument_kept", key=row.key)
    if Operation.objects.filter(drill=row.drill, recipe=row.key).exists():  # where, it does not say
        raise MoveRefused("instrument_used", key=row.key)
    made = Retirement.objects.create(
        instrument=row, by=by.user, at=now, reason=required_text("alasan", reason, 400)
    )
    _record("instrument_retired", made, row, by, now)
    return made


@transaction.atomic
def enforce_instrument(
    *, operation: Operation, key: str, reason: str, by: Membership, now: datetime
) -> Enforcement:
    """From now on assessments use this version; what is published keeps the digest it was made with.

    Only by whom all villages of the operation are in the areas of. Raises MoveRefused for a draft, a retired
    or unknown version, or the one in force.
    """
    operation = operation.lock()
    require(by, "enforce_instrument")
    for kode in operation.desa.filter(memilih=True).order_by("kode").values_list("kode", flat=True):
        require(by, "enforce_instrument", kode)
    recipe, before = _published(key, operation), facts.full_key(operation.recipe)
    key = facts.full_key(key)
    if key == before:
        raise MoveRefused("instrument_in_force", key=key)
    if Retirement.objects.filter(instrument__kode=recipe.kode, instrument__version=recipe.version).exists():
        raise MoveRefused("instrument_retired", key=key)
    operation.recipe = key
    operation.save()
    made = Enforcement.objects.create(
        operation=operation,
        key=key,
        digest=recipe.digest,
        before=before,
        reason=required_text("alasan", reason, 400),
        by=by,
        at=now,
    )
    record(
        "instrument_enforced",
        operation,
        by=by,
        now=now,
        subject=key,
        payload={"key": key, "digest": recipe.digest, "before": before},
        rows=[made],
    )
    return made

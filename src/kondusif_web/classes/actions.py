"""Every write on answers, assessments and overrides."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from kondusif.answers.answer import answers_digest
from kondusif.classes.override import Override as CoreOverride
from kondusif.errors import Conflict, MoveRefused, NotAllowed
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of
from kondusif_web.accounts.roles import require
from kondusif_web.answers import facts as answers_facts
from kondusif_web.answers import queries as answers_queries
from kondusif_web.classes import facts as classes_facts
from kondusif_web.classes import queries as classes_queries
from kondusif_web.classes.models import Assessment, Override
from kondusif_web.election.models import Desa, Membership, Operation, Tps
from kondusif_web.instrument import facts as instrument_facts
from kondusif_web.logbook.actions import record
from kondusif_web.pages.texts import required_text


@transaction.atomic
def assess_operation(*, operation: Operation, by: Membership | None, now: datetime) -> tuple[Assessment, ...]:
    """A fresh draft for every voting desa in the person's areas; the draft before it goes.

    The Monte Carlo of each class perturbs answers as far as compared raters differ (method 9.4) and keeps it;
    items that nobody compared take the recipe's spread (method 2.10).
    """
    operation = operation.lock()
    if by is not None:
        require(by, "publish_class")
    recipe = instrument_facts.recipe_of(operation.recipe)
    day, stage = answers_facts.today(operation, now), answers_facts.stage_of(operation, now)
    drafts = []
    noise = classes_facts.noise(recipe, answers_queries.rater_noise(operation))
    for desa in answers_queries.voting(operation, by).prefetch_related("tps"):
        answers = answers_queries.answers(operation, desa.kode, day)
        last = classes_queries.published(operation, desa.kode)
        made, results = classes_facts.assess_desa(
            recipe, answers, desa.kode, [t.kode for t in desa.tps.all()], day, stage, last, noise
        )
        old = list(Assessment.objects.filter(desa=desa, number__isnull=True))
        Assessment.objects.filter(pk__in=[row.pk for row in old]).delete()
        draft = Assessment.objects.create(
            operation=operation,
            desa=desa,
            on=day,
            stage=stage,
            level=made.level,
            force_level=made.force_level,
            results=results,
            recipe=f"{recipe.kode}/{recipe.version}",
            recipe_digest=made.recipe_digest,
            answers_digest=made.answers_digest,
            answer_ids=sorted(made.answer_ids),
            code_version=classes_facts.code_version(),
            made_at=now,
            made_by=by,
        )
        record(
            "class_assessed",
            draft,
            by=by,
            now=now,
            payload={
                "on": day,
                "stage": stage,
                "level": made.level,
                "recipe": made.recipe_digest,
                "answers": made.answers_digest,
            },
            gone=old,
        )
        drafts.append(draft)
    return tuple(drafts)


@transaction.atomic
def publish_assessments(
    *, operation: Operation, by: Membership | None, now: datetime, seen: Collection[str] | None = None
) -> tuple[Assessment, ...]:
    """Publishes every draft in the person's areas that has a class. One without any stays a draft.

    ``seen``: ids of the drafts the person looked at. Raises Conflict when a draft is another than seen, or
    when answers came, the day turned or another instrument came into force after it was made: nobody
    publishes what they have not seen. MoveRefused when there is nothing to publish.
    """
    operation = operation.lock()
    if by is not None:
        require(by, "publish_class")
    day, recipe = answers_facts.today(operation, now), instrument_facts.recipe_of(operation.recipe)
    rows = []
    for desa in answers_queries.voting(operation, by):
        draft = Assessment.objects.select_for_update().filter(desa=desa, number__isnull=True).first()
        if draft is None or draft.level is None:
            continue
        if (seen is not None and str(draft.pk) not in seen) or _outdated(draft, operation, desa, recipe, day):
            raise Conflict("draft", desa=desa.kode)
        last = classes_queries.published(operation, desa.kode)
        before = last.level if last else None
        draft.number = (last.number or 0) + 1 if last else 1
        draft.published_at, draft.published_by = now, by
        draft.save()
        record(
            "class_published",
            draft,
            by=by,
            now=now,
            payload={"number": draft.number, "level": draft.level, "before": before},
        )
        rows.append(draft)
    if not rows:
        raise MoveRefused("nothing_to_publish", operation=operation.kode)
    return tuple(rows)


def _outdated(draft: Assessment, operation: Operation, desa: Desa, recipe: Recipe, day: date) -> bool:
    """Whether it would come out otherwise now: another instrument, day, answer or station."""
    if draft.recipe_digest != recipe.digest or draft.on != day:
        return True
    known = answers_queries.answers(operation, desa.kode, day)
    if draft.answers_digest != answers_digest(a for a in known if a.on <= draft.on):
        return True
    return set(draft.results["tps"]) != set(desa.tps.values_list("kode", flat=True))


@transaction.atomic
def override_class(
    *,
    operation: Operation,
    place: str,
    human: int,
    reason: str,
    until: datetime,
    by: Membership,
    now: datetime,
) -> Override:
    """The commander's class beside the machine's (RULES 7). What lowers waits for a second person.

    Raises NotAllowed, MoveRefused where nothing is published or nothing would change, TextRefused for a
    reason that is missing or holds words never kept.
    """
    require(by, "override_class", place)
    row = classes_queries.published(operation, desa_of(place))
    machine = classes_queries.machine_level(row, place) if row else None
    stands = Tps.objects if place != desa_of(place) else Desa.objects
    if row is None or machine is None or not stands.filter(operation=operation, kode=place).exists():
        raise MoveRefused("class_unpublished", place=place)
    reason = required_text("alasan", reason, most=400)
    CoreOverride(place, machine, human, reason, by.username, now, until)
    made = Override.objects.create(
        operation=operation,
        assessment=row,
        place=place,
        machine=machine,
        human=human,
        reason=reason,
        by=by,
        at=now,
        until=until,
    )
    record(
        "class_overridden",
        made,
        by=by,
        now=now,
        payload={"place": place, "machine": machine, "human": human, "until": until},
    )
    return made


@transaction.atomic
def confirm_override(
    *, operation: Operation, override: uuid.UUID | str, by: Membership, now: datetime
) -> Override:
    """The second person of an override that lowers: not the first one, and in time."""
    rows = Override.objects.select_for_update().select_related("operation")
    row = rows.get(operation=operation, pk=override)
    require(by, "second_override", row.place)
    if by.pk == row.by_id:
        raise NotAllowed("same", permission="second_override", kode=row.place)
    if not classes_queries.waits_for_second(row, now):
        raise MoveRefused("override_settled", override=str(row.pk))
    row.second, row.second_at = by, now
    row.save()
    record(
        "override_confirmed",
        row,
        by=by,
        now=now,
        payload={"place": row.place, "machine": row.machine, "human": row.human},
    )
    return row

"""Raters compared, joint reviews opened and lapsed (method 9.3). Called by the door of answers."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from kondusif.answers.agreement import SYSTEM, RatedItem, contested, risk_of
from kondusif.answers.answer import Answer as CoreAnswer
from kondusif.classes.score import answer_log
from kondusif.places import desa_of
from kondusif.words import N_
from kondusif_web.answers import queries
from kondusif_web.answers.facts import HELD, row_of, today
from kondusif_web.answers.models import Answer, Review, Round
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.logbook.actions import record

HELD_WORDS = N_("Ditahan sampai penilaian bersama selesai")


@transaction.atomic
def compare_raters(row: Round, *, by: Membership | None, now: datetime) -> tuple[Review, ...]:
    """Reviews for what the raters of the running round disagree on now; those that no longer do lapse.

    The caller has checked who may bring answers. Gives the reviews that it opened.
    """
    operation = row.operation
    recipe = recipe_of(operation.recipe)
    found = {(r.place, r.item): r for r in contested(queries.round_answers(row), recipe.by_id)}
    opened = []
    for review in Review.objects.select_for_update().filter(operation=operation, state="open"):
        key = review.place, review.item
        there = found.get(key)
        if review.round_id != row.pk or (there and {a.id for a in there.answers} == set(review.answers)):
            found.pop(key, None)  # waits already, also from a round before
        else:
            _lapse(review, by=by, now=now)
    for rated in found.values():
        opened.append(_open(row, rated, by=by, now=now))
    return tuple(opened)


def _open(row: Round, rated: RatedItem, *, by: Membership | None, now: datetime) -> Review:
    operation = row.operation
    review = Review(
        operation=operation,
        round=row,
        place=rated.place,
        item=rated.item,
        answers=[a.id for a in rated.answers],
        raters=[a.rater for a in rated.answers],
        opened_at=now,
    )
    held = _hold(operation, review, rated, now)
    review.held = held.client_id if held else ""
    review.save()
    record(
        "review_opened",
        review,
        by=by,
        now=now,
        kode_desa=desa_of(rated.place),
        payload={"place": rated.place, "item": rated.item, "answers": review.answers, "held": review.held},
        rows=[held] if held else [],
    )
    return review


def _current(
    operation: Operation, place: str, item: str, now: datetime, without: str = ""
) -> CoreAnswer | None:
    recipe, day = recipe_of(operation.recipe), today(operation, now)
    known = [a for a in queries.answers(operation, desa_of(place)) if a.id != without]
    return answer_log(recipe, known, day).latest(place, item)


def _hold(operation: Operation, review: Review, rated: RatedItem, now: datetime) -> Answer | None:
    """A copy of the riskier answer under the day of the calmer one, where that one would stand alone."""
    latest = _current(operation, rated.place, rated.item, now)
    riskiest = rated.answers[0]
    indicator = recipe_of(operation.recipe).by_id.get(rated.item)
    if latest is None or (latest.id not in review.answers and latest.rater != SYSTEM):
        return None
    if risk_of(latest, indicator) >= risk_of(riskiest, indicator):
        return None
    return _system_answer(operation, review, riskiest, latest, "tahan", now=now)


def _system_answer(
    operation: Operation,
    review: Review,
    like: CoreAnswer,
    day: CoreAnswer,
    what: str,
    *,
    now: datetime,
    corrects: str = "",
) -> Answer:
    held = replace(
        like,
        id=str(uuid.uuid5(review.pk, what)),
        on=day.on,
        source=HELD_WORDS,
        rater=SYSTEM,
        corrects=corrects,
    )
    row = row_of(operation, held, channel=HELD, by=None, now=now)
    row.save(force_insert=True)
    return row


def _lapse(review: Review, *, by: Membership | None, now: datetime) -> None:
    """Nothing differs any more: what was held gives way to what stands without it."""
    rows: list[Answer] = []
    if review.held:
        stands = _current(review.operation, review.place, review.item, now, without=review.held)
        if stands is not None:
            rows.append(
                _system_answer(
                    review.operation, review, stands, stands, "lepas", now=now, corrects=review.held
                )
            )
    review.state, review.ended_at, review.ended_by = Review.State.LAPSED, now, by
    review.save()
    record(
        "review_lapsed",
        review,
        by=by,
        now=now,
        payload={"place": review.place, "item": review.item},
        rows=rows,
    )


def agreed_answers(review: Review, agreed: CoreAnswer, reason: str) -> tuple[CoreAnswer, ...]:
    """One answer for each that the review replaces, all of one day and content (RULES 26, method 9.3).

    ``agreed``: the value of today. Replaced are the ratings, and whatever else stands there of this very day,
    such as what was held: of one day the riskier would stand beside what was agreed.
    """
    there = Answer.objects.filter(operation=review.operation, place=review.place, item=review.item)
    corrected = set(there.exclude(corrects="").values_list("corrects", flat=True))
    today = set(there.filter(on__gte=agreed.on).values_list("client_id", flat=True))
    return tuple(
        replace(
            agreed,
            id=str(uuid.uuid5(review.pk, f"sepakat/{key}")),
            source=f"Penilaian bersama: {reason.strip()}"[:240],
            rater=" & ".join(review.raters)[:120],
            corrects=key,
        )
        for key in sorted({*review.answers, *today} - corrected)
    )

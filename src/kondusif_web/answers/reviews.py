"""Raters compared, joint reviews opened, settled and lapsed (method 9.3). Called wherever answers come in."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from kondusif.errors import ImportRefused, MoveRefused, NotAllowed, Problem
from kondusif.measure.agreement import SYSTEM, Rated, contested, risk_of
from kondusif.measure.answers import Answer as CoreAnswer
from kondusif.measure.answers import Given
from kondusif.measure.banned import scan
from kondusif.measure.score import book_of
from kondusif.places import desa_of
from kondusif.words import N_
from kondusif_web.accounts.roles import require
from kondusif_web.answers import actions as vulnerability
from kondusif_web.answers import facts
from kondusif_web.answers import facts as answers_facts
from kondusif_web.answers import queries as answers_of
from kondusif_web.answers.models import Answer, Review, Round
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument import facts as instrument_facts
from kondusif_web.logbook.actions import record

CALMER = N_("lebih tenang dari semua penilaian")


HELD_WORDS = N_("Ditahan sampai penilaian bersama selesai")


@transaction.atomic
def compare_raters(*, operation: Operation, by: Membership | None, now: datetime) -> tuple[Review, ...]:
    """Reviews for what the raters of the running round disagree on now; those that no longer do lapse.

    The caller has checked who may bring answers. Gives the reviews that it opened; none without a round.
    """
    row = facts.running(operation)
    if row is None:
        return ()
    recipe = instrument_facts.recipe_of(operation.recipe)
    found = {(r.place, r.item): r for r in contested(round_answers(row), recipe.by_id)}
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


def round_answers(row: Round) -> tuple[CoreAnswer, ...]:
    """Answers recorded while a round ran, what the plan says aside.

    What settles a review of an earlier round is no rating of this one.
    """
    rows = Answer.objects.filter(operation=row.operation, recorded_at__gte=row.opened_at)
    if row.closed_at:
        rows = rows.filter(recorded_at__lte=row.closed_at)
    found = list(rows.exclude(channel=answers_facts.PLAN_CHANNEL))
    here = {a.client_id for a in found}
    return tuple(answers_facts.answer_of(a) for a in found if a.channel != facts.JOINT or a.corrects in here)


def _open(row: Round, rated: Rated, *, by: Membership | None, now: datetime) -> Review:
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
        by=by,
        now=now,
        operation=operation,
        kode_desa=desa_of(rated.place),
        subject=review.pk,
        payload={"place": rated.place, "item": rated.item, "answers": review.answers, "held": review.held},
        rows=[review, *([held] if held else [])],
    )
    return review


def _standing(
    operation: Operation, place: str, item: str, now: datetime, without: str = ""
) -> CoreAnswer | None:
    recipe, day = instrument_facts.recipe_of(operation.recipe), answers_facts.today(operation, now)
    known = [a for a in answers_of.answers(operation, desa_of(place)) if a.id != without]
    return book_of(recipe, known, day).latest(place, item)


def _hold(operation: Operation, review: Review, rated: Rated, now: datetime) -> Answer | None:
    """A copy of the riskier answer under the day of the calmer one, where that one would stand alone."""
    latest = _standing(operation, rated.place, rated.item, now)
    riskiest = rated.answers[0]
    indicator = instrument_facts.recipe_of(operation.recipe).by_id.get(rated.item)
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
    return Answer.objects.create(
        client_id=str(uuid.uuid5(review.pk, what)),
        operation=operation,
        place=like.place,
        item=like.item,
        value=like.value,
        word=like.word,
        given=like.given.value,
        on=day.on,
        source=HELD_WORDS,
        rater=SYSTEM,
        corrects=corrects,
        channel=facts.HELD,
        occurred_at=datetime.combine(day.on, time(), ZoneInfo(operation.tz)),
        recorded_at=now,
        by=None,
    )


def _lapse(review: Review, *, by: Membership | None, now: datetime) -> None:
    """Nothing differs any more: what was held gives way to what stands without it."""
    rows: list[Answer] = []
    if review.held:
        stands = _standing(review.operation, review.place, review.item, now, without=review.held)
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
        by=by,
        now=now,
        operation=review.operation,
        kode_desa=desa_of(review.place),
        subject=review.pk,
        payload={"place": review.place, "item": review.item},
        rows=[review, *rows],
    )


def agreed_answers(
    review: Review, *, value: float | None, word: str, given: str, reason: str, now: datetime
) -> tuple[CoreAnswer, ...]:
    """One answer for each that the review replaces, all of one day and content (RULES 26, method 9.3).

    Replaced are the ratings, and whatever else stands there of this very day, such as what was held: of one
    day the riskier would stand beside what was agreed.
    """
    day = answers_facts.today(review.operation, now)
    there = Answer.objects.filter(operation=review.operation, place=review.place, item=review.item)
    corrected = set(there.exclude(corrects="").values_list("corrects", flat=True))
    today = set(there.filter(on__gte=day).values_list("client_id", flat=True))
    names = " & ".join(review.raters)[:120]
    return tuple(
        CoreAnswer(
            id=str(uuid.uuid5(review.pk, f"sepakat/{key}")),
            place=review.place,
            item=review.item,
            value=value,
            word=word,
            given=Given(given),
            on=day,
            source=f"Penilaian bersama: {reason.strip()}"[:240],
            rater=names,
            corrects=key,
        )
        for key in sorted({*review.answers, *today} - corrected)
    )


@transaction.atomic
def settle_review(
    *,
    operation: Operation,
    review: uuid.UUID,
    value: float | None,
    word: str,
    given: str,
    reason: str,
    by: Membership,
    now: datetime,
) -> Review:
    """The value that the raters agreed on, recorded by somebody who is none of them.

    The same again is accepted once. Raises NotAllowed, MoveRefused for a review that ended otherwise,
    ImportRefused for a reason that is missing or holds words never kept, or a value calmer than every rating.
    """
    there = Review.objects.select_related("operation").filter(operation=operation)
    require(by, "settle_review", there.get(pk=review).place)
    Operation.objects.select_for_update().get(pk=operation.pk)
    row = there.select_for_update(of=("self",)).get(pk=review)
    if by.username in row.raters:
        raise NotAllowed("a rater settles nothing alone", deed="settle_review", why="rater")
    if problems := _reasons(reason):
        raise ImportRefused(problems)
    if row.state == Review.State.OPEN:
        _look_at_calming(row, value=value, word=word, given=given, by=by, now=now)
    if row.state != Review.State.OPEN:
        if row.state == Review.State.SETTLED and _same(row, value, word, given, reason):
            return row
        raise MoveRefused("review_ended", place=row.place)
    answers = agreed_answers(row, value=value, word=word, given=given, reason=reason, now=now)
    vulnerability.import_answers(
        operation=row.operation, answers=answers, by=by, now=now, channel=facts.JOINT, deed="settle_review"
    )
    row.state, row.reason = Review.State.SETTLED, reason.strip()
    row.agreed = [a.id for a in answers]
    row.ended_at, row.ended_by = now, by
    row.save()
    record(
        "review_settled",
        by=by,
        now=now,
        operation=row.operation,
        kode_desa=desa_of(row.place),
        subject=row.pk,
        payload={"place": row.place, "item": row.item, "agreed": row.agreed, "raters": row.raters},
        rows=[row],
    )
    return row


def _look_at_calming(
    row: Review, *, value: float | None, word: str, given: str, by: Membership, now: datetime
) -> None:
    """Nobody calms alone (RULES 2, 7): not below every rating, and not over answers that one brought oneself.

    Raises ImportRefused for a value calmer than the calmest rating, NotAllowed where the person who brought
    one of the answers would settle below the riskiest.
    """
    indicator = instrument_facts.recipe_of(row.operation.recipe).by_id.get(row.item)
    rated = Answer.objects.filter(operation=row.operation, client_id__in=row.answers)
    risks = [risk_of(answers_facts.answer_of(a), indicator) for a in rated]
    day = answers_facts.today(row.operation, now)
    told = CoreAnswer("sepakat", row.place, row.item, value, word, Given(given), day, "", "")
    agreed = risk_of(told, indicator)
    if agreed < min(risks):
        expected = N_("nilai di antara penilaian yang ada; pengamatan baru diisi sebagai jawaban")
        raise ImportRefused([Problem("penilaian bersama", "", None, "nilai", CALMER, expected)])
    if agreed < max(risks) and rated.filter(by=by).exists():
        raise NotAllowed(
            "who brought the answers does not calm them alone", deed="settle_review", why="rater"
        )


def _same(row: Review, value: float | None, word: str, given: str, reason: str) -> bool:
    agreed = Answer.objects.filter(operation=row.operation, client_id__in=row.agreed).first()
    return agreed is not None and (agreed.value, agreed.word, agreed.given, row.reason) == (
        value,
        word,
        given,
        reason.strip(),
    )


def _reasons(reason: str) -> list[Problem]:
    if not reason.strip():
        return [
            Problem("penilaian bersama", "", None, "alasan", "kosong", N_("alasan nilai yang disepakati"))
        ]
    return [
        Problem("penilaian bersama", "", None, "alasan", b.word, vulnerability.CLEAN_TEXT)
        for b in scan(reason)
    ]

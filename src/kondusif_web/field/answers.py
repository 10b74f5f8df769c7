"""Answers taken through the field: a new D05 to D07 fact re-opens its village (RULES 14)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from kondusif.errors import ImportRefused, Problem
from kondusif.incidents import KIND_OF_INDICATOR
from kondusif.measure.answers import Answer, distinct
from kondusif.places import desa_of
from kondusif.standby import LADDER
from kondusif.withdraw import BadNews
from kondusif_web.accounts.models import User
from kondusif_web.election.models import Operation
from kondusif_web.field.models import PostureRow
from kondusif_web.field.posture import locked, reopen_if_bad
from kondusif_web.rounds import actions as rounds
from kondusif_web.rounds import reviews
from kondusif_web.rounds.alone import EXPECTED, over_others
from kondusif_web.rounds.facts import Told, answers_of
from kondusif_web.rounds.models import Review
from kondusif_web.vulnerability import actions as vulnerability
from kondusif_web.vulnerability import queries as vulnerability_queries
from kondusif_web.vulnerability.actions import Imported

FIELD = {"mengoreksi": "corrects", "penilai": "rater"}  # column of a file to field of an answer


@transaction.atomic
def import_answers(
    *,
    operation: Operation,
    answers: Iterable[Answer],
    by: User,
    now: datetime,
    channel: str = "xlsx",
    file: str = "jawaban",
) -> Imported:
    """As ``vulnerability.actions.import_answers``; then back to stand-by where one tells bad news.

    Raises ImportRefused also for what would calm over the heads of others (``rounds.alone``).
    """
    coming = distinct(answers)
    operation = Operation.objects.select_for_update().get(pk=operation.pk)
    if found := over_others(operation, coming, by):
        raise ImportRefused(
            [
                Problem(
                    file, "jawaban", None, column, f"{getattr(a, FIELD[column])} ({a.place} {a.item})", say
                )
                for a, column in found
                for say in (EXPECTED[column],)
            ]
        )
    with _watching(operation, coming, by, now):
        return vulnerability.import_answers(
            operation=operation, answers=coming, by=by, now=now, channel=channel, file=file
        )


@transaction.atomic
def answer_items(
    *, operation: Operation, place: str, told: Sequence[Told], by: User, now: datetime
) -> rounds.Taken:
    """As ``rounds.actions.answer_items``, watched in the same way."""
    with _watching(operation, answers_of(place, told, by), by, now):
        return rounds.answer_items(operation=operation, place=place, told=told, by=by, now=now)


@transaction.atomic
def settle_review(
    *, review: Review, value: float | None, word: str, given: str, reason: str, by: User, now: datetime
) -> Review:
    """As ``rounds.reviews.settle_review``: people may agree on worse than either saw."""
    agreed = reviews.agreed_answers(review, value=value, word=word, given=given, reason=reason, now=now)
    with _watching(review.operation, agreed, by, now):
        return reviews.settle_review(
            review=review.pk, value=value, word=word, given=given, reason=reason, by=by, now=now
        )


@contextmanager
def _watching(operation: Operation, coming: Iterable[Answer], by: User, now: datetime) -> Iterator[None]:
    """Answers come in: raters are compared (method 9.3), and bad news re-opens (RULES 14).

    Only villages that have stepped down are concerned; they are locked before the first line in the book.
    """
    coming = tuple(coming)
    down = PostureRow.objects.filter(
        operation=operation, state__in=LADDER, desa__kode__in={desa_of(a.place) for a in coming}
    )
    places = [row.desa for row in down.select_related("desa__operation").order_by("desa__kode")]
    news = {desa: found for desa in places if (found := _news(operation, desa.kode, coming))}
    for desa in news:
        locked(desa, by=by, now=now)
    yield
    reviews.compare_raters(operation=operation, by=by, now=now)
    for desa, found in news.items():
        reopen_if_bad(desa, found, by=by, now=now)


def _news(operation: Operation, desa: str, coming: Iterable[Answer]) -> BadNews | None:
    """The first fact of a village that says more than was known of the same place and item before."""
    here = vulnerability_queries.answers(operation, desa)
    ids = {a.id for a in here}
    for a in coming:
        kind = KIND_OF_INDICATOR.get(a.item)
        if kind is None or a.id in ids or not a.value or desa_of(a.place) != desa:
            continue
        known = [b for b in here if (b.place, b.item) == (a.place, a.item) and b.value is not None]
        before = max(known, key=lambda b: (b.on, b.value or 0.0)).value if known else 0.0
        if a.value > (before or 0.0):
            at = datetime.combine(a.on, time(), ZoneInfo(operation.tz))
            return BadNews(a.id, kind.kode, at, None, desa, severity=kind.least)
    return None

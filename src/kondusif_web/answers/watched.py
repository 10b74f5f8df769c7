"""Answers taken through the field: a new D05 to D07 fact re-opens its village (RULES 14)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from kondusif.errors import ImportRefused, Problem
from kondusif.incidents import KIND_OF_INDICATOR
from kondusif.measure.answers import Answer, distinct
from kondusif.measure.last_vote import ATTACKS, Known, Vote, known
from kondusif.places import desa_of
from kondusif.standby import LADDER
from kondusif.withdraw import BadNews
from kondusif_web.answers import actions as vulnerability
from kondusif_web.answers import answering as rounds
from kondusif_web.answers import queries as vulnerability_queries
from kondusif_web.answers import reviews
from kondusif_web.answers.actions import Imported
from kondusif_web.answers.alone import EXPECTED, over_others
from kondusif_web.answers.facts import Told, answers_of
from kondusif_web.answers.models import Review
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import finished
from kondusif_web.posts.models import PostureRow
from kondusif_web.posts.posture import locked, reopen_if_bad
from kondusif_web.reports.models import Incident, Report

FIELD = {"mengoreksi": "corrects", "penilai": "rater"}  # column of a file to field of an answer


@transaction.atomic
def import_answers(
    *,
    operation: Operation,
    answers: Iterable[Answer],
    by: Membership,
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
    *, operation: Operation, place: str, told: Sequence[Told], by: Membership, now: datetime
) -> rounds.Taken:
    """As ``rounds.actions.answer_items``, watched in the same way."""
    with _watching(operation, answers_of(place, told, by), by, now):
        return rounds.answer_items(operation=operation, place=place, told=told, by=by, now=now)


@transaction.atomic
def settle_review(
    *,
    operation: Operation,
    review: Review,
    value: float | None,
    word: str,
    given: str,
    reason: str,
    by: Membership,
    now: datetime,
) -> Review:
    """As ``rounds.reviews.settle_review``: people may agree on worse than either saw."""
    agreed = reviews.agreed_answers(review, value=value, word=word, given=given, reason=reason, now=now)
    with _watching(operation, agreed, by, now):
        return reviews.settle_review(
            operation=operation,
            review=review.pk,
            value=value,
            word=word,
            given=given,
            reason=reason,
            by=by,
            now=now,
        )


def last_votes(operation: Operation, desa: str) -> Mapping[str, Known]:
    """What earlier operations of the office know of a village, by item; nothing for a station."""
    return known([_vote(past, desa) for past in finished(operation) if _voted(past, desa)])


def _voted(past: Operation, desa: str) -> bool:
    return past.desa.filter(kode=desa, memilih=True).exists()


def _vote(past: Operation, desa: str) -> Vote:
    incidents = Incident.objects.filter(operation=past, desa=desa)
    mended = incidents.filter(corrects__isnull=False).values("corrects")
    election = election_of(past)
    closes = election.vote_at + timedelta(hours=election.pack.poll_hours)
    spoken = Report.objects.filter(operation=past, desa=desa, occurred_at__gte=closes)
    at = PostureRow.objects.filter(operation=past, desa__kode=desa).first()
    return Vote(
        operation=past.kode,
        attacks=incidents.filter(kind__in=ATTACKS).exclude(client_id__in=mended).count(),
        heard=spoken.exclude(kind=Report.Kind.TIBA).exists(),
        dispute=at.dispute if at else "unknown",
    )


@contextmanager
def _watching(
    operation: Operation, coming: Iterable[Answer], by: Membership, now: datetime
) -> Iterator[None]:
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

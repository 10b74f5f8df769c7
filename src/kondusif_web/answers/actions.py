"""The one door of answers, whichever way they come, and the settling of a joint review."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kondusif.answers.agreement import risk_of
from kondusif.answers.answer import Answer as CoreAnswer
from kondusif.answers.answer import Given, answers_digest, distinct
from kondusif.answers.check import Fault, UnansweredItem
from kondusif.errors import Conflict, MoveRefused, NotAllowed
from kondusif.incidents import KIND_OF_INDICATOR, news
from kondusif.places import desa_of
from kondusif.standby import LADDER
from kondusif.withdraw import IncidentFact
from kondusif_web.accounts.roles import require
from kondusif_web.answers import queries, reviews
from kondusif_web.answers.checks import AnswersRefused, faults_of, refuse_circles
from kondusif_web.answers.facts import (
    DIALOGUE_CHANNEL,
    FILE,
    FORM,
    JOINT,
    PLAN_CHANNEL,
    answer_of,
    row_of,
    running,
    start_of,
    today,
)
from kondusif_web.answers.models import Answer, NotKnown, Review
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.logbook.actions import record
from kondusif_web.posts.models import PostureRow
from kondusif_web.posts.posture import lock_village, reopen_if_bad

CHANNEL_PERMISSIONS: Mapping[str, str] = {  # what a person must be allowed who brings answers this way
    FORM: "answer_items",
    PLAN_CHANNEL: "approve_plan",
    DIALOGUE_CHANNEL: "publish_class",
    JOINT: "settle_review",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """How many answers were new, how many were here with the same content; codes of villages re-opened."""

    new: int
    same: int
    reopened: tuple[str, ...] = ()


@transaction.atomic
def take_answers(
    *,
    operation: Operation,
    answers: Iterable[CoreAnswer],
    by: Membership | None,
    now: datetime,
    channel: str = FILE,
    file: str = "jawaban",
    asked: Iterable[UnansweredItem] = (),
) -> Receipt:
    """All of them or none. Raters who differ are put before each other, and bad news re-opens a village.

    ``by`` None only from the command line; ``channel`` the way they came, ``file`` its name; ``asked``: what
    somebody asked and does not know yet. Raises NotAllowed for another role or a place outside the areas,
    Conflict for an id that has other content and for corrections that go round or astray, AnswersRefused
    with every fault of an answer that is new.
    """
    operation = operation.lock()
    coming, asked = distinct(answers), tuple(asked)
    if by is not None:
        _require(by, CHANNEL_PERMISSIONS.get(channel, "import_answers"), {a.place for a in (*coming, *asked)})
    new, unknown = _new(operation, coming), _new_asked(operation, asked)
    _refuse_crossed(operation, coming, asked)
    if found := faults_of(operation, new, by=by, now=now, channel=channel, asked=unknown):
        raise AnswersRefused(found, file)
    refuse_circles(operation, new, now)
    if not new and not unknown:
        return Receipt(0, len(coming) + len(asked))
    bad = _bad_news(operation, new)
    for desa in bad:  # locked before the first line in the book
        lock_village(desa, by=by, now=now)
    made = Answer.objects.bulk_create(row_of(operation, a, channel=channel, by=by, now=now) for a in new)
    runs = running(operation)
    tried = [
        NotKnown.objects.create(
            client_id=a.id,
            operation=operation,
            place=a.place,
            item=a.item,
            note=a.source,
            on=a.on,
            by=by,
            at=now,
        )
        for a in unknown
    ]
    _record(operation, new, unknown, [*made, *tried], by, now, channel, runs.gate if runs else "")
    if runs is not None:
        reviews.compare_raters(runs, by=by, now=now)
    reopened = [desa.kode for desa, fact in bad.items() if reopen_if_bad(desa, fact, by=by, now=now)]
    same = len(coming) + len(asked) - len(new) - len(unknown)
    return Receipt(len(new) + len(unknown), same, tuple(reopened))


def _require(by: Membership, permission: str, places: Iterable[str]) -> None:
    require(by, permission)
    for place in sorted(places):
        require(by, permission, place)


def _new(operation: Operation, coming: Sequence[CoreAnswer]) -> list[CoreAnswer]:
    """Those that are not here. Raises Conflict for an id that is here with other content (RULES 26)."""
    there = queries.answers_by_id(operation, (a.id for a in coming))
    for a in coming:
        if a.id in there and answer_of(there[a.id]) != a:
            raise Conflict(answer=a.id)
    return [a for a in coming if a.id not in there]


def _new_asked(operation: Operation, asked: Sequence[UnansweredItem]) -> list[UnansweredItem]:
    """The same for what is not known yet."""
    rows = NotKnown.objects.filter(operation=operation, client_id__in=[a.id for a in asked])
    there = {
        str(row.client_id): UnansweredItem(
            str(row.client_id), row.place, row.item, row.on, row.note, row.by.username
        )
        for row in rows.select_related("by__user")
    }
    for a in asked:
        if there.get(a.id, a) != a:
            raise Conflict(answer=a.id)
    return [a for a in asked if a.id not in there]


def _refuse_crossed(
    operation: Operation, coming: Sequence[CoreAnswer], asked: Sequence[UnansweredItem]
) -> None:
    """One id is either of an answer or of what is not known."""
    ids = [a.id for a in coming if _is_uuid(a.id)]
    crossed = {str(row.client_id) for row in NotKnown.objects.filter(operation=operation, client_id__in=ids)}
    crossed |= set(queries.answers_by_id(operation, (a.id for a in asked)))
    if crossed:
        raise Conflict(answer=min(crossed))


def _is_uuid(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


def _bad_news(operation: Operation, new: Sequence[CoreAnswer]) -> dict[Desa, IncidentFact]:
    """Villages that have stepped down, each with the first fact that is bad news there (RULES 14)."""
    codes = {desa_of(a.place) for a in new if a.item in KIND_OF_INDICATOR}
    rows = PostureRow.objects.filter(operation=operation, state__in=LADDER, desa__kode__in=codes)
    out = {}
    for row in rows.select_related("desa__operation").order_by("desa__kode"):
        kode = row.desa.kode
        a = news(queries.answers(operation, kode), [a for a in new if desa_of(a.place) == kode])
        if a is not None:
            kind, at = KIND_OF_INDICATOR[a.item], start_of(operation, a.on)
            out[row.desa] = IncidentFact(a.id, kind.code, at, None, kode, severity=kind.least)
    return out


def _record(
    operation: Operation,
    new: Sequence[CoreAnswer],
    unknown: Sequence[UnansweredItem],
    rows: Sequence[Answer | NotKnown],
    by: Membership | None,
    now: datetime,
    channel: str,
    gate: str,
) -> None:
    """The one line of what came; ``gate`` of the round that runs, if any."""
    places = sorted({a.place for a in (*new, *unknown)})
    desa = {desa_of(place) for place in places}
    digest = answers_digest(new)
    record(
        "answers_taken",
        by=by,
        now=now,
        operation=operation,
        kode_desa=desa.pop() if len(desa) == 1 else "",
        subject=places[0] if len(places) == 1 else digest[:16],
        payload={
            "count": len(new),
            "places": places,
            "items": sorted({a.item for a in new}),
            "not_known": sorted({a.item for a in unknown}),
            "channel": channel,
            "round": gate,
            "digest": digest,
        },
        rows=rows,
    )


# ---------------------------------------------------------------- what raters agree on


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
    AnswersRefused for a reason that is missing or holds words never kept, and for a value that cannot be or
    is calmer than every rating.
    """
    there = Review.objects.select_related("operation").filter(operation=operation)
    require(by, "settle_review", there.get(pk=review).place)
    operation.lock()
    row = there.select_for_update(of=("self",)).get(pk=review)
    if by.username in row.raters:
        raise NotAllowed("rater", permission="settle_review", kode=row.place)
    if row.state == Review.State.SETTLED and _same(row, value, word, given, reason):
        return row
    if row.state != Review.State.OPEN:
        raise MoveRefused("review_ended", place=row.place)
    day = today(operation, now)
    agreed_answer = CoreAnswer("sepakat", row.place, row.item, value, word, Given(given), day, "", "")
    _refuse_lowering(row, agreed_answer, reason, by)
    answers = reviews.agreed_answers(row, agreed_answer, reason)
    row.state, row.reason = Review.State.SETTLED, reason.strip()
    row.agreed = [a.id for a in answers]
    row.ended_at, row.ended_by = now, by
    row.save()
    take_answers(operation=operation, answers=answers, by=by, now=now, channel=JOINT, file="bersama")
    record(
        "review_settled",
        row,
        by=by,
        now=now,
        payload={"place": row.place, "item": row.item, "agreed": row.agreed, "raters": row.raters},
    )
    return row


def _refuse_lowering(row: Review, agreed_answer: CoreAnswer, reason: str, by: Membership) -> None:
    """Lowering needs a second rater (RULES 2, 7): not below every rating, not over one's own answers.

    Raises AnswersRefused, also for a reason that is missing; NotAllowed where the person who brought one of
    the answers would settle below the riskiest.
    """
    indicator = recipe_of(row.operation.recipe).by_id.get(row.item)
    rated = Answer.objects.filter(operation=row.operation, client_id__in=row.answers)
    risks, agreed = [risk_of(answer_of(a), indicator) for a in rated], risk_of(agreed_answer, indicator)
    found = [] if reason.strip() else [Fault(agreed_answer, "reason", "reason_missing", "kosong")]
    if agreed < min(risks):
        found.append(
            Fault(
                agreed_answer,
                "value",
                "calmer_than_all",
                agreed_answer.word or f"{agreed_answer.value or 0:g}",
            )
        )
    if found:
        raise AnswersRefused(found, "bersama")
    if agreed < max(risks) and rated.filter(by=by).exists():
        raise NotAllowed("rater", permission="settle_review", kode=row.place)


def _same(row: Review, value: float | None, word: str, given: str, reason: str) -> bool:
    agreed = Answer.objects.filter(operation=row.operation, client_id__in=row.agreed).first()
    said = (value, word, given, reason.strip())
    return agreed is not None and (agreed.value, agreed.word, agreed.given, row.reason) == said

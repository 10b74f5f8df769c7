"""Every read of answers, reviews and evidence; what a person sees begins with their areas and role."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Q, QuerySet

from kondusif.answers.agreement import ItemAgreement, agreement, noise
from kondusif.answers.answer import Answer as CoreAnswer
from kondusif.answers.answer import Given
from kondusif.dialogue.indicators import replace_field_answers
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of
from kondusif_web.accounts.roles import in_areas, may, rows_for
from kondusif_web.answers import facts, wording
from kondusif_web.answers.models import Answer, NotKnown, Review, Round
from kondusif_web.election.models import Desa, Membership, Operation, Tps
from kondusif_web.election.queries import desa_visible_to, tps_visible_to
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.pages import Context


def answers_visible_to(operation: Operation, member: Membership) -> QuerySet[Answer]:
    """Answers in the person's areas, for those who may see them."""
    rows = Answer.objects.filter(operation=operation)
    return rows_for(rows, member, "see_answers", field="place")


def voting(operation: Operation, member: Membership | None) -> QuerySet[Desa]:
    """Desa that vote, in the person's areas; ``member`` None for the command line."""
    rows = operation.desa.filter(memilih=True).order_by("kode")
    return rows if member is None else in_areas(rows, member)


def answers(operation: Operation, desa: str = "", day: date | None = None) -> tuple[CoreAnswer, ...]:
    """Answers as core values, of one desa with its stations or of all; for actions, not for pages.

    With ``day``, what the last approved plan says of F01 and F03 counts as seen on that day: a plan stands
    until another replaces it, however long ago it was approved (RULES 5).
    """
    rows = Answer.objects.filter(operation=operation).order_by("client_id").only(*facts.READ)
    if desa:
        rows = rows.filter(of_village(desa))
    return as_of(rows, day)


def of_village(desa: str) -> Q:
    """Rows of a desa and of its stations."""
    return Q(place=desa) | Q(place__startswith=f"{desa}-")


def by_desa(answers: Iterable[CoreAnswer]) -> dict[str, list[CoreAnswer]]:
    """Answers by the desa that they are of, its stations' among them."""
    out: dict[str, list[CoreAnswer]] = {}
    for answer in answers:
        out.setdefault(desa_of(answer.place), []).append(answer)
    return out


def answers_by_desa(operation: Operation, member: Membership, day: date) -> dict[str, list[CoreAnswer]]:
    """The same of all that a person may see, as of ``day``; one read."""
    rows = answers_visible_to(operation, member).order_by("client_id").only(*facts.READ)
    return by_desa(as_of(rows, day))


def answers_by_id(operation: Operation, ids: Iterable[str]) -> dict[str, Answer]:
    """Answers of the operation by their client ids, in parts that every database takes; unknown ids are left
    out."""
    todo, rows = sorted(set(ids)), Answer.objects.filter(operation=operation)
    found: dict[str, Answer] = {}
    for start in range(0, len(todo), 500):
        part = rows.filter(client_id__in=todo[start : start + 500])
        found |= {row.client_id: row for row in part}
    return found


def as_of(rows: Iterable[Answer], day: date | None) -> tuple[CoreAnswer, ...]:
    """Core values of rows, those of the current plan and of the dialogue carried to ``day``.

    What the dialogue says stands over the field's own answer of that day (method 7.6); what lapsed, and what
    it said before, are left out, so that the field's own stands again.
    """
    rows = list(rows)
    replaced = {row.corrects for row in rows if row.corrects}
    if day is None:
        return tuple(facts.answer_of(row) for row in rows)
    own, derived = [], []
    for row in rows:
        current = row.client_id not in replaced and row.on <= day
        if row.channel == facts.DIALOGUE_CHANNEL:
            if current and row.given != Given.REFUSED:
                derived.append(replace(facts.answer_of(row), on=day))
        elif row.channel == facts.PLAN_CHANNEL and current:
            own.append(replace(facts.answer_of(row), on=day))
        else:
            own.append(facts.answer_of(row))
    return replace_field_answers(own, derived)


def tips(operation: Operation, channel: str, items: Collection[str]) -> dict[tuple[str, str], Answer]:
    """By place and item, what stands at the end of what a channel wrote: the last of it, or what was put over
    that since."""
    said = list(Answer.objects.filter(operation=operation, item__in=items))
    over = {row.corrects: row for row in said if row.corrects}
    out: dict[tuple[str, str], Answer] = {}
    for row in sorted(said, key=lambda row: (row.recorded_at, row.pk)):
        if row.channel == channel:
            out[row.place, row.item] = row
    for key, tip in out.items():
        while tip.client_id in over:
            tip = over[tip.client_id]
        out[key] = tip
    return out


def lone_stations(operation: Operation, member: Membership) -> QuerySet[Tps]:
    """Stations of who answers for some of them without their village."""
    rows = tps_visible_to(operation, member).filter(desa__memilih=True)
    if not may(member, "answer_items"):
        return rows.none()
    return rows.exclude(desa__in=desa_visible_to(operation, member))


def reviews_visible_to(operation: Operation, member: Membership) -> QuerySet[Review]:
    """Joint reviews in the person's areas, for who may see answers."""
    rows = Review.objects.filter(operation=operation).select_related("operation", "round", "ended_by__user")
    return rows_for(rows, member, "see_answers", field="place")


def contested_by(operation: Operation, member: Membership, place: str) -> list[str]:
    """Items of a place on which this person's rating waits for a joint review."""
    rows = Review.objects.filter(operation=operation, place=place, state=Review.State.OPEN)
    return [row.item for row in rows if member.username in row.raters]


def review_rows(operation: Operation, member: Membership, kode: str) -> list[Context]:
    """Reviews of a village and its stations, the open ones first: the question, each rater's answer, what was
    agreed."""
    recipe = recipe_of(operation.recipe)

    def words(answer: Answer | None) -> str:
        return wording.answer_in_words(recipe, facts.answer_of(answer)) if answer else ""

    out = []
    for row in reviews_visible_to(operation, member).filter(of_village(kode)):
        known = answers_by_id(operation, [*row.answers, *row.agreed])
        given = [known[key] for key in row.answers if key in known]
        out.append(
            _named(recipe, row)
            | {
                "said": [(a.rater, words(a), a.on) for a in given],
                "agreed": words(known.get(row.agreed[0])) if row.agreed else "",
            }
        )
    return sorted(out, key=lambda r: (r["row"].state != "open", r["row"].place, r["row"].item))


def _named(recipe: Recipe, row: Answer | Review) -> Context:
    """A row with the question it is of; ``tps``: two digits, blank for a desa."""
    return {"row": row, "name": wording.name_of(recipe, row.item), "tps": row.place.partition("-")[2]}


def answer_rows(operation: Operation, member: Membership, place: str, *, own: bool) -> list[Context]:
    """Answers of a place recorded in the running round with their evidence, newest first; ``own``: the
    person's alone."""
    recipe, running = recipe_of(operation.recipe), facts.running(operation)
    rows = Answer.objects.filter(operation=operation).exclude(channel__in=facts.NOT_RATED)
    here = Q(place=place, rater=member.username) if own else of_village(place)
    rows = in_areas(rows.filter(here), member, "place").prefetch_related("evidence__by__user")
    if running:
        rows = rows.filter(recorded_at__gte=running.opened_at)
    if not own and not may(member, "see_answers"):
        return []
    return [
        _named(recipe, a)
        | {"said": wording.answer_in_words(recipe, facts.answer_of(a)), "evidence": list(a.evidence.all())}
        for a in rows.order_by("-recorded_at", "place", "item")[:200]
    ]


def tried_rows(operation: Operation, kode: str) -> QuerySet[NotKnown]:
    """Who asked at a village or its stations and does not know yet."""
    rows = NotKnown.objects.filter(operation=operation).select_related("by__user")
    return rows.filter(of_village(kode))


def round_answers(row: Round) -> tuple[CoreAnswer, ...]:
    """Answers recorded while a round ran, what the plan says aside.

    What settles a review of an earlier round is no rating of this one.
    """
    rows = Answer.objects.filter(operation=row.operation, recorded_at__gte=row.opened_at)
    if row.closed_at:
        rows = rows.filter(recorded_at__lte=row.closed_at)
    found = list(rows.exclude(channel=facts.PLAN_CHANNEL).only(*facts.READ))
    here = {a.client_id for a in found}
    return tuple(facts.answer_of(a) for a in found if a.channel != facts.JOINT or a.corrects in here)


def _agreement(operation: Operation) -> Mapping[str, ItemAgreement]:
    """How far raters differ, item by item, over every round so far (method 9.4)."""
    rows = Round.objects.filter(operation=operation).select_related("operation")
    recipe = recipe_of(operation.recipe)
    return agreement([round_answers(r) for r in rows], recipe.by_id)


def agreement_rows(operation: Operation) -> list[tuple[str, ItemAgreement]]:
    """The same with the question of each item, for the page."""
    recipe = recipe_of(operation.recipe)
    return [(wording.name_of(recipe, item), a) for item, a in _agreement(operation).items()]


def rater_noise(operation: Operation) -> Mapping[str, float]:
    """Item to the spread of one rating in the item's unit, for the uncertainty of a score (method 9.4)."""
    return noise(_agreement(operation))

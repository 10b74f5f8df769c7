"""Reads for the pages of the rounds; what a person sees begins with their areas and role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from kondusif.measure import rounds as core
from kondusif.measure.agreement import ItemAgreement, noise, pool
from kondusif.places import desa_of
from kondusif_web.accounts.roles import may
from kondusif_web.accounts.visible import in_areas
from kondusif_web.election.models import Membership, Operation, Tps
from kondusif_web.election.queries import covers, desa_visible_to, tps_visible_to
from kondusif_web.rounds import facts, ledgers, reviews, wording
from kondusif_web.rounds.actions import MAY_OPEN
from kondusif_web.rounds.ledgers import Village
from kondusif_web.rounds.models import Evidence, Frozen, NotKnown, Review, Round
from kondusif_web.vulnerability import facts as measured
from kondusif_web.vulnerability import queries as measures
from kondusif_web.vulnerability.models import Answer
from kondusif_web.vulnerability.wording import firmness


@dataclass(frozen=True, slots=True)
class GateRow:
    """A gate on the page: what the core says of it, and its round if there is one."""

    gate: core.Gate
    due: core.Due
    round: Round | None

    @property
    def look(self) -> tuple[str, object]:
        if self.due is core.Due.OVERDUE and self.round:
            return wording.LATE_TO_CLOSE
        return wording.STATES[self.due.value]

    @property
    def may_open(self) -> bool:
        return self.round is None and self.due in MAY_OPEN and self.gate.at is not None


def gate_rows(operation: Operation, now: datetime) -> list[GateRow]:
    """The eight gates in order, each with its state."""
    rows = {r.gate: r for r in Round.objects.filter(operation=operation).select_related("opened_by__user")}
    gates = facts.gates_of(operation)
    states = core.due(
        gates,
        opened=[k for k, r in rows.items() if r.closed_at is None],
        closed=[k for k, r in rows.items() if r.closed_at is not None],
        now=now,
    )
    return [GateRow(g, states[g.kode], rows.get(g.kode)) for g in gates]


def run_locked(operation: Operation, member: Membership) -> object:
    """Why this person does not open or close a round, or nothing when they may."""
    if not may(member, "run_rounds"):
        return wording.RUN_BY
    return "" if covers(member, operation) else wording.RUN_WHOLE


def overdue(operation: Operation, member: Membership, now: datetime) -> GateRow | None:
    """The gate that has passed while its round is not closed, for the board of who may run it."""
    if run_locked(operation, member):
        return None
    return next((r for r in gate_rows(operation, now) if r.due is core.Due.OVERDUE), None)


@dataclass(frozen=True, slots=True)
class VillageRow:
    """A village in the list: what it owes, with its class for who may see one."""

    village: Village
    level: int | None
    sure: object

    @property
    def share(self) -> int:
        """Per cent of what is asked that is there and fresh, for the bar."""
        return round(100 * self.village.done / self.village.asked) if self.village.asked else 0


def village_rows(
    operation: Operation, member: Membership, now: datetime, stage: str = ""
) -> list[VillageRow]:
    """Voting villages in the person's areas at a stage, today's or the running round's by default."""
    row = facts.running(operation)
    stage = stage or facts.asked_stage(operation, now)
    found = ledgers.villages(operation, now, stage=stage, member=member, round_=row)
    sees = may(member, "see_class")
    in_force = measures.levels(operation, now) if sees else {}
    last = measures.latest(operation) if sees else {}
    out = []
    for village in found:
        kode = village.desa.kode
        shown, level = last.get(kode), in_force.get(kode)
        same = shown is not None and shown.level == level
        sure = firmness(shown.results["class"], operation.labels) if shown and same else ""
        out.append(VillageRow(village, level, sure))
    return out


def lone_stations(operation: Operation, member: Membership) -> QuerySet[Tps, Any]:
    """Stations of who answers for some of them without their village."""
    rows = tps_visible_to(operation, member).filter(desa__memilih=True)
    if not may(member, "answer_items"):
        return rows.none()
    return rows.exclude(desa__in=desa_visible_to(operation, member))


@dataclass(frozen=True, slots=True)
class DebtRow:
    """One line of the owed list."""

    kecamatan: str
    owner: str
    desa: str
    place: str
    tps: str
    item: str
    name: str
    why: str
    last: date | None

    @property
    def look(self) -> tuple[str, object]:
        return wording.WHY[self.why]


def debt_rows(
    operation: Operation,
    member: Membership,
    now: datetime,
    *,
    kecamatan: str = "",
    owner: str = "",
    kode: str = "",
) -> list[DebtRow]:
    """Who owes which answers now, by kecamatan and office; one of each if named."""
    recipe = measured.recipe_of(operation.recipe)
    found = ledgers.villages(
        operation,
        now,
        stage=facts.asked_stage(operation, now),
        member=member,
        round_=facts.running(operation),
        kode=kode,
    )
    rows = [
        DebtRow(
            kecamatan=v.desa.kecamatan,
            owner=d.owner,
            desa=v.desa.nama,
            place=d.place,
            tps="" if d.place == v.desa.kode else d.place.rpartition("-")[2],
            item=d.item,
            name=wording.name_of(recipe, d.item),
            why=d.why,
            last=d.answer.on if d.answer else None,
        )
        for v in found
        for d in v.debts
    ]
    rows = [r for r in rows if kecamatan in ("", r.kecamatan) and owner in ("", r.owner)]
    return sorted(rows, key=lambda r: (r.kecamatan, r.owner, r.place, r.item))


def frozen_visible_to(operation: Operation, member: Membership, row: Round) -> QuerySet[Frozen, Any]:
    """What a closed round kept, in the person's areas."""
    rows = Frozen.objects.filter(round=row, round__operation=operation).select_related("desa", "assessment")
    return in_areas(rows, member, "desa__kode") if may(member, "see_answers") else rows.none()


def reviews_visible_to(operation: Operation, member: Membership) -> QuerySet[Review, Any]:
    """Joint reviews in the person's areas, for who may see answers."""
    rows = Review.objects.filter(operation=operation).select_related("operation", "round", "ended_by__user")
    return in_areas(rows, member, "place") if may(member, "see_answers") else rows.none()


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A review as people read it: the question, each rater's answer, what stands, what was agreed."""

    row: Review
    name: str
    said: tuple[tuple[str, str, date], ...]
    agreed: str

    @property
    def tps(self) -> str:
        return "" if self.row.place == desa_of(self.row.place) else self.row.place.rpartition("-")[2]


def review_rows(operation: Operation, member: Membership, kode: str) -> list[ReviewRow]:
    """Reviews of a village and its stations, the open ones first."""
    recipe = measured.recipe_of(operation.recipe)
    rows = reviews_visible_to(operation, member).filter(Q(place=kode) | Q(place__startswith=f"{kode}-"))
    out = []
    for row in rows:
        known = measures.answers_by_id(operation, [*row.answers, *row.agreed])
        given = [known[a] for a in row.answers if a in known]
        agreed = known.get(row.agreed[0]) if row.agreed else None
        out.append(
            ReviewRow(
                row,
                wording.name_of(recipe, row.item),
                tuple((a.rater, wording.said(recipe, measured.answer_of(a)), a.on) for a in given),
                wording.said(recipe, measured.answer_of(agreed)) if agreed else "",
            )
        )
    return sorted(out, key=lambda r: (r.row.state != "open", r.row.place, r.row.item))


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer of the round with its evidence."""

    row: Answer
    name: str
    said: str
    evidence: tuple[Evidence, ...]

    @property
    def tps(self) -> str:
        return "" if self.row.place == desa_of(self.row.place) else self.row.place.rpartition("-")[2]


def answer_rows(operation: Operation, member: Membership, place: str, *, own: bool) -> list[AnswerRow]:
    """Answers of a place recorded in the running round, newest first; ``own``: the person's alone."""
    recipe, row = measured.recipe_of(operation.recipe), facts.running(operation)
    rows = Answer.objects.filter(operation=operation).exclude(channel__in=facts.NOT_RATED)
    here = Q(place=place) if own else Q(place=place) | Q(place__startswith=f"{place}-")
    rows = in_areas(rows.filter(here), member, "place").prefetch_related("evidence__by__user")
    if row:
        rows = rows.filter(recorded_at__gte=row.opened_at)
    if own:
        rows = rows.filter(rater=member.username)
    elif not may(member, "see_answers"):
        return []
    return [
        AnswerRow(
            a,
            wording.name_of(recipe, a.item),
            wording.said(recipe, measured.answer_of(a)),
            tuple(a.evidence.all()),
        )
        for a in rows.order_by("-recorded_at", "place", "item")[:200]
    ]


def tried_rows(operation: Operation, kode: str) -> QuerySet[NotKnown, Any]:
    """Who asked at a village or its stations and does not know yet."""
    rows = NotKnown.objects.filter(operation=operation).select_related("by__user")
    return rows.filter(Q(place=kode) | Q(place__startswith=f"{kode}-"))


def _agreement(operation: Operation) -> Mapping[str, ItemAgreement]:
    """How far raters differ, item by item, over every round so far (method 9.4)."""
    rows = Round.objects.filter(operation=operation).select_related("operation")
    recipe = measured.recipe_of(operation.recipe)
    return pool([reviews.round_answers(r) for r in rows], recipe.by_id)


def agreement_rows(operation: Operation) -> list[tuple[str, ItemAgreement]]:
    """The same with the question of each item, for the page."""
    recipe = measured.recipe_of(operation.recipe)
    return [(wording.name_of(recipe, item), a) for item, a in _agreement(operation).items()]


def rater_noise(operation: Operation) -> Mapping[str, float]:
    """Item to the spread of one rating in the item's unit, for the uncertainty of a score (method 9.4)."""
    return noise(_agreement(operation))

"""Reads for the pages of the rounds; what a person sees begins with their areas and role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kondusif.measure import rounds as core
from kondusif_web.accounts.roles import may
from kondusif_web.accounts.visible import in_areas
from kondusif_web.answers import facts, ledgers, wording
from kondusif_web.answers.ledgers import Village
from kondusif_web.answers.models import Round
from kondusif_web.classes import queries as measures
from kondusif_web.classes.models import Frozen
from kondusif_web.classes.rounds import MAY_OPEN
from kondusif_web.classes.wording import firmness
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import covers


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


def frozen_visible_to(operation: Operation, member: Membership, row: Round) -> QuerySet[Frozen, Any]:
    """What a closed round kept, in the person's areas."""
    rows = Frozen.objects.filter(round=row, round__operation=operation).select_related("desa", "assessment")
    return in_areas(rows, member, "desa__kode") if may(member, "see_answers") else rows.none()

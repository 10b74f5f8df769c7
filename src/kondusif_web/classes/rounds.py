"""Rounds: opened and closed, and what each gate and village shows of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from kondusif.classes import rounds as core
from kondusif.classes.rounds import RoundState, round_states
from kondusif.errors import MoveRefused, NotAllowed
from kondusif_web.accounts.roles import may, require, rows_for
from kondusif_web.answers import facts, ledgers, wording
from kondusif_web.answers.models import Round
from kondusif_web.classes import queries
from kondusif_web.classes.models import Frozen
from kondusif_web.classes.wording import firmness_in_force
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import covers
from kondusif_web.logbook.actions import record
from kondusif_web.pages import Context

MAY_OPEN = (RoundState.DUE, RoundState.OVERDUE, RoundState.MISSED, RoundState.UNDATED)


def _require_run(by: Membership, operation: Operation) -> None:
    """A round asks every village at once, so who runs one answers for every village (method 9.6)."""
    require(by, "run_rounds")
    if not covers(by, operation):
        raise NotAllowed("whole", permission="run_rounds")


@transaction.atomic
def open_round(*, operation: Operation, gate: str, by: Membership, now: datetime) -> Round:
    """Begin the round of a gate. MoveRefused while another runs, before its time, or a second time.

    Raises NotAllowed for another role, and for areas that do not hold every voting village.
    """
    operation = operation.lock()
    _require_run(by, operation)
    known = {g.code: g for g in facts.milestones_of(operation)}
    if gate not in known:
        raise MoveRefused("round_unknown", gate=gate)
    if (other := facts.running(operation)) is not None:
        raise MoveRefused("round_runs", gate=gate, milestone=wording.milestone_name(other.gate))
    rows = Round.objects.filter(operation=operation)
    closed = set(rows.values_list("gate", flat=True))
    state = round_states(known.values(), opened=(), closed=closed, now=now)[gate]
    if state not in MAY_OPEN or (state is RoundState.UNDATED and now < operation.vote_at):
        raise MoveRefused(
            "round_early" if state in (RoundState.LATER, RoundState.UNDATED) else "round_closed",
            gate=gate,
            milestone=wording.milestone_name(gate),
        )
    row = Round.objects.create(
        operation=operation,
        gate=gate,
        stage=known[gate].stage,
        due_at=known[gate].at,
        opened_at=now,
        opened_by=by,
    )
    record(
        "round_opened",
        row,
        by=by,
        now=now,
        payload={"gate": gate, "stage": row.stage, "due_at": row.due_at},
    )
    return row


@transaction.atomic
def close_round(*, operation: Operation, gate: str, by: Membership, now: datetime) -> Round:
    """End it and keep, for every voting village, the class published by now and what it rests on.

    Raises NotAllowed as for opening, MoveRefused where that round does not run.
    """
    operation = operation.lock()
    _require_run(by, operation)
    row = facts.running(operation)
    if row is None or row.gate != gate:
        raise MoveRefused("round_not_running", gate=gate, milestone=wording.milestone_name(gate))
    newest = queries.latest(operation)
    frozen = []
    for village in ledgers.villages(operation, now, stage=row.stage, round_=row):
        shown = newest.get(village.desa.kode)
        frozen.append(
            Frozen.objects.create(
                round=row,
                desa=village.desa,
                assessment=shown,
                within=bool(shown and shown.published_at and shown.published_at >= row.opened_at),
                coverage_due=village.own.coverage_due or 0.0,
                provisional=village.own.provisional,
                asked=village.own.asked,
                owed=len(village.debts),
                stale=village.stale,
                disputed=len(village.reviews),
                evidence=village.own.evidence or 0.0,
            )
        )
    row.closed_at, row.closed_by = now, by
    row.save()
    record(
        "round_closed",
        row,
        by=by,
        now=now,
        payload={
            "gate": gate,
            "villages": len(frozen),
            "provisional": sum(f.provisional for f in frozen),
            "owed": sum(f.owed for f in frozen),
            "classes": {f.desa.kode: str(f.assessment_id or "") for f in frozen},
        },
        rows=frozen,
    )
    return row


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A gate on the page: what the core says of it, and its round if there is one."""

    gate: core.Milestone
    due: core.RoundState
    round: Round | None

    @property
    def look(self) -> tuple[str, object]:
        if self.due is core.RoundState.OVERDUE and self.round:
            return wording.ROUND_LOOKS["late_to_close"]
        return wording.ROUND_LOOKS[self.due.value]

    @property
    def may_open(self) -> bool:
        return self.round is None and self.due in MAY_OPEN and self.gate.at is not None


def milestone_rows(operation: Operation, now: datetime) -> list[MilestoneRow]:
    """The eight gates in order, each with its state."""
    rows = {r.gate: r for r in Round.objects.filter(operation=operation).select_related("opened_by__user")}
    gates = facts.milestones_of(operation)
    states = core.round_states(
        gates,
        opened=[k for k, r in rows.items() if r.closed_at is None],
        closed=[k for k, r in rows.items() if r.closed_at is not None],
        now=now,
    )
    return [MilestoneRow(g, states[g.code], rows.get(g.code)) for g in gates]


def run_locked(operation: Operation, member: Membership) -> object:
    """Why this person does not open or close a round, or nothing when they may."""
    if not may(member, "run_rounds"):
        return wording.RUN_BY
    return "" if covers(member, operation) else wording.RUN_WHOLE


def overdue(operation: Operation, member: Membership, now: datetime) -> MilestoneRow | None:
    """The gate that has passed while its round is not closed, for the board of who may run it."""
    if run_locked(operation, member):
        return None
    return next((r for r in milestone_rows(operation, now) if r.due is core.RoundState.OVERDUE), None)


def village_rows(operation: Operation, member: Membership, now: datetime, stage: str = "") -> list[Context]:
    """Voting villages in the person's areas at a stage, today's or the running round's by default: what each
    owes, with its class for who may see one; ``share``: per cent of what is asked that is there and fresh."""
    row = facts.running(operation)
    stage = stage or facts.asked_stage(operation, now)
    found = ledgers.villages(operation, now, stage=stage, member=member, round_=row)
    sees = may(member, "see_class")
    in_force = queries.levels(operation, now) if sees else {}
    last = queries.latest(operation) if sees else {}
    since = facts.fresh_since(operation, now)
    out = []
    for village in found:
        kode = village.desa.kode
        shown, level = last.get(kode), in_force.get(kode)
        out.append(
            {
                "village": village,
                "level": level,
                "sure": firmness_in_force(shown, level, operation.labels, since),
                "share": round(100 * village.done / village.asked) if village.asked else 0,
            }
        )
    return out


def frozen_visible_to(operation: Operation, member: Membership, row: Round) -> QuerySet[Frozen]:
    """What a closed round kept, in the person's areas."""
    rows = Frozen.objects.filter(round=row, round__operation=operation).select_related("desa", "assessment")
    return rows_for(rows, member, "see_answers", field="desa__kode")

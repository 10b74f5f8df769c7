"""Opening and closing rounds, and taking answers from the form."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kondusif.errors import MoveRefused, NotAllowed
from kondusif.measure.rounds import Due, due
from kondusif_web.accounts.roles import require
from kondusif_web.answers import facts, ledgers
from kondusif_web.answers.models import Round
from kondusif_web.classes.models import Assessment, Frozen
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import covers
from kondusif_web.logbook.actions import record

MAY_OPEN = (Due.DUE, Due.OVERDUE, Due.MISSED, Due.UNDATED)


def _require_run(by: Membership, operation: Operation) -> None:
    """A round asks every village at once, so who runs one answers for every village (method 9.6)."""
    require(by, "run_rounds")
    if not covers(by, operation):
        raise NotAllowed("whole", deed="run_rounds")


@transaction.atomic
def open_round(*, operation: Operation, gate: str, by: Membership, now: datetime) -> Round:
    """Begin the round of a gate. MoveRefused while another runs, before its time, or a second time.

    Raises NotAllowed for another role, and for areas that do not hold every voting village.
    """
    operation = Operation.objects.select_for_update().get(pk=operation.pk)
    _require_run(by, operation)
    known = {g.kode: g for g in facts.gates_of(operation)}
    if gate not in known:
        raise MoveRefused("round_unknown", gate=gate)
    if facts.running(operation) is not None:
        raise MoveRefused("round_runs", gate=gate)
    rows = Round.objects.filter(operation=operation)
    closed = set(rows.values_list("gate", flat=True))
    state = due(known.values(), opened=(), closed=closed, now=now)[gate]
    if state not in MAY_OPEN or (state is Due.UNDATED and now < operation.vote_at):
        raise MoveRefused("round_early" if state in (Due.LATER, Due.UNDATED) else "round_closed", gate=gate)
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
        by=by,
        now=now,
        operation=operation,
        subject=row.pk,
        payload={"gate": gate, "stage": row.stage, "due_at": row.due_at},
        rows=[row],
    )
    return row


@transaction.atomic
def close_round(*, operation: Operation, gate: str, by: Membership, now: datetime) -> Round:
    """End it and keep, for every voting village, the class published by now and what it rests on.

    Raises NotAllowed as for opening, MoveRefused where that round does not run.
    """
    operation = Operation.objects.select_for_update().get(pk=operation.pk)
    _require_run(by, operation)
    row = facts.running(operation)
    if row is None or row.gate != gate:
        raise MoveRefused("round_not_running", gate=gate)
    newest = _newest(operation)
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
                stale=len([d for d in village.debts if d.why == "stale"]),
                disputed=len(village.reviews),
                evidence=village.own.evidence or 0.0,
            )
        )
    row.closed_at, row.closed_by = now, by
    row.save()
    record(
        "round_closed",
        by=by,
        now=now,
        operation=operation,
        subject=row.pk,
        payload={
            "gate": gate,
            "villages": len(frozen),
            "provisional": sum(f.provisional for f in frozen),
            "owed": sum(f.owed for f in frozen),
            "classes": {f.desa.kode: str(f.assessment_id or "") for f in frozen},
        },
        rows=[row, *frozen],
    )
    return row


def _newest(operation: Operation) -> dict[str, Assessment]:
    rows = Assessment.objects.filter(operation=operation, number__isnull=False).select_related("desa")
    return {row.desa.kode: row for row in rows.order_by("number")}

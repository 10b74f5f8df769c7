"""Moves by order, objections, requests to step down and waivers of gates.

The step down itself is written here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from kondusif.errors import KondusifError, MoveRefused, NotAllowed
from kondusif.operation import VillageAt
from kondusif.standby import LADDER, Posture, check_move, is_gated, move_code
from kondusif.withdraw import OPEN, GateState, check_withdrawal, gates, may_waive, statements
from kondusif_web.accounts.roles import may_at, require
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.pages.texts import refuse_banned
from kondusif_web.posts.actions import recall_postings
from kondusif_web.posts.models import PostureRow
from kondusif_web.posts.posture import desa_row, lock_village, posture_named, require_row, write_move
from kondusif_web.withdrawal.models import WaiverRow, WithdrawalRequest
from kondusif_web.withdrawal.queries import level_of, village_at


def approve_permission(level: int | None) -> str:
    """The permission that approves at this level (RULES 16); an unknown level counts as the highest."""
    return "approve_withdrawal_1" if level == 1 else "approve_withdrawal_23"


def _stated(reason: str) -> str:
    """Raises MoveRefused without a reason."""
    if not reason.strip():
        raise MoveRefused("reason_missing")
    return reason.strip()


def _gates_of(states: Sequence[GateState]) -> list[dict[str, str]]:
    return [{"gate": g.gate, "reason": g.reason.value} for g in states]


@transaction.atomic
def move_posture(
    *, operation: Operation, desa: str, to: str, by: Membership, now: datetime, why: str = ""
) -> PostureRow:
    """A move by order, up to stand-by. Raises MoveRefused for a gated move: that needs a request."""
    require(by, "move_posture", desa)
    place = desa_row(operation, desa)
    row = lock_village(place, by=by, now=now)
    target = posture_named(to)
    check_move(Posture(row.state), target, level_of(place, now))
    if is_gated(Posture(row.state), target):
        raise MoveRefused("move_needs_request", state=row.state, to=target.value)
    if row.state in LADDER:
        raise MoveRefused("move_only_by_bad_news", state=row.state, to=target.value)
    return write_move(place, row, target, by=by, now=now, why=why or "perintah")


@transaction.atomic
def record_dispute(
    *, operation: Operation, desa: str, state: str, source: str, by: Membership, now: datetime
) -> PostureRow:
    """An objection was filed (open), decided (settled), or none was filed, with the paper that says so."""
    if not may_at(by, "gate_fact_committee", desa):
        require(by, "move_posture", desa)
    refuse_banned(source=source)
    village = desa_row(operation, desa)
    row = lock_village(village, by=by, now=now)
    statements.check_dispute_move(row.dispute, state)
    if not source.strip():
        raise MoveRefused("dispute_source_missing")
    row.dispute, row.dispute_source = state, source.strip()
    row.save()
    record(
        "dispute_recorded",
        row,
        by=by,
        now=now,
        subject=desa,
        payload={"state": state, "source": row.dispute_source},
    )
    return row


@transaction.atomic
def request_withdrawal(
    *, operation: Operation, desa: str, to: str, reason: str, by: Membership, now: datetime
) -> WithdrawalRequest:
    """Ask for a step down. Gates may still be shut: the request shows what is missing."""
    require(by, "request_withdrawal", desa)
    refuse_banned(reason=reason)
    village = desa_row(operation, desa)
    row = lock_village(village, by=by, now=now)
    state, target = Posture(row.state), posture_named(to)
    judged = village_at(village, now).gates(target)  # refuses a move that is not in the table
    if not is_gated(state, target):
        raise MoveRefused("move_unknown", state=state.value, to=target.value)
    reason = _stated(reason)
    every = WithdrawalRequest.objects.filter(operation=operation)
    if every.filter(desa=desa, outcome="waiting", state_from=row.state, since=row.since).exists():
        raise MoveRefused("request_waits_already", desa=desa)
    request = WithdrawalRequest.objects.create(
        operation=operation,
        number=(every.aggregate(n=Max("number"))["n"] or 0) + 1,
        desa=desa,
        state_from=state.value,
        since=row.since,
        state_to=target.value,
        requested_by=by,
        requested_at=now,
        reason=reason,
    )
    shut = _gates_of([g for g in judged if g.shut])
    record(
        "withdrawal_requested",
        request,
        by=by,
        now=now,
        payload={"number": request.number, "from": state.value, "to": target.value, "shut": shut},
    )
    return request


def approve_withdrawal(*, operation: Operation, id: UUID, by: Membership, now: datetime) -> WithdrawalRequest:
    """The second person approves: every gate is judged anew, now, under lock.

    Raises MoveRefused with every shut gate, NotAllowed for the wrong role, area or the requester. A refused
    try is written to the book in a transaction of its own.
    """
    try:
        with transaction.atomic():
            return _approve(operation, id, by, now)
    except KondusifError as refused:
        _blocked(operation, id, refused, by, now)
        raise


def _approve(operation: Operation, id_: UUID, by: Membership, now: datetime) -> WithdrawalRequest:
    village = _village_asked(operation, id_, by)
    row = lock_village(village, by=by, now=now)
    request = WithdrawalRequest.objects.select_for_update().get(pk=id_)
    seen = village_at(village, now).situation
    require(by, approve_permission(seen.level), village.kode)
    if request.requested_by_id == by.pk:
        raise NotAllowed("same_person", permission=approve_permission(seen.level))
    _check_waits(request, row)
    to = Posture(request.state_to)
    check_withdrawal(seen, to, now)
    judged = gates(seen, to, now)
    request.outcome, request.decided_by, request.decided_at = "approved", by, now
    request.save()
    record(
        "withdrawal_approved",
        request,
        by=by,
        now=now,
        payload={
            "number": request.number,
            "from": row.state,
            "to": to.value,
            "gates": [{"gate": g.gate, "state": g.state.value, "facts": list(g.fact_ids)} for g in judged],
            "waivers": [g.waiver for g in judged if g.state is not OPEN],
        },
    )
    write_move(village, row, to, by=by, now=now, why=f"permintaan {request.number:02d}")
    recall_postings(operation=operation, desa=village.kode, posture=to.value, by=by, now=now)
    return request


def _check_waits(request: WithdrawalRequest, row: PostureRow) -> None:
    """Raises MoveRefused for a request that was decided, or asked for from where the village no longer is."""
    if request.outcome != "waiting":
        raise MoveRefused("request_decided", outcome=request.outcome, number=request.number)
    if (request.state_from, request.since) != (row.state, row.since):
        raise MoveRefused("request_outdated", state=row.state, number=request.number)


def _village_asked(operation: Operation, id_: UUID, by: Membership) -> Desa:
    """The village of the operation's request that this person may know of at all."""
    request = WithdrawalRequest.objects.filter(operation=operation, pk=id_).first()
    return desa_row(operation, require_row(request, by, "see_gates").desa)


@transaction.atomic
def _blocked(operation: Operation, id_: UUID, refused: KondusifError, by: Membership, now: datetime) -> None:
    request = WithdrawalRequest.objects.filter(operation=operation, pk=id_).first()
    if request is None:
        return
    shut = _gates_of([g for g in getattr(refused, "shut", ()) if isinstance(g, GateState)])
    payload = {"number": request.number, "why": str(refused), "shut": shut}
    where = {"operation": operation, "kode_desa": request.desa, "subject": request.pk}
    record("withdrawal_blocked", by=by, now=now, payload=payload, **where)


@transaction.atomic
def refuse_withdrawal(
    *, operation: Operation, id: UUID, reason: str, by: Membership, now: datetime
) -> WithdrawalRequest:
    """The request falls, with a reason. Who may approve may refuse, and the requester may take it back."""
    village = _village_asked(operation, id, by)
    refuse_banned(reason=reason)
    row = lock_village(village, by=by, now=now)
    request = WithdrawalRequest.objects.select_for_update().get(pk=id)
    if request.requested_by_id != by.pk:
        require(by, approve_permission(level_of(village, now)), village.kode)
    _check_waits(request, row)
    request.outcome, request.decided_by, request.decided_at = "refused", by, now
    request.decision_reason = _stated(reason)
    request.save()
    record(
        "withdrawal_refused",
        request,
        by=by,
        now=now,
        payload={"number": request.number, "reason": request.decision_reason},
    )
    return request


def _gate(village: VillageAt, to: Posture, gate: str) -> GateState:
    """The gate as it stands; raises MoveRefused unless it may be waived now."""
    state = next((g for g in village.gates(to) if g.gate == gate), None)
    if state is None or not may_waive(state):
        raise MoveRefused("gate_not_waivable", (state,) if state and state.shut else (), gate=gate)
    return state


@transaction.atomic
def request_waiver(
    *, operation: Operation, desa: str, to: str, gate: str, reason: str, by: Membership, now: datetime
) -> WaiverRow:
    """Ask to let one gate pass, for the facts that shut it now and no others (RULES 15)."""
    require(by, "request_waiver", desa)
    refuse_banned(reason=reason)
    village = desa_row(operation, desa)
    row = lock_village(village, by=by, now=now)
    target = posture_named(to)
    state = _gate(village_at(village, now), target, gate)
    waiver = WaiverRow.objects.create(
        operation=operation,
        desa=desa,
        move=move_code(Posture(row.state), target),
        gate=gate,
        facts=list(state.fact_ids),
        reason=_stated(reason),
        requested_by=by,
        requested_at=now,
    )
    record(
        "waiver_requested",
        waiver,
        by=by,
        now=now,
        payload={"gate": gate, "move": waiver.move, "facts": waiver.facts, "reason": waiver.reason},
    )
    return waiver


@transaction.atomic
def second_waiver(*, operation: Operation, id: UUID, by: Membership, now: datetime) -> WaiverRow:
    """The second person, who neither asked nor decides, puts their name beside it."""
    waiver = _unsigned(operation, id, by, now, "second_waiver")
    if waiver.second_by_id is not None:
        raise MoveRefused("waiver_seconded_already")
    waiver.second_by, waiver.second_at = by, now
    return _signed(waiver, "waiver_seconded", by, now)


@transaction.atomic
def approve_waiver(*, operation: Operation, id: UUID, by: Membership, now: datetime) -> WaiverRow:
    """The Kapolres lets the gate pass. In force once the second person has signed as well."""
    waiver = _unsigned(operation, id, by, now, "approve_waiver")
    if waiver.approved_by_id is not None:
        raise MoveRefused("waiver_approved_already")
    waiver.approved_by, waiver.approved_at = by, now
    return _signed(waiver, "waiver_approved", by, now, facts=waiver.facts)


def _unsigned(operation: Operation, id_: UUID, by: Membership, now: datetime, permission: str) -> WaiverRow:
    """The waiver, locked, for somebody who has not signed it; still fitting what shuts the gate."""
    found = WaiverRow.objects.filter(operation=operation, pk=id_).first()
    village = desa_row(operation, require_row(found, by, permission).desa)
    row = lock_village(village, by=by, now=now)
    waiver = WaiverRow.objects.select_for_update().get(pk=id_)
    if by.pk in (waiver.requested_by_id, waiver.second_by_id, waiver.approved_by_id):
        raise NotAllowed("same_person", permission=permission)
    start, _, end = waiver.move.partition("-")
    fits = row.state == start and row.standby_since and row.standby_since <= waiver.requested_at
    state = _gate(village_at(village, now), Posture(end), waiver.gate) if fits else None
    if state is None or not set(state.fact_ids) <= set(waiver.facts):
        raise MoveRefused("waiver_outdated", (state,) if state else (), gate=waiver.gate)
    return waiver


def _signed(waiver: WaiverRow, kind: str, by: Membership, now: datetime, **more: Any) -> WaiverRow:
    waiver.save()
    record(kind, waiver, by=by, now=now, payload={"gate": waiver.gate, "move": waiver.move, **more})
    return waiver

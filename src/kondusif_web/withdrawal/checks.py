"""Facts for the gates: checklist answers, the dispute, the resident's word by code (RULES 17, 18)."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from kondusif.errors import MoveRefused
from kondusif.withdraw import statements
from kondusif_web.accounts.roles import may_at, require
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.logbook.clock import server_now
from kondusif_web.pages.texts import refuse_banned
from kondusif_web.posts.models import PostureRow
from kondusif_web.posts.posture import desa_row, locked
from kondusif_web.reports.checks import record_check
from kondusif_web.reports.models import GateCheck
from kondusif_web.withdrawal.models import ResidentCode

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that reads like something else


CODE_LENGTH = 10  # 32 ** 10 codes: not to be guessed over a network


def _may_observe(operation: Operation, second: Membership, desa: str) -> bool:
    """Whether the second observer, a member of this operation, may state facts here."""
    deeds = ("gate_fact", "gate_fact_committee")
    return second.operation_id == operation.pk and any(may_at(second, deed, desa) for deed in deeds)


@transaction.atomic
def record_dispute(
    *, operation: Operation, desa: str, state: str, source: str, by: Membership, now: datetime
) -> PostureRow:
    """An objection was filed (open), decided (settled), or none was filed, with the paper that says so."""
    if not may_at(by, "gate_fact_committee", desa):
        require(by, "move_posture", desa)
    refuse_banned(source=source)
    village = desa_row(operation, desa)
    row = locked(village, by=by, now=now)
    statements.check_dispute_move(row.dispute, state)
    if not source.strip():
        raise MoveRefused("dispute_source_missing", ())
    row.dispute, row.dispute_source = state, source.strip()
    row.save()
    record(
        "dispute_recorded",
        by=by,
        now=now,
        operation=operation,
        kode_desa=desa,
        subject=desa,
        payload={"state": state, "source": row.dispute_source},
        rows=[row],
    )
    return row


def hash_of(code: str) -> str:
    """How a code is kept. Letters and spacing do not matter: it is read aloud."""
    return sha256("".join(code.upper().split()).replace("-", "").encode()).hexdigest()


def _resident_line(
    kind: str, row: ResidentCode, by: Membership | None, now: datetime, **payload: Any
) -> None:
    record(
        kind,
        by=by,
        now=now,
        operation=row.operation,
        kode_desa=row.desa,
        subject=row.pk,
        payload={"id": str(row.pk), **payload},
        rows=[row],
    )


@transaction.atomic
def make_resident_code(
    *, operation: Operation, desa: str, by: Membership, now: datetime, code: str = ""
) -> tuple[ResidentCode, str]:
    """A code for one resident contact; returned once, kept as a hash, tied to no name or number."""
    require(by, "gate_fact", desa)
    village = desa_row(operation, desa)
    code = code or "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    row = ResidentCode(
        operation=operation, desa=village.kode, code_hash=hash_of(code), made_by=by, made_at=now
    )
    row.save(force_insert=True)
    _resident_line("resident_code_made", row, by, now)
    return row, code


@transaction.atomic
def log_attempt(*, operation: Operation, id: UUID, by: Membership, now: datetime) -> ResidentCode:
    """One more try to reach the resident, without result."""
    row = ResidentCode.objects.select_for_update().filter(operation=operation, pk=id).first()
    require(by, "gate_fact", row.desa if row else "-")
    assert row is not None
    row.attempts += 1
    row.save()
    _resident_line("resident_attempted", row, by, now, attempts=row.attempts)
    return row


def find_code(operasi: str, code: str) -> ResidentCode | None:
    """The code as given to a resident, in the operation ``operasi`` of its address.

    None for an unknown code and for an unknown operation alike: nobody learns by asking that there is one.
    """
    rows = ResidentCode.objects.select_related("operation")
    return rows.filter(operation__kode=operasi, code_hash=hash_of(code)).first()


@transaction.atomic
def answer_by_code(*, operation: Operation, code: str, confirmed: bool, now: datetime) -> ResidentCode | None:
    """The resident's own word, without sign-in; the last one counts for 24 h. None for an unknown code.

    A "not yet" shuts item 13 and asks for a follow-up; it is shown to the people of the gate only.
    """
    found = find_code(operation.kode, code)
    if found is None:
        return None
    locked(desa_row(operation, found.desa), by=None, now=now)
    row = ResidentCode.objects.select_for_update().select_related("operation").get(pk=found.pk)
    state = ResidentCode.State.CONFIRMED if confirmed else ResidentCode.State.NOT_YET
    row.state, row.answered_at = state, now
    row.save()
    check = GateCheck(
        client_id=uuid4(),
        operation=row.operation,
        desa=row.desa,
        place=row.desa,
        channel="kode",
        observer=row.made_by,
        occurred_at=now,
        received_at=now,
        recorded_at=server_now(),
        digest=row.code_hash,
        item=13,
        value="yes" if confirmed else "no",
        party="warga",
    )
    check.save(force_insert=True)
    _resident_line("resident_answered", row, None, now, state=state.value)
    record_check(check, by=None, now=now)
    return row

"""The word of residents: a code that asks nobody's name, tries to reach them, the camat in their stead."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction

from kondusif.withdraw import statements
from kondusif_web.accounts.roles import require
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.posts.posture import desa_row, lock_village, require_row
from kondusif_web.reports.models import GateCheck
from kondusif_web.reports.observations import add_check, resident_said
from kondusif_web.withdrawal.models import ResidentCode

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that reads like something else
CODE_LENGTH = 10  # 32 ** 10 codes: not to be guessed over a network


def hash_of(code: str) -> str:
    """How a code is kept. Letters and spacing do not matter: it is read aloud."""
    return sha256("".join(code.upper().split()).replace("-", "").encode()).hexdigest()


@transaction.atomic
def make_resident_code(
    *, operation: Operation, desa: str, by: Membership, now: datetime, code: str = ""
) -> tuple[ResidentCode, str]:
    """A code for one resident contact; returned once, kept as a hash, tied to no name or number."""
    require(by, "gate_fact", desa)
    village = desa_row(operation, desa)
    code = code or "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    row = ResidentCode.objects.create(
        operation=operation, desa=village.kode, code_hash=hash_of(code), made_by=by, made_at=now
    )
    record("resident_code_made", row, by=by, now=now, payload={"id": str(row.pk)})
    return row, code


@transaction.atomic
def log_attempt(*, operation: Operation, id: UUID, by: Membership, now: datetime) -> ResidentCode:
    """One more try to reach the resident, without result."""
    row = ResidentCode.objects.select_for_update().filter(operation=operation, pk=id).first()
    row = require_row(row, by, "gate_fact")
    row.attempts += 1
    row.save()
    record("resident_attempted", row, by=by, now=now, payload={"id": str(row.pk), "attempts": row.attempts})
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
    village = desa_row(operation, found.desa)
    lock_village(village, by=None, now=now)
    row = ResidentCode.objects.select_for_update().select_related("operation").get(pk=found.pk)
    state = ResidentCode.State.CONFIRMED if confirmed else ResidentCode.State.NOT_YET
    row.state, row.answered_at = state, now
    row.save()
    record("resident_answered", row, by=None, now=now, payload={"id": str(row.pk), "state": state.value})
    resident_said(village, asked_by=row.made_by, confirmed=confirmed, digest=row.code_hash, now=now)
    return row


def camat_may_speak(desa: Desa) -> bool:
    """Whether enough tries to reach a resident of this village were logged without an answer (RULES 18).

    The camat stands in for a resident nobody reached, never for one who said "not yet".
    """
    codes = ResidentCode.objects.filter(operation=desa.operation, desa=desa.kode)
    last = codes.exclude(answered_at=None).order_by("-answered_at").first()
    attempts = sum(codes.filter(state="not_reached").values_list("attempts", flat=True))
    return statements.camat_may_speak(attempts, last.state if last else "")


@transaction.atomic
def state_fact(
    *, operation: Operation, desa: str, party: str, by: Membership, now: datetime, **said: Any
) -> GateCheck:
    """One answer to the checklist of whoever fills in its form; for a resident, the camat in their stead.

    Raises MoveRefused for the camat before the tries were made.
    """
    said |= {"operation": operation, "desa": desa, "party": party, "by": by, "now": now}
    if party == "warga":
        require(by, "gate_fact", desa)
        village = desa_row(operation, desa)
        lock_village(village, by=by, now=now)
        said = {name: value for name, value in said.items() if name not in ("tps", "minutes")}
        said["resident_tried"] = camat_may_speak(village)
    return add_check(**said)

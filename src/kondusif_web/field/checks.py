"""Facts for the gates: checklist answers, the dispute, the resident's word by code (RULES 17, 18)."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from kondusif.errors import MoveRefused, NotAllowed
from kondusif.withdraw import ITEMS, statements
from kondusif_web.accounts.roles import Role, may_at, require
from kondusif_web.dialogue.texts import refuse_banned
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.field.arrived import check_correction, content_of, keep, place_of, seen
from kondusif_web.field.facts import check_of
from kondusif_web.field.models import GateCheck, PostureRow, ResidentCode
from kondusif_web.field.posture import desa_row, locked, reopen_if_bad
from kondusif_web.logbook.actions import record
from kondusif_web.logbook.clock import server_now

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that reads like something else
CODE_LENGTH = 10  # 32 ** 10 codes: not to be guessed over a network

PARTY_ROLES = {"camat": Role.FORUM_CAMAT, "danramil": Role.FORUM_DANRAMIL, "kapolsek": Role.KAPOLSEK}


def may_state(user: Membership, item: int, desa: str, party: str = "") -> bool:
    """Who may answer which item here (RULES 17, 18): statements are the committee's and the camat's."""
    if item == 13:
        return may_at(user, "gate_fact", desa) and user.role == PARTY_ROLES.get(party, Role.FORUM_CAMAT)
    if ITEMS[item].minutes:
        return may_at(user, "gate_fact_committee", desa)
    return may_at(user, "gate_fact", desa)


@transaction.atomic
def add_check(
    *,
    operation: Operation,
    id: UUID,
    desa: str,
    item: int,
    value: str,
    by: Membership,
    now: datetime,
    tps: str = "",
    second: Membership | None = None,
    minutes: str = "",
    party: str = "",
    note: str = "",
    occurred_at: datetime | None = None,
    channel: str = "web",
    corrects: UUID | None = None,
) -> GateCheck:
    """One answer to the checklist. ``second`` is for facts carried over; on the page a second person
    answers for themselves."""
    place = tps or desa
    statements.check_statement(item, value, party)
    if not may_state(by, item, desa, party):
        deed = "gate_fact_committee" if ITEMS[item].minutes else "gate_fact"
        require(by, deed, desa)
        raise NotAllowed("this party speaks for itself", deed=deed, kode=desa, why="role")
    if second is not None and not _may_observe(operation, second, desa):
        raise NotAllowed("the second observer may not", deed="gate_fact", kode=desa, why="role")
    refuse_banned(note=note, minutes=minutes)
    at = min(occurred_at or now, now)
    content = content_of(
        {
            "desa": desa, "tps": tps, "item": item, "value": value, "minutes": minutes, "party": party,
            "note": note, "second": second.username if second else "", "occurred_at": occurred_at,
            "corrects": corrects,
        },
        by,
    )  # fmt: skip
    if (row := seen(GateCheck, operation, id, content)) is not None:
        return row
    village = place_of(operation, place)
    if village.kode != desa:
        raise NotAllowed("the station lies in another village", kode=place, why="area")
    locked(village, by=by, now=now)
    if second is not None and second.pk == by.pk:
        raise MoveRefused("second_is_the_same", (), item=item)
    statements.check_complete(item, value, minutes)
    if party == "warga" and not camat_may_speak(village):
        raise MoveRefused("resident_not_tried", (), attempts=statements.ATTEMPTS_BEFORE_CAMAT)
    check_correction(GateCheck, operation, corrects, place, by)
    row = GateCheck(
        client_id=id,
        operation=operation,
        desa=desa,
        place=place,
        channel=channel,
        observer=by,
        occurred_at=at,
        received_at=now,
        recorded_at=server_now(),
        digest=content,
        corrects=corrects,
        item=item,
        value=value,
        second=second,
        minutes=minutes.strip(),
        party=party,
        note=note,
    )
    if (kept := keep(row)) is not row:
        return kept
    record_check(row, by=by, now=now)
    reopen_if_bad(village, check_of(row), by=by, now=now)
    return row


def _may_observe(operation: Operation, second: Membership, desa: str) -> bool:
    """Whether the second observer, a member of this operation, may state facts here."""
    deeds = ("gate_fact", "gate_fact_committee")
    return second.operation_id == operation.pk and any(may_at(second, deed, desa) for deed in deeds)


def record_check(row: GateCheck, *, by: Membership | None, now: datetime, rows: tuple[Any, ...] = ()) -> None:
    """The line of one checklist answer, and of what was written with it."""
    said = {"id": str(row.client_id), "item": row.item, "value": row.value, "place": row.place}
    record(
        "check_recorded",
        by=by,
        now=now,
        occurred_at=row.occurred_at,
        operation=row.operation,
        kode_desa=row.desa,
        subject=row.client_id,
        payload=said | {"party": row.party},
        rows=[row, *rows],
        corrects=row.corrects or "",
    )


def camat_may_speak(desa: Desa) -> bool:
    """Whether two tries to reach a resident of this village were logged without an answer (RULES 18).

    The camat stands in for a resident nobody reached, never for one who said "not yet".
    """
    codes = ResidentCode.objects.filter(operation=desa.operation, desa=desa.kode)
    last = codes.exclude(answered_at=None).order_by("-answered_at").first()
    attempts = sum(codes.filter(state="not_reached").values_list("attempts", flat=True))
    return statements.camat_may_speak(attempts, last.state if last else "")


# ---------------------------------------------------------------- dispute


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


# ---------------------------------------------------------------- the resident


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

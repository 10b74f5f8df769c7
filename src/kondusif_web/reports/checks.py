"""Facts for the gates: checklist answers, the dispute, the resident's word by code (RULES 17, 18)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kondusif.errors import MoveRefused, NotAllowed
from kondusif.withdraw import ITEMS, statements
from kondusif_web.accounts.roles import Role, may_at, require
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.logbook.clock import server_now
from kondusif_web.pages.texts import refuse_banned
from kondusif_web.posts.posture import locked, reopen_if_bad
from kondusif_web.reports.arrived import check_correction, content_of, keep, place_of, seen
from kondusif_web.reports.facts import check_of
from kondusif_web.reports.models import GateCheck
from kondusif_web.withdrawal.checks import _may_observe
from kondusif_web.withdrawal.models import ResidentCode

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

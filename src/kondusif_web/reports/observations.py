"""Answers to the checklist of the gates: who may state what, and the one way to write it (RULES 17, 18)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from kondusif.errors import MoveRefused, NotAllowed
from kondusif.withdraw import ITEMS, statements
from kondusif_web.accounts.roles import Role, may_at, require
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.pages.texts import refuse_banned
from kondusif_web.posts.posture import lock_village, reopen_if_bad
from kondusif_web.reports.models import GateCheck
from kondusif_web.reports.queries import check_of
from kondusif_web.reports.submissions import (
    check_correction,
    content_of,
    find_sent,
    keep,
    place_of,
    submission,
)

PARTY_ROLES = {"camat": Role.CAMAT, "danramil": Role.DANRAMIL, "kapolsek": Role.KAPOLSEK}


def may_state(user: Membership, item: int, desa: str, party: str = "") -> bool:
    """Who may answer which item here (RULES 17, 18): statements are the committee's and the camat's."""
    if item == statements.AGREEMENT_ITEM:
        return may_at(user, "gate_fact", desa) and user.role == PARTY_ROLES.get(party, Role.CAMAT)
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
    resident_tried: bool = False,
) -> GateCheck:
    """One answer to the checklist.

    ``second`` is for facts carried over; on the page a second person answers for themselves.
    ``resident_tried``: tries to reach a resident failed, so that the camat may speak for them (RULES 18).
    """
    place = tps or desa
    statements.check_statement(item, value, party)
    _check_observer(operation, desa, item, party, by, second)
    refuse_banned(note=note, minutes=minutes)
    own = {"item": item, "value": value, "minutes": minutes, "party": party, "note": note}
    sent = {"occurred_at": occurred_at, "corrects": corrects}
    who = {"desa": desa, "tps": tps, "second": second.username if second else ""}
    content = content_of(own | sent | who, by)
    if (row := find_sent(GateCheck, operation, id, content)) is not None:
        return row
    village = place_of(operation, place)
    if village.kode != desa:
        raise NotAllowed("area", kode=place)
    lock_village(village, by=by, now=now)
    if second is not None and second.pk == by.pk:
        raise MoveRefused("second_is_the_same", item=item)
    statements.check_complete(item, value, minutes)
    if party == "warga" and not resident_tried:
        raise MoveRefused("resident_not_tried", attempts=statements.ATTEMPTS_BEFORE_CAMAT)
    check_correction(GateCheck, operation, corrects, place, by)
    own |= {"minutes": minutes.strip(), "second": second}
    sent |= {"id": id, "place": place, "channel": channel}
    row = submission(GateCheck, village, own, by=by, now=now, digest=content, **sent)
    if (kept := keep(row)) is not row:
        return kept
    _line(row, by=by, now=now)
    reopen_if_bad(village, check_of(row), by=by, now=now)
    return row


def _check_observer(
    operation: Operation, desa: str, item: int, party: str, by: Membership, second: Membership | None
) -> None:
    """Raises NotAllowed unless both may state facts here, the first one this; both of this operation."""
    if not may_state(by, item, desa, party):
        permission = "gate_fact_committee" if ITEMS[item].minutes else "gate_fact"
        require(by, permission, desa)
        raise NotAllowed("role", permission=permission, kode=desa)
    if second is None:
        return
    may_observe = may_at(second, "gate_fact", desa) or may_at(second, "gate_fact_committee", desa)
    if second.operation_id != operation.pk or not may_observe:
        raise NotAllowed("role", permission="gate_fact", kode=desa)


@transaction.atomic
def resident_said(
    desa: Desa, *, asked_by: Membership, confirmed: bool, digest: str, now: datetime
) -> GateCheck:
    """The resident's own word on item 13, of whom nothing is known: ``asked_by`` gave them the way to answer.

    ``digest`` is of that way. The caller holds the village's lock.
    """
    own = {"item": statements.AGREEMENT_ITEM, "value": "yes" if confirmed else "no", "party": "warga"}
    sent = {"id": uuid4(), "place": desa.kode, "channel": "kode"}
    row = submission(GateCheck, desa, own, by=asked_by, now=now, digest=digest, **sent)
    row.save(force_insert=True)
    _line(row, by=None, now=now)
    return row


def _line(row: GateCheck, *, by: Membership | None, now: datetime) -> None:
    said = {"id": str(row.client_id), "item": row.item, "value": row.value, "place": row.place}
    record(
        "check_recorded",
        row,
        by=by,
        now=now,
        occurred_at=row.occurred_at,
        subject=row.client_id,
        payload=said | {"party": row.party},
        corrects=row.corrects or "",
    )

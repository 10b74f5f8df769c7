"""Forces as they are, and every move of a posting: arrival, recall, the count back, home.

States and moves are the core's; those of a village are in ``posture``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kondusif import forces, places
from kondusif.deploy import Posting, PostingState, check_posting_move, may_recall
from kondusif.errors import ImportRefused, MoveRefused, NotAllowed, Problem
from kondusif.withdraw import check_home, headcount_gate
from kondusif.words import N_
from kondusif_web.accounts.roles import Role, in_areas, may, require
from kondusif_web.election.models import Membership, Operation
from kondusif_web.logbook.actions import record
from kondusif_web.posts.models import ForceUnit, PostingRow
from kondusif_web.posts.queries import count_of


@transaction.atomic
def import_forces(
    *, operation: Operation, units: Iterable[forces.Unit], by: Membership | None, now: datetime
) -> list[ForceUnit]:
    """Add units or replace those of the same code; ``by`` None only from the command line.

    Units that the file does not name stay. Raises ImportRefused with every problem; then nothing is taken.
    """
    if by is not None:
        require(by, "make_plan")
    units = list(units)
    if problems := _problems(operation, units):
        raise ImportRefused(problems)
    known = {r.kode: r for r in ForceUnit.objects.select_for_update().filter(operation=operation)}
    rows = []
    for u in units:
        row = known.get(u.kode) or ForceUnit(operation=operation, kode=u.kode)
        row.nama, row.force, row.function, row.strength = u.nama, u.force.value, u.function, u.strength
        row.base_lat, row.base_lng = (u.base.lat, u.base.lng) if u.base else (None, None)
        row.base_nama, row.bko, row.only_desa = u.base_nama, u.bko, u.only_desa or ""
        row.not_at = list(u.not_at)
        row.full_clean()
        row.save()
        rows.append(row)
    record(
        "forces_imported",
        by=by,
        now=now,
        operation=operation,
        subject=operation.kode,
        payload={"units": {u.kode: u.strength for u in units}},
        rows=rows,
    )
    return rows


def _problems(operation: Operation, units: list[forces.Unit]) -> list[Problem]:
    desa = set(operation.desa.values_list("kode", flat=True))
    kodes = [u.kode for u in units]
    out = []
    for row, u in enumerate(units, start=1):

        def add(column: str, found: object, expected: str, row: int = row) -> None:
            out.append(Problem("kekuatan", "", row, column, str(found), expected))

        if kodes.count(u.kode) > 1:
            add("kode", u.kode, N_("kode yang tidak berulang"))
        if u.strength < 0:
            add("jumlah", u.strength, N_("0 atau lebih"))
        if u.only_desa and u.only_desa not in desa:
            add("khusus_desa", u.only_desa, N_("kode desa dalam operasi"))
        for area in u.not_at:
            if not any(places.within(d, [area]) or area.startswith(d + "-") for d in desa):
                add("bukan_di", area, N_("kode wilayah atau TPS dalam operasi"))
    return out


def order_postings(
    *, operation: Operation, plan: UUID, postings: Iterable[Posting], jenis: Mapping[str, str]
) -> list[PostingRow]:
    """Everyone of a plan ordered to their post, in the transaction that approves it; its line tells of them.

    ``jenis``: the kind of each post by its code.
    """
    units = {u.kode: u for u in ForceUnit.objects.filter(operation=operation)}
    return [
        PostingRow.objects.create(
            operation=operation,
            plan=plan,
            unit=units[p.unit],
            post=p.post,
            jenis=jenis[p.post],
            place=p.place,
            desa=p.desa or "",
            force=p.force.value,
            heads=p.heads,
            start=p.start,
        )
        for p in postings
    ]


@transaction.atomic
def check_in(
    *,
    operation: Operation,
    posting: UUID | str,
    out: int,
    equipment_out: int = 0,
    by: Membership,
    now: datetime,
) -> PostingRow:
    """Ordered to on post, with the heads and pieces of equipment counted at arrival.

    Fewer than ordered is written as it is; more than ordered is refused: a plan is never padded.
    """
    row = _lock(operation, posting, by)
    check_posting_move(row.state, PostingState.ON_POST)
    if row.state == PostingState.RETURNING:
        raise MoveRefused("posting_move_unknown", state=row.state, to="on_post")  # turn_back does that
    if not 1 <= out <= row.heads or equipment_out < 0:
        raise MoveRefused("posting_count_wrong", found=out, expected=f"1-{row.heads}")
    row.out, row.equipment_out = out, equipment_out
    return _move(row, PostingState.ON_POST, "posting_on_post", by, now, out=out, equipment_out=equipment_out)


@transaction.atomic
def muster_unit(
    *,
    operation: Operation,
    unit: str,
    equipment_each: int,
    fewer: Mapping[UUID, int],
    by: Membership,
    now: datetime,
) -> list[PostingRow]:
    """Everyone of a unit ordered inside the person's areas is on post, but for the exceptions.

    ``fewer``: heads that did come to a posting; 0 leaves it ordered. ``equipment_each``: pieces per head.
    Each posting has its own line, as if it were counted alone (:func:`check_in`).
    """
    done = []
    for row in _of_unit(operation, unit, PostingState.ORDERED, by):
        heads = fewer.get(row.pk, row.heads)
        given = {"operation": operation, "posting": row.pk, "by": by, "now": now}
        if heads:
            done.append(check_in(out=heads, equipment_out=heads * equipment_each, **given))
    return done


@transaction.atomic
def count_unit_back(
    *, operation: Operation, unit: str, fewer: Mapping[UUID, int], by: Membership, now: datetime
) -> list[PostingRow]:
    """Everyone of a unit on the way back is counted, and each posting that is whole goes home.

    ``fewer``: heads that came back to a posting's count; such a posting stays on the way, with its equipment
    counted in full. One that does not balance holds only itself (item 15).
    """
    done = []
    for row in _of_unit(operation, unit, PostingState.RETURNING, by):
        given = {"operation": operation, "posting": row.pk, "by": by, "now": now}
        back = fewer.get(row.pk, row.out)
        counted = count_back(back=back, equipment_back=row.equipment_out, **given)
        whole = not headcount_gate(count_of(counted)).shut
        done.append(send_home(**given) if whole else counted)
    return done


def _of_unit(operation: Operation, unit: str, state: PostingState, by: Membership) -> list[PostingRow]:
    """Postings of a unit in a state and in the person's areas. Raises NotAllowed for who may not muster."""
    require(by, "muster")
    rows = operation.postings.filter(unit__kode=unit, state=state)
    return list(in_areas(rows, by, "post").order_by("post"))


@transaction.atomic
def recall_postings(
    *, operation: Operation, desa: str, posture: str, by: Membership, now: datetime
) -> list[PostingRow]:
    """Order back what the ladder lets go when a village has come down to ``posture`` (RULES 12).

    For the context that moved the village, in the same transaction: the gates of that move are what this
    rests on. Command and reserve go when no village of their kecamatan has anyone ordered or on post.
    """
    require(by, "move_posture", desa)
    rows = operation.postings.select_for_update().select_related("unit")
    back = [r for r in rows.filter(desa=desa, state=PostingState.ON_POST) if _may_go(r, posture)]
    gone = {r.pk for r in back}
    area = places.area_of(desa)
    of_area = list(rows.filter(post__startswith=f"{area}-", desa="", state=PostingState.ON_POST))
    busy = rows.filter(desa__startswith=f"{area}.", state__in=("ordered", "on_post")).exclude(pk__in=gone)
    if not busy.exists():
        back += [r for r in of_area if _may_go(r, posture)]
    return [_move(row, PostingState.RETURNING, "posting_recalled", by, now, posture=posture) for row in back]


def _may_go(row: PostingRow, posture: str) -> bool:
    return may_recall(forces.Force(row.force), row.jenis, posture, bko=row.unit.bko)


@transaction.atomic
def turn_back(*, operation: Operation, desa: str, by: Membership, now: datetime) -> list[PostingRow]:
    """Everyone still on the road goes back on post: bad news re-opened the village (RULES 14)."""
    require(by, "report" if may(by, "report") else "gate_fact", desa)  # who may bring the bad news
    rows = operation.postings.select_for_update().filter(desa=desa, state=PostingState.RETURNING)
    out = []
    for row in rows:
        row.back = row.equipment_back = None
        out.append(_move(row, PostingState.ON_POST, "posting_turned_back", by, now))
    return out


@transaction.atomic
def count_back(
    *,
    operation: Operation,
    posting: UUID | str,
    back: int,
    equipment_back: int,
    by: Membership,
    now: datetime,
) -> PostingRow:
    """Write the count of those who are back, whole or not: a missing officer is known at once."""
    row = _lock(operation, posting, by)
    if row.state != PostingState.RETURNING:
        raise MoveRefused("posting_not_returning", state=row.state)
    if back < 0 or equipment_back < 0:
        raise MoveRefused("posting_count_wrong", found=min(back, equipment_back), expected=">= 0")
    row.back, row.equipment_back = back, equipment_back
    row.moved_by, row.moved_at = by, now
    row.save()
    counts = {n: getattr(row, n) for n in ("out", "back", "equipment_out", "equipment_back")}
    _record(row, "posting_counted_back", by, now, counts)
    return row


@transaction.atomic
def send_home(*, operation: Operation, posting: UUID | str, by: Membership, now: datetime) -> PostingRow:
    """Returning to home, only when people and equipment out = back (item 15, never waived).

    Raises MoveRefused with the shut gate and its counts. The database refuses the same.
    """
    row = _lock(operation, posting, by)
    check_posting_move(row.state, PostingState.HOME)
    check_home(count_of(row))
    return _move(row, PostingState.HOME, "posting_home", by, now, out=row.out, back=row.back)


@transaction.atomic
def cancel_posting(*, operation: Operation, posting: UUID | str, by: Membership, now: datetime) -> PostingRow:
    """Take back an order before anyone stands there. Only who approves plans may: it takes force away."""
    row = _found(operation, posting, "approve_plan")
    require(by, "approve_plan", row.post)
    return _move(row, PostingState.CANCELLED, "posting_cancelled", by, now)


def _found(operation: Operation, posting: UUID | str, permission: str) -> PostingRow:
    """The operation's posting, locked. Raises NotAllowed for an unknown one and for another operation's."""
    rows = operation.postings.select_for_update(of=("self",)).select_related("unit")
    row: PostingRow | None = rows.filter(pk=posting).first()
    if row is None:
        raise NotAllowed("area", permission=permission)
    return row


def _lock(operation: Operation, posting: UUID | str, by: Membership) -> PostingRow:
    """The row, locked, for somebody who may muster it; a field officer only at their own post."""
    row = _found(operation, posting, "muster")
    require(by, "muster", row.post)
    if by.role == Role.PETUGAS and by.post != row.post:
        raise NotAllowed("post", permission="muster", kode=row.post)
    return row


def _move(
    row: PostingRow, to: PostingState, kind: str, by: Membership, now: datetime, **payload: Any
) -> PostingRow:
    check_posting_move(row.state, to)
    row.state, row.moved_by, row.moved_at = to.value, by, now
    row.save()
    _record(row, kind, by, now, payload)
    return row


def _record(row: PostingRow, kind: str, by: Membership, now: datetime, payload: dict[str, Any]) -> None:
    record(kind, row, by=by, now=now, payload={"post": row.post, "unit": row.unit.kode, **payload})

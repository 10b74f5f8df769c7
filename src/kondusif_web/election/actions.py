"""Every write on the operation and its places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from kondusif import places
from kondusif.errors import Conflict, MoveRefused, NotAllowed
from kondusif.files import OperationFile
from kondusif.lifecycle import Phase, check_move
from kondusif.stages import StagesError, reachable
from kondusif.standby import Posture
from kondusif_web.accounts.models import User
from kondusif_web.accounts.roles import require
from kondusif_web.election.cells import cells
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Calon, Desa, Membership, Operation, StageDate, Tps
from kondusif_web.election.queries import covers
from kondusif_web.logbook.actions import record, saved
from kondusif_web.logbook.clock import server_now
from kondusif_web.logbook.queries import head


@transaction.atomic
def open_operation(*, kode: str, by: User | None, now: datetime, **fields: Any) -> Operation:
    """A new operation, entered in the office's chain so that it cannot vanish whole.

    ``by`` an account, None only from the command line. Raises Conflict, StagesError, ValidationError.
    """
    if by is not None:
        require(by, "begin_operation")
    if Operation.objects.filter(kode=kode).exists():
        raise Conflict("operation_taken", kode=kode)
    operation = consistent(Operation(kode=kode, **fields))
    record(
        "operation_opened",
        operation,
        by=by,
        now=now,
        subject=kode,
        payload={"kode": kode, "vote_at": operation.vote_at, "drill": operation.drill},
    )
    _tell_office("operation_entered", operation, by)
    return operation


def consistent(operation: Operation) -> Operation:
    """The operation, saved. Raises StagesError for an election that contradicts itself, ValidationError."""
    saved(operation)
    election_of(operation)
    return operation


@transaction.atomic
def add_places(
    *,
    operation: Operation,
    desa: Iterable[places.Desa],
    tps: Iterable[places.Tps],
    calon: Mapping[str, Iterable[int]] | None = None,
    outlines: Mapping[str, list[list[float]]] | None = None,
    by: Membership | None,
    now: datetime,
) -> None:
    """Villages, stations, candidate numbers of an official list. ``outlines``: desa to [[lng, lat], ...]."""
    if by is not None:
        require(by, "manage_operation")
    rings = outlines or {}
    by_kode = {}
    for d in desa:
        columns = _columns(d, "kode", "nama", "kecamatan", "kabupaten", "memilih")
        by_kode[d.kode] = Desa.objects.create(
            operation=operation, cell=list(rings.get(d.kode, ())), **columns
        )
    stations = []
    for t in tps:
        columns = _columns(t, "kode", "nomor", "nama", "pemilih")
        stations.append(Tps.objects.create(operation=operation, desa=by_kode[t.desa], **columns))
    candidates = [
        Calon.objects.create(desa=by_kode[kode], nomor=n)
        for kode, numbers in (calon or {}).items()
        for n in numbers
    ]
    record(
        "places_imported",
        by=by,
        now=now,
        operation=operation,
        subject=operation.kode,
        payload={"desa": sorted(by_kode), "tps": len(stations)},
        rows=[*by_kode.values(), *stations, *candidates],
    )


def _columns(place: places.Desa | places.Tps, *names: str) -> dict[str, Any]:
    """What a row keeps of a place: these columns, and its point."""
    columns = {name: getattr(place, name) for name in names}
    return columns | {"lat": place.at and place.at.lat, "lng": place.at and place.at.lng}


@transaction.atomic
def date_stage(
    *, operation: Operation, kode: str, at: datetime, source: str, by: Membership | None, now: datetime
) -> StageDate:
    """The actual date of a stage and its paper, such as the decree that sets the inauguration."""
    if by is not None:
        require(by, "manage_operation")
    row = StageDate.objects.select_for_update().filter(operation=operation, kode=kode).first()
    row = row or StageDate(operation=operation, kode=kode)
    if not reachable(at):
        raise StagesError("impossible_year", field=kode, found=str(at))
    row.at, row.source = at, source
    saved(row)
    election_of(operation)  # refuses a date before the vote
    record(
        "stage_dated",
        row,
        by=by,
        now=now,
        subject=kode,
        payload={"stage": kode, "at": at, "source": source},
    )
    return row


@transaction.atomic
def move_operation(
    *,
    operation: Operation,
    to: Phase,
    postures: Mapping[str, Posture],
    reason: str,
    by: Membership | None,
    now: datetime,
) -> Operation:
    """Run, close, open again or archive. ``postures`` of the voting villages, read by the caller.

    Asks for areas that hold every voting village. The office's chain keeps the head of an archive. Raises
    NotAllowed, MoveRefused.
    """
    operation = operation.lock()
    if by is not None:
        require(by, "run_operation")
        if not covers(by, operation):
            raise NotAllowed("whole", permission="run_operation")
    before = Phase(operation.phase)
    check_move(before, to, postures=postures)
    if not reason.strip():
        raise MoveRefused("reason_missing")
    operation.phase = to.value
    operation.save()
    payload = {"reason": reason.strip()[:240]}
    if to is not Phase.ARCHIVED:
        payload |= {"from": before.value, "to": to.value}
    record(
        "operation_archived" if to is Phase.ARCHIVED else "operation_moved",
        operation,
        by=by,
        now=now,
        subject=operation.kode,
        payload=payload,
    )
    if to is Phase.ARCHIVED:
        _tell_office("operation_left", operation, by)
    return operation


def _tell_office(kind: str, operation: Operation, by: User | Membership | None) -> None:
    """A line in the office's chain that there is this operation, and with which head by now."""
    payload = {"kode": operation.kode, "drill": operation.drill, "head": head(operation.kode)}
    record(kind, by=by, now=server_now(), subject=operation.kode, payload=payload)


@transaction.atomic
def set_clock(
    *,
    operation: Operation,
    to: datetime,
    by: Membership | None,
    now: datetime,
    passed_over: Sequence[str] = (),
) -> Operation:
    """Move the clock of a drill. Raises MoveRefused for a real operation or a clock that would run back.

    ``passed_over`` names the steps of the story that were refused and left out on the way.
    """
    if by is not None:
        require(by, "drill")
    operation = operation.lock()
    if not operation.drill:
        raise MoveRefused("not_a_drill", operation=operation.kode)
    if operation.clock is not None and to < operation.clock:
        raise MoveRefused("clock_runs_back", at=operation.clock, to=to)
    operation.clock = to
    operation.save()
    record(
        "clock_set",
        operation,
        by=by,
        now=now,
        occurred_at=to,
        subject=operation.kode,
        payload={"to": to} | ({"passed_over": list(passed_over)} if passed_over else {}),
    )
    return operation


@transaction.atomic
def import_operation(*, file: OperationFile, now: datetime) -> Operation:
    """The operation and the places of a checked file; everything else of it is other contexts' work.

    From the command line alone. Outlines are schematic, made from the villages' points. Raises Conflict when
    the operation is there already, LookupError for a file without the sheet ``operasi``.
    """
    row = file.operasi
    if row is None:
        raise LookupError("operasi")
    vote = file.election
    voting = file.voting or file.desa
    operation = open_operation(
        kode=row["kode"],
        nama=row["nama"],
        polres=row["polres"],
        polsek=next((k["nama"] for k in file["kantor"] if k["jenis"] == "polsek"), ""),
        **shared_names(voting),
        vote_at=vote.vote_at,
        tz=vote.tz,
        drill=file.drill,
        illustrative=file.illustrative,
        rule_pack=vote.pack.kode,
        pattern_set=row["pola"],
        start_offsets={str(level): [days, f"{at:%H:%M}"] for level, (days, at) in vote.start_offsets.items()},
        inauguration_at=vote.inauguration_at,
        by=None,
        now=now,
    )
    calon: dict[str, list[int]] = {}
    for line in file["calon"]:
        calon.setdefault(line["desa"], []).append(line["nomor"])
    add_places(
        operation=operation,
        desa=file.desa,
        tps=file.tps,
        calon=calon,
        outlines=cells({d.kode: d.at for d in file.desa if d.at is not None}),
        by=None,
        now=now,
    )
    return operation


def shared_names(places: Iterable[Any]) -> dict[str, str]:
    """Kecamatan and kabupaten of the places, each blank where they differ."""
    names = {name: {getattr(place, name) for place in places} for name in ("kecamatan", "kabupaten")}
    return {name: found.pop() if len(found) == 1 else "" for name, found in names.items()}

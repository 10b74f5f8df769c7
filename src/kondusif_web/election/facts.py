"""Rows of the operation into values of the core."""

from __future__ import annotations

from datetime import time
from types import MappingProxyType

from kondusif import places, stages
from kondusif_web.election.models import Desa, Operation, Tps


def election_of(operation: Operation) -> stages.Election:
    """The vote as the core reads it: moment, zone, rule pack, start offsets, actual dates."""
    dated = {row.kode: row.at for row in operation.stage_dates.all()}
    return stages.Election(
        vote_at=operation.vote_at,
        tz=operation.tz,
        pack=stages.PACKS[operation.rule_pack],
        start_offsets=MappingProxyType(
            {int(k): (int(days), time.fromisoformat(at)) for k, (days, at) in operation.start_offsets.items()}
        ),
        inauguration_at=dated.get("inauguration") or operation.inauguration_at,
        bpd_report_at=dated.get("bpd_report") or operation.bpd_report_at,
    )


def desa_of(row: Desa) -> places.Desa:
    """One village."""
    return places.Desa(
        kode=row.kode,
        nama=row.nama,
        kecamatan=row.kecamatan,
        kabupaten=row.kabupaten,
        at=_point(row.lat, row.lng),
        memilih=row.memilih,
    )


def tps_of(row: Tps) -> places.Tps:
    """One polling station."""
    return places.Tps(
        desa=places.desa_of(row.kode),
        nomor=row.nomor,
        nama=row.nama,
        pemilih=row.pemilih,
        at=_point(row.lat, row.lng),
    )


def _point(lat: float | None, lng: float | None) -> places.Point | None:
    return None if lat is None or lng is None else places.Point(lat, lng)

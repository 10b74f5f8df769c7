"""Rows into core values: units, postings, the headcount."""

from __future__ import annotations

from kondusif.forces import Force, Unit
from kondusif.places import Point
from kondusif.withdraw import PostingCount
from kondusif_web.posts.models import ForceUnit, PostingRow


def unit_of(row: ForceUnit) -> Unit:
    """A unit as the planner reads it."""
    known = row.base_lat is not None and row.base_lng is not None
    return Unit(
        kode=row.kode,
        nama=row.nama,
        force=Force(row.force),
        function=row.function,
        strength=row.strength,
        base=Point(row.base_lat, row.base_lng) if known else None,
        base_nama=row.base_nama,
        bko=row.bko,
        only_desa=row.only_desa or None,
        not_at=tuple(row.not_at),
    )


def count_of(row: PostingRow) -> PostingCount:
    """State and count of a posting for its gates; not counted stays not counted."""
    return PostingCount(
        posting=str(row.pk),
        state=row.state,
        out=row.out or 0,
        back=row.back,
        equipment_out=row.equipment_out or 0,
        equipment_back=row.equipment_back,
    )

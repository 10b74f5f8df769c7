"""Boundaries of a waiting file as the map would draw them."""

from __future__ import annotations

from kondusif.files.geojson import Boundaries
from kondusif.files.outline import drawn
from kondusif_web.election.growth import tolerance
from kondusif_web.election.models import Operation
from kondusif_web.pages.map_layout import MapCell


def preview_map(operation: Operation, found: Boundaries, source: str) -> list[MapCell]:
    """One cell per village of the file, without class: what is looked at here is the drawing."""
    fine = tolerance(found)
    out = []
    for desa in operation.desa.filter(kode__in=found.outlines):
        rings = drawn(found.outlines[desa.kode].polygons, fine)
        out.append(
            MapCell(
                code=desa.kode,
                name=desa.nama,
                ring=rings[0],
                parts=rings[1:],
                source=source,
                voting=desa.memilih,
            )
        )
    return out

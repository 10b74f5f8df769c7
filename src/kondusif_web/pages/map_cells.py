"""The map of many villages without boundaries: names inside their cells, so none can overlap."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from kondusif_web.pages.map_drawing import CARDS_UP_TO, Labels, in_words, source_note
from kondusif_web.pages.map_layout import MapCell, Point, area_and_centroid


def in_cells(cells: Sequence[MapCell]) -> bool:
    """Whether they are drawn so: more voting villages than cards can name, and no boundary to draw."""
    return sum(cell.voting for cell in cells) > CARDS_UP_TO and not any(cell.source for cell in cells)


def draw_cells(cells: Sequence[MapCell], *, labels: Labels = None, drill: bool = False) -> SafeString:
    """HTML of the voting villages, for every width. A kecamatan is a frame, a cell lies about where its
    village does.
    """
    frames = [
        {"nama": name, "lebar": min(len(own), 4), "desa": [_shown(cell, labels) for cell in own]}
        for name, own in north_to_south(cells)
    ]
    note = source_note(cells) + (" · LATIHAN - DATA ILUSTRATIF" if drill else "")
    return SafeString(render_to_string("pages/_sel_peta.html", {"bingkai": frames, "kaki": note}))


def _shown(cell: MapCell, labels: Labels) -> dict[str, Any]:
    marks = [kind for kind, n in cell.marks.items() if n]
    return {"sel": cell, "tanda": marks, "kata": in_words(cell, labels)}


def north_to_south(cells: Sequence[MapCell]) -> list[tuple[str, list[MapCell]]]:
    """Voting villages by kecamatan, both as one reads: in bands from north to south, in each from the west.

    About as many bands as cells in a band; what has no outline comes last, by name.
    """
    by_district: dict[str, list[MapCell]] = {}
    for cell in cells:
        if cell.voting:
            by_district.setdefault(cell.district, []).append(cell)
    frames = [
        (name, [own[n] for n in _reading([_middle(c) for c in own])]) for name, own in by_district.items()
    ]
    return [frames[n] for n in _reading([_mean([_middle(c) for c in own]) for _name, own in frames])]


def _middle(cell: MapCell) -> Point | None:
    return area_and_centroid([(p[0], p[1]) for p in cell.ring])[1] if cell.ring else None


def _mean(points: Sequence[Point | None]) -> Point | None:
    known = [p for p in points if p is not None]
    return (sum(p[0] for p in known) / len(known), sum(p[1] for p in known) / len(known)) if known else None


def _reading(points: Sequence[Point | None]) -> list[int]:
    """Indices of (lng, lat) in bands from the north, each from the west; those without a place last."""
    located = {n: p for n, p in enumerate(points) if p is not None}
    southward = sorted(located, key=lambda n: (-located[n][1], located[n][0]))
    per = max(1, ceil(sqrt(len(southward))))
    bands = [southward[n : n + per] for n in range(0, len(southward), per)]
    ordered = [n for band in bands for n in sorted(band, key=lambda n: located[n][0])]
    return ordered + [n for n in range(len(points)) if n not in located]

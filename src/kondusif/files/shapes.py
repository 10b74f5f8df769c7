"""Whether boundaries are shapes that a map can hold, through shapely, an extra; without it nothing is said.

A boundary is judged by its coordinates as they came, before they are rounded: rounding moves a corner by a
few centimetres, and a file is not refused for that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from kondusif.files.outline import Polygon
from kondusif.words import N_

SLIVER = 0.001  # [P] of the smaller village: boundaries drawn by two hands differ that much
KM_PER_DEGREE = 111.2  # of latitude, mean
WORDS = {
    "Self-intersection": N_("garis batas memotong dirinya sendiri di {}, {}"),
    "Ring Self-intersection": N_("garis batas menyentuh dirinya sendiri di {}, {}"),
    "Hole lies outside shell": N_("lubang di luar batasnya, di {}, {}"),
    "Holes are nested": N_("lubang di dalam lubang, di {}, {}"),
    "Interior is disconnected": N_("bagian dalam terputus oleh lubang di {}, {}"),
    "Nested shells": N_("satu bagian di dalam bagian lain, di {}, {}"),
    "Duplicate Rings": N_("cincin yang sama dua kali, di {}, {}"),
}
AT = re.compile(r"\[(-?[\d.]+) (-?[\d.]+)\]")


def installed() -> bool:
    """Whether shapes can be checked here."""
    try:
        import shapely  # noqa: F401
    except ImportError:
        return False
    return True


def wrong(parts: Sequence[Sequence[Sequence[Sequence[float]]]]) -> str:
    """What is wrong with the coordinates of a MultiPolygon, and where; blank for a shape that holds.

    Rings are closed with four positions or more, [lng, lat] first. Ask :func:`installed` before.
    """
    import shapely

    shape = _shape(parts)
    if shapely.is_valid(shape):
        return ""
    reason = str(shapely.is_valid_reason(shape))
    kind, at = reason.partition("[")[0].strip(), AT.search(reason)
    if not at or kind not in WORDS:
        return reason
    return WORDS[kind].format(f"{float(at[1]):.5f}", f"{float(at[2]):.5f}")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two villages that claim the same ground; ``hectares`` of it, ``share`` of the smaller of the two."""

    one: str
    other: str
    hectares: float
    share: float


def overlaps(outlines: Mapping[str, Sequence[Polygon]]) -> Iterator[Overlap]:
    """Pairs beyond a sliver, the largest first; each pair once. Ask :func:`installed` before."""
    import shapely

    kodes = sorted(outlines)
    shapes = [shapely.make_valid(_shape(outlines[k])) for k in kodes]
    found = []
    for a, b in shapely.STRtree(shapes).query(shapes, predicate="intersects").T:
        if a >= b:
            continue
        common = shapely.area(shapely.intersection(shapes[a], shapes[b]))
        share = common / min(shapely.area(shapes[a]), shapely.area(shapes[b]))
        if share > SLIVER:
            lat = shapely.get_y(shapely.centroid(shapes[a]))
            hectares = common * KM_PER_DEGREE**2 * cos(radians(lat)) * 100
            found.append(Overlap(kodes[a], kodes[b], float(hectares), float(share)))
    yield from sorted(found, key=lambda o: (-o.hectares, o.one, o.other))


def _shape(parts: Sequence[Sequence[Sequence[Sequence[float]]]]) -> Any:
    import shapely

    flat = [[[(p[0], p[1]) for p in ring] for ring in part] for part in parts]
    return shapely.MultiPolygon([(part[0], part[1:]) for part in flat])

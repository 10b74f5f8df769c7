"""Schematic outlines: around each village the ground near it that is nearer to it than to any other.

Official boundaries are another import. Until they are there a map says "skematis" and shows these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import cos, dist, pi, radians, sin

from kondusif.places import Point

Ring = list[list[float]]

REACH = 0.9  # cells reach this far, in distances from the loneliest village to its nearest neighbour
CORNERS = 24  # of the circle that ends a cell where no neighbour does
ROUND = 5  # decimals of a degree, about a metre


def cells(points: Mapping[str, Point]) -> dict[str, Ring]:
    """Code to ring of [lng, lat], not closed. Villages on one and the same point get no cell.

    >>> c = cells({"a": Point(-7.0, 112.0), "b": Point(-7.0, 112.2)})
    >>> max(lng for lng, _ in c["a"]) == min(lng for lng, _ in c["b"]) == 112.1
    True
    """
    if not points:
        return {}
    mid = radians(sum(p.lat for p in points.values()) / len(points))
    flat = {kode: (p.lng * cos(mid), p.lat) for kode, p in points.items()}  # degrees of equal length
    reach = REACH * max((_to_nearest(p, flat.values()) for p in flat.values()), default=0.0) or 0.01
    out = {}
    for kode, here in flat.items():
        ring = _circle(here, reach)
        for other in flat.values():
            if other != here:
                ring = _nearer(ring, here, other)
        shared = sum(other == here for other in flat.values()) > 1
        if len(ring) > 2 and not shared:
            out[kode] = [[round(x / cos(mid), ROUND), round(y, ROUND)] for x, y in ring]
    return out


XY = tuple[float, float]


def _to_nearest(here: XY, all_of_them: Iterable[XY]) -> float:
    return min((dist(here, other) for other in all_of_them if other != here), default=0.0)


def _circle(at: XY, radius: float) -> list[XY]:
    turns = (2 * pi * (k + 0.5) / CORNERS for k in range(CORNERS))
    return [(at[0] + radius * cos(t), at[1] + radius * sin(t)) for t in turns]


def _nearer(ring: list[XY], a: XY, b: XY) -> list[XY]:
    """The part of a convex ring nearer to ``a`` than to ``b``."""
    limit = (b[0] ** 2 + b[1] ** 2 - a[0] ** 2 - a[1] ** 2) / 2
    return half_plane(ring, (b[0] - a[0], b[1] - a[1]), limit)


def half_plane(ring: Sequence[XY], normal: XY, limit: float) -> list[XY]:
    """The part of a ring on one side of a line, where ``normal`` times the point is at most ``limit``.

    One step of Sutherland and Hodgman (1974).
    """
    out: list[XY] = []
    beyond = [p[0] * normal[0] + p[1] * normal[1] - limit for p in ring]
    for n, (p, dp) in enumerate(zip(ring, beyond, strict=True)):
        q, dq = ring[(n + 1) % len(ring)], beyond[(n + 1) % len(ring)]
        if dp <= 0:
            out.append(p)
        if (dp < 0 < dq) or (dq < 0 < dp):
            t = dp / (dp - dq)
            out.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
    return out

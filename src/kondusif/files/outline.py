"""Outlines of villages: fewer corners for a drawing, the larger part, a point inside. Pure, no library."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

Position = tuple[float, float]  # lng, lat in degrees, or any plane
Ring = tuple[Position, ...]  # closed: the first position is the last as well
Polygon = tuple[Ring, ...]  # the outer ring, then holes


def simplified(ring: Sequence[Position], tolerance: float) -> Ring:
    """The ring without corners that lie within ``tolerance`` (units of the ring) of the line without them.

    Douglas and Peucker 1973, on a closed ring: it is cut at its first position and at the one farthest from
    it. A ring that would fall together stays a triangle or more. The first position always stays.

    >>> simplified([(0, 0), (5, 0.01), (10, 0), (10, 10), (0, 10), (0, 0)], 0.1)
    ((0, 0), (10, 0), (10, 10), (0, 10), (0, 0))
    """
    points = list(ring)
    if len(points) <= 5 or tolerance <= 0:
        return tuple(points)
    first = points[0]
    far = max(range(len(points)), key=lambda k: (_apart(points[k], first), -k))
    kept = {0, far, len(points) - 1}
    waiting = [(0, far), (far, len(points) - 1)]
    while waiting:
        start, end = waiting.pop()
        worst, at = tolerance, -1
        for k in range(start + 1, end):
            if (off := _off(points[k], points[start], points[end])) > worst:
                worst, at = off, k
        if at >= 0:
            kept.add(at)
            waiting += [(start, at), (at, end)]
    out = tuple(points[k] for k in sorted(kept))
    if len(out) >= 4:
        return out
    extra = max(
        (k for k in range(len(points)) if k not in kept),
        key=lambda k: _off(points[k], first, points[far]),
    )
    return tuple(points[k] for k in sorted(kept | {extra}))


def _apart(p: Position, q: Position) -> float:
    return hypot(p[0] - q[0], p[1] - q[1])


def _off(p: Position, a: Position, b: Position) -> float:
    """Distance of p from the segment a-b."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    if length == 0:
        return _apart(p, a)
    t = max(0.0, min(1.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length))
    return _apart(p, (a[0] + t * dx, a[1] + t * dy))


def area(ring: Sequence[Position]) -> float:
    """Signed area of a closed ring in squared units; positive runs counter-clockwise.

    >>> area([(0, 0), (2, 0), (2, 1), (0, 1), (0, 0)])
    2.0
    """
    x0, y0 = ring[0]  # relative to a corner: degrees far from zero would lose digits
    crosses = ((ax - x0) * (by - y0) - (bx - x0) * (ay - y0) for (ax, ay), (bx, by) in pairwise(ring))
    return sum(crosses) / 2


def inside(point: Position, polygons: Sequence[Polygon]) -> bool:
    """Whether the point lies in any of the polygons and in none of its holes (even-odd rule).

    >>> inside((1, 1), [(((0, 0), (2, 0), (2, 2), (0, 2), (0, 0)),)])
    True
    """
    return any(sum(_crosses(point, ring) for ring in polygon) % 2 for polygon in polygons)


def _crosses(point: Position, ring: Sequence[Position]) -> int:
    x, y = point
    hits = 0
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            hits += 1
    return hits % 2


def drawn(polygons: Sequence[Polygon], tolerance: float, decimals: int = 5) -> list[list[list[float]]]:
    """Rings to draw, the largest outer ring first; rings smaller than the tolerance squared are left out."""
    rings = sorted((r for p in polygons for r in p), key=lambda r: -abs(area(r)))
    out = []
    for number, ring in enumerate(rings):
        if number and abs(area(ring)) < tolerance * tolerance:
            continue
        out.append([[round(x, decimals), round(y, decimals)] for x, y in simplified(ring, tolerance)[:-1]])
    return out

"""Areas on a map, by class: colour, hatch and number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import ImportRefused, Problem, RecipeError
from kondusif.plots.look import (
    INK,
    INK_2,
    MARGIN,
    PAPER,
    Page,
    Scale,
    Sheet,
    Style,
    drawn,
    style_of,
    width_of,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Ring = NDArray[np.float64]
FILE = "batas wilayah"


@dataclass(frozen=True)
class Place:
    """One area: its rings (n_points, 2) in degrees, longitude first; holes are rings too."""

    code: str
    name: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True)
class Map:
    """Places and the class of each code; a code without a class is drawn empty with a question mark."""

    places: tuple[Place, ...]
    levels: Mapping[str, int]

    def __post_init__(self) -> None:
        if not self.places:
            raise RecipeError("map: no places to draw")


def places_of(document: Mapping[str, Any], key: str = "kode", name: str = "nama") -> tuple[Place, ...]:
    """Polygons and multipolygons of a GeoJSON FeatureCollection in WGS 84.

    ``key`` and ``name`` are properties of each feature. Raises ``ImportRefused`` naming every feature that
    has no code, another kind of geometry or no coordinates.
    """
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise ImportRefused([Problem(FILE, "", None, "", "tanpa features", "GeoJSON FeatureCollection")])
    found: list[Place] = []
    problems: list[Problem] = []
    for n, feature in enumerate(features, start=1):
        plain = feature if isinstance(feature, Mapping) else {}
        properties, shape = plain.get("properties") or {}, plain.get("geometry") or {}
        code, kind = str(properties.get(key) or ""), shape.get("type")
        if not code:
            problems.append(Problem(FILE, "", n, key, "tidak ada", "kode wilayah"))
            continue
        try:
            rings = _rings(shape)
        except (KeyError, TypeError, ValueError, IndexError):
            problems.append(Problem(FILE, "", n, code, str(kind), "poligon dengan titik bujur, lintang"))
            continue
        found.append(Place(code, str(properties.get(name) or code), rings))
    if problems:
        raise ImportRefused(problems)
    return tuple(found)


def _rings(shape: Mapping[str, Any]) -> tuple[Ring, ...]:
    """All rings of a polygon or multipolygon; anything else is a ``ValueError``, ``KeyError`` or such."""
    parts = shape["coordinates"]
    if shape.get("type") == "Polygon":
        parts = [parts]
    elif shape.get("type") != "MultiPolygon":
        raise ValueError
    rings = tuple(_ring(ring) for part in parts for ring in part)
    if not rings:
        raise ValueError
    return rings


def _ring(points: object) -> Ring:
    ring = np.asarray(points, dtype=np.float64)
    if ring.ndim != 2 or ring.shape[1] < 2 or len(ring) < 4 or not np.isfinite(ring).all():
        raise ValueError
    return ring[:, :2]


@drawn
def class_map(data: Map, sheet: Sheet, scale: Scale | None = None, *, width: float = 8.0) -> Figure:
    """Each place in the colour and hatch of its class, with its number and, where it fits, its name.

    Longitudes are shrunk by the cosine of the middle latitude: right for a province, not for a country.
    """
    scale = scale or Scale()
    points = np.vstack([ring for place in data.places for ring in place.rings])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    squeeze = cos(radians(float(south + north) / 2))
    room = 0.01 * max(float(east - west), float(north - south))
    west, east, south, north = west - room, east + room, south - room, north + room
    wide, tall = max(float(east - west) * squeeze, 1e-9), max(float(north - south), 1e-9)
    across = width - 2 * MARGIN
    high = across * tall / wide
    if high > 9.0:
        across, high = across * 9.0 / high, 9.0
    levels = [data.levels.get(p.code, 0) for p in data.places]
    if unknown := levels.count(0):
        sheet = sheet.saying(f"{unknown} wilayah tanpa kelas.")
    page = Page(width, high + 0.5, sheet)
    axes = page.axes((width - across) / 2, page.floor + 0.4, across, high)
    axes.set(xlim=(west, east), ylim=(south, north))
    axes.set_xticks([])
    axes.set_yticks([])
    for place, level in zip(data.places, levels, strict=True):
        _area(axes, place, level, len(scale.labels))
    for place, level in zip(data.places, levels, strict=True):
        _label(axes, place, level, len(scale.labels))
    _legend(page, scale, levels, page.floor + 0.12)
    return page.figure


def _area(axes: Axes, place: Place, level: int, of: int) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    style = style_of(level, of)
    path = Path.make_compound_path(*(Path(ring, closed=True) for ring in place.rings))
    axes.add_patch(
        PathPatch(
            path, facecolor=style.face, edgecolor=_hatch_ink(style), hatch=style.hatch or None, linewidth=0
        )
    )
    axes.add_patch(
        PathPatch(path, facecolor="none", edgecolor=INK, linewidth=0.8, linestyle="--" if level == 0 else "-")
    )


def _label(axes: Axes, place: Place, level: int, of: int) -> None:
    """The number on the colour of its class; the name below it, with a paper edge to read anywhere."""
    from matplotlib.patheffects import withStroke

    x, y = _middle(max(place.rings, key=lambda r: abs(_area_of(r))))
    style = style_of(level, of)
    box: dict[str, Any] = {"boxstyle": "circle,pad=0.22", "facecolor": style.face, "edgecolor": style.edge}
    axes.annotate(
        str(level) if level else "?",
        (x, y),
        xytext=(0, 5),
        textcoords="offset points",
        fontsize=7,
        weight="bold",
        ha="center",
        va="center",
        color=style.ink,
        bbox=box,
    )
    edge = [withStroke(linewidth=2.4, foreground=PAPER)]
    axes.annotate(
        place.name,
        (x, y),
        xytext=(0, -7),
        textcoords="offset points",
        fontsize=7,
        ha="center",
        va="center",
        color=INK,
        path_effects=edge,
    )


def _legend(page: Page, scale: Scale, levels: list[int], y: float) -> None:
    """The hatch, number, name and how many of every class."""

    of = len(scale.labels)
    entries = [(k, f"{k} {scale.name(k)} ({levels.count(k)})") for k in range(1, of + 1)]
    if levels.count(0):
        entries.append((0, f"? {scale.name(0)} ({levels.count(0)})"))
    x = MARGIN
    for level, text in entries:
        style = style_of(level, of)
        for face, edge, hatch, dashes in (
            (style.face, _hatch_ink(style), style.hatch or None, "-"),
            ("none", INK, None, "--" if level == 0 else "-"),
        ):
            page.box(
                x,
                y - 0.08,
                0.3,
                0.17,
                facecolor=face,
                edgecolor=edge,
                hatch=hatch and hatch * 2,
                linewidth=0 if hatch else 0.8,
                linestyle=dashes,
            )
        page.text(x + 0.38, y, text, color=INK_2)
        x += 0.62 + width_of(text, 8)


def _hatch_ink(style: Style) -> str:
    return "#d9a8bf" if style.ink == PAPER else style.hatch_ink


def _area_of(ring: Ring) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(x[:-1] @ y[1:] - x[1:] @ y[:-1]) / 2.0


def _middle(ring: Ring) -> Sequence[float]:
    """Middle of the longest stretch inside the ring at half its area's height; always inside."""
    centre = ring[:-1].mean(axis=0) if len(ring) > 1 else ring[0]
    area = _area_of(ring)
    if area:
        x, y = ring[:, 0] - centre[0], ring[:, 1] - centre[1]
        cross = x[:-1] * y[1:] - x[1:] * y[:-1]
        sums = [((x[:-1] + x[1:]) * cross).sum(), ((y[:-1] + y[1:]) * cross).sum()]
        centre = centre + np.array(sums) / (6 * area)
    height = float(centre[1])
    meets = sorted(
        x0 + (height - y0) * (x1 - x0) / (y1 - y0)
        for (x0, y0), (x1, y1) in pairwise(ring)
        if (y0 <= height) != (y1 <= height)
    )
    stretches = list(zip(meets[::2], meets[1::2], strict=False))
    if not stretches:
        return float(centre[0]), height
    west, east = max(stretches, key=lambda s: s[1] - s[0])
    return float(west + east) / 2, height

"""Areas on a map, by class: colour, hatch and number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import ImportRefused, Problem, RecipeError
from kondusif.plots.style import (
    INK,
    LINE_STRONG,
    MARGIN,
    PAPER,
    Caption,
    ClassScale,
    drawn,
    legend,
    page,
    style_of,
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
def class_map(data: Map, caption: Caption, scale: ClassScale | None = None, *, width: float = 8.0) -> Figure:
    """Each place in the colour and hatch of its class, with its number and, where it fits, its name.

    Longitudes are shrunk by the cosine of the middle latitude: right for a province, not for a country.
    """
    scale = scale or ClassScale()
    points = np.vstack([ring for place in data.places for ring in place.rings])
    west, south = (float(x) for x in points.min(axis=0))
    east, north = (float(x) for x in points.max(axis=0))
    squeeze = cos(radians((south + north) / 2))
    room = 0.01 * max(east - west, north - south)
    tall = (north - south + 2 * room) / max((east - west + 2 * room) * squeeze, 1e-9)
    levels = [data.levels.get(p.code, 0) for p in data.places]
    if unknown := levels.count(0):
        caption = caption.add(f"{unknown} wilayah tanpa kelas.")
    figure, axes = page(width, min((width - 2 * MARGIN) * tall, 9.0) + 0.5, caption)
    axes.set(xlim=(west - room, east + room), ylim=(south - room, north + room), aspect=1 / squeeze)
    axes.set_axis_off()
    for place, level in zip(data.places, levels, strict=True):
        _area(axes, place, level, len(scale.labels))
    for place, level in zip(data.places, levels, strict=True):
        _label(axes, place, level, len(scale.labels))
    _legend(axes, scale, levels)
    return figure


def _patches(level: int, of: int) -> list[dict[str, Any]]:
    """How an area of a class looks: its colour and hatch, and over it its border, dashed without a class."""
    style = style_of(level, of)
    ink = "#d9a8bf" if style.ink == PAPER else style.ink if level else LINE_STRONG
    fill: dict[str, Any] = {
        "facecolor": style.face,
        "edgecolor": ink,
        "hatch": style.hatch or None,
        "linewidth": 0,
    }
    border: dict[str, Any] = {
        "facecolor": "none",
        "edgecolor": INK,
        "linewidth": 0.8,
        "linestyle": "-" if level else "--",
    }
    return [fill, border]


def _area(axes: Axes, place: Place, level: int, of: int) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    path = Path.make_compound_path(*(Path(ring, closed=True) for ring in place.rings))
    for look in _patches(level, of):
        axes.add_patch(PathPatch(path, **look))


def _label(axes: Axes, place: Place, level: int, of: int) -> None:
    """The number on the colour of its class; the name below it, with a paper edge to read anywhere."""
    from matplotlib.patheffects import withStroke

    middle = _middle(max(place.rings, key=lambda ring: float(np.ptp(ring, axis=0).prod())))
    style = style_of(level, of)
    box: dict[str, Any] = {"boxstyle": "circle,pad=0.22", "facecolor": style.face, "edgecolor": style.edge}
    look: dict[str, Any] = {"textcoords": "offset points", "size": 7, "ha": "center", "va": "center"}
    number = str(level) if level else "?"
    axes.annotate(number, middle, (0, 5), weight="bold", color=style.ink, bbox=box, **look)
    edge = [withStroke(linewidth=2.4, foreground=PAPER)]
    axes.annotate(place.name, middle, (0, -7), path_effects=edge, **look)


def _legend(axes: Axes, scale: ClassScale, levels: list[int]) -> None:
    """The hatch, number, name and how many of every class."""
    from matplotlib.patches import Patch

    handles, labels = [], []
    for level, label in scale.counted(levels):
        handles.append(tuple(Patch(**look) for look in _patches(level, len(scale.labels))))
        labels.append(label)
    legend(axes, labels, handles)


def _middle(ring: Ring) -> tuple[float, float]:
    """Middle of the longest stretch inside the ring at half its height; always inside."""
    height = float(ring[:, 1].min() + ring[:, 1].max()) / 2
    meets = sorted(
        x0 + (height - y0) * (x1 - x0) / (y1 - y0)
        for (x0, y0), (x1, y1) in pairwise(ring.tolist())
        if (y0 <= height) != (y1 <= height)
    )
    stretches = list(zip(meets[::2], meets[1::2], strict=False))
    if not stretches:
        return float(ring[:, 0].mean()), height
    west, east = max(stretches, key=lambda s: s[1] - s[0])
    return (west + east) / 2, height

"""Areas on a map, by class: colour, hatch and number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kondusif.errors import ImportRefused, Problem, RecipeError
from kondusif.places import official
from kondusif.plots.style import (
    INK,
    MARGIN,
    NONE,
    PAPER,
    Caption,
    ClassScale,
    Style,
    drawn,
    legend,
    legend_height,
    lightness,
    natural,
    page,
    style_of,
)
from kondusif_index.tables.read import text_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Ring = NDArray[np.float64]
NAMED = 12  # units without a boundary that are named on the figure


@dataclass(frozen=True)
class Place:
    """One area: its rings (n_points, 2) in degrees, longitude first; holes are rings too."""

    code: str
    name: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True)
class Map:
    """Places and the class of each unit by code, 0 for none; ``provisional`` are the codes whose class is.

    A place without a unit is drawn empty with a dash, a unit without a class with a question mark.
    """

    places: tuple[Place, ...]
    levels: Mapping[str, int]
    provisional: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.places:
            raise RecipeError("map: no places to draw")

    @property
    def without_place(self) -> tuple[str, ...]:
        """Units that no boundary has the code of, as people count."""
        drawn_codes = {p.code for p in self.places}
        return tuple(sorted((c for c in self.levels if c not in drawn_codes), key=natural))


def places_of(
    document: Mapping[str, Any], key: str = "kode", name: str = "nama", file: str = "batas wilayah"
) -> tuple[Place, ...]:
    """Polygons and multipolygons of a GeoJSON FeatureCollection in WGS 84.

    ``key`` and ``name`` are properties of each feature; ``file`` is what problems call it. Raises
    ``ImportRefused`` naming every feature that has no code, another kind of geometry or no coordinates.
    """
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise ImportRefused([Problem(file, "", None, "", "tanpa features", "GeoJSON FeatureCollection")])
    found: list[Place] = []
    problems: list[Problem] = []
    for n, feature in enumerate(features, start=1):
        plain = feature if isinstance(feature, Mapping) else {}
        properties, shape = plain.get("properties") or {}, plain.get("geometry") or {}
        code, kind = official(text_of(properties.get(key))), shape.get("type")
        if not code:
            problems.append(Problem(file, "", n, key, "tidak ada", "kode wilayah"))
            continue
        try:
            rings = _rings(shape)
        except (KeyError, TypeError, ValueError, IndexError):
            problems.append(Problem(file, "", n, code, str(kind), "poligon dengan titik bujur, lintang"))
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
def class_map(
    data: Map, caption: Caption, scale: ClassScale | None = None, *, width: float | None = None
) -> Figure:
    """Each place in the colour and hatch of its class, with its number and its name where they fit.

    ``width`` in inches, by default more with more places. Longitudes are shrunk by the cosine of the middle
    latitude: right for a province, not for a country. Units without a boundary are named above.
    """
    from matplotlib.patches import Patch

    scale = scale or ClassScale()
    points = np.vstack([ring for place in data.places for ring in place.rings])
    west, south = (float(x) for x in points.min(axis=0))
    east, north = (float(x) for x in points.max(axis=0))
    squeeze = cos(radians((south + north) / 2))
    room = 0.01 * max(east - west, north - south)
    wide, high = (east - west + 2 * room) * squeeze, north - south + 2 * room
    width = width or min(max(8.0, 1.3 * sqrt(len(data.places))), 16.0)
    height = min((width - 2 * MARGIN) * high / max(wide, 1e-9), 1.1 * width)
    rows = _legend_rows(scale, data)
    below = legend_height(width, [label for _, label in rows]) + 0.35
    figure, axes = page(width, height + below, caption.add(*_notes(data)))
    axes.set(xlim=(west - room, east + room), ylim=(south - room, north + room), aspect=1 / squeeze)
    axes.set_axis_off()
    of = len(scale.labels)
    for place in data.places:
        _area(axes, place, _look(data, place.code, of))
    inch = min((width - 2 * MARGIN) / wide, height / high)  # inches for a degree of latitude
    _labels(axes, data, of, (inch * squeeze, inch))
    handles = [tuple(Patch(**patch) for patch in _patches(look)) for look, _ in rows]
    legend(axes, [label for _, label in rows], handles)
    return figure


def _notes(data: Map) -> Iterator[str]:
    """What the map cannot show: named, the first of many."""
    if lost := data.without_place:
        more = f" dan {len(lost) - NAMED} lainnya" if len(lost) > NAMED else ""
        yield f"{len(lost)} satuan tanpa batas wilayah, tidak tergambar: {', '.join(lost[:NAMED])}{more}."


@dataclass(frozen=True)
class _Look:
    """How one place is drawn: its number, the look of its class, and how its border runs."""

    number: str
    style: Style
    line: str
    weight: float


def _look(data: Map, code: str, of: int) -> _Look:
    level = data.levels.get(code)
    if level is None:
        return NO_DATA
    if code in data.provisional and level:
        return _Look(f"{level}*", style_of(level, of), PROVISIONAL_LINE, 1.8)
    return _Look(str(level) if level else "?", style_of(level, of), "-" if level else "--", 0.8)


NO_DATA = _Look("–", NONE, ":", 0.6)
PROVISIONAL_LINE = "--"


def _patches(look: _Look) -> list[dict[str, Any]]:
    """Colour and hatch of a place, and over it its border."""
    style = look.style
    ink = "#d9a8bf" if lightness(style.face) < 110 else style.ink
    fill: dict[str, Any] = {
        "facecolor": style.face,
        "edgecolor": ink,
        "hatch": style.hatch or None,
        "linewidth": 0,
    }
    border: dict[str, Any] = {
        "facecolor": "none",
        "edgecolor": INK,
        "linewidth": look.weight,
        "linestyle": look.line,
    }
    return [fill, border]


def _area(axes: Axes, place: Place, look: _Look) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    path = Path.make_compound_path(*(Path(ring, closed=True) for ring in place.rings))
    for patch in _patches(look):
        axes.add_patch(PathPatch(path, **patch))


Box = tuple[float, float, float, float]  # west, south, east, north, in inches


def _labels(axes: Axes, data: Map, of: int, inches: tuple[float, float]) -> None:
    """Numbers, then names, the largest places first, each where it meets no other.

    ``inches`` a degree of longitude and latitude take.
    """
    from matplotlib.patheffects import withStroke

    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    wide, high = inches
    taken: list[Box] = [(west * wide - MARGIN, south * high, east * wide + MARGIN, north * high)]
    rings = [max(p.rings, key=lambda ring: float(np.ptp(ring, axis=0).prod())) for p in data.places]
    sizes = [np.ptp(ring, axis=0) * inches for ring in rings]
    order = sorted(range(len(rings)), key=lambda k: (-float(sizes[k].prod()), natural(data.places[k].code)))
    middles = [_middle(ring) for ring in rings]
    edge = [withStroke(linewidth=2.4, foreground=PAPER)]
    common: dict[str, Any] = {"textcoords": "offset points", "size": 7, "ha": "center", "va": "center"}
    for k in order:
        look = _look(data, data.places[k].code, of)
        if min(sizes[k]) > 0.2 and _takes(
            taken, middles[k], inches, (0.12 + 0.08 * len(look.number), 0.2), 5
        ):
            style = look.style
            box = {"boxstyle": "circle,pad=0.22", "facecolor": style.face, "edgecolor": style.edge}
            axes.annotate(look.number, middles[k], (0, 5), weight="bold", color=style.ink, bbox=box, **common)
    for k in order:
        name = data.places[k].name
        if _takes(taken, middles[k], inches, (0.068 * len(name), 0.11), -7):
            axes.annotate(name, middles[k], (0, -7), path_effects=edge, **common)


def _takes(
    taken: list[Box],
    at: tuple[float, float],
    inches: tuple[float, float],
    size: tuple[float, float],
    up: float,
) -> bool:
    """Whether a label of ``size`` inches, ``up`` points above ``at``, stays on the page (the first of
    ``taken``) and meets no other; then its place is taken."""
    x, y = at[0] * inches[0], at[1] * inches[1] + up / 72
    box = (x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2)
    page, *others = taken
    if box[0] < page[0] or box[2] > page[2]:
        return False
    if any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in others):
        return False
    taken.append(box)
    return True


def _legend_rows(scale: ClassScale, data: Map) -> list[tuple[_Look, str]]:
    """Every class with its number, also one that nobody has, then what is not known, and how many of each."""
    of, levels = len(scale.labels), [data.levels.get(p.code) for p in data.places]
    weak = sum(p.code in data.provisional and bool(data.levels.get(p.code)) for p in data.places)
    return [
        *(
            (_Look(str(k), style_of(k, of), "-", 0.8), f"{k} {name} ({levels.count(k)})")
            for k, name in enumerate(scale.labels, start=1)
        ),
        (_Look("?", NONE, "--", 0.8), f"? Tanpa kelas ({levels.count(0)})"),
        (NO_DATA, f"– Tidak ada data ({levels.count(None)})"),
        (_Look("*", NONE, PROVISIONAL_LINE, 1.8), f"* Kelas sementara ({weak})"),
    ]


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

"""Where things go on a map: projection, cards, marks and names that do not collide.

Coordinates come in as (lng, lat) degrees and go out in user units of the box. Over one kecamatan a plain
equirectangular projection errs by far less than the cells' own roughness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, radians

from kondusif_web.election.cells import half_plane

CARD_TALL, CARD_STEP = 104, 116  # user units: a card, and from card to card
ANCHOR = 9  # radius of an anchor with its ring
PAD = 16  # user units kept free at every side
GUTTERS = range(0, 300, 30)  # user units kept free of cells at each side: the smallest that serves

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # x0, y0, x1, y1


@dataclass(frozen=True, slots=True)
class MapCell:
    """One village to draw. ``level`` None means: class unknown, or not for this reader."""

    code: str
    name: str
    ring: Sequence[Sequence[float]]  # of (lng, lat); empty: no boundary known
    voting: bool = False
    level: int | None = None
    firmness: object = ""
    posture: object = ""
    url: str = ""
    marks: Mapping[str, int] = field(default_factory=dict)  # insiden, diam, cadangan -> how many
    station_level: int | None = None  # highest station class where above the village's
    parts: Sequence[Sequence[Sequence[float]]] = ()  # further rings: islands and holes of the boundary
    source: str = ""  # of an official boundary; empty: the cell is schematic
    circle: bool = False  # no boundary among villages that have one: a circle around its point
    district: str = ""  # kecamatan

    @property
    def rings(self) -> list[Sequence[Sequence[float]]]:
        """Those that can be drawn, the one that carries name and mark first."""
        return [ring for ring in (self.ring, *self.parts) if len(ring) >= 3] if len(self.ring) >= 3 else []


@dataclass(frozen=True, slots=True)
class MapSize:
    """Of a drawing, in user units: the box, a name's letters, a card, a mark."""

    width: int
    height: int
    letters: float
    card: float
    mark: float


@dataclass(frozen=True, slots=True)
class Frame:
    """Degrees to user units, the same scale both ways, in the middle of the box."""

    west: float
    north: float
    narrowing: float  # of a degree of longitude at this latitude
    scale: float
    dx: float
    dy: float

    @classmethod
    def around(
        cls,
        points: Sequence[Sequence[float]],
        size: MapSize,
        *,
        gutter: float = 0,
        pad: float = 0,
        room: float = 0,
        least: float = 1e-9,
    ) -> Frame:
        """As close as the points allow. ``gutter`` beside and ``pad`` on all sides stay free, in user units,
        and ``room`` of the extent of the points; ``least``: degrees that the extent counts at least."""
        west, east = min(p[0] for p in points), max(p[0] for p in points)
        south, north = min(p[1] for p in points), max(p[1] for p in points)
        narrowing = cos(radians((south + north) / 2))
        wide, tall = (east - west) * narrowing, north - south
        scale = min(
            (size.width - 2 * (pad + gutter)) / (max(wide, least) * (1 + 2 * room)),
            (size.height - 2 * pad) / (max(tall, least) * (1 + 2 * room)),
        )
        dx, dy = (size.width - wide * scale) / 2, (size.height - tall * scale) / 2
        return cls(west, north, narrowing, scale, dx, dy)

    def at(self, point: Sequence[float]) -> Point:
        """A point in user units."""
        x = self.dx + (point[0] - self.west) * self.narrowing * self.scale
        return x, self.dy + (self.north - point[1]) * self.scale

    def rings(self, cell: MapCell) -> list[list[Point]]:
        """The rings of a cell in user units."""
        return [[self.at(point) for point in ring] for ring in cell.rings]


def area_and_centroid(ring: Sequence[Point]) -> tuple[float, Point]:
    """Unsigned area and centroid of a ring; of a degenerate ring, the mean of its corners."""
    twice = cx = cy = 0.0
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        twice += cross
        cx += (x0 + x1) * cross
        cy += (y0 + y1) * cross
    if abs(twice) < 1e-9:
        n = len(ring)
        return 0.0, (sum(x for x, _y in ring) / n, sum(y for _x, y in ring) / n)
    return abs(twice) / 2, (cx / (3 * twice), cy / (3 * twice))


def clip(ring: Sequence[Point], size: MapSize) -> list[Point]:
    """The part of a ring inside the box from (0, 0) to its size."""
    out = list(ring)
    for normal, limit in (((-1, 0), 0), ((1, 0), size.width), ((0, -1), 0), ((0, 1), size.height)):
        out = half_plane(out, normal, limit)
    return out


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes overlap."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def square(at: Point, size: float) -> Box:
    """The box of a mark around its middle."""
    return at[0] - size / 2, at[1] - size / 2, at[0] + size / 2, at[1] + size / 2


class Placer:
    """Places marks and names so that none covers another."""

    def __init__(self, size: MapSize) -> None:
        self.size = size
        self.taken: list[Box] = []

    def take(self, box: Box) -> None:
        self.taken.append(box)

    def free(self, box: Box) -> bool:
        inside = box[0] >= 0 and box[1] >= 0 and box[2] <= self.size.width and box[3] <= self.size.height
        return inside and not any(overlap(box, t) for t in self.taken)

    def first(self, boxes: Iterable[Box]) -> Box | None:
        """The first that is free, taken; None where none is."""
        found = next(filter(self.free, boxes), None)
        if found is not None:
            self.take(found)
        return found

    def name(self, at: Point, text: str, letters: float) -> Point | None:
        """Baseline middle for a name near ``at``, or None where no place is free."""
        (x, y), half, tall = at, len(text) * letters * 0.32, letters * 1.15
        lines = (y + step * tall for step in (0.0, 1.2, -1.2, 2.2, -2.2))
        found = self.first((x - half, line - tall * 0.8, x + half, line + tall * 0.25) for line in lines)
        return None if found is None else (x, found[3] - tall * 0.25)


def spread(wanted: Sequence[float], height: float, top: float, bottom: float) -> list[float]:
    """Tops of boxes of one ``height``, near ``wanted``, in order, without overlap, inside top..bottom."""
    out: list[float] = []
    for y in wanted:
        out.append(max(y, top if not out else out[-1] + height))
    limit = bottom
    for n in range(len(out) - 1, -1, -1):
        out[n] = min(out[n], limit - height)
        limit = out[n]
    return out


@dataclass(frozen=True, slots=True)
class MapLayout:
    """Rings and centre of every cell that is drawn, by code; and the left and top of the cards."""

    rings: Mapping[str, list[list[Point]]]
    centre: Mapping[str, Point]
    cards: Mapping[str, Point] = field(default_factory=dict)


def layout(cells: Sequence[MapCell], size: MapSize, with_cards: bool) -> MapLayout:
    """Cells as large as they can be while no card covers an anchor."""
    points = [p for cell in cells for ring in cell.rings for p in ring]
    found = MapLayout({}, {})
    for gutter in GUTTERS if with_cards and points else (0,) if points else ():
        frame = Frame.around(points, size, gutter=gutter, pad=PAD)
        rings = {cell.code: frame.rings(cell) for cell in cells if cell.rings}
        centre = {code: area_and_centroid(of_it[0])[1] for code, of_it in rings.items()}
        voting = {cell.code: centre[cell.code] for cell in cells if cell.voting and cell.code in rings}
        found = MapLayout(rings, centre, _cards(voting, size) if with_cards else {})
        if not any(_covers(card, at, size) for card in found.cards.values() for at in voting.values()):
            break
    return found


def _covers(card: Point, at: Point, size: MapSize) -> bool:
    """Whether a card hides an anchor, or stands too close beside it."""
    (x, y), beside = card, 2 * ANCHOR
    return x - beside < at[0] < x + size.card + beside and y - ANCHOR < at[1] < y + CARD_TALL + ANCHOR


def _cards(centre: Mapping[str, Point], size: MapSize) -> dict[str, Point]:
    """Cards in two gutters, each on its cell's side and near its height; a full side passes on the rest."""
    by_x = sorted(centre, key=lambda code: centre[code][0])
    west = sum(centre[code][0] < size.width / 2 for code in by_x)
    room = int(size.height // CARD_STEP)
    west = min(max(west, len(by_x) - room), room)
    out: dict[str, Point] = {}
    for side, x in ((by_x[:west], 4.0), (by_x[west:], size.width - size.card - 4)):
        ordered = sorted(side, key=lambda code: centre[code][1])
        tops = spread([centre[code][1] - CARD_TALL / 2 for code in ordered], CARD_STEP, 4, size.height - 4)
        out |= {code: (x, y) for code, y in zip(ordered, tops, strict=True)}
    return out

"""Where things go on the schematic map: projection, cards, marks and names that do not collide.

Coordinates come in as (lng, lat) degrees and go out in user units of the box. Over one kecamatan a plain
equirectangular projection errs by far less than the cells' own roughness.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, radians

CARDS_UP_TO = 8  # more voting villages than this are named on their cell, without cards
CARD_TALL, CARD_STEP = 104, 116  # user units: a card, and from card to card
ANCHOR = 9  # radius of an anchor with its ring
GUTTERS = range(0, 300, 30)  # user units kept free of cells at each side: the smallest that serves

Titik = tuple[float, float]
Kotak = tuple[float, float, float, float]  # x0, y0, x1, y1


@dataclass(frozen=True, slots=True)
class Bidang:
    """One cell to draw. ``level`` None means: class unknown, or not for this reader."""

    kode: str
    nama: str
    cell: Sequence[Sequence[float]]  # ring of (lng, lat); empty: no boundary known
    memilih: bool = False
    level: int | None = None
    firmness: object = ""
    posture: object = ""
    url: str = ""
    marks: Mapping[str, int] = field(default_factory=dict)  # insiden, diam, cadangan -> how many
    tps_level: int | None = None  # highest station class where above the village's
    bagian: Sequence[Sequence[Sequence[float]]] = ()  # further rings: islands and holes of the boundary
    sumber: str = ""  # of an official boundary; empty: the cell is schematic
    titik: bool = False  # no boundary among villages that have one: the cell is a circle around its point


@dataclass(frozen=True, slots=True)
class Ukuran:
    lebar: float
    tinggi: float
    nama: float  # font sizes, user units
    kartu: float
    tanda: float


WIDE = Ukuran(1244, 774, 19, 300, 36)
PHONE = Ukuran(1000, 860, 30, 0, 60)


def luas_dan_pusat(ring: Sequence[Titik]) -> tuple[float, Titik]:
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


def bertumpuk(a: Kotak, b: Kotak) -> bool:
    """Whether two boxes overlap."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def sebar(wanted: Sequence[float], height: float, top: float, bottom: float) -> list[float]:
    """Tops of boxes of one ``height``, near ``wanted``, in order, without overlap, inside top..bottom."""
    out: list[float] = []
    for y in wanted:
        out.append(max(y, top if not out else out[-1] + height))
    limit = bottom
    for n in range(len(out) - 1, -1, -1):
        out[n] = min(out[n], limit - height)
        limit = out[n]
    return out


def proyeksi(bidang: Sequence[Bidang], rupa: Ukuran, gutter: float) -> dict[str, list[list[Titik]]]:
    """Rings of each cell in user units, the one that carries name and mark first."""
    points = [p for b in bidang for ring in (b.cell, *b.bagian) for p in ring]
    if not points:
        return {}
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    kx = cos(radians((south + north) / 2))
    pad = 16
    scale = min(
        (rupa.lebar - 2 * (pad + gutter)) / max((east - west) * kx, 1e-9),
        (rupa.tinggi - 2 * pad) / max(north - south, 1e-9),
    )
    dx = (rupa.lebar - (east - west) * kx * scale) / 2
    dy = (rupa.tinggi - (north - south) * scale) / 2
    return {
        b.kode: [
            [(dx + (p[0] - west) * kx * scale, dy + (north - p[1]) * scale) for p in ring]
            for ring in (b.cell, *b.bagian)
            if len(ring) >= 3
        ]
        for b in bidang
        if len(b.cell) >= 3
    }


class Penempat:
    """Places marks and names so that none covers another."""

    def __init__(self, rupa: Ukuran) -> None:
        self.rupa = rupa
        self.taken: list[Kotak] = []

    def take(self, box: Kotak) -> None:
        self.taken.append(box)

    def free(self, box: Kotak) -> bool:
        inside = box[0] >= 0 and box[1] >= 0 and box[2] <= self.rupa.lebar and box[3] <= self.rupa.tinggi
        return inside and not any(bertumpuk(box, t) for t in self.taken)

    def name(self, at: Titik, text: str, size: float) -> Titik | None:
        """Baseline middle for a name near ``at``, or None where no place is free."""
        half, tall = len(text) * size * 0.29, size * 1.15
        for step in (0.0, 1.2, -1.2, 2.2, -2.2, 3.2, -3.2):
            x, y = at[0], at[1] + step * tall
            box = (x - half, y - tall * 0.8, x + half, y + tall * 0.25)
            if self.free(box):
                self.take(box)
                return x, y
        return None


Kartu = tuple[Bidang, float, float]  # the cell, left and top of its card


def susun(
    bidang: Sequence[Bidang], rupa: Ukuran, cards: bool
) -> tuple[dict[str, list[list[Titik]]], dict[str, Titik], list[Kartu]]:
    """Cells as large as they can be while no card covers an anchor."""
    for gutter in GUTTERS if cards else (0,):
        rings = proyeksi(bidang, rupa, gutter)
        centre = {kode: luas_dan_pusat(of_it[0])[1] for kode, of_it in rings.items()}
        voting = [b for b in bidang if b.memilih and b.kode in rings]
        placed = tempat_kartu(voting, centre, rupa) if cards else []
        if not any(
            x - 2 * ANCHOR < centre[b.kode][0] < x + rupa.kartu + 2 * ANCHOR
            and y - ANCHOR < centre[b.kode][1] < y + CARD_TALL + ANCHOR
            for _card, x, y in placed
            for b in voting
        ):
            break
    return rings, centre, placed


def tempat_kartu(voting: Sequence[Bidang], centre: Mapping[str, Titik], rupa: Ukuran) -> list[Kartu]:
    """Cards in two gutters, each on its cell's side and near its height; a full side passes on the rest."""
    by_x = sorted(voting, key=lambda b: centre[b.kode][0])
    west = sum(centre[b.kode][0] < rupa.lebar / 2 for b in by_x)
    room = int(rupa.tinggi // CARD_STEP)
    west = min(max(west, len(by_x) - room), room)
    out: list[Kartu] = []
    for side, x in ((by_x[:west], 4.0), (by_x[west:], rupa.lebar - rupa.kartu - 4)):
        ordered = sorted(side, key=lambda b: centre[b.kode][1])
        tops = sebar([centre[b.kode][1] - CARD_TALL / 2 for b in ordered], CARD_STEP, 4, rupa.tinggi - 4)
        out += [(b, x, y) for b, y in zip(ordered, tops, strict=True)]
    return out

"""The maps as SVG: all villages with cards or names, and one village up close with its stations.

Texture and shape carry the class, colour only repeats it. Where things go is decided in ``map_layout``; what
is drawn stands in the templates ``pages/_peta.html`` and ``pages/_kartu.html``. The caption names the source
of the outlines or says "skematis". A list beside each map repeats every fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kondusif_web.pages import wording
from kondusif_web.pages.map_layout import (
    ANCHOR,
    CARD_TALL,
    Frame,
    MapCell,
    MapSize,
    Placer,
    Point,
    area_and_centroid,
    clip,
    layout,
    square,
)

WIDE, PHONE = MapSize(1244, 774, 19, 300, 36), MapSize(1000, 860, 30, 0, 60)
CARDS_UP_TO = 8  # more voting villages than this are named on their cell, without cards
VILLAGE_WIDE, VILLAGE_PHONE = MapSize(720, 500, 21, 0, 34), MapSize(440, 420, 19, 0, 29)
ROOM, ROOM_PHONE = 0.22, 0.12  # of the village's own size, kept around it for the neighbours
LEAST = 0.002  # degrees: a village without outline whose stations stand at one point still has a frame
DOT = 6  # user units: a station whose class is not for this reader

Labels = Mapping[Any, Any] | None
Drawn = dict[str, Any]  # one thing as the template draws it


def path_of(rings: Sequence[Sequence[Point]]) -> str:
    """A path of all rings; those inside another are holes (even-odd). Corners that fall together are one."""
    parts = []
    for ring in rings:
        corners = [f"{x:.0f} {y:.0f}" for x, y in ring]
        parts.append("M" + "L".join(c for c, _again in groupby(corners)) + "Z")
    return "".join(parts)


def symbol(level: int | None) -> str:
    """The sign of a class, and the name of its texture."""
    return "kbelum" if level is None else f"k{level}"


def _posture(cell: MapCell) -> wording.Rupa | None:
    return wording.POSTURES.get(str(getattr(cell.posture, "value", cell.posture) or ""))


def _class(cell: MapCell, labels: Labels) -> tuple[str, str]:
    """Class and how firm it is, "" for what this reader is not told."""
    if cell.level is None:
        return "", ""
    return str(wording.label_of(cell.level, labels)), str(wording.firmness_of(cell.firmness))


def _with_firmness(label: str, firmness: str) -> str:
    return f"{label}, {firmness}" if firmness else label


def in_words(cell: MapCell, labels: Labels) -> str:
    """A cell in words: name, class with its firmness, posture, marks."""
    posture = _posture(cell)
    words = {"insiden": _("insiden"), "diam": _("pos diam"), "cadangan": _("cadangan")}
    parts = [
        str(cell.name),
        _with_firmness(*_class(cell, labels)),
        f"{posture.kata} {posture.nomor}".strip() if posture else "",
        *(f"{n} {words[kind]}" for kind, n in cell.marks.items() if n),
    ]
    return ", ".join(part for part in parts if part)


def _shape(cell: MapCell, rings: Sequence[Sequence[Point]], labels: Labels) -> Drawn:
    """One voting cell in its texture; the link to the village's page says what it is."""
    return {
        "kelas": symbol(cell.level),
        "d": path_of(rings),
        "url": cell.url,
        "kata": in_words(cell, labels) if cell.url else "",
    }


def _mark(kind: str, left: float, top: float) -> Drawn:
    return {"jenis": kind, "x": round(left), "y": round(top)}


def _line(start: Point, end: Point) -> str:
    return f"M{start[0]:.0f} {start[1]:.0f}L{end[0]:.0f} {end[1]:.0f}"


def _name(placer: Placer, cell: MapCell, at: Point, growth: float) -> list[Drawn]:
    spot = placer.name(at, cell.name, placer.size.letters * growth)
    if spot is None:
        return []
    return [{"nama": cell.name, "memilih": cell.voting, "x": round(spot[0]), "y": round(spot[1])}]


def _drawing(ident: str, size: MapSize, **more: Any) -> SafeString:
    """The SVG of what goes on it; ``ident`` names it within the page."""
    phone = ident.endswith("-hp")
    return SafeString(render_to_string("pages/_peta.html", {"id": ident, "size": size, "hp": phone, **more}))


# ---------------------------------------------------------------- all villages


def draw_map(
    cells: Sequence[MapCell], *, labels: Labels = None, drill: bool = False, phone: bool = False
) -> SafeString:
    """SVG of the cells, with cards (wide) or names (phone), marks, a title and a full description."""
    size = PHONE if phone else WIDE
    with_cards = not phone and sum(cell.voting for cell in cells) <= CARDS_UP_TO
    found = layout(cells, size, with_cards)
    if not found.rings:
        return format_html(
            '<p class="kosong {}">{}</p>',
            "hanya-sempit" if phone else "hanya-lebar",
            _("Batas desa belum diimpor. Daftar desa memuat semuanya."),
        )
    drawn = [cell for cell in cells if cell.code in found.rings]
    voting = [cell for cell in drawn if cell.voting]
    others = [cell for cell in drawn if not cell.voting]
    placer = Placer(size)
    cards, marks, names, unnamed = [], [], [], []
    by_code = {cell.code: cell for cell in voting}
    for code, (x, y) in found.cards.items():
        placer.take((x, y, x + size.card, y + CARD_TALL))
        placer.take(square(found.centre[code], 2 * ANCHOR))
        cards.append(_card(by_code[code], (x, y), found.centre[code], size.card, labels))
    lost: list[MapCell] = []
    for cell in [*voting, *others]:
        row = _marks(cell, found.centre[cell.code], placer, shape=cell.voting and not with_cards)
        marks += row or []
        lost += [cell] if row is None else []
    for cell in others if with_cards else [*voting, *others]:
        growth = 1.15 if cell.voting else 1
        name = _name(placer, cell, found.centre[cell.code], growth)
        if not name:
            unnamed.append(cell)
            name = _name(placer, replace(cell, name=str(len(unnamed))), found.centre[cell.code], growth)
        names += name
    title = _("Peta %(n)d desa") if any(c.source for c in cells) else _("Peta skematis %(n)d desa")
    shown = [cell for cell in cells if cell.voting or any(cell.marks.values())]
    return _drawing(
        "peta-hp" if phone else "peta",
        size,
        judul=title % {"n": len(found.rings)},
        uraian="; ".join(in_words(cell, labels) for cell in shown),
        lain=[path_of(found.rings[cell.code]) for cell in others],
        desa=[_shape(cell, found.rings[cell.code], labels) for cell in voting],
        kartu=cards,
        tanda=marks,
        nama=names,
        kaki=". ".join((source_note(cells), *_listed(unnamed, lost, labels)))
        + (" · LATIHAN - DATA ILUSTRATIF" if drill else ""),
    )


def _listed(unnamed: Sequence[MapCell], lost: Sequence[MapCell], labels: Labels) -> Iterator[str]:
    """What found no room on the map: names by their number, villages with their marks in words."""
    if unnamed:
        numbered = ", ".join(f"{n} {cell.name}" for n, cell in enumerate(unnamed, start=1))
        yield _("Nomor di peta: %(desa)s") % {"desa": numbered}
    if lost:
        yield _("Tanda tidak muat di peta: %(desa)s") % {"desa": "; ".join(in_words(c, labels) for c in lost)}


def source_note(cells: Sequence[MapCell]) -> str:
    """Where the outlines are from; a boundary that is missing is told, so that no village vanishes."""
    sources = sorted({cell.source for cell in cells if cell.source})
    if not sources:
        return _("Peta skematis, bukan batas resmi")
    note = _("Batas: %(sumber)s") % {"sumber": "; ".join(sources)}
    voting = [cell for cell in cells if cell.voting]
    circles = ", ".join(cell.name for cell in voting if cell.circle)
    nowhere = ", ".join(cell.name for cell in voting if not cell.ring)
    if circles:
        note += ". " + _("Tanpa batas, digambar lingkaran: %(desa)s") % {"desa": circles}
    if nowhere:
        note += ". " + _("Tanpa batas dan titik, tidak tergambar: %(desa)s") % {"desa": nowhere}
    return note


def _card(cell: MapCell, left_top: Point, at: Point, width: float, labels: Labels) -> Drawn:
    """A card beside the map, with a line to the cell; its second line gets narrower rather than cut off."""
    (x, y), (label, firmness), posture = left_top, _class(cell, labels), _posture(cell)
    edge = x if at[0] < x else x + width if at[0] > x + width else x + width / 2
    tall = CARD_TALL if label or posture else 68
    room = width - 78
    text = _with_firmness(label, firmness)
    if firmness and len(text) * 11.5 > room:
        text = label  # small print helps nobody: the list beside the map says how firm
    return {
        "tali": _line(at, (edge, y + tall / 2)),
        "jangkar": at,
        "x": round(x),
        "y": round(y),
        "lebar": round(width),
        "tinggi": tall,
        "tanda": symbol(cell.level),
        "nama": cell.name,
        "kelas": text,
        "rapat": len(text) * 10.6 > room,
        "pas": round(room) if len(text) * 9 > room else 0,
        "postur": posture,
    }


def _marks(cell: MapCell, at: Point, placer: Placer, *, shape: bool) -> list[Drawn] | None:
    """Marks of one cell in a row, moved until the row is free; None where it never is."""
    kinds = [symbol(cell.level)] if shape else []
    kinds += [f"t{kind}" for kind, n in cell.marks.items() if n]
    if cell.station_level:
        kinds.append(symbol(cell.station_level))
    if not kinds:
        return []
    size = placer.size.mark
    width = size * 1.15 * len(kinds)
    x = at[0] - width / 2
    tops = (at[1] + shift * size for shift in (-0.5, -1.8, 0.8, -2.9, 1.9))
    boxes = ((x, top, x + width, top + size) for top in tops)
    free = placer.first(boxes)
    return (
        None if free is None else [_mark(kind, x + n * size * 1.15, free[1]) for n, kind in enumerate(kinds)]
    )


# ---------------------------------------------------------------- one village up close


@dataclass(frozen=True, slots=True)
class StationMark:
    """One station. ``at`` (lng, lat), None where nobody gave its point; ``level`` None: unknown here."""

    code: str
    number: int
    name: str
    at: Point | None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class VillageMap:
    """What is drawn of one village. ``classes``: whether they are for this reader."""

    village: MapCell
    around: tuple[MapCell, ...]
    stations: tuple[StationMark, ...]
    classes: bool = True

    def frame(self, phone: bool = False) -> Frame | None:
        """As close as the village and its stations allow, with room for the neighbours; None without any."""
        own = [point for ring in self.village.rings for point in ring]
        points = [*own, *(station.at for station in self.stations if station.at)]
        if not points:
            return None
        size, room = (VILLAGE_PHONE, ROOM_PHONE) if phone else (VILLAGE_WIDE, ROOM)
        return Frame.around(points, size, room=room, least=LEAST)

    def near(self, phone: bool = False) -> list[tuple[MapCell, Point]]:
        """Neighbours of which something lies inside the frame, by name, each with the middle of that part."""
        frame, size, out = self.frame(phone), VILLAGE_PHONE if phone else VILLAGE_WIDE, []
        for cell in self.around if frame else ():
            parts = [seen for ring in frame.rings(cell) if (seen := clip(ring, size))]
            area, middle = max(map(area_and_centroid, parts), default=(0, (0, 0)))
            if area > 0:
                out.append((cell, middle))
        return sorted(out, key=lambda found: found[0].name)

    @property
    def neighbours(self) -> list[MapCell]:
        """Those that the wide drawing shows; the list beside it says the same."""
        return [cell for cell, _at in self.near()]

    @property
    def empty(self) -> bool:
        """Neither outline nor a station's point: there is nothing to draw."""
        return self.frame() is None

    @property
    def source(self) -> str:
        """Where the outline is from."""
        if not self.village.rings:
            return _("Batas desa ini belum ada; hanya TPS yang digambar")
        if self.village.circle:
            return _("Batas desa ini belum ada; lingkaran di sekitar titiknya")
        if self.village.source:
            return _("Batas: %(sumber)s") % {"sumber": self.village.source}
        return _("Peta skematis, bukan batas resmi")


def draw_village(shown: VillageMap, *, labels: Labels = None, phone: bool = False) -> SafeString:
    """SVG of one village, with a title and a full description; nothing where there is nothing to draw."""
    size, frame = VILLAGE_PHONE if phone else VILLAGE_WIDE, shown.frame(phone)
    if frame is None:
        return SafeString()
    placer, near = Placer(size), shown.near(phone)
    located = [(station, frame.at(station.at)) for station in shown.stations if station.at]
    spots = [_beside(at, placer, shown.classes) for _station, at in located]
    names: list[Drawn] = []
    for (station, _at), spot in zip(located, spots, strict=True):
        names += _number(station, spot, placer, shown.classes)
    for cell, at in near:
        names += _name(placer, cell, at, 1.15)
    own = frame.rings(shown.village)
    cells = [_shape(cell, frame.rings(cell), labels) for cell, _at in near if cell.voting]
    if own:
        cells.append(_shape(shown.village, own, labels) | {"url": ""})  # nobody links to oneself
    return _drawing(
        "peta-desa-hp" if phone else "peta-desa",
        size,
        satu=True,
        judul=_("Peta %(desa)s") % {"desa": shown.village.name},
        uraian=_described(shown, [cell.name for cell, _at in near], labels),
        lain=[path_of(frame.rings(cell)) for cell, _at in near if not cell.voting],
        desa=cells,
        tepi=path_of(own),
        tanda=[
            _station(station, at, spot, size, shown.classes)
            for (station, at), spot in zip(located, spots, strict=True)
        ],
        nama=names,
    )


def _described(shown: VillageMap, near: Sequence[str], labels: Labels) -> str:
    """Everything the drawing says, in words."""
    parts = [in_words(shown.village, labels)]
    for station in shown.stations:
        level = "" if station.level is None else f", {wording.label_of(station.level, labels)}"
        where = "" if station.at else ", " + _("tanpa titik")
        parts.append(f"TPS {station.number:02d}{level}{where}")
    if near:
        parts.append(_("Di sekitarnya: %(desa)s") % {"desa": ", ".join(near)})
    return "; ".join(parts)


def _beside(at: Point, placer: Placer, classes: bool) -> Point:
    """Where the mark of a station goes: at its point, or beside it where another mark stands already."""
    size = placer.size.mark if classes else 2 * DOT
    steps = ((0, 0), (1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, 1), (1, 1), (-1, -1))
    tried = ((at[0] + right * size * 1.1, at[1] + down * size * 1.1) for right, down in steps)
    spot = next((spot for spot in tried if placer.free(square(spot, size))), at)
    placer.take(square(spot, size))
    return spot


def _station(station: StationMark, at: Point, spot: Point, size: MapSize, classes: bool) -> Drawn:
    """The station's class, or a dot where classes are not for this reader; a line leads to its point."""
    line = "" if spot == at else _line(at, spot)
    if not classes:
        return {"tali": line, "jangkar": spot}
    left, top, _right, _bottom = square(spot, size.mark)
    return {"tali": line, **_mark(symbol(station.level), left, top)}


def _number(station: StationMark, at: Point, placer: Placer, classes: bool) -> list[Drawn]:
    """Its number under, over or beside the mark, whichever is free first."""
    text, letters = f"{station.number:02d}", placer.size.letters
    half = placer.size.mark / 2 if classes else DOT
    wide, tall = len(text) * letters * 0.58, letters * 0.8
    aside = half + wide / 2 + 3
    steps = ((0.0, half + tall + 2), (0.0, -half - 4), (aside, tall / 2), (-aside, tall / 2))
    spots = [(at[0] + right, at[1] + down) for right, down in steps]
    found = placer.first((x - wide / 2, y - tall, x + wide / 2, y) for x, y in spots)
    if found is None:
        return []
    return [{"nama": text, "memilih": True, "x": round(found[0] + wide / 2), "y": round(found[3])}]

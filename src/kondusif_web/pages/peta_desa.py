"""One village up close: its outline, its stations, and the neighbours that lie within the frame.

Drawn as the map of all villages is: texture and shape carry the class, colour only repeats it. A list beside
it repeats every fact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kondusif_web.pages import wording
from kondusif_web.pages.peta import jalur, kalimat, sel, tekstur
from kondusif_web.pages.susun import Bidang, Penempat, Titik, Ukuran, luas_dan_pusat

WIDE = Ukuran(720, 500, 21, 0, 34)
PHONE = Ukuran(440, 420, 19, 0, 29)
ROOM, ROOM_PHONE = 0.22, 0.12  # of the village's own size, kept around it for the neighbours
LEAST = 0.002  # degrees: a village without outline whose stations stand at one point still has a frame
DOT = 6.0  # user units: a station whose class is not for this reader


@dataclass(frozen=True, slots=True)
class TitikTps:
    """One station. ``at`` (lng, lat), None where nobody gave its point; ``level`` None: unknown here."""

    kode: str
    nomor: int
    nama: str
    at: Titik | None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class PetaDesa:
    """What is drawn of one village. ``kelas``: whether classes are for this reader."""

    desa: Bidang
    sekitar: tuple[Bidang, ...]
    tps: tuple[TitikTps, ...]
    kelas: bool = True

    @property
    def tergambar(self) -> tuple[Bidang, ...]:
        """Neighbours that the frame shows, by name; the list beside the map says the same."""
        frame = _Bingkai.of(self, WIDE)
        return () if frame is None else tuple(b for b, _at in frame.near(self.sekitar))

    @property
    def tanpa_batas(self) -> bool:
        return len(self.desa.cell) < 3

    @property
    def tanpa_titik(self) -> tuple[TitikTps, ...]:
        return tuple(t for t in self.tps if t.at is None)

    @property
    def kosong(self) -> bool:
        """Neither outline nor a station's point: there is nothing to draw."""
        return self.tanpa_batas and len(self.tanpa_titik) == len(self.tps)

    @property
    def asal(self) -> str:
        """Where the outline is from."""
        if self.tanpa_batas:
            return _("Batas desa ini belum ada; hanya TPS yang digambar")
        if self.desa.titik:
            return _("Batas desa ini belum ada; lingkaran di sekitar titiknya")
        if self.desa.sumber:
            return _("Batas: %(sumber)s") % {"sumber": self.desa.sumber}
        return _("Peta skematis, bukan batas resmi")


@dataclass(frozen=True, slots=True)
class _Bingkai:
    """The frame: degrees to user units, the same scale both ways."""

    west: float
    north: float
    kx: float
    scale: float
    dx: float
    dy: float
    rupa: Ukuran

    @classmethod
    def of(cls, peta: PetaDesa, rupa: Ukuran) -> _Bingkai | None:
        """As close as the village and its stations allow, with room for the neighbours; None without any."""
        own = [p for ring in (peta.desa.cell, *peta.desa.bagian) if len(ring) >= 3 for p in ring]
        points = [*own, *(t.at for t in peta.tps if t.at)]
        if not points:
            return None
        west, east = min(p[0] for p in points), max(p[0] for p in points)
        south, north = min(p[1] for p in points), max(p[1] for p in points)
        kx = cos(radians((south + north) / 2))
        wide, tall = max((east - west) * kx, LEAST), max(north - south, LEAST)
        whole = 1 + 2 * (ROOM_PHONE if rupa is PHONE else ROOM)
        scale = min(rupa.lebar / (wide * whole), rupa.tinggi / (tall * whole))
        dx = (rupa.lebar - (east - west) * kx * scale) / 2
        dy = (rupa.tinggi - (north - south) * scale) / 2
        return cls(west, north, kx, scale, dx, dy, rupa)

    def at(self, p: Sequence[float]) -> Titik:
        return self.dx + (p[0] - self.west) * self.kx * self.scale, self.dy + (self.north - p[1]) * self.scale

    def rings(self, b: Bidang) -> list[list[Titik]]:
        if len(b.cell) < 3:
            return []
        return [[self.at(p) for p in ring] for ring in (b.cell, *b.bagian) if len(ring) >= 3]

    def near(self, others: Sequence[Bidang]) -> list[tuple[Bidang, Titik]]:
        """Neighbours of which something lies inside the frame, each with the middle of that part."""
        out = []
        for b in others:
            parts = [seen for ring in self.rings(b) if (seen := potong(ring, self.rupa))]
            if parts:
                area, middle = max(luas_dan_pusat(part) for part in parts)
                if area > 0:
                    out.append((b, middle))
        return sorted(out, key=lambda found: found[0].nama)


def potong(ring: Sequence[Titik], rupa: Ukuran) -> list[Titik]:
    """The part of a ring inside the box from (0, 0) to its size (Sutherland and Hodgman, 1974)."""
    out = list(ring)
    for axis, limit, sign in ((0, 0.0, 1), (0, rupa.lebar, -1), (1, 0.0, 1), (1, rupa.tinggi, -1)):
        before, out = out, []
        for a, b in zip(before, [*before[1:], *before[:1]], strict=True):
            inside_a, inside_b = sign * (a[axis] - limit) >= 0, sign * (b[axis] - limit) >= 0
            if inside_a:
                out.append(a)
            if inside_a != inside_b:
                share = (limit - a[axis]) / (b[axis] - a[axis])
                out.append((a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
    return out


def gambar_desa(peta: PetaDesa, *, labels: Mapping[Any, Any] | None = None, hp: bool = False) -> SafeString:
    """SVG of one village, with a title and a full description; nothing where there is nothing to draw."""
    rupa = PHONE if hp else WIDE
    frame = _Bingkai.of(peta, rupa)
    if frame is None:
        return mark_safe("")
    ident = "peta-desa-hp" if hp else "peta-desa"
    near = frame.near(peta.sekitar)
    place = Penempat(rupa)
    spots = [(t, frame.at(t.at), _tempat(frame.at(t.at), place, rupa, peta.kelas)) for t in peta.tps if t.at]
    marks = [_tanda_tps(t, at, to, rupa, peta.kelas) for t, at, to in spots]
    names = [_nama_tps(t, to, place, rupa, peta.kelas) for t, _at, to in spots]
    for b, at in near:
        if spot := place.name(at, b.nama, rupa.nama * 1.15):
            kelas = "nama memilih" if b.memilih else "nama"
            names.append(
                format_html('<text class="{}" x="{}" y="{}">{}</text>', kelas, *map(round, spot), b.nama)
            )
    plain = format_html_join(
        "",
        '<path class="lain" fill-rule="evenodd" d="{}"/>',
        ((jalur(frame.rings(b)),) for b, _at in near if not b.memilih),
    )
    cells = format_html_join(
        "", "{}", ((sel(b, jalur(frame.rings(b)), ident, labels),) for b, _at in near if b.memilih)
    )
    own = frame.rings(peta.desa)
    outline = format_html('<path class="tepi-desa" fill-rule="evenodd" d="{}"/>', jalur(own)) if own else ""
    return format_html(
        '<svg class="peta desa-peta {kelas}" viewBox="0 0 {w} {h}" role="group"'
        ' aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{title}</title><desc id="{id}-d">{desc}</desc>'
        '{defs}<g class="alasdesa">{plain}</g><g class="memilih">{cells}{own}{outline}</g>'
        '<g class="atas" aria-hidden="true">{top}</g></svg>',
        kelas="hanya-sempit" if hp else "hanya-lebar",
        w=round(rupa.lebar),
        h=round(rupa.tinggi),
        id=ident,
        title=_("Peta %(desa)s") % {"desa": peta.desa.nama},
        desc=_keterangan(peta, [b for b, _at in near], labels),
        defs=tekstur(ident),
        plain=plain,
        cells=cells,
        own=sel(peta.desa, jalur(own), ident, labels, tertaut=False) if own else "",
        outline=outline,
        top=mark_safe("".join([*marks, *names])),  # noqa: S308  pieces are escaped
    )


def _keterangan(peta: PetaDesa, near: Sequence[Bidang], labels: Mapping[Any, Any] | None) -> str:
    """Everything the drawing says, in words."""
    parts = [kalimat(peta.desa, labels)]
    for t in peta.tps:
        level = "" if t.level is None else f", {wording.label_of(t.level, labels)}"
        where = "" if t.at else ", " + _("tanpa titik")
        parts.append(f"TPS {t.nomor:02d}{level}{where}")
    if near:
        parts.append(_("Di sekitarnya: %(desa)s") % {"desa": ", ".join(b.nama for b in near)})
    return "; ".join(parts)


def _tempat(at: Titik, place: Penempat, rupa: Ukuran, kelas: bool) -> Titik:
    """Where the mark of a station goes: at its point, or beside it where another mark stands already."""
    size = rupa.tanda if kelas else 2 * DOT
    steps = ((0, 0), (1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, 1), (1, 1), (-1, -1))
    tried = [(at[0] + right * size * 1.1, at[1] + down * size * 1.1) for right, down in steps]
    x, y = next((spot for spot in tried if place.free(_kotak(*spot, size))), at)
    place.take(_kotak(x, y, size))
    return x, y


def _tanda_tps(t: TitikTps, at: Titik, to: Titik, rupa: Ukuran, kelas: bool) -> SafeString:
    """The station's class, or a dot where classes are not for this reader; a line leads to its point."""
    moved = '<path class="tali" d="M{} {}L{} {}"/>'
    line = format_html(moved, *(round(v) for v in (*at, *to))) if to != at else ""
    x, y = to
    if not kelas:
        return format_html(
            '{}<circle class="jangkar" cx="{}" cy="{}" r="{}"/>', line, round(x), round(y), DOT
        )
    symbol = f"k{t.level}" if t.level is not None else "kbelum"
    size = rupa.tanda
    return format_html(
        '{0}<g class="m-{1}"><use href="#ik-{1}" x="{2}" y="{3}" width="{4}" height="{4}"/></g>',
        line,
        symbol,
        round(x - size / 2),
        round(y - size / 2),
        round(size),
    )


def _kotak(x: float, y: float, size: float) -> tuple[float, float, float, float]:
    return x - size / 2, y - size / 2, x + size / 2, y + size / 2


def _nama_tps(t: TitikTps, at: Titik, place: Penempat, rupa: Ukuran, kelas: bool) -> SafeString:
    """Its number under, over or beside the mark, whichever is free first."""
    text = f"{t.nomor:02d}"
    half = rupa.tanda / 2 if kelas else DOT
    wide, tall = len(text) * rupa.nama * 0.58, rupa.nama * 0.8
    aside = half + wide / 2 + 3
    for right, down in ((0.0, half + tall + 2), (0.0, -half - 4), (aside, tall / 2), (-aside, tall / 2)):
        x, y = at[0] + right, at[1] + down
        box = (x - wide / 2, y - tall, x + wide / 2, y)
        if place.free(box):
            place.take(box)
            return format_html('<text class="nama memilih" x="{}" y="{}">{}</text>', round(x), round(y), text)
    return mark_safe("")

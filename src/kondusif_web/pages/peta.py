"""The map: boundaries or schematic cells to SVG. Texture and shape carry the class, colour only repeats it.

Where each thing goes is decided in ``susun.py``; the caption names its source or says "skematis".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kondusif_web.pages import wording
from kondusif_web.pages.susun import (
    ANCHOR,
    CARD_TALL,
    CARDS_UP_TO,
    PHONE,
    WIDE,
    Bidang,
    Penempat,
    Titik,
    Ukuran,
    susun,
)

__all__ = ["Bidang", "gambar"]


def jalur(rings: Sequence[Sequence[Titik]]) -> str:
    """A path of all rings; those inside another are holes (even-odd). Corners that fall together are one."""
    parts = []
    for ring in rings:
        corners = [f"{x:.0f} {y:.0f}" for x, y in ring]
        parts.append("M" + "L".join(c for c, _again in groupby(corners)) + "Z")
    return "".join(parts)


def _asal(bidang: Sequence[Bidang]) -> str:
    """Where the outlines are from; a boundary that is missing is told, so that no village vanishes."""
    sources = sorted({b.sumber for b in bidang if b.sumber})
    if not sources:
        return _("Peta skematis, bukan batas resmi")
    note = _("Batas: %(sumber)s") % {"sumber": "; ".join(sources)}
    circles = [b.nama for b in bidang if b.titik and b.memilih]
    nowhere = [b.nama for b in bidang if not b.cell and b.memilih]
    if circles:
        note += ". " + _("Tanpa batas, digambar lingkaran: %(desa)s") % {"desa": ", ".join(circles)}
    if nowhere:
        note += ". " + _("Tanpa batas dan titik, tidak tergambar: %(desa)s") % {"desa": ", ".join(nowhere)}
    return note


def kalimat(b: Bidang, labels: Mapping[Any, Any] | None) -> str:
    """A cell in words: name, class with its firmness, posture, marks."""
    parts = [str(b.nama)]
    if b.level is not None:
        kelas = str(wording.label_of(b.level, labels))
        yakin = str(wording.firmness_of(b.firmness))
        parts.append(f"{kelas}, {yakin}" if yakin else kelas)
    rupa = wording.POSTURES.get(str(getattr(b.posture, "value", b.posture) or ""))
    if rupa:
        parts.append(f"{rupa.kata} {rupa.nomor}".strip())
    words = {"insiden": _("insiden"), "diam": _("pos diam"), "cadangan": _("cadangan")}
    parts += [f"{n} {words[kind]}" for kind, n in b.marks.items() if n]
    return ", ".join(parts)


def _kartu(
    b: Bidang, x: float, y: float, at: Titik, lebar: float, labels: Mapping[Any, Any] | None
) -> SafeString:
    kelas = "" if b.level is None else str(wording.label_of(b.level, labels))
    yakin = str(wording.firmness_of(b.firmness)) if kelas else ""
    rupa = wording.POSTURES.get(str(getattr(b.posture, "value", b.posture) or ""))
    edge = x if at[0] < x else x + lebar if at[0] > x + lebar else x + lebar / 2
    tall = CARD_TALL if kelas or rupa else 68
    line_y = y + tall / 2
    parts = [
        format_html(
            '<path class="tali" d="M{} {}L{} {}"/><circle class="jangkar" cx="{}" cy="{}" r="7"/>'
            '<rect class="alas" x="{}" y="{}" width="{}" height="{}" rx="10"/>',
            *(round(v) for v in (at[0], at[1], edge, line_y, at[0], at[1], x, y, lebar, tall)),
        )
    ]
    symbol = f"k{b.level}" if b.level is not None else "kbelum"
    parts.append(
        format_html(
            '<g class="m-{0}"><use href="#ik-{0}" x="{1}" y="{2}" width="44" height="44"/></g>'
            '<text class="judul" x="{3}" y="{4}">{5}</text>',
            symbol,
            round(x + 12),
            round(y + 12),
            round(x + 66),
            round(y + 34),
            b.nama,
        )
    )
    baris = f"{kelas}, {yakin}" if yakin else kelas
    line = round(y + 62)
    room = lebar - 78
    if yakin and len(baris) * 11.5 > room:
        baris = kelas  # small print helps nobody: the list beside the map says how firm
    if baris:
        narrow = len(baris) * 10.6 > room
        fit = format_html(' textLength="{}" lengthAdjust="spacingAndGlyphs"', round(room))
        parts.append(
            format_html(
                '<text class="{}" x="{}" y="{}"{}>{}</text>',
                "kelas rapat" if narrow else "kelas",
                round(x + 66),
                line,
                fit if len(baris) * 9 > room else "",
                baris,
            )
        )
        line += 30
    if rupa:
        parts.append(
            format_html(
                '<g class="ik"><use href="#ik-{}" x="{}" y="{}" width="26" height="26"/></g>'
                '<text class="postur" x="{}" y="{}">{}</text>',
                rupa.ikon,
                round(x + 21) if baris else round(x + 66),
                line - 20,
                round(x + 66) if baris else round(x + 98),
                line,
                f"{rupa.kata} · {rupa.nomor}" if rupa.nomor else rupa.kata,
            )
        )
    return mark_safe("".join(parts))  # noqa: S308  pieces are escaped


def gambar(
    bidang: Sequence[Bidang],
    *,
    labels: Mapping[Any, Any] | None = None,
    latihan: bool = False,
    hp: bool = False,
) -> SafeString:
    """SVG of the cells, with cards (wide) or names (phone), marks, a title and a full description."""
    rupa = PHONE if hp else WIDE
    cards = not hp and sum(b.memilih for b in bidang) <= CARDS_UP_TO
    rings, centre, placed = susun(bidang, rupa, cards)
    ident = "peta-hp" if hp else "peta"
    if not rings:
        return format_html(
            '<p class="kosong {}">{}</p>',
            "hanya-sempit" if hp else "hanya-lebar",
            _("Batas desa belum diimpor. Daftar desa memuat semuanya."),
        )
    voting = [b for b in bidang if b.memilih and b.kode in rings]
    others = [b for b in bidang if not b.memilih and b.kode in rings]
    place = Penempat(rupa)
    top: list[str] = []

    for b, x, y in placed:
        cx, cy = centre[b.kode]
        place.take((x, y, x + rupa.kartu, y + CARD_TALL))
        place.take((cx - ANCHOR, cy - ANCHOR, cx + ANCHOR, cy + ANCHOR))
        top.append(_kartu(b, x, y, centre[b.kode], rupa.kartu, labels))
    for b in [*voting, *others]:
        top += _tanda(b, centre[b.kode], place, rupa, shape=b.memilih and not cards)
    names = [] if cards else voting
    for b in [*names, *others]:
        spot = place.name(centre[b.kode], b.nama, rupa.nama * (1.15 if b.memilih else 1))
        if spot:
            kelas = "nama memilih" if b.memilih else "nama"
            top.append(
                format_html(
                    '<text class="{}" x="{}" y="{}">{}</text>', kelas, round(spot[0]), round(spot[1]), b.nama
                )
            )

    base = format_html_join(
        "", '<path class="lain" fill-rule="evenodd" d="{}"/>', ((jalur(rings[b.kode]),) for b in others)
    )
    cells = format_html_join("", "{}", ((sel(b, jalur(rings[b.kode]), ident, labels),) for b in voting))
    note = _asal(bidang)
    if latihan:
        note += " · LATIHAN - DATA ILUSTRATIF"
    return format_html(
        '<svg class="peta {kelas}" viewBox="0 0 {w} {h}" role="group" aria-labelledby="{id}-t {id}-d">'
        '<title id="{id}-t">{title}</title><desc id="{id}-d">{desc}</desc>{defs}'
        '<g class="alasdesa">{base}</g><g class="memilih">{cells}</g>'
        '<g class="atas" aria-hidden="true">{top}</g></svg>'
        '<p class="kaki peta-kaki {kelas_kaki}">{note}</p>',
        kelas="hp hanya-sempit" if hp else "hanya-lebar",
        kelas_kaki="hanya-sempit" if hp else "hanya-lebar",
        w=round(rupa.lebar),
        h=round(rupa.tinggi),
        id=ident,
        title=(_("Peta %(n)d desa") if any(b.sumber for b in bidang) else _("Peta skematis %(n)d desa"))
        % {"n": len(rings)},
        desc="; ".join(kalimat(b, labels) for b in bidang if b.memilih or any(b.marks.values())),
        defs=tekstur(ident),
        base=base,
        cells=cells,
        top=mark_safe("".join(top)),  # noqa: S308  pieces are escaped
        note=note,
    )


def sel(
    b: Bidang, d: str, ident: str, labels: Mapping[Any, Any] | None, *, tertaut: bool = True
) -> SafeString:
    """One cell in its colour and texture; a link to the village's page where it has one."""
    kelas = f"k{b.level}" if b.level is not None else "kbelum"
    shape = format_html(
        '<path class="desa {0}" fill-rule="evenodd" d="{1}"/>'
        '<path class="arsir {0}" fill-rule="evenodd" fill="url(#{2}-arsir-{0})" d="{1}"/>',
        kelas,
        d,
        ident,
    )
    if not b.url or not tertaut:
        return shape
    return format_html('<a href="{}" aria-label="{}">{}</a>', b.url, kalimat(b, labels), shape)


def _tanda(b: Bidang, at: Titik, place: Penempat, rupa: Ukuran, *, shape: bool) -> list[str]:
    """Marks of one cell in a row, moved down until the row is free."""
    kinds = [f"t{kind}" for kind, n in b.marks.items() if n]
    if b.tps_level:
        kinds.append(f"k{b.tps_level}")
    if shape:
        kinds.insert(0, f"k{b.level}" if b.level is not None else "kbelum")
    if not kinds:
        return []
    size = rupa.tanda
    width = size * 1.15 * len(kinds)
    x0 = at[0] - width / 2
    for shift in (-0.5, -1.8, 0.8, -2.9, 1.9, 0.0):
        y0 = at[1] + shift * size
        box = (x0, y0, x0 + width, y0 + size)
        if place.free(box):
            break
    place.take(box)
    return [
        format_html(
            '<g class="m-{0}"><use href="#ik-{0}" x="{1}" y="{2}" width="{3}" height="{3}"/></g>',
            kind,
            round(x0 + n * size * 1.15),
            round(y0),
            round(size),
        )
        for n, kind in enumerate(kinds)
    ]


def tekstur(ident: str) -> SafeString:
    """Textures: dots, stripes, crosshatch; unknown stays blank with sparse dashes."""
    i = conditional_escape(ident)
    return mark_safe(  # noqa: S308  constants
        "<defs>"
        f'<pattern id="{i}-arsir-k3" width="8" height="8" patternUnits="userSpaceOnUse">'
        '<path class="garis g3" d="M0 8L8 0M-2 2L2 -2M6 10L10 6M0 0L8 8M-2 6L2 10M6 -2L10 2"/></pattern>'
        f'<pattern id="{i}-arsir-k2" width="11" height="11" patternUnits="userSpaceOnUse">'
        '<path class="garis g2" d="M0 11L11 0M-2 2L2 -2M9 13L13 9"/></pattern>'
        f'<pattern id="{i}-arsir-k1" width="12" height="12" patternUnits="userSpaceOnUse">'
        '<circle class="titik" cx="3" cy="3" r="1.3"/><circle class="titik" cx="9" cy="9" r="1.3"/></pattern>'
        f'<pattern id="{i}-arsir-kbelum" width="24" height="24" patternUnits="userSpaceOnUse">'
        '<path class="garis gb" d="M4 6h8M14 18h8"/></pattern>'
        "</defs>"
    )

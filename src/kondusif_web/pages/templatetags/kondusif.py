"""``{% load kondusif %}``: icons, class badges, postures, chips, gates, the map; times and decimals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kondusif.withdraw import EarliestMove
from kondusif.words import clause
from kondusif_web.accounts.roles import NAMES
from kondusif_web.election import cards
from kondusif_web.election.models import Membership
from kondusif_web.pages import wording
from kondusif_web.pages.listing import Listing
from kondusif_web.pages.map_cells import draw_cells, in_cells
from kondusif_web.pages.map_drawing import VillageMap, draw_map, draw_village
from kondusif_web.pages.map_layout import MapCell
from kondusif_web.pages.wording import Labels
from kondusif_web.words import lazy_table, speech

register = template.Library()
TERMS, MEANINGS = lazy_table("terms"), lazy_table("term_help")

# ---- marks


@register.simple_tag
def ikon(nama: str, kelas: str = "i") -> SafeString:
    """One icon of the sprite. Always beside a word: an icon alone says nothing aloud."""
    return format_html(
        '<svg class="{}" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><use href="#ik-{}"/></svg>',
        kelas,
        nama,
    )


@register.simple_tag
def tanda(jenis: str) -> SafeString:
    """A filled mark: ``insiden``, ``diam`` or ``cadangan``."""
    return ikon(f"t{jenis}", f"bt t-{jenis}")


@register.simple_tag
def bentuk(level: int | None) -> SafeString:
    """Shape and numeral of a class, for a legend or beside its word; never alone elsewhere."""
    if level is None:
        return ikon("kbelum", "i bt-belum")
    return ikon(f"k{level}", f"bt k{level}")


@register.simple_tag
def lencana(level: int | None, firmness: object = "", labels: Labels | None = None) -> SafeString:
    """Class badge: shape, numeral, word, then how firm. Unknown is shown as unknown."""
    if level is None:
        kata, yakin = _("Belum dinilai"), ""
    else:
        kata, yakin = wording.label_of(level, labels), wording.firmness_of(firmness)
    if not yakin:
        return format_html('<span class="kelas">{}<span>{}</span></span>', bentuk(level), kata)
    return format_html(
        '<span class="kelas">{}<span>{}, <span class="yakin">{}</span></span></span>',
        bentuk(level),
        kata,
        yakin,
    )


@register.simple_tag
def postur(posture: object) -> SafeString:
    """Icon, word and ladder number of a posture; never coloured."""
    code = str(getattr(posture, "value", posture) or "")
    rupa = wording.POSTURES.get(code, wording.Rupa("tanya", code or _("Belum diketahui")))
    nomor = format_html(' <span class="halus">{}</span>', rupa.nomor) if rupa.nomor else ""
    return format_html(
        '<span class="postur">{}<strong>{}</strong>{}</span>', ikon(rupa.ikon), rupa.kata, nomor
    )


@register.filter
def langkah(posture: object) -> str:
    """A posture inside a sentence: ``penarikan tahap 1``."""
    code = str(getattr(posture, "value", posture) or "")
    return clause(str(wording.POSTURES[code].kata)) if code in wording.POSTURES else code


@register.inclusion_tag("pages/_istilah.html", takes_context=True)
def istilah(context: template.Context, *codes: str) -> dict[str, object]:
    """A line for each term of the page, from the one table of terms; the word leads to the help page."""
    words = [(code, TERMS[code], MEANINGS[code]) for code in codes]
    return {"istilah": words, "operasi": context.get("operasi")}


@register.simple_tag
def cip(keadaan: str, teks: object, ikon_nama: str = "") -> SafeString:
    """State chip: buka, tutup, kecuali, diam, biasa, kuning, merah. The word carries the meaning."""
    gambar_kecil = ikon(ikon_nama) if ikon_nama else ""
    return format_html('<span class="cip {}">{}{}</span>', keadaan, gambar_kecil, teks)


@register.simple_tag
def meter(terbuka: int, semua: int) -> SafeString:
    """One box per gate, the open ones filled. The figures must stand beside it as text."""
    if semua <= 0:
        return SafeString("")
    step = 100 / semua
    boxes = "".join(
        f'<rect class="{"ya" if n < terbuka else "tdk"}" x="{n * step + 0.6:.2f}" y=".6"'
        f' width="{step - 1.2:.2f}" height="6.8"/>'
        for n in range(semua)
    )
    return SafeString(  # numbers only
        f'<svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">{boxes}</svg>'
    )


@register.simple_tag
def bilah(nilai: float | None, batas: float = 100.0) -> SafeString:
    """A grey contribution bar of ``nilai`` on 0..``batas``. The figure must stand beside it."""
    width = 0.0 if nilai is None or batas <= 0 else max(0.0, min(100.0, nilai / batas * 100))
    return SafeString(
        '<svg class="bilah" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="dasar" width="100" height="8"/>'
        f'<rect class="nilai" width="{width:.1f}" height="8"/></svg>'
    )


@register.inclusion_tag("pages/_gerbang.html", takes_context=True)
def gerbang(
    context: template.Context, g: Any, kata: Mapping[str, str] | None = None, ringkas: bool = False
) -> dict[str, Any]:
    """A gate row from a core ``GateState`` (RULES 12-15), in the words of ``gate_words`` or in ``kata``.

    What to do next is a ``url`` with its ``tombol``: a view puts them in the context once, by gate, as
    ``tombol_gerbang``.
    """
    kelas, keadaan = wording.GATES[str(getattr(g.state, "value", g.state)).lower()]
    reason = str(getattr(g, "reason", "") or "")
    unsure = next((w for code, w in wording.UNSURE.items() if code in reason), "")
    return {
        "g": g,
        "kata": kata or wording.gate_words(g) | context.get("tombol_gerbang", {}).get(g.gate, {}),
        "kelas": kelas,
        "keadaan": keadaan,
        "ragu": unsure if kelas == "tutup" else "",
        "ringkas": ringkas,
    }


@register.simple_tag
def peta(bidang: Iterable[MapCell], labels: Labels | None = None, latihan: bool = False) -> SafeString:
    """The map: cells of a grid, or drawn twice, with cards for wide screens and names only for phones.

    The list beside it must repeat every fact; the map is never the only place of one.
    """
    cells = tuple(bidang)
    if in_cells(cells):
        return draw_cells(cells, labels=labels, drill=latihan)
    return draw_map(cells, labels=labels, drill=latihan) + draw_map(
        cells, labels=labels, drill=latihan, phone=True
    )


@register.simple_tag
def peta_desa(peta: VillageMap, labels: Labels | None = None) -> SafeString:
    """One village up close, drawn twice: for wide screens and for phones. A list beside it repeats it."""
    return draw_village(peta, labels=labels) + draw_village(peta, labels=labels, phone=True)


@register.inclusion_tag("pages/_tahap.html")
def strip_tahap(tahap: Iterable[Any]) -> dict[str, Any]:
    """The strip of stages in equal steps. Each has ``judul``, ``sub``, ``keadaan`` (lalu|kini|nanti)."""
    items = list(tahap)
    now = next((n for n, t in enumerate(items) if t.keadaan == "kini"), None)
    beside = {} if now is None else {now - 1: " tadi", now + 1: " berikut"}
    return {"tahap": [(t, t.keadaan + beside.get(n, "")) for n, t in enumerate(items)]}


@register.simple_tag(takes_context=True)
def daftar(
    context: template.Context,
    rows: Iterable[Any],
    name: str = "",
    per: int = 25,
    find: str = "",
    *orders: object,
) -> Listing:
    """A part of ``rows``: ``{% daftar baris "janji" 20 "r.text r.owner" "r.due" _("Batas waktu") as d %}``.

    ``find``: paths that the field *Cari* looks in; ``orders``: paths to sort by, each with its word.
    """
    pairs = dict(zip((str(path) for path in orders[::2]), orders[1::2], strict=True))
    return Listing(context["request"].GET, rows, name=name, per=per, find=find.split(), orders=pairs)


@register.simple_tag
def kartu_latihan() -> list[Membership]:
    """People of a drill who sign in by a click, under ``serve --demo`` alone (RULES 23)."""
    return list(cards.people())


@register.simple_tag
def htmx_script() -> SafeString:
    """The htmx script with its settings, where ``make assets`` has put it; every page works without it."""
    if finders.find("vendor/htmx.min.js") is None:
        return SafeString("")
    settled = '{"includeIndicatorStyles": false, "allowEval": false}'
    return format_html(
        '<meta name="htmx-config" content="{}"><script src="{}" defer></script>',
        settled,
        static("vendor/htmx.min.js"),
    )


@register.simple_tag(takes_context=True)
def public_link(context: template.Context) -> SafeString:
    """The way to the public page of this operation once it has one; outside of one, to the list of them."""
    operasi = context.get("operasi")
    if operasi and not operasi.public_items.exists():
        return SafeString()
    url = public_url(operasi.kode if operasi else "")
    return format_html('<li><a href="{}">{}{}</a></li>', url, ikon("kabar"), _("Publik"))


@register.simple_tag
def public_url(operasi: str, bahasa: str = "", nama: str = "publik") -> str:
    """The public page (or ``nama="kalender"``) of an operation in a language, else in that of the page.

    ``operasi`` is the operation's code; blank leads to the list of all that have published.
    """
    chosen = bahasa or get_language() or settings.LANGUAGE_CODE
    name, args = (f"public:{nama}", [operasi]) if operasi else ("publik", [])
    if chosen == settings.LANGUAGE_CODE:
        return reverse(name, args=args)
    return reverse(f"{name}_bahasa", args=[*args, chosen])


# ---- times and figures


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter
def waktu(value: datetime | None) -> str:
    """``14.05``; a dash where unknown."""
    return speech().clock(value) if value else "–"


@register.filter
def tanggal(value: date | datetime | None) -> str:
    """``Kam 12 Okt``; a dash where unknown."""
    if not value:
        return "–"
    return speech().day(value)


@register.filter
def tanggal_panjang(value: date | datetime | None) -> str:
    """``Kamis 12 Oktober 2023``; a dash where unknown."""
    if not value:
        return "–"
    day = _local(value) if isinstance(value, datetime) else value
    return (
        f"{wording.HARI_PANJANG[day.weekday()]} {day.day} {wording.BULAN_PANJANG[day.month - 1]} {day.year}"
    )


@register.filter
def kapan(value: datetime | None) -> str:
    """``Kam 12 Okt 13.00``; a dash where unknown."""
    return speech().when(value or None)


@register.filter
def paling_cepat(move: EarliestMove | None) -> str:
    """``Paling cepat Kam 12 Okt 13.00, bila tetap tenang.``, or what must happen first (RULES 13)."""
    return speech().earliest(move) if move else ""


@register.filter
def lebih_dulu(move: EarliestMove) -> str:
    """What must happen before the clock of a move can start: ``TPS 02 melapor``."""
    return speech().before(move)


@register.filter
def lama(value: timedelta | float | None) -> str:
    """A length of time, from a timedelta or minutes: ``53 menit``, ``1 jam 5 menit``, ``3 hari 2 jam``."""
    if value is None:
        return "–"
    length = value if isinstance(value, timedelta) else timedelta(minutes=int(value))
    return speech().duration(length)


@register.filter
def koma(value: float | Decimal | None, digits: int = 2) -> str:
    """``38,59`` (in English ``38.59``), thousands apart; a dash where missing, never zero."""
    return speech().decimal(None if value is None or value == "" else float(value), int(digits))


@register.filter
def persen(value: float | None, digits: int = 0) -> str:
    """``70 %`` from 0.7; a dash where missing."""
    return speech().percent(None if value is None else float(value), digits)


@register.filter
def ribuan(value: int | None) -> str:
    """``2.880``; a dash where missing."""
    return koma(value, 0)


@register.filter
def kata_peran(role: object) -> object:
    """The title of a role code."""
    code = str(getattr(role, "value", role) or "")
    return NAMES.get(code, code)


@register.filter
def kata_fase(phase: str) -> object:
    """How far an operation has come."""
    return wording.PHASES.get(phase, phase)


@register.filter
def ambil(mapping: Labels | None, key: object) -> object:
    """``mapping[key]`` or nothing: templates cannot index by a variable."""
    return (mapping or {}).get(key)


@register.filter
def kata(text: object) -> str:
    """A text of the core in the language of the page."""
    return wording.kata_inti(str(text or ""))


register.filter("hari_h", wording.hari_h)
register.filter("mestinya", wording.mestinya)
register.filter("nama_butir", wording.nama_butir)

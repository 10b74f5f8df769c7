"""What the marks on a page say: class, firmness, posture, gate state; dates, numbers, texts of the core."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.utils.formats import get_format
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kondusif.errors import Problem
from kondusif.instrument.dimensions import DIMENSIONS
from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe

LABELS: Mapping[int, object] = {1: _("Kurang Rawan"), 2: _("Rawan"), 3: _("Sangat Rawan")}

FIRMNESS: Mapping[str, object] = {
    "pasti": _("pasti"),
    "hampir_pasti": _("hampir pasti"),
    "di_ambang_naik": _("di ambang naik"),
    "di_ambang_turun": _("di ambang turun"),
    "sementara": _("sementara"),
    "lantai": _("karena lantai"),
    "tetap": _("jauh dari batas"),
}


class Rupa(NamedTuple):
    """Icon, word and ladder number of a posture or posting state."""

    ikon: str
    kata: object
    nomor: str = ""


POSTURES: Mapping[str, Rupa] = {
    "preparation": Rupa("persiapan", _("Persiapan")),
    "moved_in": Rupa("bergeser", _("Bergeser")),
    "voting": Rupa("pungut", _("Pemungutan")),
    "counting": Rupa("hitung", _("Penghitungan")),
    "box_escort": Rupa("kawal", _("Kawal kotak suara")),
    "standby": Rupa("siaga", _("Siaga"), "L0"),
    "l1": Rupa("surut", _("Surut 1"), "L1"),
    "l2": Rupa("surut", _("Surut 2"), "L2"),
    "l3": Rupa("surut", _("Surut 3"), "L3"),
    "l4": Rupa("surut", _("Surut 4"), "L4"),
    "closed": Rupa("pulang", _("Ditutup")),
}

GATES: Mapping[str, tuple[str, object]] = {
    "open": ("buka", _("Terbuka")),
    "shut": ("tutup", _("Tertutup")),
    "waived": ("kecuali", _("Dikecualikan")),
}
UNSURE: Mapping[str, object] = {"unknown": _("Belum diketahui"), "expired": _("Kedaluwarsa")}

PHASES: Mapping[str, object] = {
    "preparing": _("Persiapan operasi"),
    "running": _("Berjalan"),
    "closed": _("Ditutup"),
    "archived": _("ARSIP, hanya dibaca"),
}

HARI = (_("Sen"), _("Sel"), _("Rab"), _("Kam"), _("Jum"), _("Sab"), _("Min"))
HARI_PANJANG = (_("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu"))
BULAN = (
    _("Jan"),
    _("Feb"),
    _("Mar"),
    _("Apr"),
    _("Mei"),
    _("Jun"),
    _("Jul"),
    _("Agu"),
    _("Sep"),
    _("Okt"),
    _("Nov"),
    _("Des"),
)
BULAN_PANJANG = (
    _("Januari"),
    _("Februari"),
    _("Maret"),
    _("April"),
    pgettext_lazy("nama bulan", "Mei"),
    _("Juni"),
    _("Juli"),
    _("Agustus"),
    _("September"),
    _("Oktober"),
    _("November"),
    _("Desember"),
)


def label_of(level: int, labels: Mapping[object, object] | None = None) -> object:
    """The operation's word for a level; JSON keeps its keys as text."""
    own = labels or {}
    return own.get(level) or own.get(str(level)) or LABELS.get(level, str(level))


def firmness_of(firmness: object) -> object:
    """The words after the comma. A sentence that is already made passes through."""
    text = str(getattr(firmness, "value", firmness) or "")
    return FIRMNESS.get(text.lower(), text)


def jam(at: datetime) -> str:
    """``14.05``, as the language writes it; of the moment as given."""
    return at.strftime(gettext("%H.%M"))


def koma_desimal() -> str:
    """What stands before the decimals: a comma in Indonesian, a point in English."""
    return str(get_format("DECIMAL_SEPARATOR"))


def dua_bahasa(own: str, english: str) -> str:
    """Of a text that carries both, the one of the page. What was typed in one language stays as typed."""
    return english if get_language() == "en" and english else own


def nama_butir(indicator: Indicator) -> str:
    """The question of an indicator."""
    return dua_bahasa(indicator.name_id, indicator.name_en)


def nama_dimensi(recipe: Recipe, kode: str) -> str:
    """Its name: of the catalogue in the language of the page, or as an instrument of one's own names it."""
    known, name = DIMENSIONS.get(kode), recipe.name_of(kode)
    return dua_bahasa(*known) if known and name == known[0] else name


def nama_pendamping(recipe: Recipe, kode: str) -> str:
    """The yes-or-no question beside a count; its code where the instrument has it no more."""
    found = recipe.companions.get(kode)
    return dua_bahasa(found.name_id, found.name_en) if found else kode


NUMBER = r"(?:(?<=\s)-)?\d+(?:[.,]\d+)*"  # a minus belongs to it after a space, not in H-7


def kata_inti(text: str) -> str:
    """A text of the core in the language of the page; its numbers stay (``{}`` in the catalogue).

    A text that the catalogue does not know, such as one that somebody typed, comes back as it is.
    """
    if not text or (found := gettext(text)) != text:
        return found if text else ""
    numbers = re.findall(NUMBER, text)
    pattern = re.sub(NUMBER, "{}", text)
    found = gettext(pattern) if numbers else text
    return found.format(*numbers) if found != pattern else text


def masalah(problem: Problem) -> str:
    """A problem of a file as one line: where, what was found, what is expected."""
    where = [problem.file]
    if problem.sheet:
        where.append(gettext("lembar %s") % problem.sheet)
    if problem.row is not None:
        where.append(gettext("baris %s") % problem.row)
    if problem.column:
        where.append(gettext("kolom %s") % problem.column)
    return gettext("%(di)s: ditemukan %(apa)s; seharusnya %(mestinya)s") % {
        "di": ", ".join(where),
        "apa": kata_inti(problem.found),
        "mestinya": kata_inti(problem.expected),
    }


def hari_h(days: int) -> str:
    """Days from the vote: ``H-63``, ``H``, ``H+1``."""
    return "H" if days == 0 else f"H{days:+d}"

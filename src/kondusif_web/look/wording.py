"""Indonesian for what the marks on a page say: class, firmness, posture, gate state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

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

HARI = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
HARI_PANJANG = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
BULAN = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
BULAN_PANJANG = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)


def label_of(level: int, labels: Mapping[object, object] | None = None) -> object:
    """The operation's word for a level; JSON keeps its keys as text."""
    own = labels or {}
    return own.get(level) or own.get(str(level)) or LABELS.get(level, str(level))


def firmness_of(firmness: object) -> object:
    """The words after the comma. A sentence that is already made passes through."""
    text = str(getattr(firmness, "value", firmness) or "")
    return FIRMNESS.get(text.lower(), text)


def hari_h(days: int) -> str:
    """Days from the vote: ``H-63``, ``H``, ``H+1``."""
    return "H" if days == 0 else f"H{days:+d}"

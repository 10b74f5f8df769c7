"""Indonesian for rounds: states, debts, questions of the form, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kondusif.measure.answers import Answer, Given
from kondusif.measure.catalogue import COMPANIONS, Indicator
from kondusif.measure.recipe import Recipe
from kondusif_web.look.wording import kata_inti, nama_butir, nama_pendamping
from kondusif_web.vulnerability.wording import answer as value_in_words
from kondusif_web.vulnerability.wording import number

YEARS = gettext_lazy("Tahun 2000 sampai 2099.")
STATES: Mapping[str, tuple[str, object]] = {
    "later": ("biasa", gettext_lazy("Belum waktunya")),
    "due": ("kuning", gettext_lazy("Saatnya dibuka")),
    "running": ("buka", gettext_lazy("Berjalan")),
    "overdue": ("merah", gettext_lazy("Terlambat dibuka")),
    "missed": ("diam", gettext_lazy("Terlewat")),
    "closed": ("biasa", gettext_lazy("Ditutup")),
    "undated": ("belum", gettext_lazy("Tanggal belum ada")),
}
LATE_TO_CLOSE = ("merah", gettext_lazy("Terlambat ditutup"))
WHY: Mapping[str, tuple[str, object]] = {
    "absent": ("belum", gettext_lazy("belum dijawab")),
    "stale": ("kuning", gettext_lazy("kedaluwarsa")),
    "refused": ("belum", gettext_lazy("menolak menjawab")),
    "second": ("kuning", gettext_lazy("perlu penilai kedua")),
}
WORDS = {"yes": gettext_lazy("ya"), "no": gettext_lazy("tidak"), "unknown": gettext_lazy("belum diketahui")}
KINDS: Mapping[str, object] = {
    "not_applicable": gettext_lazy("Tidak berlaku di sini"),
    "refused": gettext_lazy("Sumber menolak menjawab"),
    "not_known": gettext_lazy("Sudah ditanya, belum diketahui"),
}
RUN_BY = gettext_lazy("Putaran dibuka dan ditutup perencana atau Kapolres.")
RUN_WHOLE = gettext_lazy(
    "Putaran berlaku bagi semua desa yang memilih; wilayah akun Anda mencakup sebagian. "
    "Dibuka dan ditutup perencana atau Kapolres yang wilayahnya mencakup semuanya."
)
REFUSALS: Mapping[str, object] = {
    "round_unknown": gettext_lazy("Gerbang itu tidak ada."),
    "round_runs": gettext_lazy("Satu putaran masih berjalan. Tutup dulu."),
    "round_early": gettext_lazy("Belum waktunya membuka putaran ini."),
    "round_closed": gettext_lazy("Putaran ini sudah pernah dibuka."),
    "round_not_running": gettext_lazy("Putaran itu tidak sedang berjalan."),
    "review_ended": gettext_lazy("Penilaian bersama ini sudah selesai dengan isi lain."),
    "evidence_gone": gettext_lazy("Berkasnya sudah tidak ada."),
    "evidence_changed": gettext_lazy(
        "Berkas di basis data bukan yang dilampirkan. Jalankan kondusif-office verify."
    ),
}


def name_of(recipe: Recipe, item: str) -> str:
    """The question of an item or companion, as the instrument words it."""
    if item in COMPANIONS:
        return nama_pendamping(item)
    found = recipe.by_id.get(item)
    return nama_butir(found) if found else item


def said(recipe: Recipe, answer: Answer | None) -> str:
    """An answer in words: value with unit, yes or no, or why there is none."""
    if answer is None:
        return "–"
    if answer.given is Given.NOT_APPLICABLE:
        return _("tidak berlaku")
    if answer.given is Given.REFUSED:
        return _("menolak menjawab")
    if answer.word:
        return str(WORDS.get(answer.word, answer.word))
    indicator = recipe.by_id.get(answer.item)
    return value_in_words(indicator, answer.value) if indicator else number(answer.value)


def from_operations(kodes: Iterable[str]) -> str:
    """The source of a value that earlier operations of this office know."""
    return f"operasi {', '.join(kodes)}"


def unit_of(indicator: Indicator) -> str:
    """The unit beside the field."""
    return "" if indicator.type in ("boolean", "likert") else kata_inti(indicator.unit)


def range_of(indicator: Indicator) -> str:
    """Where calm ends and the worst begins, in the item's own unit."""
    if indicator.type == "boolean":
        return ""
    facts = {"lo": number(indicator.lo), "hi": number(indicator.hi), "satuan": unit_of(indicator)}
    text = _("Rentang %(lo)s sampai %(hi)s %(satuan)s") % facts
    if indicator.direction == "lower_is_riskier":
        return f"{text.strip()}; " + _("makin rendah makin rawan")
    if indicator.direction == "higher_is_riskier":
        return f"{text.strip()}; " + _("makin tinggi makin rawan")
    return text.strip()


def beside(parent: str) -> str:
    """When the yes or no beside a count is asked for."""
    return _("Isi bila %(butir)s di atas nol.") % {"butir": parent}

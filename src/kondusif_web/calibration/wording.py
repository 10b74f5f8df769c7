"""Indonesian for what the figures say, their warnings first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kondusif.learn import FEW_HITS, FEW_PLACES, Calibration, Cut
from kondusif_web.pages.templatetags.kondusif import koma, persen
from kondusif_web.pages.wording import Labels, label_of
from kondusif_web.words import lazy_table

HAPPENED: Mapping[int, object] = {int(n): word for n, word in lazy_table("happened").items()}
UNHEARD = gettext_lazy("Tidak ada laporan")
WHICH = lazy_table("calibrated_from")


def happened(severity: int | None) -> object:
    """The gravest incident in a word."""
    return UNHEARD if severity is None else HAPPENED[severity]


def says(c: Calibration, unit: str, labels: Labels) -> Iterator[str]:
    """What the figures say, in plain sentences, the misses first."""
    words = {"n": c.places, "satuan": unit, "luput": len(c.missed), "rendah": label_of(1, labels)}
    if c.missed:
        yield (
            _("Dari %(n)d %(satuan)s, %(luput)d terlewat: kelasnya %(rendah)s, lalu terjadi sesuatu.") % words
        )
    else:
        yield _("Dari %(n)d %(satuan)s, tidak satu pun terlewat.") % words
    words |= {"hit": c.overall.hit}
    yield _("Terjadi sesuatu di %(hit)d dari %(n)d %(satuan)s.") % words
    if c.quiet:
        words |= {"tenang": len(c.quiet), "tinggi": label_of(3, labels)}
        yield (
            _("%(tenang)d %(satuan)s berkelas %(tinggi)s dan tetap tenang.") % words
            + " "
            + (_("Pengamanan yang hadir mungkin justru sebabnya."))
        )


def warnings(c: Calibration, unit: str) -> Iterator[str]:
    """Why these figures may not carry a rule; shown before any figure."""
    if c.places < FEW_PLACES:
        yield _(
            "Baru %(n)d %(satuan)s: satu kejadian lagi sudah mengubah semua angka. "
            "Jangan mengubah aturan karena angka ini."
        ) % {"n": c.places, "satuan": unit}
    elif c.overall.hit < FEW_HITS:
        yield _("Baru %(n)d %(satuan)s dengan kejadian. Urutan dan saran batas masih bergantung padanya.") % {
            "n": c.overall.hit,
            "satuan": unit,
        }
    if c.unknown:
        yield _(
            "%(n)d %(satuan)s tidak melapor sesudah pemungutan dan tidak dihitung: diam bukan berarti tenang."
        ) % {"n": len(c.unknown), "satuan": unit}


def brier(c: Calibration) -> str:
    """What the Brier score means against none of the classes."""
    if c.skill is None:
        return _("Tidak dapat dibandingkan.")
    if c.skill > 0:
        return _("Kelas mengurangi galat %(p)s dibanding menebak tanpa kelas.") % {"p": persen(c.skill)}
    return _("Kelas tidak membantu: menebak tanpa kelas sama baiknya atau lebih baik.")


def ranking(c: Calibration) -> str:
    """What AUC and its interval say, or why there is none."""
    if c.auc is None or c.auc_low is None:
        return _("Tidak dapat dihitung: semua tempat berakhir sama, jadi tidak ada yang dapat diurutkan.")
    said = _("Pada %(n)s %% pasangan, tempat dengan kejadian bernilai lebih tinggi dari yang tanpa.") % {
        "n": koma(100 * c.auc, 0)
    }
    if c.auc_low <= 0.5:
        return said + " " + _("Selangnya memuat 0,5: belum dapat dibedakan dari undian.")
    return said


def borders(cut: Cut, labels: Labels) -> str:
    """``Kurang Rawan dan Rawan``."""
    low, high = cut.between
    return _("%(a)s dan %(b)s") % {"a": label_of(low, labels), "b": label_of(high, labels)}

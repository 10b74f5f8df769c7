"""Indonesian for what a file would do."""

from __future__ import annotations

from datetime import datetime, time

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from kondusif.files.cells import show
from kondusif.files.changes import State
from kondusif.files.incoming import MOVES, OLDER, OUT, STALE
from kondusif.lifecycle import Phase
from kondusif.measure.answers import Answer, Given
from kondusif_web.look.wording import jam, koma_desimal

SHEETS = {
    "operasi": _("Operasi"),
    "desa": _("Desa"),
    "tahap": _("Tanggal tahap"),
    "tps": _("TPS"),
    "calon": _("Calon (nomor)"),
    "kekuatan": _("Kekuatan"),
    "jawaban": _("Jawaban"),
}
STATES = {
    State.NEW: ("buka", _("baru")),
    State.CHANGED: ("kuning", _("berubah")),
    State.SAME: ("biasa", _("sama")),
    State.REFUSED: ("tutup", _("ditolak")),
}
NOTES = {
    STALE: _("sudah kedaluwarsa: langsung dihitung sebagai belum dijawab"),
    OUT: _("jauh di luar rentang butir: salah ketik?"),
    OLDER: _("diamati lebih dahulu dari jawaban yang sudah ada"),
    MOVES: _("menggantikan nilai lain"),
}
REMARKS = {
    "nama": _("nama di berkas lain dari nama desa"),
    "titik": _("titik desa di luar batas ini"),
    "tumpang": _("batasnya tumpang tindih dengan desa lain"),
}
PLACES = {
    "place_not_retired": _("Tempat itu tidak sedang dipensiunkan."),
    "place_of_retired": _("Desanya masih dipensiunkan. Pulihkan desanya dulu."),
}
MOVE = {
    (Phase.PREPARING, Phase.RUNNING): _("Jalankan operasi"),
    (Phase.RUNNING, Phase.CLOSED): _("Tutup operasi"),
    (Phase.CLOSED, Phase.RUNNING): _("Buka lagi"),
    (Phase.CLOSED, Phase.ARCHIVED): _("Arsipkan"),
}
MOVE_HELP = {
    Phase.CLOSED: _("Semua desa yang memilih harus sudah ditutup."),
    Phase.ARCHIVED: _("Tidak dapat dibatalkan: sesudahnya hanya dibaca dan diperiksa."),
}
MOVED = {
    Phase.RUNNING: _("Operasi berjalan."),
    Phase.CLOSED: _("Operasi ditutup."),
    Phase.ARCHIVED: _("Operasi diarsipkan; sekarang hanya dapat dibaca."),
}
MOVES_REFUSED = {
    "operation_move_unknown": _("Langkah itu tidak ada dari keadaan sekarang."),
    "operation_without_villages": _("Belum ada desa yang memilih. Unggah desa dulu."),
    "operation_villages_open": _("Belum dapat ditutup: desa ini belum ditutup."),
    "reason_missing": _("Tulis alasannya."),
}
EXPIRED = _("Berkas ini tidak menunggu lagi: sudah diterapkan, dibuang, atau lewat dua jam. Unggah lagi.")
CHANGED = _(
    "Tidak diterapkan. Sejak Anda melihatnya, isi kantor berubah sehingga akibat berkas ini lain. "
    "Periksa lagi di bawah, lalu terapkan."
)
FORMATS = {
    "xlsx": (_("XLSX"), _("Satu lembar per tabel, untuk Excel dan LibreOffice.")),
    "csv": (_("CSV"), _("Zip berisi satu CSV per tabel, UTF-8.")),
    "parquet": (_("Parquet"), _("Zip berisi satu berkas per tabel, untuk analisis besar.")),
    "gpkg": (_("GeoPackage"), _("Desa dan TPS dengan kelas dan nilai, untuk QGIS.")),
}


def said(value: object) -> str:
    """A cell as a person reads it."""
    if isinstance(value, bool):
        return _g("ya") if value else _g("tidak")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d} {jam(value)}"
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], time):
        return f"H-{value[0]} {value[1].strftime(_g('%H.%M'))}"
    if isinstance(value, float):
        return f"{value:.6g}".replace(".", koma_desimal())
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value)) or _g("kosong")
    return show(value)


GIVEN = {Given.NOT_APPLICABLE: _("tidak berlaku"), Given.REFUSED: _("menolak")}
WORDS = {"yes": _("ya"), "no": _("tidak"), "unknown": _("tidak tahu")}


def answer_words(answer: Answer) -> str:
    """What an answer says, without its unit."""
    if answer.given in GIVEN:
        return str(GIVEN[answer.given])
    if answer.word:
        return str(WORDS[answer.word])
    return f"{answer.value:g}".replace(".", koma_desimal())

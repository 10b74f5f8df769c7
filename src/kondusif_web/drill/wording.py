"""Indonesian for the steps of a story and the marks of its clock."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kondusif.errors import NotAllowed
from kondusif.places import desa_of
from kondusif_web.drill.script import Step
from kondusif_web.field.wording import GATES, REFUSALS

DEEDS: Mapping[str, object] = {
    "tetapkan kelas": gettext_lazy("Kelas dihitung dan ditetapkan"),
    "susun rencana": gettext_lazy("Rencana disusun dan diajukan"),
    "setujui rencana": gettext_lazy("Rencana disahkan"),
    "datang": gettext_lazy("Petugas hadir di pos"),
    "pindah postur": gettext_lazy("Postur berpindah"),
    "minta penarikan": gettext_lazy("Penarikan diminta"),
    "setujui penarikan": gettext_lazy("Penarikan disetujui"),
    "minta pengecualian": gettext_lazy("Pengecualian gerbang diminta"),
    "setujui pengecualian": gettext_lazy("Pengecualian gerbang disetujui"),
    "pulang": gettext_lazy("Petugas dihitung dan pulang"),
    "hubungi warga": gettext_lazy("Warga dihubungi, belum terhubung"),
    "tutup insiden": gettext_lazy("Insiden ditutup"),
    "jawab pertanyaan": gettext_lazy("Pertanyaan dijawab"),
    "tanggung komitmen": gettext_lazy("Janji ditanggung"),
    "tepati komitmen": gettext_lazy("Janji ditepati"),
    "tetapkan pelantikan": gettext_lazy("Tanggal pelantikan diketahui"),
    "catat keberatan": gettext_lazy("Keberatan hasil diajukan"),
    "selesaikan sengketa": gettext_lazy("Sengketa diputus"),
    "buka putaran": gettext_lazy("Putaran penilaian dibuka"),
    "tutup putaran": gettext_lazy("Putaran penilaian ditutup"),
    "jawab butir": gettext_lazy("Butir dijawab dari lapangan"),
    "putuskan penilaian": gettext_lazy("Penilai yang berbeda sepakat bersama"),
    "lampirkan bukti": gettext_lazy("Bukti dilampirkan"),
    "tulis tindakan": gettext_lazy("Tindakan terhadap risiko ditulis"),
    "tanggung tindakan": gettext_lazy("Tindakan ditanggung"),
    "selesaikan tindakan": gettext_lazy("Tindakan selesai"),
    "rancang instrumen": gettext_lazy("Draf instrumen dimulai"),
    "ubah bobot": gettext_lazy("Bobot diubah dalam draf"),
    "ubah batas": gettext_lazy("Batas kelas diubah dalam draf"),
    "impor riwayat": gettext_lazy("Riwayat pemungutan lalu diimpor"),
}
SHEETS: Mapping[str, object] = {
    "dialog": gettext_lazy("Dialog dicatat"),
    "ikrar": gettext_lazy("Ikrar damai dicatat"),
    "insiden": gettext_lazy("Insiden dilaporkan"),
    "laporan": gettext_lazy("Laporan dari pos"),
}
MARKS: Mapping[str, object] = {
    "ukur": gettext_lazy("kerawanan diukur, kelas ditetapkan"),
    "rencana": gettext_lazy("rencana disusun dan disahkan"),
    "geser-3": gettext_lazy("petugas bergeser ke desa Sangat Rawan"),
    "geser": gettext_lazy("semua petugas di tempat, kelas diperbarui"),
    "pungut": gettext_lazy("TPS dibuka"),
    "siaga": gettext_lazy("semua desa siaga, beberapa kotak suara belum bertanda terima"),
    "tegang": gettext_lazy("satu desa surut, dua belum boleh"),
    "tenang": gettext_lazy("24 jam tenang, dua desa surut"),
    "keberatan": gettext_lazy("jendela keberatan tutup"),
    "pelantikan": gettext_lazy("pelantikan lewat, petugas pulang"),
    "tutup": gettext_lazy("operasi ditutup"),
}


def deed(step: Step, names: Mapping[str, str]) -> str:
    """What a step does, and where."""
    if step.sheet == "jawaban":
        n = len(step.rows)
        return ngettext("%(n)d jawaban diimpor", "%(n)d jawaban diimpor", n) % {"n": n}
    title: object
    if step.sheet == "pemeriksaan":
        title = _("%(butir)s, diperiksa") % {"butir": GATES[str(step.row["butir"])]}
    elif step.sheet == "keputusan":
        title = DEEDS[step.row["tindakan"]]
    else:
        title = SHEETS[step.sheet]
    at = place(step)
    if not at or desa_of(at) not in names:
        return str(title)
    tps = at.partition("-")[2]
    where = names[desa_of(at)] + (f", TPS {tps}" if tps else "")
    return _("%(apa)s: %(di_mana)s") % {"apa": title, "di_mana": where}


def place(step: Step) -> str:
    """Code of the desa or TPS that a step is about; "" for none."""
    if step.sheet == "jawaban":
        return ""
    found = step.row.get("tempat") or step.row.get("tps") or step.row.get("desa")
    return found if isinstance(found, str) else ""


def refused(step: Step, names: Mapping[str, str]) -> str:
    """What the clock stopped at."""
    return _('Langkah cerita "%(langkah)s" ditolak oleh aturan.') % {"langkah": deed(step, names)}


def reason(why: Exception) -> str:
    """Why a step was refused, as the page of the deed itself would say it."""
    if isinstance(why, NotAllowed):
        if why.facts.get("why") == "same_person":
            return _("Pemohon dan pemutusnya orang yang sama.")
        if why.facts.get("why") == "account_closed":
            return _("Akun yang menjalankannya sudah ditutup.")
        return _("Akun yang menjalankannya tidak lagi berwenang.")
    if isinstance(why, ObjectDoesNotExist):
        return _("Yang akan diputuskan sudah tidak ada: sudah diputuskan dengan tangan.")
    return str(REFUSALS.get(str(why), _("Keadaan sudah diubah dengan tangan.")))

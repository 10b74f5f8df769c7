"""Indonesian for accounts, the access log, and refusals of people and files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACCESS_KINDS = {
    "read": _("Membaca"),
    "denied": _("Ditolak"),
    "signed_in": _("Masuk"),
    "signed_out": _("Keluar"),
    "sign_in_refused": _("Gagal masuk"),
}
# What was read, by the name that ``log_read`` is given.
READ = {
    "access": _("Buku akses"),
    "answers": _("Jawaban pengukuran"),
    "board": _("Papan posko"),
    "calibration": _("Kalibrasi"),
    "mitigation": _("Tindakan"),
    "calibration.export": _("Kalibrasi, diunduh"),
    "calibration.history": _("Riwayat pemungutan"),
    "class": _("Kelas dan sebabnya"),
    "desa": _("Halaman desa"),
    "desa.list": _("Daftar desa"),
    "dialogue": _("Dialog"),
    "field.facts": _("Fakta gerbang"),
    "field.gates": _("Gerbang penarikan"),
    "field.incident": _("Insiden"),
    "field.incidents": _("Insiden terbuka"),
    "home": _("Halaman awal"),
    "instrument": _("Instrumen"),
    "instrument.effect": _("Akibat instrumen pada desa"),
    "intake": _("Isi berkas sebelum diterapkan"),
    "logbook": _("Buku mutasi"),
    "logbook.export": _("Buku mutasi, diunduh"),
    "measure.export": _("Pengukuran, diunduh"),
    "plan.muster": _("Apel dan penugasan"),
    "plan.page": _("Rencana"),
    "plan.plotting": _("Plotting, diunduh"),
    "rounds": _("Putaran penilaian"),
    "rounds.evidence": _("Bukti jawaban, diunduh"),
    "rounds.form": _("Formulir jawaban"),
    "rounds.owed": _("Daftar tagihan jawaban"),
}

# By the code of the error, then by its own ``why`` where it has one: title and sentence.
REFUSALS = {
    "not_allowed": (
        _("Bukan untuk akun ini"),
        _("Peran akun Anda tidak mencakup ini. Penolakan ini dicatat."),
    ),
    "not_allowed.area": (
        _("Di luar wilayah Anda"),
        _("Tempat ini di luar wilayah akun Anda. Penolakan ini dicatat."),
    ),
    "not_allowed.whole": (
        _("Wilayah Anda hanya sebagian"),
        _(
            "Ini berlaku bagi semua desa yang memilih; wilayah akun Anda mencakup sebagian. "
            "Mintalah perencana atau Kapolres yang wilayahnya mencakup semuanya. Penolakan ini dicatat."
        ),
    ),
    "not_allowed.same": (
        _("Harus orang kedua"),
        _("Ini diputuskan orang lain, bukan yang membuatnya. Penolakan ini dicatat."),
    ),
    "not_allowed.rater": (
        _("Harus orang lain"),
        _("Yang menilai atau memasukkan jawabannya tidak menenangkannya sendiri. Penolakan ini dicatat."),
    ),
    "conflict.draft": (
        _("Draf sudah berubah"),
        _("Sejak halaman ini dibuka, drafnya diubah. Buka lagi lalu ulangi. Tidak ada yang disimpan."),
    ),
    "conflict.archived": (
        _("Arsip"),
        _("Operasi ini sudah diarsipkan dan hanya dapat dibaca. Tidak ada yang disimpan."),
    ),
    "conflict.administrator": (
        _("Administrator tidak bekerja dalam operasi"),
        _("Akun administrator hanya mengurus akun. Tidak ada yang disimpan."),
    ),
    "conflict": (
        _("Sudah ada yang lain"),
        _("Isian dengan nomor yang sama sudah diterima dengan isi lain. Yang lama tidak diubah."),
    ),
    "move_refused": (_("Belum dapat dilakukan"), _("Tidak ada yang diubah.")),
    "extra_missing": (
        _("Bentuk ini belum tersedia"),
        _("Kantor ini belum memasang pustaka yang diperlukan. XLSX dan CSV selalu tersedia."),
    ),
    "plan_refused": (_("Rencana ditolak"), _("Rencana melanggar aturan. Tidak ada yang diubah.")),
    "import_refused": (
        _("Berkas ditolak"),
        _("Tidak ada yang diimpor. Perbaiki semua yang tersebut di bawah, lalu kirim lagi."),
    ),
    "kondusif_error": (_("Tidak dapat dikerjakan"), _("Tidak ada yang diubah.")),
}


def refusal(code: str, why: str = "") -> tuple[object, object]:
    """Title and sentence for a refusal."""
    return REFUSALS.get(f"{code}.{why}") or REFUSALS.get(code) or REFUSALS["kondusif_error"]

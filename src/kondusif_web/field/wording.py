"""Indonesian for gates, reasons, kinds and refusals of the field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from kondusif.withdraw import GateState, Reason, State
from kondusif_web.look.templatetags.kondusif import kapan, lama
from kondusif_web.look.wording import POSTURES

GATES = {
    "1": _l("1. Penghitungan selesai di semua TPS"),
    "2": _l("2. Berita acara ditandatangani saksi"),
    "3": _l("3. Pemilih hadir sama dengan surat suara terpakai"),
    "4": _l("4. Kotak suara disegel dan diterima"),
    "5": _l("5. Panitia dan KPPS pulang dengan selamat"),
    "6": _l("6. Semua calon menerima atau mengajukan keberatan resmi"),
    "7": _l("7. Selisih menang lebih besar dari selisih administrasi"),
    "8": _l("8. Tidak ada keberatan, atau sidangnya diumumkan"),
    "9": _l("9. Tidak ada kerumunan lebih dari 25 orang"),
    "10": _l("10. Tidak ada senjata, ancaman, kerusakan, luka"),
    "11": _l("11. Jalan terbuka"),
    "12": _l("12. Hasutan sudah dijawab"),
    "13": _l("13. Tiga pilar sepakat dan warga membenarkan"),
    "14": _l("14. Tanggal rawan berikut dan kekuatan tinggal dicatat"),
    "15": _l("15. Orang dan perlengkapan kembali lengkap"),
    "quiet": _l("Jam tenang"),
    "night": _l("Jaga malam"),
    "objection_window": _l("Masa keberatan ditutup"),
    "dispute": _l("Sengketa selesai"),
    "inauguration": _l("Pelantikan lewat 24 jam"),
    "home": _l("Semua penugasan pulang"),
}

REASONS = {
    Reason.UNKNOWN: _l("Belum ada yang menyatakan."),
    Reason.EXPIRED: _l("Pengamatan sudah kedaluwarsa."),
    Reason.NO: _l("Dinyatakan tidak."),
    Reason.NA: _l("Jawaban tidak berlaku tidak diterima untuk butir ini."),
    Reason.MINUTES_MISSING: _l("Nomor berita acara belum ada."),
    Reason.SECOND_MISSING: _l("Belum ada pengamat kedua."),
    Reason.INCIDENT_OPEN: _l("Masih ada insiden terbuka."),
    Reason.SEEN_BEFORE_INCIDENT: _l("Pengamatan dibuat sebelum insiden berakhir."),
    Reason.PARTY_MISSING: _l("Belum semua pihak menjawab."),
    Reason.SAME_PERSON: _l("Satu orang menjawab untuk dua pihak."),
    Reason.LEVEL_UNKNOWN: _l("Kelas desa belum diketahui."),
    Reason.NOT_STANDBY: _l("Siaga belum dimulai."),
    Reason.NO_REPORT: _l("Belum ada laporan sama sekali. Diam belum tentu aman."),
    Reason.SILENT: _l("Tidak ada laporan sejak tenang dimulai. Diam belum tentu aman."),
    Reason.NIGHT: _l("Tertutup setiap hari 18.00–06.00 untuk tingkat 3."),
    Reason.INAUGURATION_UNKNOWN: _l("Waktu pelantikan belum diketahui."),
    Reason.NOT_HOME: _l("Masih ada penugasan yang belum pulang."),
    Reason.NOT_COUNTED: _l("Belum dihitung kembali."),
    Reason.COUNT_DIFFERS: _l("Jumlah kembali tidak sama dengan jumlah berangkat."),
}

OPENS_BY = {
    "statement": _l("pernyataan panitia atau camat dengan nomor berita acara"),
    "receipt": _l("tanda terima dari kecamatan, dilihat dua orang"),
    "check": _l("pernyataan petugas di lapangan"),
    "observation": _l("pengamatan baru di lapangan"),
    "rumour_answered": _l("jawaban Humas terbit dan dicek"),
    "agreement": _l("persetujuan pihak yang belum menjawab, satu kode warga"),
    "residual_force": _l("tanggal rawan dan kekuatan tinggal dicatat"),
    "incident_closed": _l("insiden ditutup"),
    "second_observer": _l("pengamat kedua yang lain orangnya"),
    "minutes": _l("nomor berita acara"),
    "report": _l("laporan dari pos"),
    "standby": _l("siaga dimulai"),
    "class_published": _l("kelas desa diumumkan"),
    "calendar": _l("tahapan diketahui"),
    "dispute_settled": _l("putusan sengketa, atau batas waktunya"),
    "inauguration_date": _l("waktu pelantikan dicatat"),
    "postings": _l("penugasan dicatat"),
    "homecoming": _l("semua penugasan pulang"),
    "headcount": _l("hitung kembali orang dan perlengkapan"),
}

PLACES = {
    "met": _l("ada"),
    "unknown": _l("belum ada"),
    "party_missing": _l("belum menjawab"),
    "no": _l("tidak"),
    "expired": _l("kedaluwarsa"),
    "na_refused": _l("tidak berlaku"),
    "minutes_missing": _l("tanpa nomor berita acara"),
    "second_missing": _l("baru satu pengamat"),
    "same_person": _l("orang yang sama"),
    "incident_open": _l("insiden terbuka"),
    "seen_before_incident": _l("dilihat sebelum insiden berakhir"),
}
PARTIES = {"camat": "Camat", "danramil": "Danramil", "kapolsek": "Kapolsek", "warga": _l("Warga")}

KINDS = {
    "crowd": _l("Massa berkumpul"),
    "threat": _l("Ancaman"),
    "violence": _l("Kekerasan, luka"),
    "weapon": _l("Senjata terlihat"),
    "damage": _l("Kerusakan"),
    "road": _l("Jalan ditutup"),
    "box": _l("Masalah kotak suara"),
    "rumour": _l("Kabar atau hasutan"),
    "other": _l("Lainnya"),
}
SEVERITY = {"hijau": _l("Hijau"), "kuning": _l("Kuning"), "merah": _l("Merah")}
HELP = {"now": _l("Sekarang"), "prepare": _l("Siapkan saja"), "none": _l("Tidak perlu")}
REPORTS = {"aman": _l("Aman"), "situasi": _l("Situasi"), "tiba": _l("Tiba di pos")}
SITUATION = {
    "people": (
        _l("Orang berkumpul"),
        {
            "none": _l("Tidak ada"),
            "few": _l("Kurang dari 25"),
            "some": _l("25 sampai 100"),
            "many": _l("Lebih dari 100"),
        },
    ),
    "mood": (
        _l("Suasana"),
        {
            "usual": _l("Biasa"),
            "jeering": _l("Saling ejek"),
            "pushing": _l("Saling dorong"),
            "threat": _l("Ada ancaman"),
        },
    ),
    "road": (_l("Jalan"), {"open": _l("Terbuka"), "slow": _l("Terhambat"), "shut": _l("Tertutup")}),
}
VALUES = {"yes": _l("Ya"), "no": _l("Tidak"), "na": _l("Tidak berlaku"), "unknown": _l("Tidak tahu")}
OUTCOMES = {
    "waiting": _l("Menunggu"),
    "approved": _l("Disetujui"),
    "refused": _l("Ditolak"),
    "void": _l("Gugur"),
}
RESIDENT = {
    "not_reached": _l("belum terhubung"),
    "confirmed": _l("membenarkan"),
    "not_yet": _l("belum membenarkan, perlu tindak lanjut"),
}
DISPUTES = {
    "unknown": _l("belum diketahui"),
    "none": _l("tidak ada keberatan"),
    "open": _l("ada keberatan"),
    "settled": _l("sudah diputus"),
}
BOOK = {
    "posture_moved": _l("Postur berpindah"),
    "village_reopened": _l("Dibuka kembali"),
    "withdrawal_requested": _l("Permintaan penarikan"),
    "withdrawal_blocked": _l("Persetujuan tertahan"),
    "withdrawal_approved": _l("Penarikan disetujui"),
    "withdrawal_refused": _l("Permintaan ditolak"),
    "withdrawal_voided": _l("Permintaan gugur"),
    "waiver_requested": _l("Pengecualian diminta"),
    "waiver_seconded": _l("Pengecualian ditandatangani orang kedua"),
    "waiver_approved": _l("Pengecualian disetujui Kapolres"),
}

REFUSALS = {
    "gates_shut": _l("Masih ada gerbang tertutup. Tidak ada yang dipindahkan; upaya ini dicatat."),
    "move_unknown": _l("Langkah itu tidak ada dari postur sekarang."),
    "move_needs_request": _l("Langkah ini melewati gerbang: ajukan permintaan penarikan."),
    "move_only_by_bad_news": _l("Desa kembali siaga hanya oleh kabar buruk."),
    "reason_missing": _l("Alasan harus ditulis."),
    "request_waits_already": _l("Sudah ada permintaan yang menunggu keputusan."),
    "request_decided": _l("Permintaan ini sudah diputuskan orang lain."),
    "request_outdated": _l("Desa sudah berpindah sejak permintaan ini. Ajukan permintaan baru."),
    "gate_not_waivable": _l("Gerbang ini tidak dapat dikecualikan sekarang."),
    "waiver_outdated": _l("Ada fakta baru sejak pengecualian diminta. Ajukan lagi."),
    "waiver_seconded_already": _l("Orang kedua sudah menandatangani."),
    "waiver_approved_already": _l("Kapolres sudah menandatangani."),
    "minutes_missing": _l("Nomor berita acara harus ditulis."),
    "resident_not_tried": _l("Camat menyatakan untuk warga hanya setelah dua upaya menghubungi dicatat."),
    "second_is_the_same": _l("Pengamat kedua harus orang lain."),
    "correction_not_own": _l("Hanya pengamatnya sendiri yang dapat membetulkan."),
    "verify_own_report": _l("Pelapor tidak memeriksa laporannya sendiri."),
    "verified_already": _l("Insiden ini sudah diperiksa."),
    "incident_closed_already": _l("Insiden ini sudah ditutup."),
    "incident_reason_missing": _l("Alasan penutupan harus ditulis."),
    "incident_end_impossible": _l("Waktu selesai harus antara awal insiden dan sekarang."),
    "severity_not_higher": _l("Tingkat hanya dapat dinaikkan."),
    "dispute_step_unknown": _l("Langkah sengketa itu tidak mungkin dari keadaan sekarang."),
    "dispute_source_missing": _l("Tulis surat atau berita acaranya."),
    "fact_unknown": _l("Jawaban ini tidak cocok dengan butirnya."),
    "report_unknown": _l("Laporan ini tidak dikenal."),
}


def refusal(code: str) -> str:
    """The sentence of a refused write."""
    return str(REFUSALS.get(code, _l("Tidak dapat dikerjakan.")))


def place_name(kode: str) -> str:
    """A station by its number within the village, a party by its title, else the whole village."""
    if kode in PARTIES:
        return str(PARTIES[kode])
    return _("TPS %s") % kode[-2:] if "-" in kode else _("Seluruh desa")


def why(g: GateState) -> str:
    """One or two sentences: why the gate stands as it does, with places and times."""
    facts: Mapping[str, Any] = g.facts
    if g.gate == "quiet" and g.reason is Reason.QUIET_RUNNING:
        text = _("Baru %(lama)s dari %(jam)s jam, sejak %(sejak)s.") % {
            "lama": lama(facts["passed"]),
            "jam": facts["hours"],
            "sejak": kapan(facts["since"]),
        }
        if facts.get("after_news"):
            text += _(" Dihitung dari akhir kabar buruk.")
        return text + _(" Dipakai %(jam)s jam karena tingkat %(t)s.") % {
            "jam": facts["hours"],
            "t": facts["level"],
        }
    if g.reason in (Reason.WINDOW_OPEN, Reason.DISPUTE_OPEN, Reason.INAUGURATION_AHEAD):
        return _("Belum lewat: %s.") % kapan(g.opens_at)
    if not g.shut and g.state is not State.WAIVED:
        return _met(g)
    text = str(REASONS.get(g.reason, ""))
    return f"{text} {_places(facts)}".strip()


def _met(g: GateState) -> str:
    parts = []
    if isinstance(at := g.facts.get("seen_at"), datetime):
        parts.append(kapan(at))
    if g.gate == "quiet":
        parts.append(_("%(lama)s tanpa kabar buruk") % {"lama": lama(g.facts["passed"])})
    if g.gate == "night":
        parts.append(_("siang hari") if g.facts.get("guarded") else _("hanya untuk tingkat 3"))
    if g.valid_until:
        parts.append(_("berlaku s.d. %s") % kapan(g.valid_until))
    return ", ".join(parts)


def _places(facts: Mapping[str, Any]) -> str:
    """Which stations or parties are missing; the complete ones are only counted."""
    places = facts.get("places")
    if not isinstance(places, Mapping) or len(places) < 2:
        return ""
    bad = [f"{place_name(k)}: {PLACES.get(v, v)}" for k, v in places.items() if v != "met"]
    if len(bad) == len(places) and len(set(places.values())) == 1:
        return ""  # the same everywhere: the reason says it
    good = len(places) - len(bad)
    told = "; ".join(bad) + "."
    return told + (_(" %(n)d lain lengkap.") % {"n": good} if good else "")


def opens_with(g: GateState) -> str:
    """What opens a shut gate, or when it opens by itself."""
    if g.opens_at is not None and g.opens_by == "clock":
        return _("Terbuka sendiri: %s, bila tetap tenang") % kapan(g.opens_at)
    words = OPENS_BY.get(g.opens_by)
    return _("Buka dengan: %s") % words if words else ""


def gate_words(g: GateState, **more: str) -> dict[str, str]:
    """The words of one gate row, as the look's ``gerbang`` tag takes them."""
    return {
        "judul": str(GATES.get(g.gate, g.gate)),
        "kenapa": why(g),
        "buka_dengan": opens_with(g),
        "catatan": _("Dikecualikan; tandanya tetap di buku.") if g.state is State.WAIVED else "",
        **more,
    }


def gate_list(names: tuple[str, ...]) -> str:
    """``gerbang 4, 12, 13 dan jam tenang`` for the sentence of the earliest time."""
    numbers = [n for n in names if n.isdigit()]
    words = [str(GATES[n]).lower() for n in names if not n.isdigit()]
    if numbers:
        words.insert(0, _("gerbang %s") % _and(numbers, closed=not words))
    return _and(words)


def _and(words: list[str], closed: bool = True) -> str:
    """The words with commas, and "dan" before the last when the list ends there."""
    if len(words) < 2 or not closed:
        return ", ".join(words)
    return ", ".join(words[:-1]) + _(" dan ") + words[-1]


def book_line(kind: str, payload: Mapping[str, Any]) -> str:
    """What a line of the history adds to its title."""
    if kind == "posture_moved":
        start, end = (POSTURES[str(payload[k])].kata for k in ("from", "to"))
        return _("Dari %(a)s ke %(b)s") % {"a": start, "b": end}
    if kind in ("withdrawal_blocked", "withdrawal_requested"):
        names = gate_list(tuple(g["gate"] for g in payload.get("shut", ())))
        return _("Tertutup: %s") % names if names else ""
    if kind.startswith("waiver"):
        return str(GATES.get(str(payload.get("gate")), ""))
    return ""

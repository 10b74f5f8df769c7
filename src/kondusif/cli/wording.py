"""Plain Indonesian for the terminal: codes and facts of the core become sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from kondusif.classify import Classification, Firmness
from kondusif.dialogue import Answered, PartAnswer
from kondusif.errors import KondusifError
from kondusif.places import Desa, desa_of
from kondusif.standby import Posture
from kondusif.withdraw import GateState, Reason

LABELS = {1: "Kurang Rawan", 2: "Rawan", 3: "Sangat Rawan"}
DAYS = ("Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")

POSTURES: Mapping[Posture, str] = {
    Posture.PREPARATION: "Persiapan",
    Posture.MOVED_IN: "Bergeser ke desa",
    Posture.VOTING: "Pemungutan",
    Posture.COUNTING: "Penghitungan",
    Posture.BOX_ESCORT: "Kawal kotak suara",
    Posture.STANDBY: "Siaga (L0)",
    Posture.L1: "Surut 1 (L1)",
    Posture.L2: "Surut 2 (L2)",
    Posture.L3: "Surut 3 (L3)",
    Posture.L4: "Surut 4 (L4)",
    Posture.CLOSED: "Ditutup",
}
FIRMNESS: Mapping[Firmness, str] = {
    Firmness.SEMENTARA: "sementara, keterisian di bawah batas",
    Firmness.LANTAI: "ditetapkan fakta lantai",
    Firmness.AMBANG_NAIK: "di ambang naik",
    Firmness.AMBANG_TURUN: "di ambang turun",
    Firmness.TETAP: "tetap",
    Firmness.PASTI: "pasti",
    Firmness.HAMPIR_PASTI: "hampir pasti",
}
FLOORS: Mapping[str, str] = {
    "D05": "senjata ditemukan",
    "D06_violence": "ada kekerasan siklus ini",
    "D06_threat": "ada ancaman siklus ini",
    "D06": "ada ancaman atau kekerasan siklus ini",
    "D01_fatal": "kekerasan pemilihan yang menelan korban jiwa",
    "A05_crowd": "sengketa pencalonan dengan pengerahan massa",
    "A08": "lebih dari 10 % undangan belum sampai",
}
GATES: Mapping[str, str] = {
    "1": "Penghitungan selesai",
    "2": "Berita acara ditandatangani saksi",
    "3": "Pemilih hadir sama dengan surat suara terpakai",
    "4": "Kotak suara disegel dan diterima",
    "5": "Panitia dan KPPS pulang dengan selamat",
    "6": "Semua calon menerima atau berkeberatan menurut aturan",
    "7": "Selisih cukup menurut panitia",
    "8": "Tanpa keberatan, atau sidangnya diumumkan",
    "9": "Tidak ada kerumunan lebih dari 25 orang",
    "10": "Tidak ada senjata, ancaman, kerusakan, luka",
    "11": "Jalan terbuka",
    "12": "Hasutan sudah dijawab",
    "13": "Tiga pilar sepakat dan warga membenarkan",
    "14": "Tanggal rawan berikut dan kekuatan sisa dicatat",
    "15": "Orang dan perlengkapan kembali lengkap",
    "quiet": "Jam tenang",
    "night": "Jaga malam",
    "objection_window": "Jendela keberatan",
    "dispute": "Sengketa",
    "inauguration": "Pelantikan",
    "home": "Semua petugas pulang",
}
REASONS: Mapping[Reason, str] = {
    Reason.UNKNOWN: "belum ada keterangan",
    Reason.EXPIRED: "keterangan sudah kedaluwarsa",
    Reason.NO: "dinyatakan tidak",
    Reason.NA: "tidak berlaku bukan jawaban di sini",
    Reason.MINUTES_MISSING: "nomor berita acara belum ada",
    Reason.SECOND_MISSING: "pengamat kedua belum ada",
    Reason.INCIDENT_OPEN: "insiden masih terbuka",
    Reason.SEEN_BEFORE_INCIDENT: "diperiksa sebelum insiden selesai; periksa lagi",
    Reason.PARTY_MISSING: "belum semua pihak menjawab",
    Reason.SAME_PERSON: "dua pihak dinyatakan oleh orang yang sama",
    Reason.LEVEL_UNKNOWN: "kelas belum ditetapkan",
    Reason.NOT_STANDBY: "siaga belum dimulai",
    Reason.NO_REPORT: "belum ada laporan",
    Reason.SILENT: "tidak ada laporan baru; diam belum tentu aman",
    Reason.QUIET_RUNNING: "jam tenang belum lewat",
    Reason.NIGHT: "tertutup pukul 18.00 sampai 06.00 untuk tingkat 3",
    Reason.WINDOW_OPEN: "calon masih boleh mengajukan keberatan",
    Reason.DISPUTE_OPEN: "sengketa belum diputus",
    Reason.INAUGURATION_UNKNOWN: "tanggal pelantikan belum diketahui",
    Reason.INAUGURATION_AHEAD: "belum 24 jam setelah pelantikan",
    Reason.NOT_HOME: "masih ada petugas di lapangan",
    Reason.NOT_COUNTED: "belum dihitung kembali",
    Reason.COUNT_DIFFERS: "jumlah keluar dan kembali berbeda",
}
PARTIES = {"camat": "Camat", "danramil": "Danramil", "kapolsek": "Kapolsek", "warga": "warga"}
WHY = {
    "no_unit": "tidak ada unit unsur itu",
    "no_strength": "semua orang sudah terpakai",
    "neutrality": "sisa hanya pada unit yang dihindari karena netralitas",
    "own_village": "sisa hanya Linmas desa lain",
    "no_base": "sisa hanya pada unit yang titik asalnya belum diketahui",
}
ANSWERED = {Answered.ANSWERED: "dijawab", Answered.PARTLY: "dijawab sebagian", Answered.OPEN: "terbuka"}


def koma(value: float | None, digits: int = 2) -> str:
    """A number with a decimal comma; unknown stays a word.

    >>> koma(38.287), koma(None)
    ('38,29', 'belum diketahui')
    """
    return "belum diketahui" if value is None else f"{value:.{digits}f}".replace(".", ",")


def waktu(at: datetime | None, zone: ZoneInfo) -> str:
    """Day, date and time on the local clock: "Kam 12 Okt 13.00"."""
    if at is None:
        return "belum dapat dihitung"
    at = at.astimezone(zone)
    return f"{DAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]} {at:%H.%M}"


def kelas(level: int | None) -> str:
    return "belum ada kelas" if level is None else f"{LABELS[level]} (tingkat {level})"


def because(c: Classification) -> str:
    """Why the class is what it is, and how firm."""
    parts = []
    if "ditahan" in c.because:
        parts.append("ditahan: data kosong tidak pernah menurunkan kelas")
    if "lantai" in c.because:
        facts = [_floor(f.facts) for f in c.floors if f.level == c.level]
        parts.append("lantai: " + ", ".join(dict.fromkeys(facts)))
    if "desa" in c.because:
        parts.append("mengikuti kelas desa")
    if "skor" in c.because:
        parts.append("menurut skor")
    if c.distance is not None and c.nearest_cut is not None:
        side = "di bawah" if c.direction == "naik" else "di atas"
        parts.append(f"{koma(c.distance)} {side} batas {koma(c.nearest_cut, 0)}")
    chance = f" (peluang kelas ini {100 * c.chance[c.level - 1]:.0f} %)" if c.chance and c.level else ""
    parts.append(FIRMNESS[c.firmness] + chance)
    return "; ".join(parts)


def _floor(facts: Mapping[str, object]) -> str:
    word = str(facts.get("companion") or "")
    return FLOORS.get(word) or FLOORS.get(str(facts.get("item")), str(facts.get("item")))


def gate_name(gate: str) -> str:
    return f"{gate}. {GATES[gate]}" if gate.isdigit() else GATES[gate]


def gate_reason(g: GateState, zone: ZoneInfo) -> str:
    """Why a gate is shut, which places it concerns, when it opens by itself."""
    text = REASONS.get(g.reason, g.reason.value)
    places = g.facts.get("places")
    if isinstance(places, Mapping):
        bad = [p for p, state in places.items() if state != "met"]
        if g.gate == "13":
            text = "menunggu " + ", ".join(PARTIES[p] for p in bad)
        elif 0 < len(bad) < len(places):
            text += ": TPS " + ", ".join(p.rpartition("-")[2] for p in bad)
    if g.gate == "quiet" and g.facts.get("hours"):
        text += f" ({g.facts['hours']} jam)"
    if g.opens_at is not None:
        text += f"; terbuka sendiri {waktu(g.opens_at, zone)} bila tetap tenang"
    if g.waivable:
        text += "; dapat dikecualikan Kapolres"
    return text


def part_answer(a: PartAnswer, desa: Mapping[str, Desa], zone: ZoneInfo) -> str:
    """One line on how a part of a question stands (RULES 10)."""
    levels = " dan ".join(str(n) for n in a.levels)
    scope = f"tingkat {levels}: " if levels else ""
    by = ", ".join(b for b in a.by if b != "rencana")
    if a.code == "starts":
        return "; ".join(f"{desa[k].nama} {waktu(at, zone)}" for k, at in sorted(a.dates.items()))
    if a.code == "tps_posts":
        posts: dict[str, list[str]] = {}
        for tps in a.dates:
            posts.setdefault(desa_of(tps), []).append(tps.rpartition("-")[2])
        return "pos di " + ", ".join(f"{len(n)} TPS {desa[k].nama}" for k, n in posts.items())
    text = {
        "no_date": "belum ada tanggal",
        "stays": f"tetap sampai dinilai aman, menurut {by}",
        "gates_bind": "tetap sampai gerbang terbuka; gerbang mengikat semua tingkat",
        "not_these_levels": "belum ada yang menyanggupi",
        "no_owner": "belum ada yang menyanggupi",
        "at_the_place": f"di lokasi menurut {by}; TPS belum disebut",
        "no_answer": "belum dijawab",
        "promised": f"disanggupi {by}",
    }.get(a.code, a.code)
    return scope + text


REFUSED: Mapping[str, str] = {
    "the demand cannot be computed": "kebutuhan belum dapat dihitung",
    "a voting place has no published class": "ada tempat yang memilih tanpa kelas",
    "the problem contradicts itself": "masukan saling bertentangan",
    "figures need matplotlib: pip install kondusif[plot]": "gambar memerlukan matplotlib; "
    "jalankan pip install kondusif[plot]",
}
RULES: Mapping[str, str] = {
    "class_published": "belum ada kelas; belum diukur tidak berarti aman",
    "desa_has_tps": "desa memilih tanpa TPS",
    "pattern_for_level": "pola tidak memuat tingkat ini",
    "place_once": "kode lebih dari satu kali",
    "tps_of_voting_desa": "TPS di desa yang tidak memilih",
    "voting_desa": "tidak ada desa yang memilih",
}


def refusal(error: KondusifError) -> str:
    """An error as a sentence, with every rule that was broken; problems of files carry their own."""
    heads = {
        "move_refused": "Perpindahan ditolak",
        "plan_refused": "Rencana tidak dapat disusun",
        "recipe_error": "Resep tidak dapat dipakai",
        "missing_answers": "Belum ada jawaban untuk dihitung",
        "conflict": "Id yang sama berisi lain",
        "stages_error": "Tahapan tidak cocok",
        "dialogue_error": "Catatan dialog tidak cocok",
        "extra_missing": "Paket tambahan belum terpasang",
    }
    lines = [f"{heads.get(error.code, error.code)}: {REFUSED.get(str(error), error)}"]
    for broken in getattr(error, "violations", ()):
        lines.append(f"  - {broken.where}: {RULES.get(broken.rule, broken.rule)}")
    return "\n".join(lines)

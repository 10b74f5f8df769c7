"""The sheets and columns of an operation file, as one table: reader, template and manual follow it.

Sheet and column names are Indonesian because planners type them. A sheet may be absent: an import of
answers alone brings only ``jawaban``. Every sheet may carry ``ilustratif`` (RULES 24).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from kondusif.files.cells import (
    COORDINATE,
    DATE,
    DESA_CODE,
    LIST,
    MOMENT,
    OFFSET,
    OPERATION_CODE,
    PLACE_CODE,
    TEXT,
    VALUE,
    WHOLE,
    YES_NO,
    YES_NO_UNKNOWN,
    CellType,
)
from kondusif.incidents import INCIDENT_KINDS
from kondusif.roles import ROLES
from kondusif.withdraw import ITEMS, PARTIES

MAX_VOTERS = 500  # per TPS, SE Mendagri 141/6698/SJ

UNSUR = MappingProxyType({"polri": "polri", "tni": "tni", "linmas": "linmas", "satpol pp": "satpol"})
PERAN = tuple(ROLES)
KEADAAN_JAWABAN = MappingProxyType(
    {"nilai": "value", "tidak berlaku": "not_applicable", "menolak": "refused"}
)
TAHAP = MappingProxyType(  # word to code of a dated stage; the gates of rounds go by one name
    {g: g for g in ("dpt", "calon", "kampanye", "hitung", "keberatan", "sk")}
    | {"laporan bpd": "bpd_report", "pelantikan": "inauguration"}
)
KEADAAN_LAPORAN = ("aman", "perlu perhatian", "tidak aman")
TINGKAT_INSIDEN = ("hijau", "kuning", "merah")
NILAI_PERIKSA = MappingProxyType({"ya": "yes", "tidak": "no", "tidak berlaku": "na", "tidak tahu": "unknown"})
TOPIK = ("mulai", "bertahan", "bertahan polri", "bertahan tni", "sekitar tps", "ukur", "siap", "lain")
TINDAKAN = MappingProxyType(
    {
        "tetapkan kelas": "desa atau semua desa: kelas dihitung dan diumumkan ke dalam",
        "susun rencana": "rencana dihitung dari kelas dan kekuatan",
        "setujui rencana": "rencana terakhir disetujui",
        "datang": "unit lapor diri di pos (tempat; ke = jumlah)",
        "pindah postur": "postur desa berpindah (ke)",
        "minta penarikan": "permintaan memindahkan postur (ke)",
        "setujui penarikan": "persetujuan atas permintaan terakhir desa itu",
        "minta pengecualian": "pengecualian satu gerbang (gerbang, ke, alasan)",
        "setujui pengecualian": "persetujuan Kapolres (kedua = orang kedua)",
        "pulang": "semua petugas desa itu kembali lengkap; tempat kosong = posko dan cadangan",
        "hubungi warga": "satu upaya menghubungi warga untuk butir 13, tanpa hasil",
        "tutup insiden": "insiden selesai (rujukan)",
        "jawab pertanyaan": "bagian pertanyaan dijawab (rujukan, alasan = isi)",
        "tanggung komitmen": "komitmen diambil pemiliknya (rujukan)",
        "tepati komitmen": "komitmen ditepati (rujukan)",
        "tetapkan pelantikan": "waktu pelantikan diketahui (ke = waktu)",
        "catat keberatan": "calon mengajukan keberatan hasil",
        "selesaikan sengketa": "keberatan diputus",
        "buka putaran": "putaran penilaian dibuka (gerbang = dpt, calon, kampanye, h1, ...)",
        "tutup putaran": "putaran penilaian ditutup (gerbang)",
        "jawab butir": "satu jawaban di formulir (tempat, gerbang = butir, ke = nilai, alasan = sumber)",
        "putuskan penilaian": "nilai yang disepakati penilai (tempat, gerbang = butir, ke = nilai, alasan)",
        "lampirkan bukti": "bukti jawaban terakhir (tempat, gerbang = butir, ke = jenis, alasan = nomor)",
        "tulis tindakan": "tindakan (rujukan, gerbang = butir=sasaran, ke = tenggat, alasan = isi)",
        "tanggung tindakan": "tindakan diambil pemiliknya (rujukan)",
        "selesaikan tindakan": "tindakan sudah dikerjakan (rujukan)",
        "rancang instrumen": "draf versi berikut dari yang berlaku (rujukan = kode instrumen)",
        "ubah bobot": "bobot satu butir dalam draf (rujukan, gerbang = butir, ke = bobot)",
        "ubah batas": "batas kelas dalam draf (rujukan, ke = dua angka)",
        "impor riwayat": "pemungutan lalu (rujukan = berkas, alasan = catatan siapa)",
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``key`` columns together name a row; ``choices`` restricts a text."""

    name: str
    type: CellType
    help: str
    required: bool = False
    key: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``single``: exactly one row."""

    name: str
    title: str
    columns: tuple[Column, ...]
    single: bool = False

    def column(self, name: str) -> Column | None:
        return next((c for c in self.columns if c.name == name), None)

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.key)


def _must(
    name: str, kind: CellType, note: str, *, key: bool = False, choices: tuple[str, ...] = ()
) -> Column:
    return Column(name, kind, note, required=True, key=key, choices=choices)


def _may(name: str, kind: CellType, note: str, *, choices: tuple[str, ...] = ()) -> Column:
    return Column(name, kind, note, choices=choices)


def _sheet(name: str, title: str, *columns: Column, single: bool = False) -> Sheet:
    return Sheet(name, title, (*columns, ILLUSTRATIVE), single)


ILLUSTRATIVE = _may("ilustratif", YES_NO, "ya bila isi baris ini dikarang untuk latihan")

SHEETS: tuple[Sheet, ...] = (
    _sheet(
        "operasi",
        "Operasi: satu baris",
        _must("kode", OPERATION_CODE, "kode operasi: huruf kecil, angka, tanda hubung; tidak berubah lagi"),
        _must("nama", TEXT, "nama operasi seperti di surat perintah"),
        _must("polres", TEXT, "satuan yang bertanggung jawab"),
        _must("waktu_pemungutan", MOMENT, "waktu setempat TPS dibuka"),
        _must("zona_waktu", TEXT, "zona waktu setempat", choices=("WIB", "WITA", "WIT")),
        _must("paket_aturan", TEXT, "aturan tahapan yang diikuti", choices=("pp-43-2014", "pp-16-2026")),
        _must(
            "pola",
            TEXT,
            "pola kekuatan per TPS",
            choices=("jatim-2021-2023", "mojokerto-2019", "lamongan-2019"),
        ),
        _may("mulai_tingkat_1", OFFSET, "mulai pengamanan Kurang Rawan; kosong = H-1 07.00 (usulan)"),
        _may("mulai_tingkat_2", OFFSET, "mulai pengamanan Rawan; kosong = H-2 07.00 (usulan)"),
        _may("mulai_tingkat_3", OFFSET, "mulai pengamanan Sangat Rawan; kosong = H-3 07.00 (usulan)"),
        _may("pelantikan", MOMENT, "waktu pelantikan; kosong = belum diketahui"),
        _must("latihan", YES_NO, "ya bila operasi ini latihan"),
        single=True,
    ),
    _sheet(
        "desa",
        "Desa di wilayah operasi",
        _must("kode", DESA_CODE, "kode Kemendagri, bukan kode BPS", key=True),
        _must("nama", TEXT, "nama desa"),
        _must("kecamatan", TEXT, "nama kecamatan; nama desa dapat kembar"),
        _may("kabupaten", TEXT, "nama kabupaten"),
        _may("lat", COORDINATE, "lintang titik tengah, WGS 84"),
        _may("lng", COORDINATE, "bujur titik tengah, WGS 84"),
        _must("memilih", YES_NO, "ya bila desa ini memilih kali ini"),
    ),
    _sheet(
        "tahap",
        "Tanggal tahap menurut surat, pengganti yang dihitung",
        Column("tahap", TEXT, "tahap", required=True, key=True, choices=tuple(TAHAP)),
        _must("waktu", MOMENT, "waktu yang tertulis di surat"),
        _must("sumber", TEXT, "nomor dan tanggal surat"),
    ),
    _sheet(
        "kantor",
        "Kantor dan titik kumpul",
        _must("kode", TEXT, "kode singkat", key=True),
        _must("nama", TEXT, "nama kantor"),
        _must(
            "jenis",
            TEXT,
            "jenis kantor",
            choices=("polres", "polsek", "koramil", "kecamatan", "desa", "lain"),
        ),
        _may("desa", DESA_CODE, "desa tempat kantor berdiri"),
        _may("lat", COORDINATE, "lintang"),
        _may("lng", COORDINATE, "bujur"),
    ),
    _sheet(
        "tps",
        "Tempat pemungutan suara",
        _must("desa", DESA_CODE, "kode desa", key=True),
        _must("nomor", WHOLE, "nomor TPS di desa itu, mulai dari 1", key=True),
        _may("nama", TEXT, "tempat, misalnya Balai RW"),
        _must("pemilih", WHOLE, f"pemilih dalam DPT, paling banyak {MAX_VOTERS}"),
        _may("lat", COORDINATE, "lintang"),
        _may("lng", COORDINATE, "bujur"),
    ),
    _sheet(
        "calon",
        "Calon menurut nomor, tanpa nama",
        _must("desa", DESA_CODE, "kode desa", key=True),
        _must("nomor", WHOLE, "nomor urut", key=True),
        _must("ikrar", YES_NO_UNKNOWN, "ikrar damai sudah ditandatangani"),
        _may("tanggal_ikrar", DATE, "tanggal tanda tangan"),
    ),
    _sheet(
        "jawaban",
        "Jawaban indikator kerawanan",
        _may("id", TEXT, "kosong = dibuat dari isi baris"),
        _must("tempat", PLACE_CODE, "kode desa atau TPS"),
        _must("butir", TEXT, "kode indikator, misalnya A05 atau A05_crowd"),
        _may("nilai", VALUE, "angka; ya / tidak / tidak tahu untuk butir ya-tidak"),
        _may("keadaan", TEXT, "kosong = nilai", choices=tuple(KEADAAN_JAWABAN)),
        _must("tanggal", DATE, "tanggal diamati, bukan tanggal diketik"),
        _must("sumber", TEXT, "dokumen atau jabatan pemberi keterangan, tanpa nama orang"),
        _must("penilai", TEXT, "kode petugas yang menilai"),
        _may("mengoreksi", TEXT, "id jawaban yang dikoreksi"),
    ),
    _sheet(
        "kekuatan",
        "Kekuatan yang tersedia",
        _must("kode", TEXT, "kode unit", key=True),
        _must("nama", TEXT, "nama unit"),
        _must("unsur", TEXT, "unsur", choices=tuple(UNSUR)),
        _must("fungsi", TEXT, "fungsi, misalnya sabhara atau binmas"),
        _must("jumlah", WHOLE, "orang yang dapat ditugaskan"),
        _may("bko", YES_NO, "ya bila diperbantukan dari satuan lain"),
        _may("kantor", TEXT, "kode kantor asal, dari lembar kantor"),
        _may("khusus_desa", DESA_CODE, "hanya boleh di desa ini (Linmas)"),
        _may(
            "bukan_di", LIST, "kode wilayah yang dihindari karena benturan kepentingan; tanpa nama dan alasan"
        ),
    ),
    _sheet(
        "orang",
        "Peran pemakai, tanpa nama orang",
        _must("pengguna", TEXT, "nama masuk menurut jabatan", key=True),
        _must("peran", TEXT, "peran", choices=PERAN),
        _must("jabatan", TEXT, "jabatan"),
        _may("wilayah", LIST, "kode wilayah tugas, dipisah titik koma"),
        _may("pos", TEXT, "kode TPS atau pos"),
    ),
    _sheet(
        "pertemuan",
        "Pertemuan dan dialog",
        _must("kode", TEXT, "kode pertemuan", key=True),
        _must("judul", TEXT, "judul"),
        _must("tanggal", DATE, "tanggal; jam sering tidak tercatat"),
        _must("tempat", TEXT, "tempat"),
        _may("tuan_rumah", TEXT, "jabatan tuan rumah"),
        _may("acara", LIST, "susunan acara"),
        _must("peserta", LIST, "peserta menurut peran, tanpa nama"),
        _may("desa", LIST, "kode desa yang dibicarakan"),
        _may("pesan", LIST, "pesan pokok"),
        _may("catatan", TEXT, "catatan; misalnya jam tidak tercatat"),
    ),
    _sheet(
        "pertanyaan",
        "Pertanyaan, satu baris per bagian",
        _must("bagian", TEXT, "kode bagian", key=True),
        _must("pertanyaan", TEXT, "kode pertanyaan; sama untuk bagian-bagiannya"),
        _must("pertemuan", TEXT, "kode pertemuan"),
        _must("desa", DESA_CODE, "desa penanya"),
        _must("peran", TEXT, "peran penanya, tanpa nama"),
        _must("teks", TEXT, "pertanyaan"),
        _must("topik", TEXT, "pokok bagian ini", choices=TOPIK),
        _must("isi", TEXT, "bagian yang harus dijawab"),
    ),
    _sheet(
        "komitmen",
        "Komitmen dari dialog",
        _must("kode", TEXT, "kode komitmen", key=True),
        _must("pertemuan", TEXT, "kode pertemuan"),
        _must("teks", TEXT, "apa yang dijanjikan"),
        _must("topik", TEXT, "pokok", choices=TOPIK),
        _may("pemilik", TEXT, "jabatan atau unit yang menanggung; kosong = belum ada"),
        _may("jatuh_tempo", MOMENT, "paling lambat"),
        _may("tingkat", LIST, "tingkat kelas yang dijanjikan, misalnya 2; 3; kosong = semua"),
        _may("gerbang", TEXT, "gerbang yang menjaga komitmen ini"),
    ),
    _sheet(
        "laporan",
        "Laporan situasi",
        _must("id", TEXT, "id dari pengirim", key=True),
        _must("waktu", MOMENT, "waktu kejadian di lapangan"),
        _must("tempat", PLACE_CODE, "kode TPS atau desa"),
        _must("keadaan", TEXT, "keadaan", choices=KEADAAN_LAPORAN),
        _must("oleh", TEXT, "pengguna, dari lembar orang"),
        _may("isi", TEXT, "catatan singkat; tanpa angka suara, tanpa nama"),
    ),
    _sheet(
        "insiden",
        "Insiden",
        _must("id", TEXT, "id dari pengirim", key=True),
        _must("waktu", MOMENT, "waktu kejadian"),
        _must("tempat", PLACE_CODE, "kode TPS atau desa"),
        _must("jenis", TEXT, "jenis insiden", choices=tuple(k.kata for k in INCIDENT_KINDS.values())),
        _must("tingkat", TEXT, "tingkat", choices=TINGKAT_INSIDEN),
        _must("oleh", TEXT, "pengguna, dari lembar orang"),
        _must("isi", TEXT, "apa yang terjadi; tanpa nama"),
        _may("selesai", MOMENT, "waktu selesai; kosong = masih terbuka"),
    ),
    _sheet(
        "pemeriksaan",
        f"Pemeriksaan gerbang, butir 1-{max(ITEMS)}",
        _must("id", TEXT, "id dari pengirim", key=True),
        _must("waktu", MOMENT, "waktu diperiksa"),
        _must("desa", DESA_CODE, "kode desa"),
        _may("tps", PLACE_CODE, "kode TPS, untuk butir per TPS"),
        _must("butir", WHOLE, f"nomor butir 1 sampai {max(ITEMS)}"),
        _must("nilai", TEXT, "nilai", choices=tuple(NILAI_PERIKSA)),
        _must("oleh", TEXT, "pengguna, dari lembar orang"),
        _may("kedua", TEXT, "pengamat kedua"),
        _may("nomor_ba", TEXT, "nomor berita acara"),
        _may("pihak", TEXT, f"butir 13: {', '.join(PARTIES)}", choices=PARTIES),
        _may("catatan", TEXT, "penjelasan; tanpa angka suara"),
        _may("mengoreksi", TEXT, "id pemeriksaan yang dikoreksi"),
    ),
    _sheet(
        "keputusan",
        "Keputusan dan tindakan menurut waktu",
        _must("id", TEXT, "id", key=True),
        _must("waktu", MOMENT, "waktu"),
        _must("tindakan", TEXT, "tindakan", choices=tuple(TINDAKAN)),
        _may("tempat", PLACE_CODE, "kode desa atau TPS; kosong = semua"),
        _must("oleh", TEXT, "pengguna, dari lembar orang"),
        _may("kedua", TEXT, "orang kedua"),
        _may("ke", TEXT, "postur tujuan, atau isi menurut tindakan"),
        _may("gerbang", TEXT, "gerbang pengecualian atau putaran, atau butir"),
        _may("rujukan", TEXT, "kode insiden, bagian pertanyaan, komitmen, tindakan, instrumen, atau berkas"),
        _may("alasan", TEXT, "alasan"),
    ),
)
BY_NAME = MappingProxyType({s.name: s for s in SHEETS})

# Which columns point at which sheet; a code that is not there is a problem.
REFERENCES: tuple[tuple[str, str, str, str], ...] = (
    ("tps", "desa", "desa", "kode"),
    ("calon", "desa", "desa", "kode"),
    ("kantor", "desa", "desa", "kode"),
    ("kekuatan", "kantor", "kantor", "kode"),
    ("kekuatan", "khusus_desa", "desa", "kode"),
    ("pertanyaan", "pertemuan", "pertemuan", "kode"),
    ("pertanyaan", "desa", "desa", "kode"),
    ("komitmen", "pertemuan", "pertemuan", "kode"),
    ("laporan", "oleh", "orang", "pengguna"),
    ("insiden", "oleh", "orang", "pengguna"),
    ("pemeriksaan", "desa", "desa", "kode"),
    ("pemeriksaan", "oleh", "orang", "pengguna"),
    ("pemeriksaan", "kedua", "orang", "pengguna"),
    ("keputusan", "oleh", "orang", "pengguna"),
    ("keputusan", "kedua", "orang", "pengguna"),
)

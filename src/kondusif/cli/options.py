"""Every command of ``kondusif`` with its options; the manual page is written from it."""

from __future__ import annotations

import argparse
from pathlib import Path

from kondusif import __version__
from kondusif.cli.plotting import add_options
from kondusif.cli.terminal import Parser

EXITS = """\
kode keluar: 0 selesai (atau semua gerbang terbuka), 1 ditolak, tertutup atau rusak,
2 salah pakai, 3 berkas masukan bermasalah"""
AT = "waktu setempat, misalnya '2023-10-11 14.05'; bawaan: waktu contoh"
SOURCE = "berkas .xlsx, folder .csv, atau satu .csv; bawaan: contoh Pasrepan"

DEPTHS = {"desa": 4, "kecamatan": 3, "kabupaten": 2, "provinsi": 1}  # parts of an official code
TARGETS = ("l1", "l2", "l3", "l4", "closed")


def parser() -> argparse.ArgumentParser:
    """Every command with its options; the manual page is written from it."""
    top = Parser(
        prog="kondusif",
        description="Keamanan pemilihan kepala desa, dari pengukuran sampai petugas terakhir pulang.",
        epilog=EXITS,
    )
    top.add_argument("--version", action="version", version=f"kondusif {__version__}", help="tampilkan versi")
    commands = top.add_subparsers(dest="command", metavar="PERINTAH", required=True)

    def add(name: str, text: str, *, source: bool = True) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text, epilog=EXITS)
        if source:
            one.add_argument("source", nargs="?", type=Path, metavar="SUMBER", help=SOURCE)
            one.add_argument("--at", metavar="WAKTU", help=AT)
        one.add_argument("--json", action="store_true", help="satu dokumen JSON")
        return one

    demo = add("demo", "Jalankan seluruh alur pada contoh Pasrepan dan tulis hasilnya.", source=False)
    demo.add_argument("--out", type=Path, default=Path("out"), metavar="FOLDER", help="bawaan: out")
    template = add("template", "Tulis buku kerja kosong dengan petunjuk dan pilihan.", source=False)
    template.add_argument(
        "file", nargs="?", type=Path, default=Path("templat-kondusif.xlsx"), metavar="BERKAS"
    )
    measure = add(
        "measure", "Hitung skor tiap desa, atau indeks apa pun dari tabel (--data, --meta, --recipe)."
    )
    measure.add_argument(
        "--data", type=Path, metavar="CSV", help="iData: satu baris per satuan; CSV atau Parquet"
    )
    measure.add_argument("--meta", type=Path, metavar="CSV", help="iMeta.csv: satu baris per indikator")
    measure.add_argument(
        "--last", type=Path, metavar="CSV", help="iData pemilihan yang lalu, untuk isian `last`"
    )
    measure.add_argument("--recipe", type=Path, metavar="TOML", help="resep; bawaan: resep Kondusif")
    measure.add_argument("--out", type=Path, metavar="FOLDER", help="hasil indeks dari tabel")
    add("classify", "Kelas tiap desa dan TPS, sebabnya, dan seberapa tegas.")
    plan = add("plan", "Rencana kekuatan: kebutuhan, penempatan, kekurangan, dan mulai.")
    plan.add_argument("--xlsx", type=Path, metavar="BERKAS", help="tulis daftar plotting")
    add("status", "Postur tiap desa dan gerbang yang masih tertutup.")
    add("answer", "Jawaban atas pertanyaan dialog, sebelum dan sesudah rencana.")
    check = add("withdraw-check", "Periksa gerbang satu perpindahan; keluar 1 bila ada yang tertutup.")
    check.add_argument("--desa", required=True, metavar="KODE", help="kode desa")
    check.add_argument(
        "--to", required=True, metavar="POSTUR", choices=TARGETS, help="l1, l2, l3, l4, closed"
    )
    learn = add("learn", "Kelas sebelum pemungutan dibanding kejadian sesudahnya.", source=False)
    learn.add_argument("source", type=Path, metavar="RIWAYAT", help="CSV: tempat, skor, tingkat, kejadian")
    learn.add_argument(
        "--cuts", type=float, nargs=2, metavar="BATAS", help="batas yang berlaku; bawaan: batas resep"
    )
    add_options(add("plot", "Gambar dari hasil `measure --out`: PNG, SVG atau PDF.", source=False))
    compare = add("compare", "Bandingkan dua hasil `measure --out`.", source=False)
    compare.add_argument("before", type=Path, metavar="SEBELUM", help="folder hasil yang sebelum")
    compare.add_argument("after", type=Path, metavar="SESUDAH", help="folder hasil yang sesudah")
    compare.add_argument("--out", type=Path, metavar="CSV", help="tulis seluruh satuan")
    rolled = add("roll-up", "Gulung hasil ke desa, kecamatan, atau kabupaten menurut kode.", source=False)
    rolled.add_argument("folder", type=Path, metavar="FOLDER", help="hasil `kondusif measure --out`")
    rolled.add_argument(
        "--to", required=True, choices=tuple(DEPTHS), metavar="TINGKAT", help=", ".join(DEPTHS)
    )
    rolled.add_argument("--data", type=Path, metavar="CSV", help="iData.csv yang memuat kolom --weight")
    rolled.add_argument("--weight", metavar="KOLOM", help="kolom pemilih; bawaan: tiap satuan sama")
    rolled.add_argument("--out", type=Path, metavar="CSV", help="tulis tabel wilayah")
    logbook = commands.add_parser("logbook", help="Buku mutasi.", description="Buku mutasi.", epilog=EXITS)
    books = logbook.add_subparsers(dest="verb", metavar="PERINTAH", required=True)
    verify = books.add_parser("verify", help="Periksa rantai buku yang diekspor.", epilog=EXITS)
    verify.add_argument("book", type=Path, metavar="BUKU.jsonl")
    verify.add_argument("--head", metavar="HASH", help="kepala buku yang tercetak, 8 angka atau lebih")
    verify.add_argument(
        "--operation",
        metavar="KODE",
        help="kode operasi yang bukunya ini; bawaan: yang dipakai kebanyakan baris",
    )
    verify.add_argument("--json", action="store_true", help="satu dokumen JSON")
    return top

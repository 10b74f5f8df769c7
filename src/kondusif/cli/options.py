"""Every command of ``kondusif`` with its options; the manual page is written from it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kondusif import __version__
from kondusif.cli.terminal import Parser

EXITS = """\
kode keluar: 0 selesai (atau semua gerbang terbuka), 1 ditolak, tertutup atau rusak,
2 salah pakai, 3 berkas masukan bermasalah"""
AT = "waktu setempat, misalnya '2023-10-11 14.05'; bawaan: waktu contoh"
SOURCE = "berkas .xlsx, folder .csv, atau satu .csv; bawaan: contoh Pasrepan"

DEPTHS = {"desa": 4, "kecamatan": 3, "kabupaten": 2, "provinsi": 1}  # parts of an official code
TARGETS = ("l1", "l2", "l3", "l4", "closed")
FIGURES: Mapping[str, str] = {
    "bars": "Skor menurut peringkat dan unsurnya",
    "strip": "Satuan pada sumbu skor menurut kelas",
    "heat": "Indikator tiap satuan",
    "correlations": "Korelasi antarindikator",
    "slope": "Skor sebelum dan sesudah",
    "map": "Kelas menurut wilayah",
}


def parser() -> argparse.ArgumentParser:
    """Every command with its options; the manual page is written from it."""
    top = Parser(
        prog="kondusif",
        description="Keamanan pemilihan kepala desa, dari pengukuran sampai petugas terakhir pulang.",
        epilog=EXITS,
    )
    top.add_argument("--version", action="version", version=f"kondusif {__version__}", help="tampilkan versi")
    commands = top.add_subparsers(dest="command", metavar="PERINTAH", required=True)
    _files(commands)
    _operation(commands)
    _plot(_add(commands, "plot", "Gambar dari hasil `measure --out`: PNG, SVG atau PDF.", source=False))
    _results(commands)
    _logbook(commands)
    return top


def _add(commands: Any, name: str, text: str, *, source: bool = True) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text, epilog=EXITS)
    if source:
        _file(one, "source", "SUMBER", SOURCE, nargs="?")
        one.add_argument("--at", metavar="WAKTU", help=AT)
    one.add_argument("--json", action="store_true", help="satu dokumen JSON")
    return one


def _file(
    one: argparse.ArgumentParser, name: str, metavar: str, text: str | None = None, **more: Any
) -> None:
    """An argument that names a file or a folder."""
    one.add_argument(name, type=Path, metavar=metavar, help=text, **more)


def _files(commands: Any) -> None:
    demo = _add(
        commands, "demo", "Jalankan seluruh alur pada contoh Pasrepan dan tulis hasilnya.", source=False
    )
    _file(demo, "--out", "FOLDER", "bawaan: out", default=Path("out"))
    template = _add(
        commands, "template", "Tulis buku kerja kosong dengan petunjuk dan pilihan.", source=False
    )
    _file(template, "file", "BERKAS", nargs="?", default=Path("templat-kondusif.xlsx"))
    told = "Hitung skor tiap desa, atau indeks apa pun dari tabel (--data, --meta, --recipe)."
    measure = _add(commands, "measure", told)
    _file(measure, "--data", "CSV", "iData: satu baris per satuan; CSV atau Parquet")
    _file(measure, "--meta", "CSV", "iMeta.csv: satu baris per indikator")
    _file(measure, "--last", "CSV", "iData pemilihan yang lalu, untuk isian `last`")
    _file(measure, "--recipe", "TOML", "resep; bawaan: resep Kondusif")
    _file(measure, "--out", "FOLDER", "hasil indeks dari tabel")


def _operation(commands: Any) -> None:
    _add(commands, "classify", "Kelas tiap desa dan TPS, sebabnya, dan seberapa tegas.")
    plan = _add(commands, "plan", "Rencana kekuatan: kebutuhan, penempatan, kekurangan, dan mulai.")
    _file(plan, "--xlsx", "BERKAS", "tulis daftar plotting")
    _add(commands, "status", "Postur tiap desa dan gerbang yang masih tertutup.")
    _add(commands, "answer", "Jawaban atas pertanyaan dialog, sebelum dan sesudah rencana.")
    told = "Periksa gerbang satu perpindahan; keluar 1 bila ada yang tertutup."
    check = _add(commands, "withdraw-check", told)
    check.add_argument("--desa", required=True, metavar="KODE", help="kode desa")
    check.add_argument("--to", required=True, metavar="POSTUR", choices=TARGETS, help=", ".join(TARGETS))
    told = "Kelas sebelum pemungutan dibanding kejadian sesudahnya."
    learn = _add(commands, "learn", told, source=False)
    _file(learn, "source", "RIWAYAT", "CSV: tempat, skor, tingkat, kejadian")
    told = "batas yang berlaku; bawaan: batas resep"
    learn.add_argument("--cuts", type=float, nargs=2, metavar="BATAS", help=told)


def _plot(plot: argparse.ArgumentParser) -> None:
    plot.add_argument("kind", metavar="JENIS", choices=tuple(FIGURES), help=", ".join(FIGURES))
    _file(plot, "--from", "FOLDER", "hasil `kondusif measure --out`", dest="folder", required=True)
    _file(plot, "--out", "BERKAS", ".png, .svg atau .pdf", required=True)
    _file(plot, "--with", "FOLDER", "slope: hasil yang sesudah", dest="later")
    plot.add_argument("--names", metavar="A,B", default="Sebelum,Sesudah", help="slope: nama kedua waktu")
    _file(plot, "--boundaries", "GEOJSON", "map: batas wilayah")
    plot.add_argument("--key", default="kode", metavar="NAMA", help="map: properti kode; bawaan: kode")
    _file(plot, "--meta", "CSV", "iMeta.csv: induk tiap indikator")
    _file(plot, "--data", "CSV", "strip: iData.csv yang memuat kolom --group")
    plot.add_argument("--group", metavar="KOLOM", help="strip: satu jalur tiap kelompok")
    plot.add_argument("--code", default="", metavar="KODE", help="kolom scores.csv; bawaan: puncak indeks")
    plot.add_argument("--cuts", metavar="A,B", help="batas kelas; bawaan: cuts.csv")
    plot.add_argument("--axis", metavar="A,B", help="strip: ujung sumbu; bawaan: 0,100")
    plot.add_argument("--labels", metavar="A,B,C", help="nama kelas dari yang terendah; bawaan: cuts.csv")
    methods, told = ("pearson", "spearman", "kendall"), "correlations: pearson, spearman atau kendall"
    plot.add_argument("--method", metavar="CARA", default="spearman", choices=methods, help=told)
    plot.add_argument("--most", type=int, metavar="N", help="bars, heat: satuan tertinggi; 0 semua")
    plot.add_argument("--title", metavar="TEKS", help="judul")
    plot.add_argument("--credit", metavar="TEKS", help="sumber data; bawaan: nama folder")
    told = "tandai LATIHAN; selalu, bila datanya rekaan (kode 99)"
    plot.add_argument("--illustrative", action="store_true", help=told)


def _results(commands: Any) -> None:
    compare = _add(commands, "compare", "Bandingkan dua hasil `measure --out`.", source=False)
    _file(compare, "before", "SEBELUM", "folder hasil yang sebelum")
    _file(compare, "after", "SESUDAH", "folder hasil yang sesudah")
    _file(compare, "--out", "CSV", "tulis seluruh satuan")
    told = "Gulung hasil ke desa, kecamatan, atau kabupaten menurut kode."
    rolled = _add(commands, "roll-up", told, source=False)
    _file(rolled, "folder", "FOLDER", "hasil `kondusif measure --out`")
    depths = tuple(DEPTHS)
    rolled.add_argument("--to", required=True, choices=depths, metavar="TINGKAT", help=", ".join(depths))
    _file(rolled, "--data", "CSV", "iData.csv yang memuat kolom --weight")
    rolled.add_argument("--weight", metavar="KOLOM", help="kolom pemilih; bawaan: tiap satuan sama")
    _file(rolled, "--out", "CSV", "tulis tabel wilayah")


def _logbook(commands: Any) -> None:
    logbook = commands.add_parser("logbook", help="Buku mutasi.", description="Buku mutasi.", epilog=EXITS)
    verbs = logbook.add_subparsers(dest="verb", metavar="PERINTAH", required=True)
    verify = verbs.add_parser("verify", help="Periksa rantai buku yang diekspor.", epilog=EXITS)
    _file(verify, "book", "BUKU.jsonl")
    verify.add_argument("--head", metavar="HASH", help="kepala buku yang tercetak, 8 angka atau lebih")
    told = "kode operasi yang bukunya ini; bawaan: yang dipakai kebanyakan baris"
    verify.add_argument("--operation", metavar="KODE", help=told)
    verify.add_argument("--json", action="store_true", help="satu dokumen JSON")

"""A small operation as files, for the tests that read files."""

from pathlib import Path

import pytest

from kondusif.errors import ImportRefused, Problem
from kondusif.files.read import read_numbered

OPERASI = (
    "kode,nama,polres,waktu_pemungutan,zona_waktu,paket_aturan,pola,latihan\n"
    "uji,Uji,Polres Uji,2026-06-01 07.00,WITA,pp-16-2026,jatim-2021-2023,tidak\n"
)
DESA = (
    "kode,nama,kecamatan,lat,lng,memilih\n"
    '99.01.01.2001,Karangjati,Sumberarum,"-7,5",112.5,ya\n'
    "99.01.01.2002,Wonosari,Sumberarum,-7.6,112.6,ya\n"
)
TPS = "desa,nomor,pemilih\n99.01.01.2001,1,412\n99.01.01.2002,1,500\n"
ANSWERS = "tempat,butir,nilai,keadaan,tanggal,sumber,penilai\n"


def folder(tmp_path: Path, **sheets: str) -> Path:
    for name, body in {"operasi": OPERASI, "desa": DESA, "tps": TPS, **sheets}.items():
        (tmp_path / f"{name}.csv").write_text(body, encoding="utf-8")
    return tmp_path


def problems(source: Path | bytes, name: str = "", **options: object) -> tuple[Problem, ...]:
    with pytest.raises(ImportRefused) as caught:
        read_numbered(source, name, **options)  # type: ignore[arg-type]
    return caught.value.problems


def answer(item: str, value: object, **more: str) -> str:
    row = {"keadaan": "", "tanggal": "2026-05-20", "sumber": "berkas", "penilai": "bhabin"} | more
    rest = ",".join(row.values())
    return ANSWERS + f"99.01.01.2001,{item},{value},{rest}\n"

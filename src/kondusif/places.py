"""Desa, TPS and distance. A place is its code; a name is only what people call it.

Two villages of Kabupaten Pasuruan are called Lemahbang: the Kemendagri code is the key and the
kecamatan is always shown beside the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from math import asin, cos, radians, sin, sqrt

from kondusif_index.errors import N_
from kondusif_index.tables.read import text_of, visible

DESA = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}")
TPS_KODE = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}-\d{2}")

KELURAHAN, VILLAGES = "1", "23"  # first of the last four digits: kelurahan; desa, desa adat (Kemendagri)

_CODE = re.compile(r"([1-9]\d)(?:\.?(\d{2})(?:\.?(\d{2})(?:\.?(\d{4})(?:-(\d{1,2}))?)?)?)?", re.ASCII)
_HYPHENS = re.compile(r"(\d{2})-(\d{2})-(\d{2})-(\d{4}(?:-\d{1,2})?)", re.ASCII)
_THOUSANDS = re.compile(r"\d(?:[.,]\d{3}){3}", re.ASCII)  # 3.514.052.001, as a spreadsheet shows a number
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?e[+-]?\d+", re.IGNORECASE)
_GROUPS = re.compile(r"\d{2} \d{2} \d{2} \d{4}(?: ?- ?\d{1,2})?|\S+(?: ?- ?\d{1,2})?", re.ASCII)

ROAD_FACTOR = 1.6  # road length per straight line; proposal, to be replaced by a road network
ROAD_KMH = 25.0  # mean speed on village roads; proposal, to be replaced by route tests

EARTH_KM = 6371.0088  # mean radius, IUGG


@dataclass(frozen=True, slots=True)
class Point:
    """WGS 84 degrees."""

    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Desa:
    """A village (or kelurahan) in an operation. ``memilih`` says whether it votes this time."""

    kode: str
    nama: str
    kecamatan: str
    kabupaten: str = ""
    at: Point | None = None
    memilih: bool = False


@dataclass(frozen=True, slots=True)
class Tps:
    """A polling station: number within its desa, voters on the final roll (None: not yet known)."""

    desa: str
    nomor: int
    nama: str = ""
    pemilih: int | None = None
    at: Point | None = None

    @property
    def kode(self) -> str:
        return tps_kode(self.desa, self.nomor)


def area_code(raw: object) -> str:
    """The code of an area or TPS in its official spelling, however it was typed or a spreadsheet changed it.

    Two digits each of province, kabupaten and kecamatan, four of the village, two of the TPS after a hyphen.
    Raises ``ValueError``, with what to do where a spreadsheet took something from the code.

    >>> area_code("'35.14.05.2001"), area_code(3514052001.0), area_code("35 14 05 2001 - 3"), area_code(3514)
    ('35.14.05.2001', '35.14.05.2001', '35.14.05.2001-03', '35.14')
    """
    if isinstance(raw, bool | date | time | timedelta):
        raise ValueError(N_("kode seperti 35.14.05.2001 (ubah format sel menjadi Teks)"))
    text = visible(text_of(raw)).strip().lstrip("'’‘`").strip()
    if _SCIENTIFIC.fullmatch(text):
        raise ValueError(N_("semua angka kode, bukan 3,5E+09: jadikan sel Teks, lalu tulis lagi"))
    text = re.sub(r"(?<=\d{10})\.0+$", "", re.sub(r"\s*-\s*", "-", text))
    text = re.sub(r"[.,]", "", text) if _THOUSANDS.fullmatch(text) else text
    text = re.sub(r"[.,\s]+", ".", _HYPHENS.sub(r"\1.\2.\3.\4", text)).rstrip(".")
    found = _CODE.fullmatch(text)
    if not found:
        digits = re.sub(r"\D", "", text)
        lost = digits and re.fullmatch(r"[\d.-]+", text) and len(digits) in (1, 3, 5, 9)
        raise ValueError(*[N_("kode dengan semua nolnya: jadikan sel Teks, lalu tulis lagi")] * bool(lost))
    province, kabupaten, kecamatan, village, tps = found.groups()
    if village and village[0] not in KELURAHAN + VILLAGES:
        raise ValueError(N_("kode Kemendagri (empat angka akhir diawali 1, 2 atau 3), bukan kode BPS"))
    if tps and not int(tps):
        raise ValueError
    desa = ".".join(filter(None, (province, kabupaten, kecamatan, village)))
    return tps_kode(desa, int(tps)) if tps else desa


def area_codes(raw: object) -> tuple[str, ...]:
    """Several codes, divided by semicolons, commas or lines, or by spaces where none stand within a code.

    Raises ``ValueError`` as :func:`area_code`.

    >>> area_codes("99.01; 9901012001"), area_codes(9901012001), area_codes("99.01.01 99.01.02")
    (('99.01', '99.01.01.2001'), ('99.01.01.2001',), ('99.01.01', '99.01.02'))
    """
    if not isinstance(raw, str):
        return (area_code(raw),)
    parts = [" ".join(visible(part).split()) for part in re.split(r"[;,\n]", raw)]
    words = [word for part in parts for word in _GROUPS.findall(part)]
    if any(" " in part and re.fullmatch(r"[\d ]{5}(?: \d\d)?", part) for part in parts):
        raise ValueError(N_("kode yang dipisah titik koma"))  # 35 14: two provinces, or a kabupaten?
    codes = tuple(area_code(word) for word in words)
    depth = 0
    for word, code in zip(words, codes, strict=True):
        if re.fullmatch(r"\d{2}|\d{4}", word) and len(code) < depth:  # 99.01.01.2001, 2002: no area 20.02
            raise ValueError(N_("tiap kode lengkap, misalnya 35.14.05.2001; 35.14.05.2002"))
        depth = max(depth, len(code))
    return codes


def official(kode: str) -> str:
    """A code in its official spelling; what is no official code stays as it is.

    >>> official("9901012001"), official("pos-1")
    ('99.01.01.2001', 'pos-1')
    """
    try:
        return area_code(kode)
    except ValueError:
        return kode


def is_kelurahan(kode: str) -> bool:
    """Whether a code of a village is one of a kelurahan, which has no village head to elect."""
    return kode.rpartition(".")[2].startswith(KELURAHAN)


def area_of(kode: str) -> str:
    """The kecamatan of a desa code.

    >>> area_of("35.14.05.2001")
    '35.14.05'
    """
    return ".".join(kode.split(".")[:3])


def tps_kode(desa: str, nomor: int) -> str:
    """The code of a station: its desa and two digits.

    >>> tps_kode("35.14.05.2001", 3)
    '35.14.05.2001-03'
    """
    return f"{desa}-{nomor:02d}"


def desa_of(kode: str) -> str:
    """The desa of a place code, which may already be a desa.

    >>> desa_of("35.14.05.2001-03")
    '35.14.05.2001'
    """
    return kode.partition("-")[0]


def within(kode: str, prefixes: Iterable[str]) -> bool:
    """Whether a place lies in a jurisdiction given as area-code prefixes (RULES 20).

    Prefixes match whole segments, so ``35.1`` never covers ``35.14``.

    >>> within("35.14.05.2001-03", ["35.14.05"]), within("35.14.05.2001", ["35.1"])
    (True, False)
    """
    desa = desa_of(kode)
    return any(p in (kode, desa) or desa.startswith(p + ".") for p in prefixes)


def straight_km(a: Point, b: Point) -> float:
    """Great-circle distance in kilometres (haversine)."""
    dlat, dlng = radians(b.lat - a.lat), radians(b.lng - a.lng)
    h = sin(dlat / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(dlng / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(h))


def travel_minutes(a: Point, b: Point) -> float:
    """Minutes by road, as straight line times a factor. Always show it as an estimate."""
    return straight_km(a, b) * ROAD_FACTOR / ROAD_KMH * 60

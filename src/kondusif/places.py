"""Desa, TPS and distance. A place is its code; a name is only what people call it.

Two villages of Kabupaten Pasuruan are called Lemahbang: the Kemendagri code is the key and the
kecamatan is always shown beside the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

DESA = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}")
TPS_KODE = re.compile(r"\d{2}\.\d{2}\.\d{2}\.\d{4}-\d{2}")

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

"""A made-up regency of 31 villages and 250 stations as the two workbooks a planner would fill.

Nothing in it is true: every row says ``ilustratif`` and the codes begin with 99. The same seed gives the same
rows, so that a journey and a measurement of time see one regency.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from random import Random
from typing import Any

from kondusif.files.operation import OperationFile
from kondusif.files.write import write_workbook
from kondusif.instrument.indicator import Indicator
from tests.cast import ITEMS

AREA = "99.10"
KECAMATAN = ("Wanajaya", "Tirtamulya", "Girimukti")
FIRST = ("Karang", "Sumber", "Tegal", "Wono", "Rejo", "Sido")
LAST = ("asri", "makmur", "jati", "mulyo", "agung")
DESA, TPS = 31, 250
STATION_ITEMS = tuple(i.id for i in ITEMS.values() if i.level == "tps")


def villages() -> Iterator[dict[str, Any]]:
    """31 villages on a grid, in three kecamatan."""
    for n in range(DESA):
        kecamatan = n % 3
        yield {
            "kode": f"{AREA}.{kecamatan + 1:02d}.{2001 + n // 3}",
            "nama": FIRST[n % 6] + LAST[n // 6 % 5] + (" Lor" if n == 30 else ""),
            "kecamatan": KECAMATAN[kecamatan],
            "kabupaten": "Arjasari",
            "lat": -7.5 - 0.03 * (n // 6),
            "lng": 112.5 + 0.03 * (n % 6),
            "memilih": True,
            "ilustratif": True,
        }


def stations() -> Iterator[dict[str, Any]]:
    """Eight or nine stations per village, 250 in all."""
    rng = Random(99)
    for n, desa in enumerate(villages()):
        for nomor in range(1, 9 + (n < TPS - 8 * DESA)):
            yield {
                "desa": desa["kode"],
                "nomor": nomor,
                "nama": f"Balai dusun {nomor}",
                "pemilih": rng.randint(280, 500),
                "lat": round(desa["lat"] + rng.uniform(-0.008, 0.008), 5),
                "lng": round(desa["lng"] + rng.uniform(-0.008, 0.008), 5),
                "ilustratif": True,
            }


def offices() -> list[dict[str, Any]]:
    base = {"lat": -7.55, "lng": 112.58, "ilustratif": True}
    return [{"kode": "POLRES", "nama": "Polres Arjasari", "jenis": "polres"} | base]


def forces() -> list[dict[str, Any]]:
    of_all = {"kantor": "POLRES", "ilustratif": True}
    return [
        {"kode": "DALMAS", "nama": "Dalmas", "unsur": "polri", "fungsi": "sabhara", "jumlah": 600} | of_all,
        {"kode": "KODIM", "nama": "Kodim", "unsur": "tni", "fungsi": "koramil", "jumlah": 300} | of_all,
    ]


def answers(day: date) -> Iterator[dict[str, Any]]:
    """Every item of every village, and the items of its stations: one row each."""
    rng = Random(31)
    told = {"tanggal": day, "sumber": "Latihan", "penilai": "P01", "ilustratif": True}
    for n, desa in enumerate(villages()):
        mood = (0.05, 0.25, 0.45)[n % 3]
        for item in ITEMS.values():
            calm = item.id in ("D05", "D06")  # a weapon or violence would set a floor in every village
            value = 0.0 if calm else near(item, mood * rng.uniform(0.8, 1.2))
            yield {"tempat": desa["kode"], "butir": item.id, "nilai": value} | told
    for row in stations():
        for item_id in STATION_ITEMS:
            place = f"{row['desa']}-{row['nomor']:02d}"
            value = near(ITEMS[item_id], rng.uniform(0, 0.5))
            yield {"tempat": place, "butir": item_id, "nilai": value} | told


def near(indicator: Indicator, risk: float) -> float:
    """A whole answer inside the range whose risk is nearest to the wanted one."""
    lo, hi = sorted((indicator.lo, indicator.hi))
    steps = (round(lo + (hi - lo) * n / 50) for n in range(51))
    return float(min(steps, key=lambda v: abs(indicator.risk(v) - risk)))


def boundaries() -> bytes:
    """A square around each village, as GeoJSON; codes as digits, the way an agency writes them."""
    half = 0.014
    corners = ((-half, -half), (half, -half), (half, half), (-half, half), (-half, -half))
    features = [
        {
            "type": "Feature",
            "properties": {"KDEPUM": d["kode"].replace(".", ""), "NAMOBJ": d["nama"]},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[round(d["lng"] + x, 6), round(d["lat"] + y, 6)] for x, y in corners]],
            },
        }
        for d in villages()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def places_workbook() -> bytes:
    return _workbook(desa=villages(), tps=stations(), kantor=offices(), kekuatan=forces())


def answers_workbook(day: date) -> bytes:
    return _workbook(jawaban=answers(day))


def _workbook(**sheets: Any) -> bytes:
    out = BytesIO()
    write_workbook(out, OperationFile.of({name: tuple(rows) for name, rows in sheets.items()}))
    return out.getvalue()

"""The same people and places for every test: the made-up regency 99, operation "uji".

Kecamatan Sumberarum 99.01.01 has three villages that vote (two TPS each, Karangjati three) and one that does
not; one more village lies in the kecamatan beside it, 99.01.02, so that a jurisdiction has an outside.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kondusif.answers.answer import Answer, Given
from kondusif.forces import Force, Unit
from kondusif.instrument.published import published
from kondusif.places import Desa, Point, Tps

VOTE_AT = datetime(2023, 10, 10, 0, 0, tzinfo=UTC)  # Tuesday 07.00 WIB
NOW = VOTE_AT + timedelta(days=1, hours=7, minutes=5)  # H+1 14.05 WIB

KARANGJATI, TEGALREJO, WONOSARI = "99.01.01.2001", "99.01.01.2002", "99.01.01.2003"
QUIET, OUTSIDE = "99.01.01.2004", "99.01.02.2001"  # does not vote; votes, but is not ours
KECAMATAN = "99.01.01"

DESA = (
    Desa(KARANGJATI, "Karangjati", "Sumberarum", "Arjasari", Point(-7.700, 112.900), True),
    Desa(TEGALREJO, "Tegalrejo", "Sumberarum", "Arjasari", Point(-7.720, 112.930), True),
    Desa(WONOSARI, "Wonosari", "Sumberarum", "Arjasari", Point(-7.740, 112.910), True),
    Desa(QUIET, "Sidomulyo", "Sumberarum", "Arjasari", Point(-7.710, 112.950), False),
    Desa(OUTSIDE, "Karangjati", "Banjaragung", "Arjasari", Point(-7.800, 112.800), True),
)
TPS = (
    Tps(KARANGJATI, 1, "Balai dusun", 480, Point(-7.701, 112.901)),
    Tps(KARANGJATI, 2, "SD negeri", 455, Point(-7.703, 112.903)),
    Tps(KARANGJATI, 3, "Lapangan", 470, Point(-7.705, 112.899)),
    Tps(TEGALREJO, 1, "Balai desa", 410, Point(-7.721, 112.931)),
    Tps(TEGALREJO, 2, "Madrasah", 395, Point(-7.723, 112.933)),
    Tps(WONOSARI, 1, "Balai desa", 300, Point(-7.741, 112.911)),
    Tps(WONOSARI, 2, "Pendapa", 310, Point(-7.743, 112.913)),
    Tps(OUTSIDE, 1, "Balai desa", 500, Point(-7.801, 112.801)),
)
CALON = {KARANGJATI: (1, 2), TEGALREJO: (1, 2, 3), WONOSARI: (1, 2), OUTSIDE: (1, 2)}


def cell(desa: Desa) -> list[list[float]]:
    """A square of 0.02 degrees around the village, good enough for a map of a test."""
    assert desa.at is not None
    return [
        [desa.at.lng + x * 0.01, desa.at.lat + y * 0.01]
        for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    ]


@dataclass(frozen=True)
class Person:
    username: str
    role: str
    prefixes: tuple[str, ...]
    jabatan: str = ""
    post: str = ""


PEOPLE = (
    Person("perencana", "planner", (KECAMATAN,), "Perwira perencana"),
    Person("kapolsek", "kapolsek", (KECAMATAN,), "Kapolsek Sumberarum"),
    Person("kapolres", "kapolres", ("99.01",), "Kapolres Arjasari"),
    Person("wakapolres", "kapolres", ("99.01",), "Wakapolres Arjasari"),
    Person("kabagops", "planner", ("99.01",), "Kabag Ops"),
    Person("petugas1", "petugas", (KARANGJATI,), "Padal TPS 01", f"{KARANGJATI}-01"),
    Person("petugas2", "petugas", (TEGALREJO,), "Padal TPS 01", f"{TEGALREJO}-01"),
    Person("camat", "camat", (KECAMATAN,), "Camat Sumberarum"),
    Person("danramil", "danramil", (KECAMATAN,), "Danramil Sumberarum"),
    Person("panitia.karangjati", "panitia", (KARANGJATI,), "Panitia Karangjati"),
    Person("panitia.tegalrejo", "panitia", (TEGALREJO,), "Panitia Tegalrejo"),
    Person("humas", "humas", (KECAMATAN,), "Humas"),
    Person("auditor", "auditor", ("99.01",), "Auditor"),
    Person("admin", "admin", (), "Administrator"),
    Person("polsek.banjaragung", "kapolsek", ("99.01.02",), "Kapolsek Banjaragung"),
)

OPERATION = {
    "kode": "uji",
    "nama": "Pilkades serentak Arjasari",
    "polres": "Polres Arjasari",
    "polsek": "Polsek Sumberarum",
    "kecamatan": "Sumberarum",
    "kabupaten": "Arjasari",
    "vote_at": VOTE_AT,
    "drill": True,
    "clock": NOW,
    "illustrative": True,
}
OTHER = OPERATION | {"kode": "lain", "nama": "Pilkades serentak Arjasari, putaran lain"}
PASSWORD = "kata-sandi-untuk-uji"

RECIPE = published("kondusif-45/1")  # frozen: a new indicator of the catalogue changes no test
ITEMS = RECIPE.by_id


def _village(name: str) -> dict[str, float]:
    with (Path(__file__).parent / "villages.csv").open(encoding="utf-8", newline="") as file:
        return {row["item"]: float(row[name]) for row in csv.DictReader(file)}


# Answers by item, worked by hand beside the instrument: a village near a cut-off, and a calm one.
TENSE, CALM = _village("tense"), _village("calm")


def answers(values: Mapping[str, float], desa: str) -> list[Answer]:
    """One answer per item of ``values`` for a village, all of the day of ``NOW``."""
    day = NOW.date()
    return [
        Answer(f"{desa}/{item}", desa, item, x, "", Given.VALUE, day, "Berita acara panitia", "petugas1")
        for item, x in values.items()
    ]


UNITS = (
    Unit(
        "polsek", "Polsek Sumberarum", Force.POLRI, "polsek", 40, Point(-7.710, 112.910), "Polsek Sumberarum"
    ),
    Unit("dalmas", "Dalmas Polres", Force.POLRI, "dalmas", 24, Point(-7.650, 112.850), "Polres Arjasari"),
    Unit("koramil", "Koramil Sumberarum", Force.TNI, "koramil", 20, Point(-7.712, 112.912), "Koramil"),
    *(
        Unit(
            f"linmas-{d.kode[-4:]}",
            f"Linmas {d.nama}",
            Force.LINMAS,
            "linmas",
            24,
            d.at,
            d.nama,
            only_desa=d.kode,
        )
        for d in DESA[:3]
    ),
)

"""The sheets and columns of an operation file: ``sheets.csv`` beside this module, which reader, template and
manual follow.

FileSheet and column names are Indonesian because planners type them. A sheet may be absent: an import of
answers alone brings only ``jawaban``. Every sheet may carry ``ilustratif`` (RULES 24).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType

from kondusif.files.cells import TYPES, CellType
from kondusif.incidents import INCIDENT_KINDS
from kondusif.roles import ROLES
from kondusif.withdraw import ITEMS, PARTIES
from kondusif.withdraw.silence import CALM, NOT_CALM

MAX_VOTERS = 500  # per TPS, SE Mendagri 141/6698/SJ
MAX_STRENGTH = 99_999  # of one unit; more is a slip of the hand

UNSUR = MappingProxyType({"polri": "polri", "tni": "tni", "linmas": "linmas", "satpol pp": "satpol"})
PERAN = tuple(ROLES)
KEADAAN_JAWABAN = MappingProxyType(
    {"nilai": "value", "tidak berlaku": "not_applicable", "menolak": "refused"}
)
TAHAP = MappingProxyType(  # word to code of a dated stage; the gates of rounds go by one name
    {g: g for g in ("dpt", "calon", "kampanye", "hitung", "keberatan", "sk")}
    | {"laporan bpd": "bpd_report", "pelantikan": "inauguration"}
)
SELAMA_DIAM = MappingProxyType({"tenang": CALM, "ada kejadian": NOT_CALM})
NILAI_PERIKSA = MappingProxyType({"ya": "yes", "tidak": "no", "tidak berlaku": "na", "tidak tahu": "unknown"})


def _packaged(name: str) -> Iterator[Mapping[str, str]]:
    text = resources.files("kondusif.files").joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


TINDAKAN = MappingProxyType({row["tindakan"]: row["arti"] for row in _packaged("decisions.csv")})
KNOWN: Mapping[str, object] = {  # what ``{name}`` stands for in the choices and the help of a column
    "max_voters": MAX_VOTERS,
    "last_item": max(ITEMS),
    "tahap": ", ".join(TAHAP),
    "unsur": ", ".join(UNSUR),
    "peran": ", ".join(PERAN),
    "pihak": ", ".join(PARTIES),
    "tindakan": ", ".join(TINDAKAN),
    "keadaan_jawaban": ", ".join(KEADAAN_JAWABAN),
    "nilai_periksa": ", ".join(NILAI_PERIKSA),
    "jenis_insiden": ", ".join(k.word for k in INCIDENT_KINDS.values()),
}


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column. ``key`` columns together name a row; ``choices`` restricts a text.

    ``refers``: sheet and column in which its code must stand, "" for none.
    """

    name: str
    type: CellType
    help: str
    required: bool = False
    key: bool = False
    choices: tuple[str, ...] = ()
    refers: str = ""


@dataclass(frozen=True, slots=True)
class FileSheet:
    """One sheet. ``single``: exactly one row."""

    name: str
    title: str
    columns: tuple[SheetColumn, ...]
    single: bool = False

    def column(self, name: str) -> SheetColumn | None:
        return next((c for c in self.columns if c.name == name), None)

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.key)


def _sheets() -> Iterator[FileSheet]:
    """A row without a column opens a sheet with its title; the rows below are its columns."""
    by_sheet: dict[str, list[Mapping[str, str]]] = {}
    for row in _packaged("sheets.csv"):
        by_sheet.setdefault(row["sheet"], []).append(row)
    made_up = SheetColumn("ilustratif", TYPES["ya/tidak"], "ya bila isi baris ini dikarang untuk latihan")
    for name, (first, *rest) in by_sheet.items():
        title = first["help"].format(**KNOWN)
        yield FileSheet(name, title, (*map(_column, rest), made_up), first["use"] == "single")


def _column(row: Mapping[str, str]) -> SheetColumn:
    """``use``: ``key`` and ``must`` are required, ``may`` is not."""
    choices = row["choices"].format(**KNOWN)
    return SheetColumn(
        row["column"],
        TYPES[row["type"]],
        row["help"].format(**KNOWN),
        required=row["use"] != "may",
        key=row["use"] == "key",
        choices=tuple(choices.split(", ")) if choices else (),
        refers=row["refers"],
    )


SHEETS: tuple[FileSheet, ...] = tuple(_sheets())
BY_NAME = MappingProxyType({s.name: s for s in SHEETS})

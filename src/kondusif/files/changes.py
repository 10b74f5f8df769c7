"""What a file would do to an operation that runs: each row new, changed, the same, or refused.

Nothing is taken away by a file: a place that it does not name stays, and an empty cell leaves what is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from kondusif.classes.rounds import BEFORE_VOTE
from kondusif.errors import Problem
from kondusif.files.operation import OperationFile, Row
from kondusif.files.read import Numbered
from kondusif.places import tps_kode, within
from kondusif.words import N_

TAKEN = ("operasi", "desa", "tahap", "kantor", "tps", "calon", "kekuatan", "jawaban")
ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "orang": N_("lembar kosong; akun dibuat administrator di halaman Akun"),
        "pertemuan": N_("lembar kosong; dicatat di halaman Dialog"),
        "pertanyaan": N_("lembar kosong; dicatat di halaman Dialog"),
        "komitmen": N_("lembar kosong; dicatat di halaman Dialog"),
        "laporan": N_("lembar kosong; dikirim petugas di halaman Lapor"),
        "insiden": N_("lembar kosong; dikirim petugas di halaman Lapor"),
        "pemeriksaan": N_("lembar kosong; dinyatakan di halaman Penarikan"),
        "keputusan": N_("lembar kosong; diputuskan di kantor oleh orangnya sendiri"),
    }
)
FIXED_RULES = (  # columns of ``operasi`` that a published class rests on
    "waktu_pemungutan",
    "zona_waktu",
    "paket_aturan",
    "pola",
    *(f"mulai_tingkat_{n}" for n in (1, 2, 3)),
)
NEVER = ("kode", "latihan")  # a drill is a drill from creation (RULES 23)


class State(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Standing:
    """What binds a file: ``in_use`` desa have TPS, answers or a class; ``published``: any class is out.

    ``retired``: codes out of use, which a file does not bring back. ``areas``: prefixes of the account, None
    from the command line. ``drill``: only then may a row be made up.
    """

    in_use: frozenset[str] = frozenset()
    published: bool = False
    retired: frozenset[str] = frozenset()
    areas: tuple[str, ...] | None = None
    drill: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a file beside what is known. ``row`` is the known row with the file's filled cells over it.

    ``fields``: (column, before, after) of what differs; empty for a new row.
    """

    sheet: str
    key: str
    nama: str
    state: State
    row: Row
    fields: tuple[tuple[str, object, object], ...] = ()
    problem: Problem | None = None

    @property
    def plain(self) -> list[object]:
        """Everything that is decided here, as JSON: two previews are one when these are equal."""
        cells = [[column, _plain(a), _plain(b)] for column, a, b in self.fields]
        row = {k: _plain(v) for k, v in sorted(self.row.items())}
        return [self.sheet, self.key, self.state.value, cells, row]


@dataclass(frozen=True, slots=True)
class Changes:
    """Every row of a file but the answers. ``problems`` are those of refused rows and of whole sheets."""

    rows: tuple[Change, ...]
    problems: tuple[Problem, ...] = ()
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def of(self, sheet: str, *states: State) -> tuple[Change, ...]:
        return tuple(c for c in self.rows if c.sheet == sheet and (not states or c.state in states))


def compare(known: OperationFile, coming: Numbered, standing: Standing) -> Changes:
    """Each row of the file against what is known, in the order of the file.

    ``known`` holds full rows of operasi, desa, tahap, tps, calon and kekuatan (units as rows of the sheet
    with their ``kantor`` as base). Nothing is raised: what may not be is a refused row with its Problem.
    """
    rows = [
        *_operasi(known, coming, standing),
        *_desa(known, coming, standing),
        *_tahap(known, coming),
        *_tps(known, coming, standing),
        *_calon(known, coming, standing),
        *_kekuatan(known, coming, standing),
    ]
    problems = [c.problem for c in rows if c.problem]
    problems += _elsewhere(coming)
    problems += _made_up(coming, standing)
    counts: dict[str, dict[str, int]] = {}
    for change in rows:
        of_sheet = counts.setdefault(change.sheet, {s.value: 0 for s in State})
        of_sheet[change.state.value] += 1
    return Changes(tuple(rows), tuple(problems), counts)


def _differences(before: Row, after: Row, columns: tuple[str, ...]) -> tuple[tuple[str, object, object], ...]:
    """What the filled cells of ``after`` would change. An empty cell changes nothing."""
    return tuple(
        (c, before.get(c), after[c])
        for c in columns
        if c in after and after[c] != before.get(c) and not (after[c] == "" and before.get(c) is None)
    )


def _judged(sheet: str, key: str, nama: str, before: Row, after: Row, columns: tuple[str, ...]) -> Change:
    fields = _differences(before, after, columns)
    state = State.CHANGED if fields else State.SAME
    return Change(sheet, key, nama, state, {**before, **after}, fields)


def _refused(sheet: str, key: str, nama: str, row: Row, problem: Problem) -> Change:
    return Change(sheet, key, nama, State.REFUSED, row, (), problem)


def _outside(kode: str, standing: Standing) -> bool:
    return standing.areas is not None and not within(kode, standing.areas)


AREA = N_("tempat di wilayah akun Anda")
OUT_OF_USE = N_("kode lain; yang ini dipensiunkan, pulihkan di halaman Operasi bila memang ada")


def _operasi(known: OperationFile, coming: Numbered, standing: Standing) -> Iterator[Change]:
    before = known.operasi or {}
    for index, row in enumerate(coming.file["operasi"]):
        nama = str(row["nama"])
        refusals = [
            coming.problem("operasi", index, column, _said(row[column]), _must_stay(column, before))
            for column in (*NEVER, *(FIXED_RULES if standing.published else ()))
            if column in row and row[column] != before.get(column)
        ]
        if row.get("pelantikan") and row["pelantikan"] != before.get("pelantikan"):
            refusals.append(
                coming.problem(
                    "operasi",
                    index,
                    "pelantikan",
                    row["pelantikan"],
                    N_("lembar tahap, dengan nomor suratnya"),
                )
            )
        if refusals:
            yield from (_refused("operasi", str(row["kode"]), nama, row, p) for p in refusals)
            continue
        columns = ("nama", "polres", *FIXED_RULES)
        yield _judged("operasi", str(row["kode"]), nama, before, row, columns)


def _must_stay(column: str, before: Row) -> str:
    stays = _said(before.get(column))
    if column in NEVER:
        return f"{stays}; ini tidak pernah berubah"
    return f"{stays}; tidak berubah lagi sesudah ada kelas yang terbit"


def _said(value: object) -> object:
    return {True: "ya", False: "tidak"}.get(value, value) if isinstance(value, bool) else value


def _desa(known: OperationFile, coming: Numbered, standing: Standing) -> Iterator[Change]:
    there = {r["kode"]: r for r in known["desa"]}
    by_name = {(r["nama"].casefold(), r["kecamatan"].casefold()): r["kode"] for r in known["desa"]}
    for index, row in enumerate(coming.file["desa"]):
        kode, nama = row["kode"], row["nama"]
        before = there.get(kode)
        if _outside(kode, standing):
            problem = coming.problem("desa", index, "kode", kode, AREA)
        elif kode in standing.retired:
            problem = coming.problem("desa", index, "kode", kode, OUT_OF_USE)
        elif before is None and (other := by_name.get((nama.casefold(), row["kecamatan"].casefold()))):
            problem = coming.problem("desa", index, "kode", kode, f"{other}; kode desa tidak pernah berubah")
        elif before and before["memilih"] and not row["memilih"] and kode in standing.in_use:
            expected = N_("ya; desa ini sudah punya TPS, jawaban, atau kelas, dan tidak dihapus lewat berkas")
            problem = coming.problem("desa", index, "memilih", "tidak", expected)
        elif before is None:
            yield Change("desa", kode, nama, State.NEW, row)
            continue
        else:
            columns = ("nama", "kecamatan", "kabupaten", "lat", "lng", "memilih")
            yield _judged("desa", kode, nama, before, row, columns)
            continue
        yield _refused("desa", kode, nama, row, problem)


def _tahap(known: OperationFile, coming: Numbered) -> Iterator[Change]:
    there = {r["tahap"]: r for r in known["tahap"]}
    operasi = known.operasi or next(iter(coming.file["operasi"]), None)
    vote = operasi["waktu_pemungutan"] if operasi else None
    for index, row in enumerate(coming.file["tahap"]):
        key = row["tahap"]
        before = key in BEFORE_VOTE
        if vote is not None and (row["waktu"] >= vote if before else row["waktu"] <= vote):
            expected = f"waktu {'sebelum' if before else 'sesudah'} pemungutan suara"
            problem = coming.problem("tahap", index, "waktu", row["waktu"], expected)
            yield _refused("tahap", key, key, row, problem)
        elif key in there:
            yield _judged("tahap", key, key, there[key], row, ("waktu", "sumber"))
        else:
            yield Change("tahap", key, key, State.NEW, row)


def _tps(known: OperationFile, coming: Numbered, standing: Standing) -> Iterator[Change]:
    there = {tps_kode(r["desa"], r["nomor"]): r for r in known["tps"]}
    for index, row in enumerate(coming.file["tps"]):
        kode = tps_kode(row["desa"], row["nomor"])
        nama = str(row.get("nama") or "")
        if _outside(kode, standing):
            yield _refused("tps", kode, nama, row, coming.problem("tps", index, "desa", row["desa"], AREA))
        elif kode in standing.retired:
            yield _refused("tps", kode, nama, row, coming.problem("tps", index, "nomor", kode, OUT_OF_USE))
        elif kode in there:
            yield _judged("tps", kode, nama, there[kode], row, ("nama", "pemilih", "lat", "lng"))
        else:
            yield Change("tps", kode, nama, State.NEW, row)


def _calon(known: OperationFile, coming: Numbered, standing: Standing) -> Iterator[Change]:
    there = {(r["desa"], r["nomor"]) for r in known["calon"]}
    for index, row in enumerate(coming.file["calon"]):
        key = f"{row['desa']} {row['nomor']}"
        if _outside(row["desa"], standing):
            problem = coming.problem("calon", index, "desa", row["desa"], AREA)
        elif row["ikrar"] != "unknown":
            problem = coming.problem(
                "calon", index, "ikrar", row["ikrar"], N_("tidak tahu; ikrar dicatat di halaman Dialog")
            )
        else:
            state = State.SAME if (row["desa"], row["nomor"]) in there else State.NEW
            yield Change("calon", key, "", state, row)
            continue
        yield _refused("calon", key, "", row, problem)


def _kekuatan(known: OperationFile, coming: Numbered, standing: Standing) -> Iterator[Change]:
    """Units are compared with the office they start from: another base is another travel time."""
    there = {r["kode"]: r for r in known["kekuatan"]}
    columns = ("nama", "unsur", "fungsi", "jumlah", "bko", "asal", "lat", "lng", "khusus_desa", "bukan_di")
    bases = {r["kode"]: r for r in coming.file["kantor"]}
    for index, row in enumerate(coming.file["kekuatan"]):
        only = row.get("khusus_desa")
        tied = there.get(row["kode"], {}).get("khusus_desa")  # blanking it takes the unit from that village
        if lost := next((desa for desa in (only, tied) if desa and _outside(desa, standing)), None):
            problem = coming.problem("kekuatan", index, "khusus_desa", lost, AREA)
            yield _refused("kekuatan", row["kode"], row["nama"], row, problem)
            continue
        base = bases.get(row.get("kantor") or "", {})
        after: dict[str, Any] = {"bko": False, "bukan_di": (), **row, "asal": base.get("nama", "")}
        after |= {c: base.get(c) for c in ("lat", "lng")}
        after["khusus_desa"] = only or ""
        if row["kode"] in there:
            yield _judged("kekuatan", row["kode"], row["nama"], there[row["kode"]], after, columns)
        else:
            yield Change("kekuatan", row["kode"], row["nama"], State.NEW, after)


def _elsewhere(coming: Numbered) -> Iterator[Problem]:
    for sheet, expected in ELSEWHERE.items():
        if rows := coming.file[sheet]:
            file, _ = coming.at[sheet][0]
            yield Problem(file, sheet, None, "", N_("{} baris").format(len(rows)), expected)


def _made_up(coming: Numbered, standing: Standing) -> Iterator[Problem]:
    """Invented facts never enter a real operation (RULES 24)."""
    if standing.drill:
        return
    for sheet in TAKEN:
        for index, row in enumerate(coming.file[sheet]):
            if row.get("ilustratif"):
                yield coming.problem(
                    sheet, index, "ilustratif", "ya", N_("tidak; baris karangan hanya untuk operasi latihan")
                )
                break  # one per sheet says it


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)

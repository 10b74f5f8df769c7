"""What a file would do to an operation that runs: each row new, changed, the same, or refused.

Nothing is taken away by a file: a place that it does not name stays, and an empty cell leaves what is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from types import MappingProxyType

from kondusif.classes.rounds import BEFORE_VOTE
from kondusif.errors import Problem
from kondusif.files.operation import OperationFile, Row
from kondusif.files.read import NumberedFile
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


class RowState(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FileConstraints:
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
    state: RowState
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

    def of(self, sheet: str, *states: RowState) -> tuple[Change, ...]:
        return tuple(c for c in self.rows if c.sheet == sheet and (not states or c.state in states))


def compare(known: OperationFile, coming: NumberedFile, standing: FileConstraints) -> Changes:
    """Each row of the file against what is known, in the order of the file.

    ``known`` holds full rows of operasi, desa, tahap, tps, calon and kekuatan (units as rows of the sheet
    with their ``kantor`` as base). Nothing is raised: what may not be is a refused row with its Problem.
    """
    rows = list(_operasi(known, coming, standing))
    for sheet in _sheets(known, coming, standing):
        rows += _compared(sheet, known, coming)
    problems = [c.problem for c in rows if c.problem]
    problems += _elsewhere(coming)
    problems += _made_up(coming, standing)
    counts: dict[str, dict[str, int]] = {}
    for change in rows:
        of_sheet = counts.setdefault(change.sheet, {s.value: 0 for s in RowState})
        of_sheet[change.state.value] += 1
    return Changes(tuple(rows), tuple(problems), counts)


Refusal = tuple[str, object, str] | None  # column, found, expected


@dataclass(frozen=True, slots=True)
class _Compared:
    """How rows of a sheet are told apart, what may not be, and the columns that a file may change."""

    name: str
    key: Callable[[Row], str]
    refusal: Callable[[Row], Refusal]
    columns: tuple[str, ...]
    nama: Callable[[Row], str] = lambda row: str(row.get("nama") or "")
    filled: Callable[[Row], Row] = lambda row: row


def _compared(sheet: _Compared, known: OperationFile, coming: NumberedFile) -> Iterator[Change]:
    there = {sheet.key(row): row for row in known[sheet.name]}
    for index, row in enumerate(coming.file[sheet.name]):
        key, nama = sheet.key(row), sheet.nama(row)
        if wrong := sheet.refusal(row):
            problem = coming.problem(sheet.name, index, *wrong)
            yield Change(sheet.name, key, nama, RowState.REFUSED, row, (), problem)
        elif key in there:
            yield _judged(sheet.name, key, nama, there[key], sheet.filled(row), sheet.columns)
        else:
            yield Change(sheet.name, key, nama, RowState.NEW, sheet.filled(row))


def _sheets(known: OperationFile, coming: NumberedFile, standing: FileConstraints) -> Iterator[_Compared]:
    there = {row["kode"]: row for row in known["desa"]}
    by_name = {_called(row): kode for kode, row in there.items()}
    yield _Compared(
        "desa",
        itemgetter("kode"),
        lambda row: _desa(row, there, by_name, standing),
        ("nama", "kecamatan", "kabupaten", "lat", "lng", "memilih"),
    )
    operasi = known.operasi or next(iter(coming.file["operasi"]), None)
    vote = operasi["waktu_pemungutan"] if operasi else None
    tahap = itemgetter("tahap")
    yield _Compared("tahap", tahap, lambda row: _tahap(row, vote), ("waktu", "sumber"), nama=tahap)
    yield _Compared(
        "tps",
        lambda row: tps_kode(row["desa"], row["nomor"]),
        lambda row: _tps(row, standing),
        ("nama", "pemilih", "lat", "lng"),
    )
    yield _Compared(
        "calon", lambda row: f"{row['desa']} {row['nomor']}", lambda row: _calon(row, standing), ()
    )
    tied = {row["kode"]: row.get("khusus_desa") for row in known["kekuatan"]}
    bases = {row["kode"]: row for row in coming.file["kantor"]}
    yield _Compared(
        "kekuatan",
        itemgetter("kode"),
        lambda row: _kekuatan(row, tied.get(row["kode"]), standing),
        ("nama", "unsur", "fungsi", "jumlah", "bko", "asal", "lat", "lng", "khusus_desa", "bukan_di"),
        filled=lambda row: _with_base(row, bases.get(row.get("kantor") or "", {})),
    )


def _differences(before: Row, after: Row, columns: tuple[str, ...]) -> tuple[tuple[str, object, object], ...]:
    """What the filled cells of ``after`` would change. An empty cell changes nothing."""
    return tuple(
        (c, before.get(c), after[c])
        for c in columns
        if c in after and after[c] != before.get(c) and not (after[c] == "" and before.get(c) is None)
    )


def _judged(sheet: str, key: str, nama: str, before: Row, after: Row, columns: tuple[str, ...]) -> Change:
    fields = _differences(before, after, columns)
    state = RowState.CHANGED if fields else RowState.SAME
    return Change(sheet, key, nama, state, {**before, **after}, fields)


def _outside(kode: str, standing: FileConstraints) -> bool:
    return standing.areas is not None and not within(kode, standing.areas)


AREA = N_("tempat di wilayah akun Anda")
OUT_OF_USE = N_("kode lain; yang ini dipensiunkan, pulihkan di halaman Operasi bila memang ada")


def _operasi(known: OperationFile, coming: NumberedFile, standing: FileConstraints) -> Iterator[Change]:
    before = known.operasi or {}
    for index, row in enumerate(coming.file["operasi"]):
        kode, nama = str(row["kode"]), str(row["nama"])
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
            yield from (Change("operasi", kode, nama, RowState.REFUSED, row, (), p) for p in refusals)
        else:
            yield _judged("operasi", kode, nama, before, row, ("nama", "polres", *FIXED_RULES))


def _must_stay(column: str, before: Row) -> str:
    stays = _said(before.get(column))
    if column in NEVER:
        return f"{stays}; ini tidak pernah berubah"
    return f"{stays}; tidak berubah lagi sesudah ada kelas yang terbit"


def _said(value: object) -> object:
    return {True: "ya", False: "tidak"}.get(value, value) if isinstance(value, bool) else value


def _called(desa: Row) -> tuple[str, str]:
    return desa["nama"].casefold(), desa["kecamatan"].casefold()


def _desa(
    row: Row, there: Mapping[str, Row], by_name: Mapping[tuple[str, str], str], standing: FileConstraints
) -> Refusal:
    kode = row["kode"]
    if _outside(kode, standing):
        return "kode", kode, AREA
    if kode in standing.retired:
        return "kode", kode, OUT_OF_USE
    if kode not in there:
        other = by_name.get(_called(row))
        return ("kode", kode, f"{other}; kode desa tidak pernah berubah") if other else None
    if there[kode]["memilih"] and not row["memilih"] and kode in standing.in_use:
        expected = N_("ya; desa ini sudah punya TPS, jawaban, atau kelas, dan tidak dihapus lewat berkas")
        return "memilih", "tidak", expected
    return None


def _tahap(row: Row, vote: datetime | None) -> Refusal:
    before = row["tahap"] in BEFORE_VOTE
    if vote is not None and (row["waktu"] >= vote if before else row["waktu"] <= vote):
        return "waktu", row["waktu"], f"waktu {'sebelum' if before else 'sesudah'} pemungutan suara"
    return None


def _tps(row: Row, standing: FileConstraints) -> Refusal:
    kode = tps_kode(row["desa"], row["nomor"])
    if _outside(kode, standing):
        return "desa", row["desa"], AREA
    return ("nomor", kode, OUT_OF_USE) if kode in standing.retired else None


def _calon(row: Row, standing: FileConstraints) -> Refusal:
    if _outside(row["desa"], standing):
        return "desa", row["desa"], AREA
    if row["ikrar"] != "unknown":
        return "ikrar", row["ikrar"], N_("tidak tahu; ikrar dicatat di halaman Dialog")
    return None


def _kekuatan(row: Row, tied: str | None, standing: FileConstraints) -> Refusal:
    """``tied``: the village the unit is tied to now; blanking it takes the unit from that village."""
    lost = next((desa for desa in (row.get("khusus_desa"), tied) if desa and _outside(desa, standing)), None)
    return ("khusus_desa", lost, AREA) if lost else None


def _with_base(row: Row, base: Row) -> Row:
    """A unit with the office it starts from: another base is another travel time."""
    start = {"asal": base.get("nama", ""), "lat": base.get("lat"), "lng": base.get("lng")}
    return {"bko": False, "bukan_di": (), **row, **start, "khusus_desa": row.get("khusus_desa") or ""}


def _elsewhere(coming: NumberedFile) -> Iterator[Problem]:
    for sheet, expected in ELSEWHERE.items():
        if rows := coming.file[sheet]:
            file, _ = coming.at[sheet][0]
            yield Problem(file, sheet, None, "", N_("{} baris").format(len(rows)), expected)


def _made_up(coming: NumberedFile, standing: FileConstraints) -> Iterator[Problem]:
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

"""What a file may change in an operation that runs: additions and corrections, never a removal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kondusif.files.changes import FileConstraints, RowState, compare
from kondusif.files.operation import OperationFile
from kondusif.files.read import NumberedFile
from tests import cast

VOTE = datetime(2023, 10, 10, tzinfo=UTC)
OPERASI = {
    "kode": "uji",
    "nama": "Pilkades uji",
    "polres": "Polres Arjasari",
    "waktu_pemungutan": VOTE,
    "zona_waktu": "WIB",
    "paket_aturan": "pp-43-2014",
    "pola": "jatim-2021-2023",
    "latihan": True,
}
DESA = {
    "kode": cast.KARANGJATI,
    "nama": "Karangjati",
    "kecamatan": "Sumberarum",
    "kabupaten": "Arjasari",
    "lat": -7.7,
    "lng": 112.9,
    "memilih": True,
}
TPS = {"desa": cast.KARANGJATI, "nomor": 1, "nama": "Balai dusun", "pemilih": 480, "lat": None, "lng": None}
UNIT = {
    "kode": "POLSEK",
    "nama": "Polsek",
    "unsur": "polri",
    "fungsi": "polsek",
    "jumlah": 24,
    "bko": False,
    "asal": "",
    "lat": None,
    "lng": None,
    "khusus_desa": "",
    "bukan_di": (),
}
KNOWN = OperationFile.of({"operasi": (OPERASI,), "desa": (DESA,), "tps": (TPS,), "kekuatan": (UNIT,)})


FREE = FileConstraints()


def look(standing=FREE, **sheets):
    file = OperationFile.of({name: tuple(rows) for name, rows in sheets.items()})
    at = {name: tuple(("a.xlsx", 4 + k) for k in range(len(rows))) for name, rows in sheets.items()}
    return compare(KNOWN, NumberedFile(file, at), standing)


def one(standing=FREE, **sheets):
    (change,) = look(standing, **sheets).rows
    return change


def but(row, **cells):
    return {k: v for k, v in (row | cells).items() if v is not None}


IN_USE = FileConstraints(in_use=frozenset([cast.KARANGJATI]))
PUBLISHED = FileConstraints(published=True)
BESIDE = FileConstraints(areas=("99.01.02",))
REAL = FileConstraints(drill=False)


@pytest.mark.parametrize(
    ("sheet", "row", "state", "fields"),
    [
        ("desa", but(DESA), RowState.SAME, ()),
        ("desa", {k: DESA[k] for k in ("kode", "nama", "kecamatan", "memilih")}, RowState.SAME, ()),
        ("desa", but(DESA, nama="Karang Jati"), RowState.CHANGED, ("nama",)),
        ("desa", but(DESA, lat=-7.71), RowState.CHANGED, ("lat",)),
        ("desa", but(DESA, kode=cast.TEGALREJO, nama="Tegalrejo"), RowState.NEW, ()),
        ("tps", but(TPS), RowState.SAME, ()),
        ("tps", but(TPS, pemilih=481, nama=None), RowState.CHANGED, ("pemilih",)),
        ("tps", but(TPS, nomor=2), RowState.NEW, ()),
        ("kekuatan", {k: UNIT[k] for k in ("kode", "nama", "unsur", "fungsi", "jumlah")}, RowState.SAME, ()),
        ("kekuatan", but(UNIT, jumlah=30), RowState.CHANGED, ("jumlah",)),
        ("calon", {"desa": cast.KARANGJATI, "nomor": 1, "ikrar": "unknown"}, RowState.NEW, ()),
        ("tahap", {"tahap": "pelantikan", "waktu": VOTE.replace(month=12), "sumber": "SK"}, RowState.NEW, ()),
        ("tahap", {"tahap": "dpt", "waktu": VOTE.replace(month=8), "sumber": "SK"}, RowState.NEW, ()),
        ("operasi", but(OPERASI, nama="Pilkades serentak"), RowState.CHANGED, ("nama",)),
        (
            "operasi",
            but(OPERASI, waktu_pemungutan=VOTE.replace(day=12)),
            RowState.CHANGED,
            ("waktu_pemungutan",),
        ),
    ],
)
def test_additions_and_corrections(sheet, row, state, fields):
    change = one(**{sheet: [row]})
    assert (change.state, tuple(c for c, _, _ in change.fields)) == (state, fields)
    assert change.problem is None


@pytest.mark.parametrize(
    ("standing", "sheet", "row", "column"),
    [
        (IN_USE, "desa", but(DESA, memilih=False), "memilih"),
        (
            FileConstraints(),
            "desa",
            but(DESA, kode=cast.TEGALREJO),
            "kode",
        ),  # the code of Karangjati does not change
        (BESIDE, "desa", but(DESA, nama="Lain"), "kode"),
        (BESIDE, "tps", but(TPS), "desa"),
        (BESIDE, "kekuatan", but(UNIT, khusus_desa=cast.KARANGJATI), "khusus_desa"),
        (FREE, "calon", {"desa": cast.KARANGJATI, "nomor": 1, "ikrar": "yes"}, "ikrar"),
        (FREE, "tahap", {"tahap": "pelantikan", "waktu": VOTE, "sumber": "SK"}, "waktu"),
        (FREE, "tahap", {"tahap": "dpt", "waktu": VOTE, "sumber": "SK"}, "waktu"),
        (FREE, "operasi", but(OPERASI, latihan=False), "latihan"),  # RULES 23
        (FREE, "operasi", but(OPERASI, kode="lain"), "kode"),
        (PUBLISHED, "operasi", but(OPERASI, waktu_pemungutan=VOTE.replace(day=12)), "waktu_pemungutan"),
        (PUBLISHED, "operasi", but(OPERASI, pola="mojokerto-2019"), "pola"),
        (FREE, "operasi", but(OPERASI, pelantikan=VOTE.replace(month=12)), "pelantikan"),
    ],
)
def test_what_may_not_change_is_refused_with_its_cell(standing, sheet, row, column):
    change = one(standing, **{sheet: [row]})
    assert change.state is RowState.REFUSED
    assert (change.problem.sheet, change.problem.row, change.problem.column) == (sheet, 4, column)
    assert change.problem.expected


def test_a_place_that_a_file_does_not_name_stays():
    assert look(desa=[but(DESA, kode=cast.TEGALREJO, nama="Tegalrejo")]).of("desa", RowState.REFUSED) == ()


def test_a_village_in_use_may_still_be_corrected():
    assert one(IN_USE, desa=[but(DESA, nama="Karang Jati")]).state is RowState.CHANGED


@pytest.mark.parametrize("sheet", ["orang", "pertemuan", "laporan", "keputusan"])
def test_what_people_do_under_their_own_name_comes_by_no_file(sheet):
    (problem,) = look(**{sheet: [{"kode": "x"}]}).problems
    assert problem.sheet == sheet and "kosong" in problem.expected


def test_invented_rows_never_enter_a_real_operation():
    rows = [but(DESA, ilustratif=True)]
    assert [p.column for p in look(REAL, desa=rows).problems] == ["ilustratif"]
    assert look(FileConstraints(drill=True), desa=rows).problems == ()
    assert [p.sheet for p in look(REAL, jawaban=[{"ilustratif": True}]).problems] == ["jawaban"]


def test_a_preview_is_another_when_a_cell_is():
    a, b = (one(tps=[but(TPS, pemilih=n)]).plain for n in (481, 482))
    assert a != b and a == one(tps=[but(TPS, pemilih=481)]).plain


def test_a_unit_tied_to_a_village_elsewhere_is_not_taken_from_it():
    tied = OperationFile.of({"desa": (DESA,), "kekuatan": (but(UNIT, khusus_desa=cast.KARANGJATI),)})
    file = OperationFile.of({"kekuatan": (but(UNIT),)})
    (change,) = compare(tied, NumberedFile(file, {"kekuatan": (("a.xlsx", 4),)}), BESIDE).rows
    assert change.state is RowState.REFUSED and change.problem.column == "khusus_desa"

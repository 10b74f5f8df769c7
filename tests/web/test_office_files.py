"""The commands that read and write files, in an office that has its operation."""

from __future__ import annotations

import json
import stat
import zipfile
from argparse import Namespace
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from kondusif.cli.terminal import BAD_FILE, OK, REFUSED
from kondusif.errors import Conflict, ImportRefused
from kondusif.files.operation import OperationFile
from kondusif.files.write import write_workbook
from kondusif.lifecycle import Phase
from kondusif.standby import Posture
from kondusif_web import office_files
from kondusif_web.accounts.models import AccessEntry
from kondusif_web.election.actions import move_operation
from kondusif_web.election.models import Boundary, Operation, StageDate, Tps
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.queries import head
from kondusif_web.logbook.verify import verify
from kondusif_web.terminal import NameOne, UnknownOperation, no_account, why
from tests import cast

pytestmark = pytest.mark.django_db


def workbook(path, **sheets):
    write_workbook(path, OperationFile.of({name: tuple(rows) for name, rows in sheets.items()}))
    return path


def import_(path, check=False, operation=None):
    return office_files.import_file(Namespace(file=path, check=check, operation=operation))


def geojson(path, *desa):
    features = [
        {
            "type": "Feature",
            "properties": {"kode": d.kode, "nama": d.nama},
            "geometry": {"type": "Polygon", "coordinates": [cast.cell(d)]},
        }
        for d in desa
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def boundaries(path, check=False, operation=None):
    return office_files.boundaries(
        Namespace(file=path, source="BIG 2025", code_property="", check=check, operation=operation)
    )


def export(kode, out, operation=None):
    return office_files.export(Namespace(format=kode, out=out, operation=operation))


OPERASI = {
    "kode": "lain",
    "nama": "Lain",
    "polres": "Polres",
    "waktu_pemungutan": cast.VOTE_AT,
    "zona_waktu": "WIB",
    "paket_aturan": "pp-43-2014",
    "pola": "jatim-2021-2023",
    "latihan": True,
}


KARANGJATI = {"kode": cast.KARANGJATI, "nama": "Karangjati", "kecamatan": "Sumberarum", "memilih": True}
STATION = {"desa": cast.KARANGJATI, "nomor": 4, "pemilih": 400}


def test_a_second_file_grows_the_operation(op, tmp_path, capsys):
    path = workbook(tmp_path / "tambah.xlsx", tps=[STATION])
    assert import_(path, check=True) == OK
    assert "baru 1" in capsys.readouterr().out and not Tps.objects.filter(nomor=4).exists()
    assert import_(path) == OK
    assert Tps.objects.get(nomor=4).pemilih == 400
    assert Entry.objects.filter(kind="places_imported").order_by("-seq").first().by == ""
    assert import_(path) == OK
    assert "sudah ada" in capsys.readouterr().out
    assert verify().ok


def test_a_hidden_row_is_pointed_out_before_anything_is_changed(op, tmp_path, capsys):
    path = workbook(tmp_path / "tambah.xlsx", tps=[STATION])
    made = load_workbook(path)
    made["tps"].row_dimensions[made["tps"].max_row].hidden = True
    made.save(path)
    assert import_(path, check=True) == OK
    assert ": ditemukan 1 baris tersembunyi" in capsys.readouterr().err


def test_a_folder_grows_it_as_well(op, tmp_path):
    (tmp_path / "tps.csv").write_text(f"desa,nomor,pemilih\n{cast.KARANGJATI},4,400\n")
    assert import_(tmp_path) == OK
    assert Tps.objects.get(nomor=4).pemilih == 400


def test_a_file_of_an_operation_that_is_not_there_begins_it_beside_the_others(op, tmp_path, capsys):
    before = head("uji")
    path = workbook(tmp_path / "a.xlsx", operasi=[OPERASI], desa=[KARANGJATI], tps=[STATION | {"nomor": 1}])
    assert import_(path, check=True) == OK and Operation.objects.count() == 1
    assert import_(path) == OK
    assert Operation.objects.get(kode="lain").tps.count() == 1
    assert head("uji") == before and verify().ok
    grown = workbook(tmp_path / "b.xlsx", operasi=[OPERASI], tps=[STATION])
    assert import_(grown) == OK  # the code says which one grows
    assert Operation.objects.get(kode="lain").tps.count() == 2
    assert head("uji") == before


def test_a_file_for_one_operation_that_names_another_is_refused(op, other, tmp_path):
    path = workbook(tmp_path / "a.xlsx", operasi=[OPERASI])
    with pytest.raises(ImportRefused) as refused:
        import_(path, operation="uji")
    assert "kode" in [p.column for p in refused.value.problems]


def test_a_file_without_a_code_asks_which_of_several(op, other, tmp_path):
    path = workbook(tmp_path / "tambah.xlsx", tps=[STATION])
    with pytest.raises(NameOne) as asked:
        import_(path)
    assert asked.value.args == ("lain", "uji")
    with pytest.raises(UnknownOperation):
        import_(path, operation="tiada")
    assert import_(path, operation="lain") == OK
    assert Tps.objects.get(nomor=4).operation == other


def test_without_any_operation_a_file_must_name_its_own(db, tmp_path):
    with pytest.raises(ImportRefused):  # of a place that nothing names
        import_(workbook(tmp_path / "tambah.xlsx", tps=[STATION]))


def test_the_first_file_brings_the_dates_of_its_decrees(db, tmp_path):
    operasi = OPERASI | {"kode": "baru", "latihan": False}
    stage = {"tahap": "pelantikan", "waktu": cast.VOTE_AT + timedelta(days=60), "sumber": "SK 1"}
    path = workbook(tmp_path / "a.xlsx", operasi=[operasi], desa=[KARANGJATI], tahap=[stage])
    assert import_(path, check=True) == OK and not Operation.objects.exists()
    assert import_(path) == OK
    assert StageDate.objects.get().source == "SK 1"


def test_boundaries_by_command(op, tmp_path, capsys):
    path = geojson(tmp_path / "batas.geojson", *cast.DESA[:4])
    assert boundaries(path, check=True) == OK and not Boundary.objects.exists()
    assert cast.OUTSIDE in capsys.readouterr().out  # has none in the file
    assert boundaries(path) == OK
    assert Boundary.objects.count() == 4 and verify().ok
    assert boundaries(tmp_path / "nowhere") == BAD_FILE


@pytest.mark.parametrize("kode", ["xlsx", "csv", "parquet", "gpkg"])
def test_export_by_command_is_its_owners_alone_and_logged(op, tmp_path, capsys, kode):
    out = tmp_path / f"a.{kode}"
    assert export(kode, out) == OK
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "LATIHAN - DATA ILUSTRATIF" in capsys.readouterr().out
    assert AccessEntry.objects.get().subject == "measure.export"
    assert export(kode, out) == REFUSED  # nothing is written over
    if kode == "xlsx":
        places = load_workbook(out)["tempat"]
        assert cast.OUTSIDE in [row[0] for row in places.iter_rows(values_only=True)]


def test_boundaries_and_exports_are_those_of_the_operation_that_is_named(op, other, tmp_path):
    path = geojson(tmp_path / "batas.geojson", *cast.DESA[:4])
    for command in (lambda **k: boundaries(path, **k), lambda **k: export("csv", tmp_path / "a.zip", **k)):
        with pytest.raises(NameOne):
            command()
        assert command(operation="lain") == OK
    assert set(Boundary.objects.values_list("operation__kode", flat=True)) == {"lain"}
    assert AccessEntry.objects.get().payload["operation"] == "lain"
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert cast.OTHER["nama"] in archive.read("keterangan.csv").decode("utf-8-sig")


def test_an_archive_takes_no_file(op, tmp_path):
    postures = {d.kode: Posture.CLOSED for d in op.desa.filter(memilih=True)}
    for to in (Phase.RUNNING, Phase.CLOSED, Phase.ARCHIVED):
        move_operation(operation=op, to=to, postures=postures, reason="x", by=None, now=cast.NOW)
    with pytest.raises(Conflict) as refused:
        import_(workbook(tmp_path / "tambah.xlsx", tps=[STATION]))
    assert "diarsipkan" in why(refused.value) and not Tps.objects.filter(nomor=4).exists()


def test_an_office_without_account_says_how_to_make_one(db, request):
    assert "user add admin" in no_account()
    request.getfixturevalue("people")
    assert no_account() == ""

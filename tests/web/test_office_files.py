"""The commands that read and write files, in an office that has its operation."""

from __future__ import annotations

import json
import stat
from argparse import Namespace
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from kondusif.errors import ImportRefused
from kondusif.files.operation import OperationFile
from kondusif.files.write import write_workbook
from kondusif_web import office, office_files
from kondusif_web.accounts.models import AccessEntry
from kondusif_web.election.models import Boundary, Operation, StageDate, Tps
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.terminal import no_account
from tests import cast

pytestmark = pytest.mark.django_db


def workbook(path, **sheets):
    write_workbook(path, OperationFile.of({name: tuple(rows) for name, rows in sheets.items()}))
    return path


def import_(path, check=False):
    return office_files.import_file(Namespace(file=path, check=check))


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


def boundaries(path, check=False):
    return office_files.boundaries(Namespace(file=path, source="BIG 2025", code_property="", check=check))


STATION = {"desa": cast.KARANGJATI, "nomor": 4, "pemilih": 400}


def test_a_second_file_grows_the_operation(op, tmp_path, capsys):
    path = workbook(tmp_path / "tambah.xlsx", tps=[STATION])
    assert import_(path, check=True) == office.OK
    assert "baru 1" in capsys.readouterr().out and not Tps.objects.filter(nomor=4).exists()
    assert import_(path) == office.OK
    assert Tps.objects.get(nomor=4).pemilih == 400
    assert Entry.objects.filter(kind="places_imported").order_by("-seq").first().by == ""
    assert import_(path) == office.OK
    assert "sudah ada" in capsys.readouterr().out
    assert verify().ok


def test_a_folder_grows_it_as_well(op, tmp_path):
    (tmp_path / "tps.csv").write_text(f"desa,nomor,pemilih\n{cast.KARANGJATI},4,400\n")
    assert import_(tmp_path) == office.OK
    assert Tps.objects.get(nomor=4).pemilih == 400


def test_a_file_of_another_operation_is_refused(op, tmp_path):
    operasi = {
        "kode": "lain",
        "nama": "Lain",
        "polres": "Polres",
        "waktu_pemungutan": cast.VOTE_AT,
        "zona_waktu": "WIB",
        "paket_aturan": "pp-43-2014",
        "pola": "jatim-2021-2023",
        "latihan": True,
    }
    with pytest.raises(ImportRefused) as refused:
        import_(workbook(tmp_path / "a.xlsx", operasi=[operasi]))
    assert "kode" in [p.column for p in refused.value.problems]


def test_the_first_file_brings_the_dates_of_its_decrees(db, tmp_path):
    operasi = {
        "kode": "baru",
        "nama": "Baru",
        "polres": "Polres",
        "waktu_pemungutan": cast.VOTE_AT,
        "zona_waktu": "WIB",
        "paket_aturan": "pp-43-2014",
        "pola": "jatim-2021-2023",
        "latihan": False,
    }
    desa = {"kode": cast.KARANGJATI, "nama": "Karangjati", "kecamatan": "Sumberarum", "memilih": True}
    stage = {"tahap": "pelantikan", "waktu": cast.VOTE_AT + timedelta(days=60), "sumber": "SK 1"}
    path = workbook(tmp_path / "a.xlsx", operasi=[operasi], desa=[desa], tahap=[stage])
    assert import_(path, check=True) == office.OK and not Operation.objects.exists()
    assert import_(path) == office.OK
    assert StageDate.objects.get().source == "SK 1"


def test_boundaries_by_command(op, tmp_path, capsys):
    path = geojson(tmp_path / "batas.geojson", *cast.DESA[:4])
    assert boundaries(path, check=True) == office.OK and not Boundary.objects.exists()
    assert cast.OUTSIDE in capsys.readouterr().out  # has none in the file
    assert boundaries(path) == office.OK
    assert Boundary.objects.count() == 4 and verify().ok
    assert boundaries(tmp_path / "nowhere") == office.BAD_FILE


@pytest.mark.parametrize("kode", ["xlsx", "csv", "parquet", "gpkg"])
def test_export_by_command_is_its_owners_alone_and_logged(op, tmp_path, capsys, kode):
    out = tmp_path / f"a.{kode}"
    assert office_files.export(Namespace(format=kode, out=out)) == office.OK
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "LATIHAN - DATA ILUSTRATIF" in capsys.readouterr().out
    assert AccessEntry.objects.get().subject == "measure.export"
    assert office_files.export(Namespace(format=kode, out=out)) == office.REFUSED  # nothing is written over
    if kode == "xlsx":
        places = load_workbook(out)["tempat"]
        assert cast.OUTSIDE in [row[0] for row in places.iter_rows(values_only=True)]


def test_an_office_without_account_says_how_to_make_one(db, request):
    assert "user add admin" in no_account()
    request.getfixturevalue("people")
    assert no_account() == ""

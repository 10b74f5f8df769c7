"""Exports of the office: who may, what is in them, where it stops, and that reading is logged."""

from __future__ import annotations

import builtins
import csv
import io
import sqlite3
import zipfile

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from kondusif.files.formats import FORMATS
from kondusif_web.accounts.models import AccessEntry
from kondusif_web.answers import actions as answers_actions
from kondusif_web.classes import actions as classes_actions
from kondusif_web.election.models import Operation
from kondusif_web.intake.tables import measure_export
from tests import cast
from tests.web.test_classes import CALM, TENSE, told, village

pytestmark = pytest.mark.django_db

EKSPOR = reverse("intake:ekspor", args=["uji"])
TABLES = ["keterangan", "tempat", "jawaban", "nilai", "kelas", "sumbangan", "keterisian", "resep"]


@pytest.fixture
def published(op, people):
    answers = [*village(TENSE), *village(CALM, cast.TEGALREJO)]
    answers_actions.take_answers(operation=op, answers=answers, by=people.perencana, now=cast.NOW)
    outside = [told("A01", 2, id="outside", place=cast.OUTSIDE)]
    answers_actions.take_answers(operation=op, answers=outside, by=None, now=cast.NOW)
    classes_actions.assess_operation(operation=op, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=op, by=people.perencana, now=cast.NOW)
    return op


def get(browser, kode):
    return browser.get(reverse("intake:unduh", args=["uji", kode]))


def tables(browser):
    with zipfile.ZipFile(io.BytesIO(get(browser, "csv").content)) as archive:
        return {
            n.removesuffix(".csv"): list(csv.DictReader(io.StringIO(archive.read(n).decode("utf-8-sig"))))
            for n in archive.namelist()
        }


@pytest.mark.parametrize("person", [p.username for p in cast.PEOPLE])
def test_who_may_export(published, as_, person):
    role = next(p.role for p in cast.PEOPLE if p.username == person)
    status = 200 if role in ("planner", "kapolres") else 404 if role == "admin" else 403
    assert as_(person).get(EKSPOR).status_code == status
    assert get(as_(person), "csv").status_code == status


def test_every_download_is_logged(published, as_):
    get(as_("kapolres"), "xlsx")
    assert ("read", "kapolres", "measure.export") in [
        (e.kind, e.by, e.subject) for e in AccessEntry.objects.all()
    ]


@pytest.mark.parametrize("kode", FORMATS)
def test_every_format_comes_as_a_file_that_says_what_it_is(published, as_, kode):
    answer = get(as_("perencana"), kode)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="uji-LATIHAN.{FORMATS[kode].ending}"'
    assert answer["Cache-Control"] == "no-store"


def test_another_format_is_not_there(published, as_):
    assert get(as_("perencana"), "pdf").status_code == 404


def test_the_tables_hold_what_was_measured(published, as_):
    found = tables(as_("kapolres"))
    assert list(found) == TABLES
    score = next(r for r in found["nilai"] if r["kode"] == cast.KARANGJATI)
    assert float(score["nilai"]) == pytest.approx(38.59, abs=0.005)
    points = [float(r["poin"]) for r in found["sumbangan"] if r["kode"] == cast.KARANGJATI and r["poin"]]
    assert sum(points) == pytest.approx(float(score["nilai"]), abs=1e-9)
    kelas = {r["kode"]: r for r in found["kelas"]}
    assert (kelas[cast.KARANGJATI]["tingkat"], kelas[cast.KARANGJATI]["kelas"]) == ("2", "Rawan")
    assert kelas[cast.KARANGJATI]["keterisian_tahap"] == "1.0" and kelas[cast.KARANGJATI]["kepastian"]
    assert kelas[cast.WONOSARI]["kelas"] == "belum dinilai" and kelas[cast.WONOSARI]["nilai"] == ""
    assert f"{cast.KARANGJATI}-01" in kelas
    assert len(found["resep"]) == len(found["keterisian"]) == len(cast.ITEMS)
    assert next(r for r in found["keterisian"] if r["butir"] == "A01")["terjawab"] == "2"
    assert len(found["jawaban"]) == 2 * len(cast.ITEMS) + 1  # two villages, one answer beside


def test_nobody_exports_beyond_their_areas(published, as_):
    found = tables(as_("perencana"))
    assert cast.OUTSIDE not in str(found)
    assert cast.OUTSIDE in str(tables(as_("kapolres")))


def test_an_export_holds_nothing_of_another_operation(published, other, as_):
    from tests.conftest import enlist

    there = enlist(other)
    answers = [told("A01", 4, id="theirs"), told("A01", 2, id="outside", place=cast.OUTSIDE)]
    answers_actions.take_answers(operation=other, answers=answers, by=there.kabagops, now=cast.NOW)
    found = tables(as_("kapolres"))
    assert "theirs" not in str(found) and len(found["jawaban"]) == 91
    with zipfile.ZipFile(io.BytesIO(as_("kapolres").get("/o/lain/ekspor/csv/").content)) as archive:
        text = archive.read("jawaban.csv").decode("utf-8-sig")
        assert "theirs" in text and len(text.splitlines()) == 3
        assert "terbit" not in archive.read("nilai.csv").decode("utf-8-sig")


def test_every_row_carries_the_mark_and_a_real_operation_has_none(published, as_):
    assert {r["tanda"] for t in tables(as_("perencana")).values() for r in t} == {"LATIHAN - DATA ILUSTRATIF"}
    Operation.objects.update(illustrative=False)
    assert {r["tanda"] for t in tables(as_("perencana")).values() for r in t} == {"LATIHAN"}
    Operation.objects.update(drill=False, clock=None)
    assert {r["tanda"] for t in tables(as_("perencana")).values() for r in t} == {""}


def test_a_source_that_begins_like_a_formula_does_not_run(op, as_, people):
    answers = [told("A01", 2, id="=HYPERLINK(1)", source="+62 panitia")]
    answers_actions.take_answers(operation=op, answers=answers, by=people.perencana, now=cast.NOW)
    page = load_workbook(io.BytesIO(get(as_("perencana"), "xlsx").content))["jawaban"]
    (row,) = page.iter_rows(min_row=3)
    assert row[0].value == "'=HYPERLINK(1)" and row[0].data_type == "s"
    assert row[3].value == 2 and row[7].value == "'+62 panitia"


def test_the_map_package_holds_classes_of_villages_and_stations(published, as_, tmp_path):
    path = tmp_path / "a.gpkg"
    path.write_bytes(get(as_("perencana"), "gpkg").content)
    with sqlite3.connect(path) as book:
        rows = dict(book.execute("SELECT kode, kelas FROM desa_titik"))
        stations = book.execute("SELECT count(*) FROM tps_titik").fetchone()[0]
    assert rows[cast.KARANGJATI] == "Rawan" and rows[cast.WONOSARI] is None
    assert stations == 7


def test_without_any_point_the_map_package_says_why(published, as_):
    published.desa.update(lat=None, lng=None)
    published.tps.update(lat=None, lng=None)
    answer = get(as_("perencana"), "gpkg")
    assert answer.status_code == 200 and "tidak ada peta" in answer.content.decode()


@pytest.mark.parametrize(
    ("kode", "library", "extra"), [("parquet", "polars", "big"), ("gpkg", "pyogrio", "gis")]
)
def test_a_missing_library_is_a_page_with_the_command(published, as_, monkeypatch, kode, library, extra):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] == library:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    answer = get(as_("perencana"), kode)
    assert answer.status_code == 200 and "attachment" not in answer.get("Content-Disposition", "")
    assert f"kondusif[{extra}]" in answer.content.decode()


def test_before_anything_is_published_the_tables_are_there_and_empty(op, people):
    export = measure_export(op, people.perencana, cast.NOW)
    assert [t.name for t in export.tables] == TABLES
    by_name = {t.name: t for t in export.tables}
    assert by_name["nilai"].rows == () and by_name["sumbangan"].rows == ()
    assert {row[4] for row in by_name["kelas"].rows} == {"belum dinilai"}

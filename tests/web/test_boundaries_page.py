"""Boundaries in the office: shown, confirmed, drawn on the map in place of schematic cells."""

from __future__ import annotations

import json
import re
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kondusif_web.election.models import Boundary, Desa
from kondusif_web.intake.models import Pending
from kondusif_web.logbook.models import Entry
from kondusif_web.logbook.verify import verify
from kondusif_web.pages.map_drawing import draw_map
from kondusif_web.pages.map_layout import MapCell
from tests import cast
from tests.conftest import enlist

pytestmark = pytest.mark.django_db

BATAS = reverse("intake:batas", args=["uji"])


def geojson(*desa, **change):
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"kode": d.kode.replace(".", ""), "nama": d.nama},
                    "geometry": {"type": "Polygon", "coordinates": [cast.cell(d)]} | change,
                }
                for d in desa
            ],
        }
    ).encode()


def upload(browser, raw, source="BIG 2025", name="batas.geojson", sifat=""):
    file = SimpleUploadedFile(name, raw)
    return browser.post(BATAS, {"berkas": file, "sumber": source, "sifat": sifat})


def preview(browser, raw, **more):
    answer = upload(browser, raw, **more)
    assert answer.status_code == 302, answer.content.decode()
    text = browser.get(answer.url).content.decode()
    return text, {n: re.search(f'name="{n}" value="([^"]+)"', text)[1] for n in ("berkas", "segel")}


def take(browser, raw, **more):
    return browser.post(reverse("intake:batas_terapkan", args=["uji"]), preview(browser, raw, **more)[1])


def test_boundaries_are_shown_with_both_leftovers_and_nothing_changes(op, as_):
    text, _ = preview(as_("perencana"), geojson(*cast.DESA[:2], cast.DESA[4]))
    assert "Wonosari (99.01.01.2003)" in text  # without a partner here
    assert cast.OUTSIDE in text  # of the operation, but outside this account's areas
    assert "Batas: BIG 2025" in text and "<svg" in text
    assert not Boundary.objects.exists()


def test_confirmed_boundaries_are_kept_with_their_source_and_stand_in_the_book(op, as_):
    assert take(as_("perencana"), geojson(*cast.DESA[:4])).url == BATAS
    rows = Boundary.objects.order_by("desa__kode")
    assert [r.desa.kode for r in rows] == [d.kode for d in cast.DESA[:4]]
    assert {r.source for r in rows} == {"BIG 2025"} and not Pending.objects.exists()
    line = Entry.objects.get(kind="boundaries_imported")
    assert line.payload["desa"] == [d.kode for d in cast.DESA[:4]] and len(line.payload["digest"]) == 64
    assert verify().ok
    assert "BIG 2025" in as_("perencana").get(BATAS).content.decode()


def test_the_board_draws_them(op, as_):
    browser = as_("perencana")
    assert "skematis" in browser.get("/o/uji/").content.decode()
    take(browser, geojson(*cast.DESA[:4]))
    page = browser.get("/o/uji/").content.decode()
    assert "Batas: BIG 2025" in page and "skematis" not in page


def test_a_village_without_boundary_does_not_vanish_from_the_map(op, as_):
    browser = as_("perencana")
    take(browser, geojson(*cast.DESA[:2]))
    assert "Tanpa batas, digambar lingkaran: Wonosari" in browser.get("/o/uji/").content.decode()
    Desa.objects.filter(kode=cast.WONOSARI).update(lat=None, lng=None)
    assert "tidak tergambar: Wonosari" in browser.get("/o/uji/").content.decode()


def test_a_newer_file_takes_the_place_of_the_older(op, as_):
    browser = as_("perencana")
    take(browser, geojson(*cast.DESA[:4]))
    text, sent = preview(browser, geojson(cast.DESA[0]), source="BIG 2026")
    assert "berubah" in text
    browser.post(reverse("intake:batas_terapkan", args=["uji"]), sent)
    sources = dict(Boundary.objects.values_list("desa__kode", "source"))
    assert sources.pop(cast.KARANGJATI) == "BIG 2026" and set(sources.values()) == {"BIG 2025"}
    assert Boundary.objects.count() == 4 and verify().ok


def test_a_wrong_feature_is_named(op, as_):
    answer = upload(as_("perencana"), geojson(cast.DESA[0], coordinates=[[[-7.7, 112.9]] * 4]))
    page = answer.content.decode()
    assert answer.status_code == 422 and "tertukar" in page and "batas.geojson, 1, coordinates" in page
    assert not Pending.objects.exists()


@pytest.mark.parametrize(
    ("name", "source"), [("batas.shp", "BIG"), ("batas.geojson", ""), ("batas.geojson", "partai")]
)
def test_a_form_that_is_not_filled_is_422(op, as_, name, source):
    assert upload(as_("perencana"), geojson(cast.DESA[0]), source=source, name=name).status_code == 422


def test_a_village_that_came_meanwhile_is_shown_again(op, as_):
    browser = as_("perencana")
    _, sent = preview(browser, geojson(*cast.DESA[:4]))
    Desa.objects.create(operation=op, kode="99.01.01.2010", nama="Baru", kecamatan="Sumberarum")
    answer = browser.post(reverse("intake:batas_terapkan", args=["uji"]), sent)
    assert answer.status_code == 409 and "isi kantor berubah" in answer.content.decode()
    assert not Boundary.objects.exists()


def test_boundaries_are_those_of_their_operation(op, other, as_):
    enlist(other)
    browser = as_("perencana")
    _, sent = preview(browser, geojson(*cast.DESA[:4]))
    assert browser.post("/o/lain/batas/terapkan/", sent).status_code == 409
    browser.post(reverse("intake:batas_terapkan", args=["uji"]), sent)
    assert set(Boundary.objects.values_list("operation__kode", flat=True)) == {"uji"}
    assert "BIG 2025" not in browser.get("/o/lain/batas/").content.decode()


def test_a_waiting_file_is_of_its_person(op, as_):
    _, sent = preview(as_("perencana"), geojson(cast.DESA[0]))
    assert as_("kabagops").post(reverse("intake:batas_terapkan", args=["uji"]), sent).status_code == 409


# ---- the drawing


def test_holes_and_islands_are_one_path_and_the_mark_stands_on_the_largest():
    outer = [[0, 0], [10, 0], [10, 10], [0, 10]]
    hole, island = [[4, 4], [6, 4], [6, 6], [4, 6]], [[20, 0], [21, 0], [21, 1], [20, 1]]
    html = str(draw_map([MapCell("a", "A", outer, voting=True, level=2, parts=[hole, island], source="BIG")]))
    path = re.search(r'class="desa k2" fill-rule="evenodd" d="([^"]+)"', html)[1]
    assert path.count("M") == path.count("Z") == 3
    assert "Batas: BIG" in html and "skematis" not in html


def test_a_hostile_source_is_shown_and_not_run():
    html = str(draw_map([MapCell("a", "A", [[0, 0], [1, 0], [1, 1]], voting=True, source="<script>")]))
    assert "<script>" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize("name", ['"\\ud800"', "[" * 400 + "]" * 400, '"<script>alert(1)</script>"', "5"])
def test_a_hostile_name_is_shown_and_breaks_no_page(op, as_, name):
    browser = as_("perencana")
    ring = "[[112.89,-7.71],[112.91,-7.71],[112.91,-7.69],[112.89,-7.71]]"
    shape = f'{{"type":"Polygon","coordinates":[{ring}]}}'
    feature = f'"geometry":{shape},"properties":{{"kode":"{cast.KARANGJATI}","nama":{name}}}'
    text = f'{{"type":"FeatureCollection","features":[{{"type":"Feature",{feature}}}]}}'
    sent = {"berkas": SimpleUploadedFile("b.geojson", text.encode()), "sumber": "BIG, batas desa, 2025"}
    answer = browser.post(reverse("intake:batas", args=["uji"]), sent)
    assert answer.status_code == 302
    page = browser.get(answer.url)
    assert page.status_code == 200 and b"<script>alert" not in page.content


def test_a_crossing_is_named_with_its_feature_and_what_to_do(op, as_):
    tie = [[[112.89, -7.71], [112.91, -7.71], [112.895, -7.69], [112.91, -7.69], [112.89, -7.71]]]
    answer = upload(as_("perencana"), geojson(cast.DESA[0], coordinates=tie))
    page = answer.content.decode()
    assert answer.status_code == 422 and "memotong dirinya sendiri" in page and "Fix Geometries" in page
    assert not Boundary.objects.exists()


def test_an_overlap_is_pointed_out_and_may_be_applied(op, as_):
    same = [cast.cell(cast.DESA[0])]
    text, sent = preview(as_("perencana"), geojson(*cast.DESA[:2], coordinates=same))
    assert (
        "batasnya tumpang tindih dengan desa lain" in text
        and f"Tegalrejo ({cast.TEGALREJO}), 490,2 ha" in text
    )
    assert "Belum diperiksa di sini" not in text
    assert as_("perencana").post(reverse("intake:batas_terapkan", args=["uji"]), sent).status_code == 302


def test_without_the_library_the_page_says_what_nobody_looked_at(op, as_, monkeypatch):
    monkeypatch.setitem(sys.modules, "shapely", None)
    text, _ = preview(as_("perencana"), geojson(cast.DESA[0]))
    assert "Belum diperiksa di sini" in text and "kondusif[gis]" in text

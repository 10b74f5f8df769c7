"""The map of one village: outline, stations, neighbours within the frame, and everything again in words."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kondusif_web.election.models import Desa
from kondusif_web.pages.map_drawing import VILLAGE_PHONE, VILLAGE_WIDE, StationMark, VillageMap, draw_village
from kondusif_web.pages.map_layout import MapCell, area_and_centroid, clip
from tests import cast

SQUARE = [[113.0, -7.0], [113.02, -7.0], [113.02, -7.02], [113.0, -7.02]]
EAST = [[113.02, -7.0], [113.04, -7.0], [113.04, -7.02], [113.02, -7.02]]
FAR = [[114.0, -7.0], [114.02, -7.0], [114.02, -7.02], [114.0, -7.02]]
HERE = MapCell("d1", "Karang <Jati>", SQUARE, voting=True, level=2, url="/o/uji/desa/d1/")
NEXT = MapCell("d2", "Sumber", EAST, voting=True, level=3, url="/o/uji/desa/d2/")
QUIET = MapCell("d3", "Jauh", FAR)
ONE = StationMark("d1-01", 1, "Balai", (113.01, -7.01), 3)
NOWHERE = StationMark("d1-02", 2, "SDN", None, 2)


def drawn(desa=HERE, around=(NEXT, QUIET), tps=(ONE, NOWHERE), **more) -> str:
    return str(draw_village(VillageMap(desa, tuple(around), tuple(tps), **more)))


def test_class_is_texture_shape_and_word_of_village_station_and_neighbour():
    html = drawn()
    for part in ("#peta-desa-arsir-k2", "#peta-desa-arsir-k3", "#ik-k3"):
        assert part in html
    assert (
        'href="/o/uji/desa/d2/"' in html and 'href="/o/uji/desa/d1/"' not in html
    )  # one does not link to oneself
    said = re.search(r"<desc[^>]*>(.*?)</desc>", html).group(1)
    for word in ("Rawan", "TPS 01, Sangat Rawan", "TPS 02, Rawan, tanpa titik", "Di sekitarnya: Sumber"):
        assert word in said
    assert "Karang &lt;Jati&gt;" in html and "<Jati>" not in html
    assert "Jauh" not in html  # outside the frame


def test_a_reader_without_classes_sees_places_alone():
    html = drawn(
        desa=MapCell("d1", "Karangjati", SQUARE, voting=True),
        around=(),
        tps=(StationMark("d1-01", 1, "Balai", ONE.at),),
        classes=False,
    )
    assert "jangkar" in html and "#ik-k" not in html and "Rawan" not in html


@pytest.mark.parametrize(
    "desa, tps, told, draws",
    [
        (HERE, (ONE,), "Peta skematis, bukan batas resmi", True),
        (MapCell("d1", "K", SQUARE, voting=True, source="BIG 2025"), (ONE,), "Batas: BIG 2025", True),
        (MapCell("d1", "K", SQUARE, voting=True, circle=True), (ONE,), "lingkaran di sekitar titiknya", True),
        (MapCell("d1", "K", [], voting=True), (ONE,), "Batas desa ini belum ada; hanya TPS", True),
        (MapCell("d1", "K", [], voting=True), (NOWHERE,), "Batas desa ini belum ada", False),
    ],
)
def test_an_outline_that_is_not_there_is_told(desa, tps, told, draws):
    peta = VillageMap(desa, (NEXT,), tps)
    assert told in peta.source
    assert (peta.empty, bool(str(draw_village(peta)))) == (not draws, draws)


def test_the_list_names_the_neighbours_that_the_frame_shows():
    assert [b.name for b in VillageMap(HERE, (QUIET, NEXT), (ONE,)).neighbours] == ["Sumber"]


@pytest.mark.parametrize("size", [VILLAGE_WIDE, VILLAGE_PHONE])
def test_what_lies_outside_the_frame_is_cut_off(size):
    w, h = size.width, size.height
    whole = clip([(-w, -h), (2 * w, -h), (2 * w, 2 * h), (-w, 2 * h)], size)
    area, middle = area_and_centroid(whole)
    assert (area, *middle) == pytest.approx((w * h, w / 2, h / 2))
    half = clip([(-w, 0), (w / 2, 0), (w / 2, h), (-w, h)], size)
    assert area_and_centroid(half)[0] == pytest.approx(w * h / 2)
    assert clip([(2 * w, 0), (3 * w, 0), (3 * w, h)], size) == []


def test_marks_of_stations_at_one_point_do_not_cover_each_other():
    html = drawn(tps=[StationMark(f"d1-0{n}", n, "", ONE.at, 2) for n in (1, 2, 3)])
    spots = re.findall(r'<use href="#ik-k2" x="(\d+)" y="(\d+)"', html)
    assert len(spots) == len(set(spots)) == 3 and html.count("tali") == 2


@pytest.mark.django_db
def test_the_village_page_has_it_and_the_forum_sees_only_its_areas(op, as_):
    Desa.objects.update(cell=SQUARE)
    page = as_("kapolres").get(reverse("situation:desa", args=(op.kode, cast.KARANGJATI))).content.decode()
    assert 'id="peta-desa-t"' in page and 'id="peta-desa-hp-t"' in page
    assert "Isi peta sebagai daftar" in page and "TPS 01" in page
    own = as_("panitia.karangjati").get(reverse("situation:desa", args=(op.kode, cast.KARANGJATI)))
    peta = own.context["peta"]
    assert (peta.classes, peta.around, {t.level for t in peta.stations}) == (False, (), {None})


@pytest.mark.django_db
def test_a_village_without_outline_and_points_says_so(op, as_):
    Desa.objects.update(cell=[])
    op.tps.update(lat=None, lng=None)
    page = as_("kapolres").get(reverse("situation:desa", args=(op.kode, cast.KARANGJATI))).content.decode()
    assert "Batas desa dan titik TPS belum ada." in page and "peta-desa-t" not in page

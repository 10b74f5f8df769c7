"""The map of one village: outline, stations, neighbours within the frame, and everything again in words."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from kondusif_web.election.models import Desa
from kondusif_web.pages.peta_desa import PHONE, WIDE, PetaDesa, TitikTps, gambar_desa, potong
from kondusif_web.pages.susun import Bidang, luas_dan_pusat
from tests import cast

SQUARE = [[113.0, -7.0], [113.02, -7.0], [113.02, -7.02], [113.0, -7.02]]
EAST = [[113.02, -7.0], [113.04, -7.0], [113.04, -7.02], [113.02, -7.02]]
FAR = [[114.0, -7.0], [114.02, -7.0], [114.02, -7.02], [114.0, -7.02]]
HERE = Bidang("d1", "Karang <Jati>", SQUARE, memilih=True, level=2, url="/o/uji/desa/d1/")
NEXT = Bidang("d2", "Sumber", EAST, memilih=True, level=3, url="/o/uji/desa/d2/")
QUIET = Bidang("d3", "Jauh", FAR)
ONE = TitikTps("d1-01", 1, "Balai", (113.01, -7.01), 3)
NOWHERE = TitikTps("d1-02", 2, "SDN", None, 2)


def drawn(desa=HERE, around=(NEXT, QUIET), tps=(ONE, NOWHERE), **more) -> str:
    return str(gambar_desa(PetaDesa(desa, tuple(around), tuple(tps), **more)))


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
        desa=Bidang("d1", "Karangjati", SQUARE, memilih=True),
        around=(),
        tps=(TitikTps("d1-01", 1, "Balai", ONE.at),),
        kelas=False,
    )
    assert "jangkar" in html and "#ik-k" not in html and "Rawan" not in html


@pytest.mark.parametrize(
    "desa, tps, told, draws",
    [
        (HERE, (ONE,), "Peta skematis, bukan batas resmi", True),
        (Bidang("d1", "K", SQUARE, memilih=True, sumber="BIG 2025"), (ONE,), "Batas: BIG 2025", True),
        (Bidang("d1", "K", SQUARE, memilih=True, titik=True), (ONE,), "lingkaran di sekitar titiknya", True),
        (Bidang("d1", "K", [], memilih=True), (ONE,), "Batas desa ini belum ada; hanya TPS", True),
        (Bidang("d1", "K", [], memilih=True), (NOWHERE,), "Batas desa ini belum ada", False),
    ],
)
def test_an_outline_that_is_not_there_is_told(desa, tps, told, draws):
    peta = PetaDesa(desa, (NEXT,), tps)
    assert told in peta.asal
    assert (peta.kosong, bool(str(gambar_desa(peta)))) == (not draws, draws)


def test_the_list_names_the_neighbours_that_the_frame_shows():
    assert [b.nama for b in PetaDesa(HERE, (QUIET, NEXT), (ONE,)).tergambar] == ["Sumber"]


@pytest.mark.parametrize("rupa", [WIDE, PHONE])
def test_what_lies_outside_the_frame_is_cut_off(rupa):
    w, h = rupa.lebar, rupa.tinggi
    whole = potong([(-w, -h), (2 * w, -h), (2 * w, 2 * h), (-w, 2 * h)], rupa)
    area, middle = luas_dan_pusat(whole)
    assert (area, *middle) == pytest.approx((w * h, w / 2, h / 2))
    half = potong([(-w, 0), (w / 2, 0), (w / 2, h), (-w, h)], rupa)
    assert luas_dan_pusat(half)[0] == pytest.approx(w * h / 2)
    assert potong([(2 * w, 0), (3 * w, 0), (3 * w, h)], rupa) == []


def test_marks_of_stations_at_one_point_do_not_cover_each_other():
    html = drawn(tps=[TitikTps(f"d1-0{n}", n, "", ONE.at, 2) for n in (1, 2, 3)])
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
    assert (peta.kelas, peta.sekitar, {t.level for t in peta.tps}) == (False, (), {None})


@pytest.mark.django_db
def test_a_village_without_outline_and_points_says_so(op, as_):
    Desa.objects.update(cell=[])
    op.tps.update(lat=None, lng=None)
    page = as_("kapolres").get(reverse("situation:desa", args=(op.kode, cast.KARANGJATI))).content.decode()
    assert "Batas desa dan titik TPS belum ada." in page and "peta-desa-t" not in page

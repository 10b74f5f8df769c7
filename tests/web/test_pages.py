"""The pages: legible colours, marks that speak without colour, a map that hides nothing, a menu per role."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from math import cos, pi, sin
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from kondusif_web.election.models import Operation
from kondusif_web.pages import map_drawing, wording
from kondusif_web.pages.choices import FACE, Choices, tema_of
from kondusif_web.pages.context import MENU, bawah_of
from kondusif_web.pages.map_cells import draw_cells, north_to_south
from kondusif_web.pages.map_drawing import draw_map
from kondusif_web.pages.map_layout import MapCell, Placer, overlap, spread
from kondusif_web.pages.templatetags import kondusif as tags
from kondusif_web.public.models import Item
from tests import cast
from tests.conftest import begin, enlist

WEB = Path(map_drawing.__file__).parents[1]
STATIC, TEMPLATES = WEB / "static", WEB / "templates"
SPRITE = (TEMPLATES / "pages" / "_sprite.html").read_text(encoding="utf-8")
LIVE = cast.OPERATION | {"kode": "nyata", "drill": False, "clock": None, "illustrative": False}
OWN = sorted(p for p in WEB.rglob("templates/**/*.html"))


# ---- colours (LOOK: text on its own ground)


def _tokens(css, selector):
    block = css.split(selector, 1)[1].split("{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def _contrast(a, b):
    def light(code):
        parts = [int(code[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    one, two = sorted((light(a), light(b)), reverse=True)
    return (one + 0.05) / (two + 0.05)


CSS = (STATIC / "kondusif.css").read_text(encoding="utf-8")
LIGHT = _tokens(CSS, ":root {")
FACES = {
    "terang": LIGHT,
    "dinding": LIGHT | _tokens(CSS, ':root[data-tema="dinding"],'),
    "terik": LIGHT | _tokens(CSS, ':root[data-tema="terik"] {'),
}
PAIRS = [
    ("tinta", "bidang"),
    ("tinta", "kertas"),
    ("tinta-2", "bidang"),
    ("tinta-2", "kertas"),
    ("aksi", "bidang"),
    ("aksi-teks", "aksi"),
    ("balik-teks", "balik"),
    ("k1-teks", "k1-isi"),
    ("k2-teks", "k2-isi"),
    ("k3-teks", "k3-isi"),
    ("buka", "buka-isi"),
    ("tutup", "tutup-isi"),
    ("kecuali", "kecuali-isi"),
    ("diam", "diam-isi"),
    ("diam", "bidang"),
    ("tinta", "diam-isi"),  # the head of a drill's pages
    ("tinta-2", "diam-isi"),
    ("aksi", "diam-isi"),
]


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("text, ground", PAIRS)
def test_text_reads_on_its_ground(face, text, ground):
    assert _contrast(FACES[face][text], FACES[face][ground]) >= 4.5


@pytest.mark.parametrize("face", FACES)
def test_control_borders_are_seen(face):
    assert _contrast(FACES[face]["garis-kuat"], FACES[face]["bidang"]) >= 3


# ---- templates and the policy without inline anything


@pytest.mark.parametrize("path", OWN, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_nothing_inline(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_every_icon_that_is_asked_for_is_in_the_sprite():
    there = set(re.findall(r'<symbol id="ik-([a-z0-9]+)"', SPRITE))
    asked = {"tanda"} | {rupa.ikon for rupa in wording.POSTURES.values()} | {item.icon for item in MENU}
    for path in OWN:
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"\{% ikon \"([a-z0-9]+)\"", text))
        asked |= {f"t{kind}" for kind in re.findall(r"\{% tanda \"([a-z]+)\"", text)}
    assert asked - there == set()


def test_sprite_ids_stand_once():
    ids = re.findall(r'id="([^"]+)"', SPRITE)
    assert len(ids) == len(set(ids))


# ---- marks: shape, numeral and word before colour


@pytest.mark.parametrize("level, word", [(1, "Kurang Rawan"), (2, "Rawan"), (3, "Sangat Rawan")])
def test_badge_says_the_class_in_words(level, word):
    html = tags.lencana(level, "di_ambang_naik")
    assert f"ik-k{level}" in html and f"{word}, " in html and "di ambang naik" in html


def test_badge_of_the_unknown_claims_nothing():
    html = tags.lencana(None, "tetap")
    assert "Belum dinilai" in html and "Rawan" not in html


def test_labels_belong_to_the_operation():
    assert "Aman-1" in tags.lencana(1, "", {"1": "Aman-1"})


def test_words_are_escaped():
    assert "<b>" not in tags.lencana(1, "<b>") and "<b>" not in tags.cip("biasa", "<b>")


def test_every_posture_of_the_core_has_a_face():
    from kondusif.standby import Posture

    assert set(wording.POSTURES) == {p.value for p in Posture}


def test_every_firmness_of_the_core_has_words():
    from kondusif_index.steps.classify import Firmness

    assert {f.value for f in Firmness} <= set(wording.FIRMNESS)


@pytest.mark.parametrize(
    "state, reason, said",
    [
        ("open", "met", ["Terbuka"]),
        ("shut", "missing", ["Tertutup", "Tidak dapat dikecualikan"]),
        ("shut", "unknown", ["Tertutup", "Belum diketahui"]),
        ("shut", "expired", ["Tertutup", "Kedaluwarsa"]),
        ("waived", "", ["Dikecualikan"]),
    ],
)
def test_milestone_rows(state, reason, said):
    gate = SimpleNamespace(state=state, reason=reason, waivable=False, opens_at=None)
    html = Template("{% load kondusif %}{% gerbang g kata %}").render(
        Context({"g": gate, "kata": {"judul": "4. Kotak suara", "kenapa": "TPS 02 belum."}})
    )
    assert all(word in html for word in ["4. Kotak suara", "TPS 02 belum.", *said])


def test_a_gate_that_opens_by_itself_says_when():
    gate = SimpleNamespace(
        state="shut", reason="quiet", waivable=False, opens_at=datetime(2023, 10, 12, 6, tzinfo=UTC)
    )
    html = Template("{% load kondusif %}{% gerbang g kata %}").render(
        Context({"g": gate, "kata": {"judul": "x"}})
    )
    assert "Kam 12 Okt 13.00, bila tetap tenang" in html


# ---- times and figures


@pytest.mark.parametrize(
    "call, expected",
    [
        (lambda: tags.waktu(datetime(2023, 10, 11, 7, 5, tzinfo=UTC)), "14.05"),
        (lambda: tags.tanggal(datetime(2023, 10, 11, 18, tzinfo=UTC)), "Kam 12 Okt"),  # already the 12th here
        (lambda: tags.tanggal_panjang(datetime(2023, 10, 11, tzinfo=UTC).date()), "Rabu 11 Oktober 2023"),
        (lambda: tags.kapan(None), "–"),
        (lambda: tags.koma(38.5899), "38,59"),
        (lambda: tags.koma(1234567.5, 1), "1.234.567,5"),
        (lambda: tags.koma(None), "–"),
        (lambda: tags.koma(0), "0,00"),
        (lambda: tags.persen(0.7), "70 %"),
        (lambda: tags.lama(53), "53 menit"),
        (lambda: tags.lama(timedelta(hours=1, minutes=5)), "1 jam 5 menit"),
        (lambda: tags.lama(timedelta(days=3, hours=2)), "3 hari 2 jam"),
        (lambda: wording.hari_h(-63), "H-63"),
        (lambda: wording.hari_h(0), "H"),
        (lambda: wording.hari_h(1), "H+1"),
    ],
)
def test_times_and_figures(call, expected):
    assert call() == expected


# ---- the map


def cell(x, y, r=0.011):
    return [(x + r * cos(a * pi / 3), y + r * sin(a * pi / 3)) for a in range(6)]


def villages(n, **change):
    return [
        MapCell(
            code=str(k),
            name=f"Desa {k}",
            ring=cell(112.8 + 0.02 * (k % 6), -7.7 - 0.02 * (k // 6)),
            voting=True,
            level=k % 3 + 1,
            firmness="tetap",
            posture="standby",
            url=f"/o/uji/desa/{k}/",
            **change,
        )
        for k in range(n)
    ]


def test_map_tells_everything_in_words():
    html = str(draw_map(villages(3, marks={"insiden": 2}), drill=True))
    description = html.split("<desc", 1)[1].split("</desc>")[0]
    for word in ("Desa 0", "Kurang Rawan", "Siaga L0", "2 insiden"):
        assert word in description
    assert "skematis" in html and "LATIHAN - DATA ILUSTRATIF" in html


def test_texture_carries_the_class():
    html = str(draw_map(villages(3)))
    assert all(f"url(#peta-arsir-k{n})" in html for n in (1, 2, 3))


def test_a_class_not_for_this_reader_is_not_drawn():
    html = str(draw_map([MapCell("a", "Desa A", cell(112.8, -7.7), voting=True)]))
    assert "Rawan" not in html and "kbelum" in html


@pytest.mark.parametrize("n", [0, 1, 3, 8, 9, 30])
@pytest.mark.parametrize("hp", [False, True])
def test_map_of_any_size_has_no_inline_style(n, hp):
    html = str(draw_map(villages(n), phone=hp))
    assert "style=" not in html and "nan" not in html
    assert html.count("/o/uji/desa/") == n


def test_names_are_escaped_on_the_map():
    html = str(draw_map([MapCell("a", "<script>", cell(112.8, -7.7), voting=True, level=1)]))
    assert "<script>" not in html


@pytest.mark.parametrize("hp", [False, True])
@pytest.mark.parametrize("n", [1, 8, 9, 31, 125])
def test_no_two_labels_of_a_map_overlap_and_every_village_is_named(monkeypatch, n, hp):
    taken = []
    original = Placer.take
    monkeypatch.setattr(Placer, "take", lambda self, box: (taken.append(box), original(self, box))[1])
    crowded = [
        replace(v, name=f"Sumberkarang {v.code}", source="BIG 2021") for v in villages(n, marks={"diam": 2})
    ]
    html = str(draw_map(crowded, phone=hp))
    assert not any(overlap(a, b) for a, b in combinations(taken, 2))
    seen = re.sub(r"<desc.*?</desc>|aria-label=\"[^\"]*\"", "", html, flags=re.DOTALL)
    assert all(re.search(rf"\b{v.name}\b", seen) for v in crowded)


@given(
    st.lists(
        st.tuples(st.floats(95, 141), st.floats(-11, 6), st.booleans(), st.sampled_from("ABC")), max_size=40
    )
)
def test_each_voting_village_is_one_cell_with_its_name_inside(places):
    cells = [
        MapCell(f"d{n}", f"Desa {n}.", cell(x, y), voting=votes, district=kec, url=f"/d/{n}/")
        for n, (x, y, votes, kec) in enumerate(places)
    ]
    html = str(draw_cells(cells))
    named = re.findall(r'class="sel-nama"\s*>(Desa \d+\.)<', html)
    assert sorted(named) == sorted(c.name for c in cells if c.voting)
    assert all(c.district == name for name, own in north_to_south(cells) for c in own)


def test_cells_stand_as_one_reads_from_the_north_west():
    cells = [
        MapCell(f"{x}{y}", "Desa", cell(112 + x / 10, -7 - y / 10), voting=True, district="A")
        for x in range(3)
        for y in range(3)
    ]
    [(_name, own)] = north_to_south([*cells, MapCell("tanpa", "Tanpa", [], voting=True, district="A")])
    assert [c.code for c in own] == ["00", "10", "20", "01", "11", "21", "02", "12", "22", "tanpa"]


def test_labels_do_not_collide(monkeypatch):
    taken = []
    original = Placer.take
    monkeypatch.setattr(Placer, "take", lambda self, box: (taken.append(box), original(self, box))[1])
    draw_map(villages(8))
    assert taken and not any(overlap(a, b) for a, b in combinations(taken, 2))


@given(
    wanted=st.lists(st.floats(-500, 1500), max_size=6).map(sorted),
    height=st.floats(10, 120),
)
def test_cards_are_spread_inside_the_frame(wanted, height):
    tops = spread(wanted, height, 0, 774)
    assert all(b - a >= height - 1e-6 for a, b in pairwise(tops))
    assert all(-1e-6 <= y <= 774 - height + 1e-6 for y in tops)


# ---- faces and menu


def test_face_by_question_then_cookie():
    ask = RequestFactory()
    assert tema_of(ask.get("/o/uji/")) == "terang"
    assert tema_of(ask.get("/o/uji/?tema=terik")) == "terik"
    assert tema_of(ask.get("/o/uji/?tema=evil\n")) == "terang"
    request = ask.get("/o/uji/", headers={"cookie": f"{FACE}=dinding"})
    assert tema_of(request) == "dinding"


def test_face_is_kept():
    from django.http import HttpResponse

    keep = Choices(lambda request: HttpResponse())
    assert keep(RequestFactory().get("/o/uji/?tema=terik")).cookies[FACE].value == "terik"
    assert FACE not in keep(RequestFactory().get("/o/uji/?tema=no")).cookies


def test_menu_rests_on_permissions_that_exist():
    from kondusif_web.accounts.roles import PERMISSIONS

    assert {permission for item in MENU for permission in item.permissions} <= set(PERMISSIONS)
    assert sorted(item.bar for item in MENU) == list(range(1, len(MENU) + 1))


def test_phone_bar_holds_four_in_the_order_of_the_menu():
    menu = [{"kunci": item.key} for item in MENU]
    shown = [item["kunci"] for item in bawah_of(menu)]
    assert len(shown) == 4
    assert shown == [m["kunci"] for m in menu if m["kunci"] in shown]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who, sees, never",
    [
        ("perencana", {"ukur/", "rencana/", "dialog/", "buku/"}, {"/akses/", "/akun/"}),
        ("kapolres", {"rencana/", "penarikan/", "publik/terbit/"}, {"/akun/"}),
        ("camat", {"desa/", "penarikan/", "dialog/"}, {"rencana/", "ukur/", "buku/"}),
        ("panitia.karangjati", {"desa/", "dialog/", "penarikan/"}, {"rencana/", "ukur/"}),
        ("humas", {"dialog/", "publik/terbit/"}, {"rencana/", "penarikan/"}),
        ("auditor", {"buku/", "/akses/"}, {"rencana/", "dialog/", "/akun/"}),
        ("admin", {"/akun/"}, {"desa/", "dialog/", "buku/", "rencana/", "/akses/"}),
    ],
)
def test_each_role_sees_what_it_may_use(who, sees, never, op, as_):
    page = as_(who).get("/o/uji/dialog/")  # a refusal has the menu too
    if page.status_code == 404:  # an administrator is in no operation
        page = as_(who).get("/akun/")
    menu = set(re.findall(r'<li><a href="([^"]+)"', page.content.decode()))
    assert {url if url.startswith("/") else f"/o/uji/{url}" for url in sees} <= menu
    assert not {url if url.startswith("/") else f"/o/uji/{url}" for url in never} & menu


@pytest.mark.django_db
def test_frame_has_the_banner_skip_link_and_sign_out(op, as_):
    html = as_("kapolsek").get("/o/uji/dialog/").content.decode()
    for part in (
        'class="lewati"',
        "LATIHAN - DATA ILUSTRATIF",
        'aria-current="page"',
        "H+1",
        'action="/keluar/"',
    ):
        assert part in html
    assert html.count("<h1") == 1


@pytest.mark.django_db
def test_every_page_of_a_drill_is_marked_in_its_title_its_band_and_its_colour(op, as_):
    for path in ("/o/uji/dialog/", "/o/uji/rencana/", "/o/uji/desa/99.01.01.9999/"):
        html = as_("danramil").get(path).content.decode()
        assert "<title>LATIHAN · " in html and 'class="latihan"' in html and "dalam-latihan" in html


@pytest.mark.django_db
def test_a_live_operation_bears_no_mark_of_a_drill(as_):
    enlist(begin(LIVE))
    html = as_("kapolsek").get("/o/nyata/dialog/").content.decode()
    assert "LATIHAN" not in html and "dalam-latihan" not in html


@pytest.mark.django_db
def test_the_frame_leads_to_the_other_operations_of_who_has_more_than_one(op, other, as_):
    assert "Operasi lain" not in as_("kapolsek").get("/o/uji/dialog/").content.decode()
    enlist(other)
    assert '<a href="/">Operasi lain</a>' in as_("kapolsek").get("/o/uji/dialog/").content.decode()


@pytest.mark.django_db
def test_the_frame_names_the_operation_and_what_the_person_is_in_it(op, other, people, as_):
    there = enlist(other, [replace(cast.PEOPLE[0], username="kapolsek", jabatan="Perencana pengganti")])
    by = {"published_by": there.kapolsek, "published_at": cast.NOW}
    Item.objects.create(operation=other, kind="header", number=0, body={}, **by)  # it has a public page
    here = as_("kapolsek").get("/o/uji/dialog/").content.decode()
    there = as_("kapolsek").get("/o/lain/dialog/").content.decode()
    assert cast.OPERATION["nama"] in here and "Masuk sebagai Kapolsek Sumberarum" in here
    assert cast.OTHER["nama"] in there and "Masuk sebagai Perencana pengganti" in there
    assert 'href="/o/lain/publik/"' in there and "/o/uji/" not in there


@pytest.mark.django_db
def test_an_archive_says_that_it_is_only_read(op, as_):
    Operation.objects.filter(pk=op.pk).update(phase="archived")
    assert "ARSIP, hanya dibaca" in as_("kapolsek").get("/o/uji/dialog/").content.decode()


@pytest.mark.django_db
def test_times_are_those_of_the_operations_zone(as_, op):
    east = LIVE | {"kode": "timur", "tz": "Asia/Jayapura", "drill": True, "clock": cast.NOW}
    enlist(begin(east))
    assert "<strong>14.05</strong>" in as_("kapolsek").get("/o/uji/dialog/").content.decode()
    assert "<strong>16.05</strong>" in as_("kapolsek").get("/o/timur/dialog/").content.decode()


@pytest.mark.django_db
def test_wall_face(op, as_):
    assert 'data-tema="dinding"' in as_("kapolsek").get("/o/uji/dialog/?tema=dinding").content.decode()


def test_a_request_refused_before_anyone_is_known_still_gets_its_page(client, db):
    response = client.get("/publik/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "Permintaan tidak dapat dibaca" in response.text


def test_pages_beside_one_another_share_a_line_and_the_main_menu_stays_short():
    from kondusif_web.pages.context import parts_of

    menu = [
        {"kunci": "ukur", "induk": "", "kini": False},
        {"kunci": "putaran", "induk": "ukur", "kini": True},
        {"kunci": "dialog", "induk": "", "kini": False},
    ]
    main, beside = parts_of(menu)
    assert [(m["kunci"], m["kini"]) for m in main] == [("ukur", True), ("dialog", False)]
    assert [m["kunci"] for m in beside] == ["ukur", "putaran"]
    officer, alone = parts_of([menu[1]])  # who may not measure finds the rounds in the menu itself
    assert [m["kunci"] for m in officer] == ["putaran"] and alone == []

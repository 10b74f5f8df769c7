"""The wall turns pages and cuts nothing; a new decision brings its first page back (LOOK, RULES 21)."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kondusif_web.accounts.models import AccessEntry
from kondusif_web.pages.map_cells import in_cells
from kondusif_web.pages.map_layout import MapCell
from kondusif_web.reports.actions import open_incident
from kondusif_web.situation import wall
from kondusif_web.situation.board import board
from tests import cast
from tests.conftest import SLOW
from tests.scale import regency
from tests.scale_pages import sign_in

VILLAGES = (31, 125) if SLOW else (31,)
WALL = "/o/{}/?dinding=1&halaman={}"


def fake(silent, villages, cards):
    """A board of so many things, every third village marked."""
    return SimpleNamespace(
        diam=tuple(f"pos {n}" for n in range(silent)),
        memilih=tuple(SimpleNamespace(n=n, marks={"diam": n % 3 == 1}) for n in range(villages)),
        kartu=tuple(f"kartu {n}" for n in range(cards)),
        bidang=[
            MapCell(f"d{n}", f"Desa {n}", [], voting=True, district=f"Kecamatan {n % 7}")
            for n in range(villages)
        ],
    )


@given(
    silent=st.integers(0, 300),
    incidents=st.integers(0, 140),
    villages=st.integers(0, 400),
    cards=st.integers(0, 99),
)
def test_every_thing_stands_on_exactly_one_page(silent, incidents, villages, cards):
    shown, happened = fake(silent, villages, cards), [f"insiden {n}" for n in range(incidents)]
    pages = wall.wall_pages(shown, happened)
    assert [p for page in pages for p in page.diam] == list(shown.diam)
    assert [i for page in pages for i in page.insiden] == happened
    turned = [v for page in pages for v in page.desa]
    assert sorted(v.n for v in turned) == list(range(villages))
    assert turned == sorted(turned, key=lambda v: not v.marks["diam"])  # marked ones first
    assert [*shown.kartu[: wall.CARDS], *(k for page in pages for k in page.kartu)] == list(shown.kartu)
    drawn = [c.code for page in pages for c in page.peta]
    assert sorted(drawn) == sorted(c.code for c in shown.bidang)
    assert all(in_cells(page.peta) for page in pages if page.peta) == (villages > 8 or not villages)
    assert all(len(page.peta) <= wall.CELLS for page in pages)


@pytest.mark.parametrize("asked", [None, "", "0", "-1", "4", "99999999999", "dua", "1.5", "²", "٣"])
def test_a_page_that_does_not_exist_is_the_first(asked):
    assert wall.number_of(asked, 3, held=False) == 1
    assert wall.number_of("3", 3, held=False) == 3
    assert wall.number_of("3", 3, held=True) == 1


def walk(browser, kode):
    """Every page of the wall as a browser without script turns them, until the first comes again."""
    out, following = [], "1"
    while not out or following != "1":
        answer = browser.get(WALL.format(kode, following))
        assert answer.status_code == 200
        out.append(answer.content.decode())
        following = re.search(
            r'<noscript><meta http-equiv="refresh" content="20; url=\?dinding=1&amp;halaman=(\d+)"', out[-1]
        )[1]
        assert len(out) < 100
    return out


@pytest.mark.django_db
@pytest.mark.parametrize("villages", VILLAGES)
def test_the_wall_of_a_whole_regency_cuts_nothing(villages):
    made = regency(villages, 2)
    browser, kode = sign_in("kapolres"), made.operation.kode
    pages = walk(browser, kode)
    shown = board(made.operation, made.people.kapolres, made.operation.now())
    text = " ".join(unescape(re.sub(r"<svg.*?</svg>", "", page)) for page in pages)
    for v in shown.memilih:
        assert text.count(f'<a href="{v.url}">') == 1
    for p in shown.diam:
        assert len(re.findall(rf'href="[^"]*/pos/{re.escape(p.kode)}/"', text)) == 1
    assert text.count("<strong>Massa, ") == len(shown.insiden)
    for n, page in enumerate(pages, start=1):
        assert f"Halaman {n} dari {len(pages)}" in page
    assert "Setelah 20 detik: pos diam dan insiden lain" in pages[0]


@pytest.mark.django_db
def test_turning_the_wall_is_one_line_a_sitting_in_the_access_log(op, as_):
    browser = as_("kapolres")
    for n in (1, 2, 3, 1):
        browser.get(WALL.format("uji", n))
    browser.get("/o/uji/")
    assert AccessEntry.objects.filter(subject="board").count() == 1
    as_("kapolres").get("/o/uji/")
    assert AccessEntry.objects.filter(subject="board").count() == 2


@pytest.mark.django_db
def test_a_new_decision_brings_the_first_page_back_and_holds_it_a_minute(op, people, as_, monkeypatch):
    browser, now = as_("kapolres"), [wall_now()]
    monkeypatch.setattr("kondusif_web.situation.views.server_now", lambda: now[0])

    def number():
        return re.search(r"Halaman (\d+) dari", browser.get(WALL.format("uji", 2)).content.decode())[1]

    assert number() == "2"
    open_incident(
        operation=op,
        id=uuid.uuid4(),
        kind="violence",
        place=cast.KARANGJATI,
        by=people.kapolsek,
        now=cast.NOW,
    )
    for seconds, page in ((0, "1"), (20, "1"), (59, "1"), (61, "2"), (80, "2")):
        now[0] = wall_now() + timedelta(seconds=seconds)
        assert number() == page, seconds


def wall_now():
    return cast.NOW + timedelta(days=1)


@pytest.mark.django_db
def test_the_face_of_the_wall_turns_the_board_too(op, as_):
    assert "data-berikut" in as_("kapolres").get("/o/uji/?tema=dinding").content.decode()

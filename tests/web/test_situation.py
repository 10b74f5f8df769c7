"""The board, villages and the book, for each role and area (RULES 20, 21, 23)."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from kondusif import events
from kondusif.logbook import verify_lines
from kondusif_web.accounts.models import AccessEntry
from kondusif_web.answers import actions as answers_actions
from kondusif_web.classes import actions as classes_actions
from kondusif_web.election.actions import open_operation, set_clock
from kondusif_web.election.models import Membership
from kondusif_web.logbook.actions import record
from kondusif_web.logbook.queries import head
from kondusif_web.planning import actions as planning_actions
from kondusif_web.planning.models import PlanRow
from kondusif_web.planning.queries import approved_plan, shortfall
from kondusif_web.posts import actions as posts_actions
from kondusif_web.posts.models import PostingRow, PostureRow
from kondusif_web.reports.actions import open_incident, submit_report
from kondusif_web.situation.board import board
from kondusif_web.situation.card import BEFORE_ALL
from kondusif_web.situation.villages import villages
from kondusif_web.situation.wording import KINDS
from kondusif_web.withdrawal.actions import move_posture, request_withdrawal
from tests import cast
from tests.conftest import enlist

pytestmark = pytest.mark.django_db

TO_STANDBY = ("moved_in", "voting", "counting", "box_escort", "standby")
EVERYONE = [p.username for p in cast.PEOPLE]
POLICE = ["perencana", "kapolsek", "kapolres"]
FORUM = ["camat", "danramil"]


@pytest.fixture
def standing(op, people):
    """The three villages at stand-by since the night of the vote."""
    since = cast.VOTE_AT + timedelta(hours=15)
    for desa in (cast.KARANGJATI, cast.TEGALREJO, cast.WONOSARI):
        for to in TO_STANDBY:
            move_posture(operation=op, desa=desa, to=to, by=people.kapolsek, now=since)
    return op


@pytest.mark.parametrize("username", EVERYONE)
def test_everyone_has_a_beginning(standing, as_, username):
    response = as_(username).get("/", follow=True)
    assert response.status_code == 200
    assert "LATIHAN" in response.content.decode()


@pytest.mark.parametrize("username", EVERYONE)
def test_everyone_has_a_beginning_without_an_operation(people, as_, username):
    Membership.objects.update(active=False)
    assert as_(username).get("/", follow=True).status_code == 200
    assert as_(username).get("/o/uji/").status_code == 404


def test_nobody_signed_in_is_sent_to_the_door(op, client):
    for path in (
        "/",
        "/o/uji/",
        "/o/uji/desa/",
        f"/o/uji/desa/{cast.KARANGJATI}/",
        "/o/uji/buku/",
        "/o/uji/buku/buku.jsonl",
        "/akses/",
    ):
        response = client.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/masuk/")


@pytest.fixture
def classed(standing, people):
    """Classes published for two of the three villages: Karangjati near the cut-off, Tegalrejo calm."""
    told = [*cast.answers(cast.TENSE, cast.KARANGJATI), *cast.answers(cast.CALM, cast.TEGALREJO)]
    answers_actions.take_answers(operation=standing, answers=told, by=people.perencana, now=cast.NOW)
    classes_actions.assess_operation(operation=standing, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=standing, by=people.perencana, now=cast.NOW)
    return standing


@pytest.fixture
def planned(classed, people):
    """As classed, with every village assessed and a plan that the Kapolres approved."""
    told = cast.answers(cast.CALM, cast.WONOSARI)
    answers_actions.take_answers(operation=classed, answers=told, by=people.perencana, now=cast.NOW)
    classes_actions.assess_operation(operation=classed, by=people.perencana, now=cast.NOW)
    classes_actions.publish_assessments(operation=classed, by=people.perencana, now=cast.NOW)
    posts_actions.import_forces(operation=classed, units=cast.UNITS, by=people.perencana, now=cast.NOW)
    row = planning_actions.make_plan(operation=classed, by=people.perencana, now=cast.NOW)
    row = planning_actions.propose_plan(operation=classed, plan=row, by=people.perencana, now=cast.NOW)
    planning_actions.approve_plan(operation=classed, plan=row, by=people.kapolres, now=cast.NOW)
    return classed


def speak(people, place, minutes=1, kind="aman"):
    at = cast.NOW - timedelta(minutes=minutes)
    by = people.kapolsek
    return submit_report(
        operation=by.operation, id=uuid.uuid4(), kind=kind, place=place, by=by, now=cast.NOW, occurred_at=at
    )


def all_speak(people, minutes=1):
    for tps in cast.TPS:
        if tps.desa.startswith(cast.KECAMATAN):
            speak(people, tps.kode, minutes)


def incident(people, kind="crowd", place=cast.KARANGJATI, minutes=14):
    at = cast.NOW - timedelta(minutes=minutes)
    by = people.kapolsek
    return open_incident(
        operation=by.operation,
        id=uuid.uuid4(),
        kind=kind,
        place=place,
        by=by,
        now=cast.NOW,
        occurred_at=at,
    )


def kinds(shown):
    return [card.jenis for card in shown.kartu]


def said(card):
    """What a card tells, in words; every kind has who decides and a button."""
    html = render_to_string(card.templat, {"k": card})
    parts = re.search(
        r'(?s)class="sebab">(.+?)</p>.*<span>(.+?)</span></p>.*href="/[^"]+"\s*>(.+?)</a>', html
    )
    assert parts and all(part.strip() for part in parts.groups()), html
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# ---------------------------------------------------------------- the board


def test_the_board_shows_classes_postures_and_gates(planned, as_):
    page = as_("kapolsek").get("/o/uji/").content.decode()
    for words in ("Perlu keputusan sekarang", "Karangjati", "Rawan", "Siaga", "gerbang", "Pos diam"):
        assert words in page
    assert "Banjaragung" not in page


def test_the_most_urgent_card_stands_first(planned, people):
    all_speak(people)
    incident(people, "crowd")
    incident(people, "violence", cast.TEGALREJO, minutes=3)
    found = kinds(board(planned, people.kapolsek, cast.NOW))
    assert found[:2] == ["merah", "kuning"]
    assert "diam" not in found


def test_a_silent_post_is_a_card_and_a_mark_and_never_calm(planned, people):
    all_speak(people)
    shown = board(planned, people.kapolsek, cast.NOW)
    assert shown.diam == ()
    assert shown.pos == 7
    late = board(planned, people.kapolsek, cast.NOW + timedelta(minutes=42))
    assert len(late.diam) == 7
    asked = [c for c in late.kartu if c.jenis == "diam"]  # one per village, and no post left out
    assert len(asked) == len({p.desa for p in late.diam})
    for post in late.diam:
        _, number, village = post.nama.split(" ", 2)
        assert any(village in said(c) and number in said(c) for c in asked)
    assert all("Diam belum tentu aman" in said(c) for c in asked)
    cell = next(v for v in late.desa if v.desa.kode == cast.KARANGJATI)
    assert cell.marks["diam"] == 3


def test_a_post_that_never_spoke_is_silent(planned, people):
    shown = board(planned, people.kapolsek, cast.NOW)
    assert {s.last_at for s in shown.diam} == {None}
    assert shown.segar.basi


def test_old_data_says_so(planned, people, as_):
    all_speak(people, minutes=10)
    assert "basi-kabar" not in as_("kapolsek").get("/o/uji/").content.decode()
    set_clock(operation=planned, to=cast.NOW + timedelta(hours=3), by=people.perencana, now=cast.NOW)
    page = as_("kapolsek").get("/o/uji/").content.decode()
    assert 'class="per basi"' in page
    assert "3 jam 10 menit" in page


def test_no_card_when_nothing_waits(op, people):
    assert kinds(board(op, people.danramil, cast.NOW)) == []


def test_an_unassessed_village_and_a_missing_plan_are_cards(op, people):
    found = board(op, people.perencana, cast.NOW)
    shown = kinds(found)
    assert shown.index("kelas") < shown.index("rencana")  # a plan is made from the classes
    assert all(card.url.startswith("/") and said(card) for card in found.kartu)


def test_an_unclassed_village_is_not_shown_as_calm(classed, people):
    rows = {v.desa.kode: v for v in villages(classed, people.kapolsek, cast.NOW)}
    assert rows[cast.WONOSARI].level is None
    assert rows[cast.KARANGJATI].level is not None


def test_a_waiting_request_is_one_card_with_who_decides(planned, people, as_):
    before = kinds(board(planned, people.kapolres, cast.NOW)).count("gerbang")
    request_withdrawal(
        operation=planned,
        desa=cast.KARANGJATI,
        to="l1",
        reason="Massa bubar",
        by=people.kapolsek,
        now=cast.NOW,
    )
    shown = board(planned, people.kapolres, cast.NOW)
    card = next(c for c in shown.kartu if c.jenis == "minta")
    assert card.url == f"/o/uji/penarikan/{cast.KARANGJATI}/"
    assert "Kapolres" in said(card)
    assert kinds(shown).count("gerbang") == before - 1
    assert as_("kapolres").get(card.url).status_code == 200


def test_bad_news_that_reopens_a_village_is_told_on_the_board(planned, people, as_):
    PostureRow.objects.filter(desa__kode=cast.TEGALREJO).update(state="l1")
    incident(people, "violence", cast.TEGALREJO, minutes=1)
    assert "Tegalrejo dibuka kembali" in as_("camat").get("/o/uji/").content.decode()


def test_shut_gates_that_no_clock_opens_are_a_card(classed, people):
    shown = board(classed, people.kapolsek, cast.NOW)
    assert "gerbang" in kinds(shown)
    row = next(v for v in shown.desa if v.desa.kode == cast.KARANGJATI)
    assert row.tutup
    assert row.terbuka + len(row.tutup) == len(row.gates)


def test_a_posture_before_the_vote_has_no_gates(op, people):
    move_posture(
        operation=op,
        desa=cast.KARANGJATI,
        to="moved_in",
        by=people.kapolsek,
        now=cast.NOW,
    )
    row = next(v for v in villages(op, people.kapolsek, cast.NOW) if v.desa.kode == cast.KARANGJATI)
    assert (row.to, row.gates, row.earliest) == (None, (), None)


@pytest.mark.parametrize("username", POLICE)
def test_the_wall_has_no_buttons_and_no_menu(planned, people, as_, username):
    incident(people)
    page = as_(username).get("/o/uji/?dinding=1").content.decode()
    assert 'data-tema="dinding"' in page
    main = page[page.index("<main") : page.index("</main>")]
    assert "<button" not in main
    assert 'class="tombol' not in main
    assert "Menu utama" not in page


@pytest.mark.parametrize("username", FORUM)
def test_the_forum_sees_class_and_gates_but_no_plotting_reserve_or_posts(planned, people, as_, username):
    all_speak(people)
    shown = board(planned, getattr(people, username), cast.NOW)
    assert (shown.cadangan, shown.diam) == (None, None)
    assert {"rencana", "diam", "kelas"}.isdisjoint(kinds(shown))
    browser = as_(username)
    page = browser.get("/o/uji/").content.decode()
    assert "Cadangan <" not in page
    assert "Rawan" in page
    village = browser.get(f"/o/uji/desa/{cast.KARANGJATI}/").content.decode()
    assert "Gerbang" in village
    assert "linmas" not in village.lower()


# ---------------------------------------------------------------- villages


@pytest.mark.parametrize("username", POLICE + FORUM)
def test_a_village_page_for_those_who_see_class(planned, people, as_, username):
    response = as_(username).get(f"/o/uji/desa/{cast.KARANGJATI}/")
    assert response.status_code == 200
    page = response.content.decode()
    assert "Sumberarum" in page
    assert cast.KARANGJATI in page
    assert "Rawan" in page


@pytest.mark.parametrize("username", ["panitia.karangjati", "petugas1", "humas", "auditor"])
def test_who_sees_no_class_reads_none_anywhere(planned, people, as_, username):
    browser = as_(username)
    for path in ("/o/uji/", "/o/uji/desa/", f"/o/uji/desa/{cast.KARANGJATI}/"):
        page = browser.get(path).content.decode()
        for word in ("Rawan", "Kelas minimum", "keterisian", "Polri", "dari 100"):
            assert word not in page, (path, word)


@pytest.mark.parametrize("path", [f"/o/uji/desa/{cast.OUTSIDE}/", "/o/uji/desa/99.09.09.9999/"])
@pytest.mark.parametrize("username", ["kapolsek", "camat", "panitia.karangjati", "petugas1"])
def test_another_area_is_refused(planned, as_, username, path):
    assert as_(username).get(path).status_code in (403, 404)


def test_a_committee_sees_its_own_village_only(planned, as_):
    browser = as_("panitia.karangjati")
    assert browser.get(f"/o/uji/desa/{cast.KARANGJATI}/").status_code == 200
    assert browser.get(f"/o/uji/desa/{cast.TEGALREJO}/").status_code == 403
    assert "Tegalrejo" not in browser.get("/o/uji/desa/").content.decode()


def test_the_administrator_sees_no_village(planned, as_):
    assert as_("admin").get("/o/uji/desa/").status_code == 404
    assert as_("admin").get(f"/o/uji/desa/{cast.KARANGJATI}/").status_code == 404


def test_a_village_that_does_not_vote_says_so(op, as_):
    page = as_("kapolsek").get(f"/o/uji/desa/{cast.QUIET}/").content.decode()
    assert "tidak memilih" in page


@pytest.mark.parametrize("username", POLICE + FORUM)
def test_reading_what_is_restricted_is_written_down(planned, as_, username):
    as_(username).get(f"/o/uji/desa/{cast.KARANGJATI}/")
    line = AccessEntry.objects.get(kind="read", subject="desa", by=username)
    assert line.kode_desa == cast.KARANGJATI


@pytest.mark.parametrize("username", ["panitia.karangjati", "humas", "auditor"])
def test_who_sees_no_gate_sees_no_posture(standing, as_, username):
    """RULES 20: when people leave, and after how many hours, tells the class."""
    browser = as_(username)
    for page in ("/o/uji/", "/o/uji/desa/", f"/o/uji/desa/{cast.KARANGJATI}/"):
        words = browser.get(page).content.decode()
        assert "Karangjati" in words and 'class="postur' not in words, page


@pytest.mark.parametrize(
    "page, what", [("/o/uji/", "home"), ("/o/uji/desa/", "desa.list"), ("/o/uji/lapor/", "field.incidents")]
)
def test_what_an_officer_reads_is_written_down(standing, people, as_, page, what):
    open_incident(
        operation=standing,
        id=uuid.uuid4(),
        kind="crowd",
        place=f"{cast.KARANGJATI}-01",
        by=people.petugas1,
        now=cast.NOW,
    )
    as_("petugas1").get(page)
    assert AccessEntry.objects.filter(kind="read", subject=what, by="petugas1").count() == 1


# ---------------------------------------------------------------- another operation of the office


@pytest.fixture
def elsewhere(other, other_people):
    """Operation "lain", where Tegalrejo has moved in and is loud."""
    by = other_people.kapolsek
    move_posture(operation=other, desa=cast.TEGALREJO, to="moved_in", by=by, now=cast.NOW)
    open_incident(
        operation=other, id=uuid.uuid4(), kind="violence", place=cast.TEGALREJO, by=by, now=cast.NOW
    )
    return other


def test_a_board_tells_nothing_of_another_operation(planned, people, as_, other, other_people, elsewhere):
    all_speak(people)
    here = board(planned, people.kapolsek, cast.NOW)
    assert "merah" not in kinds(here) and here.insiden == ()
    assert {v.posture.value for v in here.memilih if v.posture} == {"standby"}
    there = board(other, other_people.kapolsek, cast.NOW)
    assert "merah" in kinds(there) and {v.level for v in there.desa} == {None}
    assert there.cadangan == () and there.segar.newest == cast.NOW
    assert all(card.url.startswith("/o/uji/") for card in here.kartu)
    assert all(card.url.startswith("/o/lain/") for card in there.kartu)
    browser = as_("kapolsek")
    for kode, lain in (("uji", "lain"), ("lain", "uji")):
        page = browser.get(f"/o/{kode}/").content.decode()
        assert f"/o/{kode}/desa/" in page and f"/o/{lain}/" not in page


def test_a_village_page_is_of_its_operation(planned, as_, elsewhere):
    browser = as_("kapolsek")
    here, there = (browser.get(f"/o/{kode}/desa/{cast.TEGALREJO}/").context for kode in ("uji", "lain"))
    assert (here["v"].posture, here["rencana"]["versi"]) == ("standby", 1)
    assert (there["v"].posture, there["rencana"]["versi"], there["v"].level) == ("moved_in", 0, None)


# ---------------------------------------------------------------- the book


@pytest.mark.parametrize("username", EVERYONE)
def test_who_reads_the_book(op, as_, people, username):
    allowed = username in {"perencana", "kabagops", "kapolres", "wakapolres", "auditor"}
    browser = as_(username)
    refused = 404 if username == "admin" else 403  # who is in no operation does not learn of one
    assert browser.get("/o/uji/buku/").status_code == (200 if allowed else refused)
    assert browser.get("/o/uji/buku/buku.jsonl").status_code == (200 if allowed else refused)


def test_each_chain_is_read_where_it_is(standing, other, other_people, as_):
    auditor = as_("auditor")
    move_posture(operation=other, desa=cast.WONOSARI, to="moved_in", by=other_people.kapolsek, now=cast.NOW)
    own, lain = (auditor.get(f"/o/{kode}/buku/").content.decode() for kode in ("uji", "lain"))
    assert head("uji")[:16] in own and head("lain")[:16] not in own
    assert head("lain")[:16] in lain and head("uji")[:16] not in lain
    assert "?rantai=kantor" in own
    office = auditor.get("/o/uji/buku/?rantai=kantor").content.decode()
    assert head("")[:16] in office and "Akun dibuat" in office and "Status pengamanan" not in office
    text = b"".join(auditor.get("/o/uji/buku/buku.jsonl?rantai=kantor").streaming_content).decode()
    assert verify_lines(text.splitlines(), head=head("")) == ()


@pytest.mark.parametrize("username", ["perencana", "kapolres", "humas"])
def test_only_the_auditor_reads_the_book_of_the_office(op, as_, username):
    browser = as_(username)
    assert browser.get("/o/uji/buku/?rantai=kantor").status_code == 403
    assert browser.get("/o/uji/buku/buku.jsonl?rantai=kantor").status_code == 403
    assert "rantai=kantor" not in browser.get("/o/uji/buku/").content.decode()


def test_the_book_is_filtered_and_shows_its_head(standing, as_):
    browser = as_("auditor")
    page = browser.get(
        f"/o/uji/buku/?jenis=posture_moved&desa={cast.TEGALREJO}&hari=2023-10-10"
    ).content.decode()
    assert head("uji")[:16] in page
    lines = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "Tegalrejo" in lines
    assert "Wonosari" not in lines
    assert cast.TEGALREJO not in lines and "kapolsek<" not in lines  # names and titles, not codes
    empty = browser.get("/o/uji/buku/?hari=2001-01-01").content.decode()
    assert "Belum ada catatan" in empty
    assert browser.get("/o/uji/buku/?hari=bukan-hari").status_code == 200


def test_times_are_those_of_the_operations_zone(people, as_):
    far_east = cast.OTHER | {"tz": "WIT", "clock": cast.VOTE_AT}
    enlist(open_operation(**far_east, by=None, now=cast.NOW))
    page = as_("humas").get("/o/lain/").content.decode()
    assert "<strong>09.00</strong>" in page


def test_every_kind_of_the_book_has_its_words():
    assert set(KINDS) == {k.kind for k in events.EVENT_KINDS.values() if k.context != "access"}


def test_the_exported_book_verifies_without_django(standing, as_):
    response = as_("auditor").get("/o/uji/buku/buku.jsonl")
    text = b"".join(response.streaming_content).decode()
    assert verify_lines(text.splitlines(), head=head("uji")) == ()
    assert json.loads(text.splitlines()[0])["seq"] == 1
    assert "uji" in response["Content-Disposition"]


class TestWhatWaits:
    """The board says what is really open, and first what the reader decides (RULES 16, 20)."""

    def test_an_approved_plan_that_lacks_people_waits_with_its_figures(self, planned, people):
        row = approved_plan(planned)
        row.body["unmet"].append([row.body["posts"][0]["kode"], "tni", 3, "no_people"])
        PlanRow.objects.filter(pk=row.pk).update(body=row.body)
        missing, needed = shortfall(row)
        assert needed > missing >= 3
        for who, mine in (("kapolres", True), ("kapolsek", False)):
            card = next(
                c for c in board(planned, getattr(people, who), cast.NOW).kartu if c.jenis == "kurang"
            )
            assert card.giliran is mine
            assert f"kurang {missing} dari {needed} orang" in said(card) and "Kapolres" in said(card)

    def test_no_plan_waits_for_people_once_every_village_is_closed(self, planned, people, as_):
        row = approved_plan(planned)
        row.body["unmet"].append([row.body["posts"][0]["kode"], "tni", 3, "no_people"])
        row.body["levels"] = dict.fromkeys(row.body["levels"], 0)
        PlanRow.objects.filter(pk=row.pk).update(body=row.body)
        plan_cards = {"kurang", "rencana_lama"}
        assert plan_cards <= set(kinds(board(planned, people.kapolres, cast.NOW)))
        for desa in planned.desa.filter(memilih=True):
            where = {"operation": planned, "state": "closed", "since": cast.NOW}
            PostureRow.objects.update_or_create(desa=desa, defaults=where)
        assert not plan_cards & set(kinds(board(planned, people.kapolres, cast.NOW)))
        for page in (f"desa/{cast.TEGALREJO}/", "penarikan/"):
            assert (
                "Pengamanan desa ini sudah ditutup." in as_("kapolres").get(f"/o/uji/{page}").content.decode()
            )

    def test_a_public_page_never_published_waits(self, planned, people):
        assert "terbit" in kinds(board(planned, people.kapolres, cast.NOW))
        told = {"items": 1, "withdrawn": 0}
        record(
            "public_published", by=people.kapolres, now=cast.NOW, operation=planned, subject="x", payload=told
        )
        assert "terbit" not in kinds(board(planned, people.kapolres, cast.NOW))

    def test_people_that_nobody_has_counted_on_post_wait(self, planned, people):
        late = PostingRow.objects.filter(operation=planned, state="ordered", start__lte=cast.NOW)
        found = [c for c in board(planned, people.kapolsek, cast.NOW).kartu if c.jenis == "apel"]
        assert len(found) == bool(late)
        PostingRow.objects.filter(operation=planned).update(state="cancelled")
        assert "apel" not in kinds(board(planned, people.kapolsek, cast.NOW))

    def test_whose_word_is_missing_sees_first_that_it_is_their_turn(self, planned, people, as_):
        all_speak(people)
        for who in ("camat", "danramil"):
            user = getattr(people, who)
            first = board(planned, user, cast.NOW).kartu[0]
            assert (first.jenis, first.giliran) == ("giliran", True), who
            assert "menunggu pernyataan Anda" in said(first)
            assert f'href="{first.url}#fakta-13-{who}"' in as_(who).get("/o/uji/").content.decode()
            assert f'id="fakta-13-{who}"' in as_(who).get(first.url).content.decode()
            assert "merah" not in kinds(board(planned, user, cast.NOW))

    @pytest.mark.parametrize("who", ["kapolsek", "kapolres", "perencana", "camat", "danramil"])
    def test_what_the_reader_decides_stands_before_what_waits_for_others(self, planned, people, who):
        all_speak(people)
        found = board(planned, getattr(people, who), cast.NOW).kartu
        mine = [c.giliran for c in found if c.jenis not in BEFORE_ALL]
        assert mine == sorted(mine, reverse=True)

    def test_the_committee_reads_first_which_of_its_facts_are_missing(self, planned, people, as_):
        page = as_("panitia_karangjati").get("/o/uji/").content.decode()
        assert "Menunggu Anda" in page and f"/o/uji/penarikan/{cast.KARANGJATI}/" in page
        assert "Menunggu Anda" not in as_("humas").get("/o/uji/").content.decode()

    def test_check_the_post_leads_to_the_post(self, planned, people, as_):
        all_speak(people)
        now = cast.NOW + timedelta(minutes=42)
        set_clock(operation=planned, to=now, by=people.perencana, now=cast.NOW)
        card = next(c for c in board(planned, people.kapolsek, now).kartu if c.jenis == "diam")
        assert "/pos/" in card.url
        page = " ".join(as_("kapolsek").get(card.url).content.decode().split())
        assert "Laporan terakhir" in page and "diam" in page and "Diam belum tentu aman" in page
        assert str(people.kapolsek) in page and "Yang bertugas di sini" in page

    def test_a_post_is_shown_to_the_police_of_its_area_alone(self, planned, people, as_):
        url = f"/o/uji/pos/{cast.KARANGJATI}-01/"
        for who in ("camat", "danramil", "panitia_karangjati", "humas", "auditor"):
            assert as_(who).get(url).status_code == 403, who
        for url in (f"/o/uji/pos/{cast.KARANGJATI}-99/", "/o/uji/pos/99.99.99.9999-01/", "/o/uji/pos/x/"):
            assert as_("kapolres").get(url).status_code in (403, 404), url

"""The office above its operations: the list, the way to a report, one answer for what is not one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from kondusif_web.accounts.models import AccessEntry
from kondusif_web.election.models import Membership, Operation
from tests import cast
from tests.conftest import begin, enlist

pytestmark = pytest.mark.django_db

LIVE = cast.OPERATION | {
    "kode": "nyata",
    "nama": "Pilkades serentak sungguhan",
    "drill": False,
    "clock": None,
    "illustrative": False,
}
VALUES = {
    "str": cast.KARANGJATI,
    "slug": "a-b",
    "int": "1",
    "uuid": "11111111-1111-4111-8111-111111111111",
    "path": "a/b",
}


def in_an_operation() -> list[tuple[str, str, URLPattern]]:
    """Name, path and pattern of every address below /o/<kode>/."""

    def walk(part: URLResolver, path: str) -> Iterator[tuple[str, str, URLPattern]]:
        for p in part.url_patterns:
            here = path + str(p.pattern)
            if isinstance(p, URLResolver):
                yield from walk(p, here)
            else:
                yield f"{room.app_name}:{p.name}", here, p

    top = next(p for p in get_resolver().url_patterns if str(p.pattern).startswith("o/"))
    found = []
    for room in top.url_patterns:
        found += walk(room, "")
    return found


def paths_in_an_operation() -> list[str]:
    """Every address that is not for the public, with some value for each of its parts."""
    rows = [path for _, path, p in in_an_operation() if getattr(p.callback, "login_required", True)]
    return sorted({re.sub(r"<(\w+):\w+>", lambda m: VALUES[m[1]], row) for row in rows})


def test_only_these_pages_of_an_operation_ask_for_no_membership():
    assert {name for name, _, p in in_an_operation() if not getattr(p.callback, "login_required", True)} == {
        "public:publik",
        "public:publik_bahasa",
        "public:kalender",
        "public:kalender_bahasa",
        "withdrawal:kode",
    }


# ---------------------------------------------------------------- what is not one's own is not there


def test_an_operation_of_others_answers_as_one_that_does_not_exist(op, other, people, as_):
    """RULES 36: 404 in both, with the same words, at every address and for every role."""
    for who in ("kapolres", "admin", "auditor"):
        browser = as_(who)
        for path in paths_in_an_operation():
            there, nowhere = browser.get(f"/o/lain/{path}"), browser.get(f"/o/tidak-ada/{path}")
            assert (there.status_code, nowhere.status_code) == (404, 404), path
            assert words(there) == words(nowhere), path


def words(answer) -> str:
    """A page without its own address and its token."""
    return re.sub(r'name="(next|csrfmiddlewaretoken)" value="[^"]*"', "", answer.content.decode())


def test_asking_for_an_operation_of_others_leaves_a_line_and_a_stranger_none(op, other, people, as_, client):
    client.get("/o/lain/")
    assert not AccessEntry.objects.exists()
    browser = as_("kapolres")
    for kode in ("lain", "tidak-ada", "UJI"):
        assert browser.get(f"/o/{kode}/").status_code == 404
    assert browser.post("/o/lain/lapor/", {}).status_code == 404
    assert browser.get("/o/uji/").status_code == 200
    rows = AccessEntry.objects.filter(kind="denied")
    assert [(e.by, e.payload["operation"], e.payload["what"]) for e in rows] == [
        ("kapolres", kode, "operation") for kode in ("lain", "tidak-ada", "UJI", "lain")
    ]
    assert "tidak-ada" in as_("auditor").get("/akses/?jenis=denied").content.decode()


def test_a_stranger_is_asked_to_sign_in_whether_the_operation_exists_or_not(op, client):
    for path in paths_in_an_operation():
        for kode in ("uji", "tidak-ada"):
            answer = client.get(f"/o/{kode}/{path}")
            assert answer.status_code == 302, path
            assert answer["Location"].startswith(f"/masuk/?next=/o/{kode}/"), path


def test_nothing_is_posted_into_an_operation_of_others(op, other, people, as_):
    browser = as_("kapolres")
    for path in paths_in_an_operation():
        assert browser.post(f"/o/lain/{path}", {}).status_code == 404, path


def test_an_ended_membership_opens_nothing_any_more(op, people, as_):
    assert as_("kapolsek").get("/o/uji/dialog/").status_code == 200
    Membership.objects.filter(pk=people.kapolsek.pk).update(active=False)
    assert as_("kapolsek").get("/o/uji/dialog/").status_code == 404


def test_an_administrator_works_in_no_operation_even_where_a_place_was_left(op, people, as_):
    user = people.kapolsek.user
    user.role = "admin"
    user.save()
    browser = as_("kapolsek")
    assert browser.get("/o/uji/dialog/").status_code == 404
    assert browser.get("/")["Location"] == "/akun/"


def test_a_role_counts_only_where_it_was_given(op, other, people, as_):
    enlist(other, [replace(cast.PEOPLE[0], username="kapolsek", role="humas")])
    browser = as_("kapolsek")
    assert browser.get("/o/uji/rencana/").status_code == 200
    assert browser.get("/o/lain/rencana/").status_code == 403


# ---------------------------------------------------------------- the list


def test_who_works_in_one_goes_straight_there(op, as_):
    assert as_("kapolsek").get("/")["Location"] == "/o/uji/"


def test_who_works_in_several_chooses_live_ones_first_then_the_newest_vote(op, people, as_):
    later = LIVE | {"kode": "nyata-2", "vote_at": cast.VOTE_AT + timedelta(days=400)}
    for fields in (LIVE, later):
        enlist(begin(fields))
    page = as_("kapolsek").get("/")
    html = page.content.decode()
    assert [m.operation.kode for m, _ in page.context["tempat"]] == ["nyata-2", "nyata", "uji"]
    assert "Selasa 10 Oktober 2023" in html and "Kapolsek Sumberarum" in html and "Persiapan operasi" in html
    assert html.count("LATIHAN · ") == 1 and html.count("baris-latihan") == 1


def test_the_vote_stands_on_the_clocks_of_its_place(as_, op):
    enlist(begin(LIVE | {"tz": "Asia/Jayapura", "vote_at": cast.VOTE_AT.replace(hour=16)}))
    html = as_("kapolsek").get("/").content.decode()
    assert "Rabu 11 Oktober 2023" in html  # 01.00 there, 23.00 of the day before in the west
    assert "Selasa 10 Oktober 2023" in html


def test_the_list_shows_nothing_of_an_operation_but_its_head(op, other, people, other_people, as_):
    html = as_("kapolsek").get("/").content.decode()
    assert cast.KARANGJATI not in html and "Tegalrejo" not in html and "Rawan" not in html


def test_who_works_in_none_is_told_whom_to_ask(op, people, as_):
    Membership.objects.all().update(active=False)
    assert "Minta administrator kantor" in as_("kapolsek").get("/").content.decode()


def test_a_planner_of_an_office_without_operations_is_shown_how_to_begin_one(op, people, as_):
    Membership.objects.all().update(active=False)
    assert 'href="/operasi/baru/"' in as_("perencana").get("/").content.decode()
    assert "/operasi/baru/" not in as_("kapolres").get("/").content.decode()


def test_the_administrator_goes_to_the_accounts(op, as_):
    assert as_("admin").get("/")["Location"] == "/akun/"


# ---------------------------------------------------------------- the way to a report


def test_a_report_goes_to_the_only_operation_with_the_rest_of_the_address(op, as_):
    assert as_("petugas1").get("/lapor/")["Location"] == "/o/uji/lapor/"
    assert as_("petugas1").get("/lapor/?jenis=insiden&x=1")["Location"] == "/o/uji/lapor/?jenis=insiden&x=1"


def test_who_may_report_in_two_is_asked_which(op, other, people, other_people, as_):
    page = as_("petugas1").get("/lapor/?jenis=insiden")
    html = page.content.decode()
    assert page.status_code == 200
    assert 'href="/o/uji/lapor/?jenis=insiden"' in html and 'href="/o/lain/lapor/?jenis=insiden"' in html


def test_only_operations_in_which_the_person_may_report_and_that_are_not_archived(op, other, people, as_):
    enlist(other, [replace(cast.PEOPLE[0], username="petugas1", role="humas")])
    assert as_("petugas1").get("/lapor/")["Location"] == "/o/uji/lapor/"
    Operation.objects.filter(kode="uji").update(phase="archived")
    assert as_("petugas1").get("/lapor/").status_code == 403


@pytest.mark.parametrize("who", ["admin", "humas", "camat"])
def test_who_may_not_report_is_refused(op, as_, who):
    assert as_(who).get("/lapor/").status_code == 403


# ---------------------------------------------------------------- what is said once after an action


def test_what_is_said_in_one_operation_is_shown_on_no_page_of_another(op, other, people, other_people, as_):
    browser = as_("kapolres")
    assert browser.post("/o/uji/operasi/gerak/", {"ke": "running", "alasan": "x"}).status_code == 302
    for path in ("/o/lain/", "/", "/o/lain/operasi/"):
        assert "kabar-daftar" not in browser.get(path).content.decode(), path
    assert "kabar-daftar" in browser.get("/o/uji/operasi/").content.decode()
    assert "kabar-daftar" not in browser.get("/o/uji/operasi/").content.decode()  # once


def test_what_the_office_says_is_shown_anywhere_once_and_stays_the_offices(
    op, other, people, other_people, as_
):
    browser = as_("kapolres")
    new = "perahu-kuning-di-telaga"
    sent = {"old": cast.PASSWORD, "new": new, "again": new}
    assert browser.post("/sandi/", sent).status_code == 302
    browser.post("/o/uji/operasi/gerak/", {"ke": "running", "alasan": "x"})  # another waits beside it
    page = browser.get("/o/lain/").content.decode()
    assert "Kata sandi diganti" in page and page.count('class="kabar success"') == 1
    page = browser.get("/o/uji/operasi/").content.decode()
    assert "Kata sandi diganti" not in page and page.count('class="kabar success"') == 1

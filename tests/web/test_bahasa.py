"""The language of the pages: Indonesian for everybody, another one only for who chose it here."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client, RequestFactory
from django.utils.translation import get_language, override
from django.views.defaults import server_error

from kondusif_web.pages import wording
from kondusif_web.pages.choices import LANGUAGE
from kondusif_web.pages.templatetags import kondusif as look
from kondusif_web.public import actions
from kondusif_web.public.models import Item
from tests import cast, requires


@pytest.fixture(autouse=True)
def _compiled():
    requires.english()


def language(response) -> str:
    return re.search(r'<html lang="(\w+)"', response.content.decode())[1]


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["en", "en-GB,en;q=0.9,id;q=0.1", "fr"])
def test_what_the_browser_asks_for_is_not_obeyed(op, as_, asked):
    page = as_("kapolsek").get("/o/uji/", headers={"accept-language": asked})
    assert language(page) == "id"
    assert "Papan posko" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("kept", ["", "xx", "en-GB", "../en", "id"])
def test_only_a_language_of_the_office_is_spoken(client, kept):
    client.cookies[LANGUAGE] = kept
    assert language(client.get("/masuk/")) == "id"


@pytest.mark.django_db
def test_a_person_chooses_and_returns_to_the_same_page(op, as_):
    browser = as_("kapolsek")
    page = browser.get("/o/uji/desa/?tema=terik")
    assert '<input type="hidden" name="next" value="/o/uji/desa/?tema=terik">' in page.content.decode()
    answer = browser.post("/bahasa/", {"bahasa": "en", "next": "/o/uji/desa/?tema=terik"})
    assert (answer.status_code, answer.url) == (302, "/o/uji/desa/?tema=terik")
    cookie = answer.cookies[LANGUAGE]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("en", "Lax", True)
    page = browser.get("/o/uji/desa/")
    assert language(page) == "en" and "Skip to" in page.content.decode()
    browser.post("/bahasa/", {"bahasa": "id", "next": "/o/uji/desa/"})
    assert language(browser.get("/o/uji/desa/")) == "id"


@pytest.mark.django_db
def test_the_choice_stands_at_the_foot_of_every_page_without_signing_in_too(client):
    for path, status in (("/masuk/", 200), ("/tidak-ada/", 404)):
        page = client.get(path)
        assert page.status_code == status
        assert 'action="/bahasa/"' in page.content.decode() and ">English</button>" in page.content.decode()


@pytest.mark.django_db
def test_from_the_answer_to_a_form_it_leads_back_to_the_form(client):
    """Some paths take forms alone, and answer a plain visit with 405."""
    page = client.post(
        "/masuk/", {"username": "x", "password": "y"}, headers={"referer": "/masuk/?next=/buku/"}
    )
    assert page.status_code == 403
    assert 'name="next" value="/masuk/?next=/buku/"' in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "after", ["https://jahat.example/", "//jahat.example", "javascript:alert(1)", "foo", "?x=1", ""]
)
def test_the_way_back_never_leaves_this_office(client, after):
    assert client.post("/bahasa/", {"bahasa": "en", "next": after}).url == "/"


@pytest.mark.django_db
def test_a_form_of_another_site_changes_nothing():
    """The middleware's token is not asked for here; the sender is."""
    strict = Client(enforce_csrf_checks=True)
    for headers in ({"origin": "https://jahat.example"}, {"origin": "null"}, {"referer": "http://lain/x"}):
        answer = strict.post("/bahasa/", {"bahasa": "en"}, headers=headers)
        assert answer.status_code == 403 and LANGUAGE not in answer.cookies
    own = strict.post("/bahasa/", {"bahasa": "en"}, headers={"origin": "http://testserver"})
    assert own.status_code == 302 and own.cookies[LANGUAGE].value == "en"


@pytest.mark.django_db
def test_a_link_cannot_choose_and_an_unknown_language_is_not_kept(client):
    assert client.get("/bahasa/?bahasa=en").status_code == 405
    assert LANGUAGE not in client.post("/bahasa/", {"bahasa": "xx"}).cookies


@pytest.mark.django_db
def test_it_may_be_chosen_while_a_new_password_is_due(people, as_):
    people.kapolsek.user.must_change = True
    people.kapolsek.user.save()
    answer = as_("kapolsek").post("/bahasa/", {"bahasa": "en", "next": "/sandi/"})
    assert answer.url == "/sandi/" and answer.cookies[LANGUAGE].value == "en"


@pytest.mark.django_db
def test_refusals_and_errors_speak_it_and_the_next_person_hears_indonesian(op, as_):
    browser = as_("kapolsek")
    browser.cookies[LANGUAGE] = "en"
    for path, status in (("/akun/", 403), ("/tidak-ada/", 404)):
        page = browser.get(path)
        assert (page.status_code, language(page)) == (status, "en")
    assert get_language() == "id"
    request = RequestFactory().get("/o/uji/")
    with override("en"):
        broken = server_error(request)
        assert language(broken) == "en" and "What you sent last" in broken.content.decode()
    assert language(server_error(request)) == "id"


# ---------------------------------------------------------------- figures, dates, texts of the core

AT = datetime(2023, 10, 12, 14, 5, tzinfo=ZoneInfo("Asia/Jakarta"))


@pytest.mark.parametrize(
    "call, own, english",
    [
        (lambda: look.koma(38.59), "38,59", "38.59"),
        (lambda: look.ribuan(2880), "2.880", "2,880"),
        (lambda: look.persen(0.7), "70 %", "70%"),
        (lambda: look.waktu(AT), "14.05", "14:05"),
        (lambda: look.tanggal(date(2023, 10, 12)), "Kam 12 Okt", "Thu 12 Oct"),
        (lambda: look.tanggal_panjang(date(2024, 5, 3)), "Jumat 3 Mei 2024", "Friday 3 May 2024"),
        (lambda: look.kapan(AT), "Kam 12 Okt 14.05", "Thu 12 Oct 14:05"),
        (lambda: look.lama(timedelta(hours=3, minutes=4)), "3 jam 4 menit", "3 h 4 min"),
        (lambda: look.koma(None), "–", "–"),
        (lambda: wording.hari_h(-1), "H-1", "H-1"),  # a term of art
    ],
)
def test_times_and_figures_are_written_as_the_language_writes_them(call, own, english):
    assert call() == own
    with override("en"):
        assert call() == english


@pytest.mark.parametrize(
    "text, english",
    [
        ("Pemetaan kerawanan dan kelas", "Vulnerability mapping and classes"),
        ("25 hari kerja sejak pendaftaran (usulan)", "25 working days from registration (proposal)"),
        ("3 hari kerja", "3 working days"),
        ("Berkas panitia desa {x} 12", "Berkas panitia desa {x} 12"),  # typed: stays as typed
        ("", ""),
    ],
)
def test_a_text_of_the_core_is_put_into_the_language_with_its_numbers(text, english):
    assert wording.kata_inti(text) == text
    with override("en"):
        assert wording.kata_inti(text) == english


# ---------------------------------------------------------------- what residents read


@pytest.mark.django_db
def test_the_public_page_has_an_address_per_language_and_asks_nobody_who_they_are(op, people, client):
    with override("en"):  # whoever publishes, in whatever language
        actions.publish_public(operation=op, by=people.humas, now=cast.NOW)
    client.cookies[LANGUAGE] = "en"
    own, english = client.get("/o/uji/publik/"), client.get("/o/uji/publik/en/")
    assert (language(own), language(english)) == ("id", "en")
    assert "Kapan pengamanan dimulai?" in own.content.decode()
    assert "Keberatan calon, ke panitia desa" in own.content.decode()
    assert "Candidates&#x27; objections, to the village committee" in english.content.decode()
    for page in (own, english):
        assert page["Cache-Control"] == "public, max-age=60"
        assert not page.cookies
    assert (
        'href="/o/uji/publik/en/"' in own.content.decode()
        and 'href="/o/uji/publik/"' in english.content.decode()
    )
    assert client.get("/o/uji/publik/xx/").status_code == 404


@pytest.mark.django_db
def test_the_calendar_follows(op, people, client):
    actions.publish_public(operation=op, by=people.humas, now=cast.NOW)
    assert "Keberatan calon" in client.get("/o/uji/publik/kalender.ics").content.decode()
    english = client.get("/o/uji/publik/en/kalender.ics").content.decode()
    assert "Candidates' objections" in english and "//EN" in english


@pytest.mark.django_db
def test_what_was_published_before_a_language_came_stays_indonesian(op, people, client):
    actions.publish_public(operation=op, by=people.humas, now=cast.NOW)
    with override("id"):
        bodies = {row.pk: {k: v for k, v in row.body.items() if k != "bahasa"} for row in Item.objects.all()}
    assert all(row.body.keys() - {"bahasa"} == bodies[row.pk].keys() for row in Item.objects.all())
    from kondusif_web.public.build import in_language

    for body in bodies.values():
        assert in_language(body, "en") == body

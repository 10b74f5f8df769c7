"""A card of a drill signs in by a click, acts in drills only, and is none beside live work (RULES 23)."""

import pytest
from django.test import Client

from kondusif_web.accounts.models import AccessEntry
from kondusif_web.election.actions import open_operation
from tests import cast

MASUK = "/masuk/"


@pytest.fixture
def demo(settings, op, people):
    settings.DEMO = True
    return Client()


def click(browser, who="kapolsek"):
    return browser.post("/masuk/kartu/", {"akun": who})


def live():
    return open_operation(
        **cast.OTHER | {"drill": False, "clock": None, "illustrative": False}, by=None, now=cast.NOW
    )


def test_no_card_stands_and_none_opens_but_in_a_demonstration(op, people):
    browser = Client()
    assert "/masuk/kartu/" not in browser.get(MASUK).content.decode()
    assert click(browser).status_code == 404


def test_a_click_signs_in_with_the_rights_of_the_membership_and_is_on_record(demo):
    assert 'value="kapolsek"' in demo.get(MASUK).content.decode()
    assert click(demo).status_code == 302
    assert demo.get("/o/uji/").status_code == 200
    assert demo.get("/o/uji/rencana/").status_code == 200
    assert AccessEntry.objects.filter(kind="signed_in", by="kapolsek", payload__how="card").exists()
    humas = Client()
    click(humas, "humas")
    assert humas.get("/o/uji/rencana/").status_code == 403


@pytest.mark.parametrize("who", ["admin", "tidak-ada", ""])
def test_only_people_of_a_drill_have_a_card(demo, who):
    assert click(demo, who).status_code == 404


@pytest.mark.parametrize("path", ["/operasi/baru/", "/sandi/", "/akun/"])
def test_a_card_changes_nothing_outside_drills(demo, path):
    click(demo, "perencana")
    assert demo.post(path, {}).status_code == 403


def test_where_the_office_works_live_no_card_stands_and_sessions_of_cards_end(demo):
    click(demo)
    live()
    assert demo.get("/o/uji/").headers["Location"] == MASUK
    assert "/masuk/kartu/" not in demo.get(MASUK).content.decode()
    assert click(demo).status_code == 404


def test_a_session_opened_by_password_is_no_card(demo, as_):
    assert as_("perencana").post("/operasi/baru/", {}).status_code != 403

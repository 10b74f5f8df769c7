"""The help page: open to all, one table of terms, links only to what a person may use."""

from __future__ import annotations

import re

import pytest

from kondusif.words import table
from kondusif_web.pages.help import PAGES
from tests.test_house import templates

HELP = "/bantuan/"


def test_every_term_and_step_has_its_line_in_both_languages():
    for language in ("id", "en"):
        assert set(table("terms", language)) == set(table("term_help", language))
        assert (
            set(table("way", language)) == set(table("way_help", language)) == set(table("way_who", language))
        )


def test_every_term_explains_itself_on_a_page_that_uses_it():
    used = [re.findall(r"{% istilah ([^%]*)%}", page.read_text(encoding="utf-8")) for page in templates()]
    named = {code for found in used for tag in found for code in re.findall(r'"(\w+)"', tag)}
    assert named == set(table("terms"))


def test_every_step_leads_to_an_entry_of_the_menu():
    assert {PAGES.get(code, code) for code in table("way")} <= set(table("menu"))


@pytest.mark.django_db
@pytest.mark.parametrize("who", [None, "kapolres", "petugas1", "camat", "panitia_karangjati", "auditor"])
def test_anybody_reads_the_help(client, as_, op, who):
    browser = as_(who) if who else client
    answer = browser.get(HELP)
    page = answer.content.decode()
    assert answer.status_code == 200 and all(f'id="{code}"' in page for code in table("terms"))
    assert ("LATIHAN - DATA" in page) is bool(who)  # without an operation there is none to practise in


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who, there", [("kapolres", True), ("petugas1", False), ("panitia_karangjati", False)]
)
def test_a_step_is_a_link_where_the_person_may_go(as_, op, who, there):
    page = as_(who).get(f"{HELP}?operasi=uji").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert ('href="/o/uji/rencana/"' in main) is there


@pytest.mark.django_db
def test_the_help_of_an_operation_one_is_not_in_is_that_of_a_stranger(as_, op):
    page = as_("petugas1").get(f"{HELP}?operasi=tidak-ada").content.decode()
    assert "/o/" not in page[page.index("<main") : page.index("</main>")]

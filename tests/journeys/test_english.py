"""Journey (f): a guest of the police reads the office in English, and the next person finds it Indonesian."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests import requires
from tests.journeys.office import Office
from tests.journeys.visitor import visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_english_is_chosen_read_and_left_again(browser: Browser, office_after: Office) -> None:
    requires.english()
    with visiting(browser, office_after, "perencana") as planner:
        page = planner.page
        planner.open("desa/")
        page.get_by_role("button", name="English").click()
        assert planner.path() == "/o/pasrepan-2023/desa/"
        expect(page.locator("html")).to_have_attribute("lang", "en")

        for path, heading in (
            ("", "Posko board"),
            ("desa/35.14.05.2001/", "Ngantungan"),
            ("ukur/", None),
            ("rencana/", None),
            ("penarikan/35.14.05.2001/", "Ngantungan"),
        ):
            planner.open(path)
            expect(page.locator("html")).to_have_attribute("lang", "en")
            if heading:
                expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
            name = re.sub(r"\W+", "-", path).strip("-") or "papan"
            assert planner.look(f"english-{name}") == []

        planner.go("/tidak-ada/")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("button", name="Bahasa Indonesia").click()
        expect(page.locator("html")).to_have_attribute("lang", "id")
        planner.go("/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Papan posko")

    with visiting(browser, office_after) as resident:
        resident.go("/publik/")
        resident.page.get_by_role("link", name="English").click()
        assert resident.path() == "/o/pasrepan-2023/publik/en/"
        expect(resident.page.locator("html")).to_have_attribute("lang", "en")
        assert resident.look("english-publik") == []
        resident.go("/masuk/")
        expect(resident.page.locator("html")).to_have_attribute("lang", "id")

"""What people print: the board, lists, the plan and a withdrawal, black on white and from the top."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.journeys.office import Office
from tests.journeys.visitor import visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PRINTED = ("", "desa/", "rencana/", "penarikan/", "putaran/tagihan/", "dialog/")
A4 = {"width": 718, "height": 1000}  # px: 190 mm between the margins
SEEN = "e => e.checkVisibility()"
STUCK = """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility()
    && ['fixed', 'sticky'].includes(getComputedStyle(e).position)).map(e => e.className)"""
UNFRAMED = """() => [...document.querySelectorAll('main .cip')].filter(e => e.checkVisibility()
    && parseFloat(getComputedStyle(e).borderTopWidth) < 1).map(e => e.outerHTML)"""


@pytest.mark.parametrize("path", PRINTED)
def test_paper_begins_at_the_top_and_is_legible_in_black(
    browser: Browser, office_after: Office, path: str
) -> None:
    """No bar sticks, no menu or button is left, its own text is on the first sheet; chips are framed."""
    with visiting(browser, office_after, "kapolres") as chief:
        chief.open(path)
        page = chief.page
        assert page.locator("[data-cetak]").is_visible()
        page.emulate_media(media="print")
        page.set_viewport_size(A4)
        assert page.evaluate(STUCK) == []
        assert page.evaluate(UNFRAMED) == []
        for gone in (".menu", ".bilah-bawah", ".kaki-halaman", "button", "form"):
            assert not any(e.evaluate(SEEN) for e in page.locator(gone).all()), gone
        top = page.locator("main h1, main h2").first.bounding_box()
        assert top is not None and top["y"] < A4["height"] / 3
        assert page.locator(".latihan").is_visible()
        heads = page.locator("main thead").all()
        assert {e.evaluate("e => getComputedStyle(e).display") for e in heads} <= {"table-header-group"}
        assert chief.sideways() <= 0


def test_the_plan_has_room_to_sign_on_paper_alone(browser: Browser, office_after: Office) -> None:
    with visiting(browser, office_after, "kapolres") as chief:
        chief.open("rencana/")
        signed = chief.page.locator(".tanda-tangan")
        assert not signed.is_visible()
        chief.page.emulate_media(media="print")
        assert signed.is_visible() and "Pangkat/NRP" in signed.inner_text()

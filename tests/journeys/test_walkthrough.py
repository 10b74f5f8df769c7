"""Journey (f): the README's ten minutes in the demo, step by step, by the words that stand there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import requires
from tests.journeys.office import Office
from tests.journeys.visitor import visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TOUR = re.search(
    r"### Ten minutes.*?(?=\nFrom Python)", (requires.ROOT / "README.md").read_text("utf-8"), re.S
)


def word(text: str) -> str:
    """A word of a page that the README tells its reader to look for."""
    assert TOUR and text in re.sub(r"\s+", " ", TOUR.group()), text
    return text


def menu(page: Page, name: str) -> None:
    page.get_by_role("link", name=word(name), exact=True).first.click()


def test_the_ten_minutes_of_the_readme(browser: Browser, office: Office) -> None:
    with visiting(browser, office, word("perencana")) as planner:
        page, main = planner.page, planner.page.locator("main")
        menu(page, "Latihan")
        page.get_by_role("button", name=word("Ke H+1 14.05")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("14.05", timeout=30_000)

        menu(page, "Pemetaan kerawanan")
        menu(page, "Putaran penilaian")
        expect(page.get_by_text("Ditutup", exact=True)).to_have_count(4)
        expect(page.get_by_text("Terlambat ditutup")).to_be_visible()
        page.get_by_role("link", name=word("Lemahbang"), exact=True).click()
        expect(page.get_by_text("petugas2: tingkat 3 dari 4")).to_be_visible()
        expect(page.get_by_text("perencana: tingkat 2 dari 4")).to_be_visible()

        menu(page, "Desa")
        main.get_by_role("link", name="Lemahbang", exact=True).first.click()
        expect(main).to_contain_text(word("Sangat Rawan"))
        expect(page.get_by_role("group", name="Peta Lemahbang")).to_be_visible()
        assert planner.look("jalan-desa") == []
        main.get_by_role("link", name=word("29,41")).first.click()
        expect(main).to_contain_text("29,41")

        menu(page, "Dialog")
        menu(page, "Tindakan")
        for state in ("Lewat waktu", "Belum ada pemilik", "Selesai"):
            expect(main.get_by_text(state, exact=True)).to_have_count(1)
        assert planner.look("jalan-tindakan") == []
        page.get_by_role("link", name="Panitia dan BPD menyelesaikan keberatan DPT").click()
        expect(main).to_contain_text("Sesudah bukan berarti karena")
        expect(main).to_contain_text(re.compile(r"Jawaban sebelumnya\s+3.*sesudahnya\s+2", re.S))
        assert planner.look("jalan-tindakan-sesudah") == []

        menu(page, "Pemetaan kerawanan")
        menu(page, "Kalibrasi")
        menu(page, "Riwayat")
        expect(main).to_contain_text("40,00 kini, 37,35 saran")
        assert word("37,35") and word("54 made-up places")
        assert planner.look("jalan-kalibrasi") == []
        page.get_by_role("link", name=word("Buka instrumen")).click()
        page.get_by_role("link", name=word("kondusif-45/2")).click()
        page.get_by_role("link", name=word("Perbedaan dan akibatnya pada desa")).click()
        moved = main.get_by_role("row").filter(has_text="pindah")
        expect(moved).to_have_count(1)
        expect(moved).to_contain_text(word("Ngantungan"))
        assert planner.look("jalan-akibat") == []

    with visiting(browser, office, word("kapolres")) as chief:
        page = chief.page
        chief.open("instrumen/kondusif-45/2/")
        page.get_by_label("Alasan").fill("Dicoba menurut README")
        page.get_by_role("button", name="Terbitkan").click()
        expect(page.get_by_role("status").first).to_contain_text("tidak dapat diubah lagi")

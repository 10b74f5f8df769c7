"""Journey (g): somebody works in a live operation and in a drill of one office, and nothing is crossed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests import cast
from tests.journeys.office import REGENCY_99, Office, Served, command, prepare
from tests.journeys.visitor import PHONE, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MARK = "LATIHAN - DATA ILUSTRATIF"
DRILL, LIVE = cast.OPERATION["nama"], "Pilkades sungguhan Arjasari"
POST = f"{cast.KARANGJATI}-01"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The made-up regency at H-5 as a drill, beside a live operation of the same places and people."""
    folder = tmp_path_factory.mktemp("beside")
    passwords = prepare(folder / "prepared", "beside", script=REGENCY_99)
    with Served(folder / "prepared", folder / "served", passwords, "uji") as office:
        yield office


def test_a_kapolsek_drills_in_one_and_reports_in_the_other(browser: Browser, office: Office) -> None:
    with visiting(browser, office, "kapolsek") as sector:
        page, main = sector.page, sector.page.locator("main")
        expect(page.get_by_role("heading", level=1)).to_have_text("Operasi Anda")
        expect(main.get_by_role("listitem").first).to_contain_text(LIVE)  # live ones first
        assert sector.look("operasi-anda") == []

        # The drill: marked on every page, its clock moves.
        main.get_by_role("link", name=f"LATIHAN · {DRILL}").click()
        assert sector.path() == "/o/uji/"
        expect(page.get_by_text(MARK).first).to_be_visible()
        page.get_by_role("link", name="Latihan", exact=True).first.click()
        page.locator("button[name=ke][value=geser]").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("19.00")
        expect(page.get_by_text(MARK).first).to_be_visible()
        assert sector.look("latihan-di-sebelah") == []

        # The live one: no mark, and no clock to move.
        page.get_by_role("link", name="Operasi lain").click()
        main.get_by_role("link", name=LIVE).click()
        assert sector.path() == "/o/nyata/"
        assert "LATIHAN" not in sector.text() and DRILL not in sector.text()
        expect(page.get_by_role("link", name="Latihan", exact=True)).to_have_count(0)
        assert sector.look("sungguhan-di-sebelah") == []
        page.get_by_role("link", name="Lapor", exact=True).first.click()
        page.set_viewport_size(PHONE)
        sector.go(f"/o/nyata/lapor/?pos={POST}")
        page.get_by_role("link", name=re.compile("^Aman")).click()
        page.get_by_role("button", name=re.compile("^Ya, aman")).click()
        expect(page.locator(".kabar-daftar")).to_contain_text("Diterima posko")
        assert "LATIHAN" not in sector.text()

        # Nothing crossed: what was sent stands where it was sent.
        sector.go("/o/nyata/lapor/")
        expect(main).to_contain_text("Diterima")
        sector.open("lapor/")
        expect(main).to_contain_text("Belum ada.")


def test_a_report_asks_for_its_operation(browser: Browser, office: Office) -> None:
    """The one address that every officer keeps: where there are two operations it asks which."""
    with visiting(browser, office, "petugas1") as officer:
        officer.page.set_viewport_size(PHONE)
        officer.go("/lapor/")
        assert officer.look("lapor-yang-mana") == []
        officer.page.locator("main").get_by_role("link", name=LIVE).click()
        assert officer.path() == "/o/nyata/lapor/"


def test_each_book_tells_its_own(browser: Browser, office: Office) -> None:
    with visiting(browser, office, "auditor") as auditor:
        lines = auditor.page.locator("tbody")
        auditor.open("buku/")
        expect(lines).to_contain_text("Jam latihan dimajukan")
        assert "Laporan diterima" not in lines.inner_text()
        auditor.go("/o/nyata/buku/")
        expect(lines).to_contain_text("Laporan diterima")
        assert "Jam latihan dimajukan" not in lines.inner_text()
        auditor.page.get_by_role("link", name="Buku mutasi kantor").click()
        expect(lines).to_contain_text("Akun dibuat")
        assert auditor.look("buku-kantor") == []
    assert "Semua sesuai buku." in command(office, "verify")


def test_the_public_reads_each_by_its_name(browser: Browser, office: Office) -> None:
    with visiting(browser, office, "humas") as press:
        for kode in ("uji", "nyata"):
            press.go(f"/o/{kode}/publik/terbit/")
            press.page.get_by_role("button", name="Terbitkan sekarang").click()
    with visiting(browser, office) as resident:
        resident.go("/publik/")
        assert resident.look("publik-daftar") == []
        resident.page.get_by_role("link", name=LIVE).click()
        assert resident.path() == "/o/nyata/publik/" and "LATIHAN" not in resident.text()
        resident.go("/publik/")
        resident.page.get_by_role("link", name=DRILL).click()
        assert resident.path() == "/o/uji/publik/" and MARK in resident.text()

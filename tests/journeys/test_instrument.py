"""Journey (e): a planner drafts an instrument and weighs it with judges; a second person publishes it.

Before it comes into force everybody sees which villages move.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from tests import cast
from tests.journeys.office import REGENCY_99, Office, Served, prepare
from tests.journeys.visitor import Visitor, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# D weighs most: A/B, A/C, A/D ... in the order of the page, as steps of the scale
HISTORY_FIRST = {"A/D": "-5", "B/D": "-5", "C/D": "-5", "D/E": "5", "D/F": "5"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The made-up regency on the evening of the vote: measured, published, a plan in force."""
    folder = tmp_path_factory.mktemp("instrument")
    passwords = prepare(folder / "prepared", "standby", script=REGENCY_99)
    with Served(folder / "prepared", folder / "served", passwords, "uji") as office:
        yield office


def judge(planner: Visitor, title: str, mood: dict[str, str]) -> None:
    """Fill one judge's sheet; the result follows every choice."""
    page = planner.page
    page.get_by_role("link", name="Isi lembar penilai").click()
    page.get_by_label("Penilai").fill(title)
    for field in planner.arrived().locator("ol.pasangan-daftar select").all():
        field.select_option(mood.get(field.get_attribute("name") or "", "1"))
    expect(page.locator("#hasil")).to_contain_text("Selaras")
    page.locator("select[name='D/E']").select_option("-9")
    expect(page.locator("#hasil")).to_contain_text("Bertentangan")
    expect(page.locator("#hasil")).to_contain_text("Yang paling menyimpang: D terhadap E")
    assert planner.look(f"instrumen-banding-{title[:3].lower()}") == []
    page.locator("select[name='D/E']").select_option(mood["D/E"])
    expect(page.locator("#hasil")).to_contain_text("Selaras")
    page.get_by_role("button", name="Simpan lembar").click()


def test_from_a_draft_to_an_instrument_in_force(browser: Browser, office: Office) -> None:
    with visiting(browser, office, "perencana") as planner:
        page = planner.page
        planner.go("/")
        page.get_by_role("link", name="Pemetaan kerawanan", exact=True).first.click()
        page.get_by_role("link", name="Instrumen").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Instrumen")
        assert planner.look("instrumen") == []
        page.get_by_role("button", name="Mulai draf").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("kondusif-45 versi 2")
        assert planner.look("instrumen-draf") == []

        page.get_by_role("link", name="Bobot dimensi").click()
        page.locator("input[name=A]").fill("0,3")
        expect(page.locator("#jumlah")).to_contain_text("harus 1")  # live, nothing saved
        assert planner.look("instrumen-bobot") == []
        page.locator("input[name=A]").fill("0,2")
        expect(page.locator("#jumlah")).to_contain_text("pas 1")

        judge(planner, "Kabag Ops", HISTORY_FIRST)
        judge(planner, "Kasat Intelkam", HISTORY_FIRST | {"A/B": "2"})
        expect(page.locator("main")).to_contain_text("2 penilai bersama")
        assert planner.look("instrumen-penilai") == []
        page.get_by_role("button", name="Pakai bobot ini").click()
        expect(page.get_by_role("status").first).to_contain_text("dipakai dalam draf")
        page.get_by_role("link", name="Kembali").click()

        page.get_by_role("link", name="Ubah batas").click()
        page.get_by_label("Batas kelas 2 ke 3").fill("35")
        expect(page.locator("#pratinjau")).to_contain_text("20, 35")  # live, nothing saved
        page.get_by_label("Batas kelas 2 ke 3").fill("10")
        expect(page.locator("#pratinjau")).to_contain_text("harus naik")
        page.get_by_role("button", name="Simpan").click()
        expect(page.locator(".galat, .ringkasan-galat").first).to_contain_text("harus naik")
        assert planner.look("instrumen-ditolak") == []
        page.get_by_label("Batas kelas 1 ke 2").fill("5")
        page.get_by_label("Batas kelas 2 ke 3").fill("20")
        page.get_by_role("button", name="Simpan").click()

        page.get_by_role("link", name="Tambah indikator").click()
        assert planner.look("instrumen-butir") == []
        page.get_by_role("link", name="Batal").click()
        page.get_by_role("link", name="Tambah dimensi").click()
        assert planner.look("instrumen-dimensi") == []
        page.get_by_role("link", name="Batal").click()
        page.get_by_role("link", name="Ubah peran").click()
        page.get_by_label("ya, A01 Tidak menentukan kekuatan").check()
        expect(page.locator("#pratinjau")).to_contain_text("A01, F01, F03")
        assert planner.look("instrumen-peran") == []
        page.get_by_role("link", name="Batal").click()
        # The drafter does not publish: the button is there and locked, with its reason.
        expect(page.get_by_role("button", name="Terbitkan")).to_have_attribute("aria-disabled", "true")

    with visiting(browser, office, "kabagops") as second:
        page = second.page
        second.open("instrumen/")
        page.get_by_role("link", name="kondusif-45/2").click()
        page.get_by_label("Alasan").fill("Rapat penilai, semua selaras")
        page.get_by_role("button", name="Terbitkan").click()
        expect(page.get_by_role("status").first).to_contain_text("tidak dapat diubah lagi")
        assert second.look("instrumen-terbit") == []

        page.get_by_role("link", name="Perbedaan dan akibatnya pada desa").click()
        first = page.locator("section[aria-labelledby=hd] tbody tr").first
        expect(first).to_contain_text("pindah")
        expect(page.locator("main")).to_contain_text("Bobot dimensi")
        assert second.look("instrumen-akibat") == []
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Unduh XLSX").click()
        book = load_workbook(BytesIO(waiting.value.path().read_bytes()))
        told = [cell.value for row in book["desa"].iter_rows() for cell in row]
        assert "ya" in told and "TERBATAS - LATIHAN - DATA ILUSTRATIF" in told

    with visiting(browser, office, "kapolres") as chief:
        page = chief.page
        chief.open("instrumen/kondusif-45/2/")
        assert chief.look("instrumen-berlakukan") == []
        page.locator("section[aria-labelledby=he]").get_by_label("Alasan").fill("Rapat operasi")
        page.get_by_role("button", name="Berlakukan").click()
        expect(page.get_by_role("status").first).to_contain_text("kondusif-45/2 berlaku")
        chief.open("ukur/")
        page.get_by_role("button", name="Hitung").click()
        expect(page.locator("main")).to_contain_text("instrumen kondusif-45 versi 2")
        assert chief.look("ukur-instrumen-baru") == []
        # What was published keeps the instrument it was made with.
        chief.open(f"desa/{cast.KARANGJATI}/")
        expect(page.locator("main")).to_contain_text("instrumen kondusif-45/1")


def test_it_works_without_a_script(browser: Browser, office: Office) -> None:
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    visitor = Visitor(context.new_page(), office)
    visitor.sign_in("perencana")
    page = visitor.page
    visitor.open("instrumen/")
    page.get_by_role("button", name="Mulai draf").click()
    page.get_by_role("link", name="Bobot dimensi").click()
    page.get_by_role("link", name="Isi lembar penilai").click()
    page.locator("select[name='A/B']").select_option("3")
    page.get_by_role("button", name="Hitung tanpa menyimpan").click()
    expect(page.locator("#hasil")).to_contain_text("14 dari 15 pasangan belum dinilai")
    expect(page.locator("select[name='A/B']")).to_have_value("3")
    page.get_by_role("link", name="Batal").click()
    expect(page.locator("main")).to_contain_text("Belum ada penilai")
    context.close()


@pytest.mark.parametrize(
    "person", ["camat", "danramil", "panitia.karangjati", "humas", "auditor", "petugas1"]
)
def test_others_see_nothing_of_it(browser: Browser, office: Office, person: str) -> None:
    with visiting(browser, office, person) as other:
        assert other.open("instrumen/").status == 403
        other.go("/")
        assert "/o/uji/instrumen/" not in other.visible_links()

"""Journey (d): an officer answers on a phone, a second rater differs, people settle it together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests import cast
from tests.journeys.office import REGENCY_99, Office, Served, prepare
from tests.journeys.visitor import PHONE, visiting
from tests.pictures import PNG

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The made-up regency at H-5, nothing measured."""
    folder = tmp_path_factory.mktemp("regency99")
    passwords = prepare(folder / "prepared", script=REGENCY_99)
    with Served(folder / "prepared", folder / "served", passwords, "uji") as office:
        yield office


def test_two_raters_and_what_they_agree_on(browser: Browser, office: Office) -> None:
    with visiting(browser, office, "perencana") as planner:
        page = planner.page
        planner.go("/")
        page.get_by_role("link", name="Putaran penilaian").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Tidak ada putaran penilaian yang sedang berjalan"
        )
        page.get_by_role("button", name="Buka Kampanye mulai").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Putaran 'Kampanye mulai' sedang berjalan")
        assert planner.look("putaran") == []

    with visiting(browser, office, "petugas1") as officer:
        page = officer.page
        page.set_viewport_size(PHONE)
        officer.open("putaran/")
        page.get_by_role("link", name="Isi jawaban Karangjati").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("jawaban belum masuk")
        assert officer.look("jawab") == []
        page.set_viewport_size(PHONE)

        # A word that is never kept: named, nothing saved, what was filled stays.
        page.get_by_role("heading", name="D Riwayat dan gangguan kamtibmas").click()
        assert officer.look("jawab-bagian") == []
        page.set_viewport_size(PHONE)
        page.select_option("[name='D-D10']", "3")
        page.fill("[name='D-D03']", "0")
        page.fill("[name='D-source']", "Menurut pendukung calon 2")
        page.get_by_role("button", name="Kirim bagian D").click()
        expect(page.get_by_role("alert")).to_contain_text("Tidak ada yang disimpan")
        expect(page.get_by_text("Ditemukan pendukung calon 2; seharusnya teks tanpa agama")).to_be_visible()
        expect(page.locator("[name='D-D10']")).to_have_value("3")
        assert officer.look("jawab-ditolak") == []
        page.set_viewport_size(PHONE)
        page.fill("[name='D-source']", "Pengamatan di pasar desa")
        page.get_by_role("button", name="Kirim bagian D").click()
        expect(page.get_by_role("status")).to_contain_text("2 isian diterima")

        # Evidence for what was answered.
        done = page.get_by_role("listitem").filter(has_text="D10").last
        done.get_by_text("Lampirkan bukti").click()
        done.get_by_label("Jenis bukti").select_option("foto")
        done.locator("input[type=file]").set_input_files(
            {"name": "pasar.png", "mimeType": "image/png", "buffer": PNG}
        )
        done.get_by_role("button", name="Lampirkan").click()
        expect(page.get_by_role("status")).to_contain_text("Bukti dilampirkan")
        assert officer.look("jawab-bukti") == []

    with visiting(browser, office, "perencana") as second:
        page = second.page
        second.open(f"jawab/{cast.KARANGJATI}/")
        page.get_by_role("heading", name="D Riwayat dan gangguan kamtibmas").click()
        question = page.get_by_role("group").filter(has_text="D10").first
        expect(question).to_contain_text("Penilai lain sudah menjawab")
        expect(question).not_to_contain_text("tingkat 3")  # two ratings stay two
        page.select_option("[name='D-D10']", "1")
        page.fill("[name='D-source']", "Pengamatan di balai desa")
        page.get_by_role("button", name="Kirim bagian D").click()
        expect(page.get_by_text("masuk penilaian bersama: D10")).to_be_visible()

    with visiting(browser, office, "kapolsek") as chief:
        page = chief.page
        chief.open("putaran/")
        page.get_by_role("link", name="Karangjati", exact=True).click()
        expect(page.get_by_text("petugas1: tingkat 3 dari 4")).to_be_visible()
        expect(page.get_by_text("perencana: tingkat 1 dari 4")).to_be_visible()
        page.get_by_text("Catat nilai yang disepakati").click()
        assert chief.look("bersama") == []
        page.get_by_label("Nilai yang disepakati").select_option("2")
        page.get_by_label("Alasan").fill("Dilihat bersama di pasar dan balai desa")
        page.get_by_label("Semua penilai hadir dan sepakat").check()
        page.get_by_role("button", name="Catat kesepakatan").click()
        expect(page.get_by_text("Disepakati tingkat 2 dari 4")).to_be_visible()
        expect(page.get_by_text("petugas1: tingkat 3 dari 4")).to_be_visible()  # both values stay
        with page.expect_download() as kept:
            page.get_by_role("button", name="Unduh").first.click()
        assert kept.value.path().read_bytes() == PNG
        assert chief.look("putaran-desa") == []
        chief.open("putaran/tagihan/")
        assert chief.look("tagihan") == []

    with visiting(browser, office, "kapolres") as head:
        page = head.page
        head.open("putaran/")
        page.get_by_role("button", name="Tutup Kampanye mulai").click()
        expect(page.get_by_role("status")).to_contain_text("ditutup")
        page.get_by_role("link", name="Kampanye mulai").click()
        expect(page.get_by_role("heading", name="Disimpan saat ditutup")).to_be_visible()
        expect(page.get_by_text("Belum dinilai").first).to_be_visible()
        assert head.look("putaran-beku") == []

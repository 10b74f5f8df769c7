"""Journey (e): after the vote a planner brings past votes, sees them first, and reads what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kondusif.files.history import history_csv, read_history
from kondusif.learn import Outcome
from tests.journeys.office import Office
from tests.journeys.visitor import visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROWS = ((5, 0), (10, 0), (15, 1), (22, 0), (30, 1))
PAST = [Outcome(f"99.01.01.{2001 + k}/2019", float(s), 1 + (s >= 20), b) for k, (s, b) in enumerate(ROWS)]


def test_past_votes_are_seen_then_taken_then_read(
    browser: Browser, office_after: Office, tmp_path: Path
) -> None:
    good, bad = tmp_path / "riwayat.csv", tmp_path / "salah.csv"
    good.write_text(history_csv(PAST), encoding="utf-8")
    bad.write_text("tempat;skor;tingkat;kejadian\n99.01.01.2001;500;1;ungu\n", encoding="utf-8")
    with visiting(browser, office_after, "perencana") as planner:
        page = planner.page
        planner.go("/")
        page.get_by_role("link", name="Pemetaan kerawanan", exact=True).first.click()
        page.get_by_role("link", name="Kalibrasi").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Kalibrasi: kelas dan yang terjadi")
        expect(page.get_by_text("Baru 3 desa")).to_be_visible()
        page.get_by_text("Setiap tempat").first.click()
        assert planner.look("kalibrasi") == []

        page.get_by_role("link", name="Impor riwayat").click()
        for path in (bad, good):
            page.get_by_label("Pemungutan dan catatan siapa").fill("Pilkades 2019, catatan Bagops")
            page.get_by_label("Berkas riwayat").set_input_files(path)
            page.get_by_role("button", name="Periksa dan lihat dulu").click()
            if path == bad:
                expect(page.get_by_role("alert")).to_contain_text("2, skor")
                expect(page.get_by_role("alert")).to_contain_text("2, kejadian")
                assert planner.look("riwayat-ditolak") == []
        expect(page.get_by_role("heading", name="Pratinjau: 5 tempat")).to_be_visible()
        assert planner.look("riwayat-pratinjau") == []
        page.get_by_role("button", name="Pakai riwayat ini").click()

        page.get_by_role("link", name="Riwayat", exact=True).click()
        expect(page.get_by_text("20,00 kini, 12,50 saran")).to_be_visible()
        expect(page.get_by_role("heading", name="Tidak ada yang diterapkan")).to_be_visible()
        assert planner.look("kalibrasi-riwayat") == []
        with page.expect_download() as kept:
            page.get_by_role("link", name="Unduh CSV", exact=True).click()
        assert list(read_history(Path(kept.value.path()))) == PAST
        page.get_by_role("link", name="Keduanya", exact=True).click()
        assert planner.look("kalibrasi-keduanya") == []

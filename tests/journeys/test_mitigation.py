"""Journey (d): an action against a risk, from the village page to what stands after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests import cast
from tests.cast import ITEMS
from tests.journeys.office import REGENCY_99, Office, Served, prepare
from tests.journeys.visitor import Visitor, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]
START = cast.VOTE_AT - timedelta(days=5)  # where regency99 stands


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The made-up regency at H-5, nothing measured."""
    folder = tmp_path_factory.mktemp("regency99")
    passwords = prepare(folder / "prepared", script=REGENCY_99)
    with Served(folder / "prepared", folder / "served", passwords, "uji") as office:
        yield office


def calmest(item: str) -> str:
    """The answer of least risk, as a person types it."""
    indicator = ITEMS[item]
    values = [at for at, _ in indicator.transform.points] or [indicator.lo, indicator.hi]
    return f"{min(values, key=indicator.risk):g}"


def bring(planner: Visitor, text: str) -> None:
    """Answers in, reckoned, published."""
    page = planner.page
    planner.open("ukur/")
    page.set_input_files(
        "input[type=file]", {"name": "jawaban.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Periksa").click()
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_role("status")).to_contain_text("jawaban baru")
    page.get_by_role("button", name="Hitung").click()
    page.get_by_role("button", name="Terbitkan").click()
    expect(page.get_by_role("status")).to_contain_text("diterbitkan")


def test_from_a_risk_to_what_stands_after_it(browser: Browser, office: Office) -> None:
    answers = (office.data / "jawaban.csv").read_text(encoding="utf-8")
    with visiting(browser, office, "perencana") as planner:
        page = planner.page
        bring(planner, answers)

        planner.open(f"desa/{cast.KARANGJATI}/")
        assert planner.look("tindakan-desa") == []
        page.locator(".butir a[href*='butir=']").first.click()  # from a largest contributor
        expect(page.get_by_label("Karangjati")).to_be_checked()
        item = page.locator("select[name=butir_1]")
        chosen = item.input_value()
        assert chosen
        page.locator("input[name=sasaran_1]").fill(calmest(chosen))
        page.get_by_label("Tindakan", exact=False).first.fill("Dialog dan pembenahan bersama panitia")
        due = START + timedelta(hours=9)  # local time is ahead of UTC, so this is later today
        page.locator("input[name=due]").fill(f"{due:%Y-%m-%dT%H:%M}")
        assert planner.look("tindakan-baru") == []
        page.get_by_role("button", name="Simpan tindakan").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Dialog dan pembenahan bersama panitia")
        expect(page.locator("main")).to_contain_text("Belum ada pemilik")
        expect(page.locator("main")).to_contain_text("Diharapkan:")
        address = planner.path()

    with visiting(browser, office, "kapolsek") as sector:
        page = sector.page
        sector.open(f"desa/{cast.KARANGJATI}/")
        page.get_by_role("link", name="Dialog dan pembenahan bersama panitia").click()
        assert sector.path() == address
        page.get_by_role("button", name="Tanggung").click()
        expect(page.locator("main")).to_contain_text("Kapolsek Sumberarum")
        page.get_by_role("button", name="Sudah selesai").click()
        expect(page.locator("main")).to_contain_text("Belum ada penerbitan sesudah tindakan ini selesai.")

    with visiting(browser, office, "perencana") as planner:
        page = planner.page
        planner.open("latihan/")
        page.locator("button[name=ke][value=geser-3]").click()  # two days later somebody measures again
        day = (cast.VOTE_AT - timedelta(days=3)).date()
        head = answers.splitlines()[0]
        row = f"{cast.KARANGJATI},{chosen},{calmest(chosen)},{day},latihan,P01,ya"
        bring(planner, f"{head}\n{row}\n")

        planner.go(address)
        seen = page.locator("main")
        expect(seen).to_contain_text("Jawaban sebelumnya")
        expect(seen).to_contain_text("sesudahnya")
        expect(seen).to_contain_text("Sesudah bukan berarti karena")
        assert planner.look("tindakan-sesudah") == []

    with visiting(browser, office, "camat") as camat:  # the same action, without answers and points
        camat.go(address)
        assert "Jawaban sebelumnya" not in camat.text() and "Diharapkan" not in camat.text()
        assert "Dialog dan pembenahan" in camat.text() and "Kelas" in camat.text()
        assert camat.look("tindakan-camat") == []

    with visiting(browser, office, "panitia.karangjati") as committee:
        assert committee.go(address).status == 403

"""Journey (a): a planner brings answers, publishes classes, makes a plan; the Kapolres puts it in force."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from tests import cast
from tests.journeys.office import REGENCY_99, Office, Served, prepare
from tests.journeys.visitor import visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The made-up regency at H-5, nothing measured."""
    folder = tmp_path_factory.mktemp("regency99")
    passwords = prepare(folder / "prepared", script=REGENCY_99)
    with Served(folder / "prepared", folder / "served", passwords, "uji") as office:
        yield office


def test_from_answers_to_an_approved_plan(browser: Browser, office: Office) -> None:
    with visiting(browser, office, "perencana") as planner:
        page = planner.page
        planner.go("/")
        page.get_by_role("link", name="Pemetaan kerawanan").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Pemetaan kerawanan")

        # A file with a mistake is refused whole, with the place of the mistake.
        good = (office.data / "jawaban.csv").read_text(encoding="utf-8")
        bad = good.replace(",A01,", ",Z99,", 1)
        page.set_input_files(
            "input[type=file]", {"name": "jawaban.csv", "mimeType": "text/csv", "buffer": bad.encode()}
        )
        page.get_by_role("button", name="Periksa").click()
        expect(page.get_by_role("alert")).to_contain_text("Z99")
        assert planner.look("ukur-ditolak") == []

        planner.open("ukur/")
        page.set_input_files(
            "input[type=file]", {"name": "jawaban.csv", "mimeType": "text/csv", "buffer": good.encode()}
        )
        page.get_by_role("button", name="Periksa").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Periksa sebelum diterapkan")
        page.get_by_role("button", name="Terapkan").click()
        every = 3 * len(cast.ITEMS)  # of three villages
        expect(page.get_by_role("status")).to_contain_text(f"{every} jawaban baru")

        page.get_by_role("button", name="Hitung").click()
        expect(page.get_by_role("heading", name="Draf untuk diterbitkan")).to_be_visible()
        assert planner.look("ukur-draf") == []
        page.get_by_role("button", name="Terbitkan").click()
        expect(page.get_by_role("status")).to_contain_text("3 desa diterbitkan")

        page.get_by_role("link", name="Rencana pengamanan").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Belum ada rencana pengamanan")
        page.get_by_role("button", name="Susun rencana pengamanan").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Rencana pengamanan v1 belum disahkan")
        assert planner.look("rencana-draf") == []
        page.get_by_role("button", name="Ajukan kepada Kapolres").click()
        # The button is there and locked, with the reason beside it.
        locked = page.get_by_role("button", name="Sahkan rencana pengamanan")
        expect(locked).to_have_attribute("aria-disabled", "true")
        expect(page.locator("main")).to_contain_text("Terkunci:")

    with visiting(browser, office, "kapolres") as chief:
        page = chief.page
        chief.go("/")
        page.get_by_role("link", name="Rencana pengamanan").first.click()
        page.get_by_role("button", name="Sahkan rencana pengamanan").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Rencana pengamanan v1 disahkan")
        assert chief.look("rencana-disahkan") == []

        with page.expect_download() as waiting:
            page.get_by_role("link", name="Unduh plotting XLSX").click()
        sheet = load_workbook(BytesIO(waiting.value.path().read_bytes())).active
        told = "\n".join(
            str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None
        )
        assert "LATIHAN - DATA ILUSTRATIF" in told
        assert "disahkan" in told and "BELUM DISAHKAN" not in told

        chief.open(f"desa/{cast.KARANGJATI}/")
        assert chief.look("desa-karangjati") == []


def test_the_camat_sees_class_and_gates_but_no_plotting(browser: Browser, office: Office) -> None:
    with visiting(browser, office, "camat") as camat:
        assert camat.open("rencana/").status == 403
        assert camat.open("rencana/plotting.xlsx").status == 403
        assert camat.open(f"desa/{cast.KARANGJATI}/").status == 200

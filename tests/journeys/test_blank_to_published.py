"""Journey (f): from a blank office to the published class of 31 villages, with a browser and Excel files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from tests.journeys import regency31
from tests.journeys.office import Office, Served, prepare
from tests.journeys.visitor import Visitor, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OWN = "kata-sandi-pilihan-sendiri"


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("blank") / "data"
    passwords = prepare(folder, script=Path(__file__).with_name("blank.py"))
    with Served(folder, tmp_path_factory.mktemp("office") / "data", passwords, "pilkades-arjasari") as office:
        yield office


def first_sign_in(visitor: Visitor, username: str) -> None:
    """With the one-time password, then with one's own."""
    visitor.sign_in(username)
    assert visitor.path() == "/sandi/"
    page = visitor.page
    page.fill("input[name=old]", visitor.office.passwords[username])
    page.fill("input[name=new]", OWN)
    page.fill("input[name=again]", OWN)
    page.click("main button[type=submit]")
    visitor.office.passwords[username] = OWN


def send(page: Page, name: str, raw: bytes, kind: str = XLSX) -> None:
    page.set_input_files("input[type=file]", {"name": name, "mimeType": kind, "buffer": raw})
    page.get_by_role("button", name="Periksa").click()


def test_from_a_blank_office_to_published_classes(browser: Browser, blank: Office) -> None:
    with visiting(browser, blank) as admin:
        first_sign_in(admin, "admin")
        page = admin.page
        page.fill("input[name=username]", "perencana")
        page.select_option("select[name=role]", "planner")
        page.fill("input[name=jabatan]", "Perwira perencana")
        page.get_by_role("button", name="Buat akun").click()
        blank.passwords["perencana"] = page.locator(".skor code").inner_text()

    with visiting(browser, blank) as planner:
        first_sign_in(planner, "perencana")
        page = planner.page
        assert planner.look("kosong") == []

        # The operation.
        page.get_by_role("link", name="Mulai operasi").click()
        assert planner.look("operasi-baru") == []
        vote = date.today() + timedelta(days=20)
        page.fill("input[name=nama]", "Pilkades serentak Arjasari")
        page.fill("input[name=kode]", "pilkades-arjasari")
        page.fill("input[name=polres]", "Polres Arjasari")
        page.fill("input[name=waktu]", f"{vote}T07:00")
        page.select_option("select[name=jenis]", "latihan")
        page.fill("[name=wilayah]", regency31.AREA)
        page.get_by_role("button", name="Mulai operasi").click()
        expect(page.get_by_role("status")).to_contain_text("Operasi dibuka")

        # Villages and stations: a mistake is named by its cell, then the right file is shown and applied.
        broken = load_workbook(BytesIO(regency31.places_workbook()))
        broken["tps"]["D5"] = 900  # more voters than a station may have
        raw = BytesIO()
        broken.save(raw)
        send(page, "desa.xlsx", raw.getvalue())
        expect(page.get_by_role("alert")).to_contain_text("tps, 5, pemilih")
        assert planner.look("berkas-ditolak") == []
        send(page, "desa.xlsx", regency31.places_workbook())
        expect(page.get_by_role("heading", level=1)).to_have_text("Periksa sebelum diterapkan")
        expect(page.get_by_role("row", name="Desa 31 0 0 0")).to_be_visible()
        expect(page.get_by_role("row", name="TPS 250 0 0 0")).to_be_visible()
        assert planner.look("berkas-periksa") == []
        page.get_by_role("button", name="Terapkan").click()
        expect(page.get_by_role("status")).to_contain_text("283 baris")  # with two units
        assert planner.look("operasi") == []

        # Boundaries: the map is schematic no more.
        page.get_by_role("link", name="Batas desa").click()
        page.fill("input[name=sumber]", "Batas karangan untuk latihan")
        send(page, "batas.geojson", regency31.boundaries(), "application/geo+json")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Periksa batas")
        assert planner.look("batas-periksa") == []
        page.get_by_role("button", name="Terapkan").click()
        expect(page.get_by_role("status")).to_contain_text("31 desa")

        # Answers.
        page.get_by_role("link", name="Pemetaan kerawanan").first.click()
        send(page, "jawaban.xlsx", regency31.answers_workbook(date.today() - timedelta(days=1)))
        expect(page.get_by_role("heading", level=1)).to_have_text("Periksa sebelum diterapkan")
        assert planner.look("jawaban-periksa") == []
        page.get_by_role("button", name="Terapkan").click()
        count = 31 * len(regency31.ITEMS) + 250 * len(regency31.STATION_ITEMS)
        expect(page.get_by_role("status")).to_contain_text(f"{count} jawaban baru")

        # Class.
        page.get_by_role("button", name="Hitung").click()
        expect(page.get_by_role("status")).to_contain_text("31 desa dihitung")
        page.get_by_role("button", name="Terbitkan").click()
        expect(page.get_by_role("status")).to_contain_text("31 desa diterbitkan")
        village = next(regency31.villages())
        planner.open(f"desa/{village['kode']}/")
        expect(page.get_by_role("heading", level=1)).to_contain_text(village["nama"])
        expect(page.get_by_role("heading", name="Mengapa")).to_be_visible()
        assert planner.look("desa-31") == []
        planner.open()
        expect(page.locator("svg.peta").first).to_be_visible()
        expect(page.locator("main")).to_contain_text("Batas: Batas karangan untuk latihan")
        assert planner.look("papan-31") == []

        # Everything leaves again.
        planner.open("ekspor/")
        assert planner.look("ekspor") == []
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Unduh XLSX").click()
        sheet = load_workbook(BytesIO(waiting.value.path().read_bytes()), read_only=True)["kelas"]
        rows = [row for row in sheet.iter_rows(min_row=3, values_only=True)]
        assert len(rows) == 31 + 250 and {row[-1] for row in rows} == {"LATIHAN - DATA ILUSTRATIF"}
        assert {row[3] for row in rows} <= {1, 2, 3}

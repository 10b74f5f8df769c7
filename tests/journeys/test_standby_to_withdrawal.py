"""Journey (b): reports, stand-by, a withdrawal refused with every reason, evidence, two people.

Tegalrejo of the made-up regency, class Rawan: twelve quiet hours, and only the Kapolres approves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests import cast
from tests.journeys.office import REGENCY_99, Office, Served, command, prepare
from tests.journeys.visitor import PHONE, Visitor, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGE = f"penarikan/{cast.TEGALREJO}/"
TPS_02 = f"{cast.TEGALREJO}-02"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The made-up regency on the evening of the vote, every village standing by."""
    folder = tmp_path_factory.mktemp("regency99")
    passwords = prepare(folder / "prepared", "standby", script=REGENCY_99)
    with Served(folder / "prepared", folder / "served", passwords, "uji") as office:
        yield office


def report_safe(visitor: Visitor, post: str, *, after_silence: bool = False) -> None:
    """Two taps on a telephone; of a post that was silent also that nothing happened meanwhile."""
    visitor.page.set_viewport_size(PHONE)
    visitor.open(f"lapor/?pos={post}")
    visitor.page.get_by_role("link", name=re.compile("^Aman")).click()
    if after_silence:
        visitor.page.locator("input[name=gap][value=calm]").check(force=True)
    visitor.page.get_by_role("button", name=re.compile("^Ya, aman")).click()
    expect(visitor.page.locator(".kabar-daftar")).to_contain_text("Diterima posko")


def confirm_gap(visitor: Visitor, post: str) -> None:
    """A second person says that nothing happened while a post was silent (RULES 13)."""
    visitor.open(f"pos/{post}/")
    assert visitor.look("pos-sempat-diam") == []
    visitor.page.locator("input[name=how][value=call]").check(force=True)
    visitor.page.get_by_role("button", name="Saya membenarkan: tidak terjadi apa-apa").click()
    expect(visitor.page.locator(".kabar-daftar")).to_be_visible()


def state(visitor: Visitor, item: int, *, minutes: str = "", party: str = "") -> None:
    """Say yes to one item of the checklist, for the whole village."""
    visitor.open(PAGE)
    form = visitor.page.locator(
        f"form:has(input[name=item][value='{item}']):has(input[name=party][value='{party}'])"
    )
    visitor.page.locator("details", has=form).locator("summary").click()
    form.get_by_label("Ya", exact=True).check()
    if minutes:
        form.get_by_label("Nomor berita acara").fill(minutes)
    form.get_by_role("button", name="Catat fakta").click()
    expect(visitor.page.locator(".kabar-daftar")).to_be_visible()


def shut(visitor: Visitor) -> list[str]:
    """Names of the gates that the page shows as shut."""
    visitor.open(PAGE)
    return visitor.page.locator("section:has(#g1) li h3").all_inner_texts()


def test_a_withdrawal_is_refused_until_evidence_and_two_people_open_it(
    browser: Browser, office: Office
) -> None:
    with visiting(browser, office, "petugas2") as officer:
        report_safe(officer, f"{cast.TEGALREJO}-01")
        assert officer.look("lapor-terkirim") == []

    with visiting(browser, office, "kapolsek") as sector:
        sector.open(PAGE)
        sector.page.get_by_label("Alasan permintaan").fill("Kotak sudah di kecamatan, jalan sepi")
        sector.page.get_by_role("button", name="Ajukan penarikan").click()
        assert sector.look("penarikan-diminta") == []
        # Who asked does not approve.
        locked = sector.page.get_by_role("button", name="Setujui penarikan")
        expect(locked).to_have_attribute("aria-disabled", "true")

    with visiting(browser, office, "kapolres") as chief:
        early = shut(chief)
        assert len(early) >= 11  # items 1-5, 9-13 without evidence, and the quiet hours
        expect(chief.page.get_by_role("heading", level=1)).to_contain_text("belum dapat disetujui")
        expect(chief.page.get_by_role("button", name="Setujui penarikan")).to_have_attribute(
            "aria-disabled", "true"
        )
        # Pressing past the locked button is refused by the action, with every gate by name.
        request = re.search(rf"/o/uji/{PAGE}putuskan/[0-9a-f-]+/", chief.page.content())
        assert request, "the request can be refused from this page"
        token = chief.page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
        answer = chief.page.request.post(
            f"{office.url}{request[0]}",
            form={"action": "setujui", "csrfmiddlewaretoken": token},
            headers={"Referer": office.url},
        )
        assert answer.status == 409
        refusal = answer.text()
        assert [gate for gate in early if gate not in refusal] == []

    command(office, "drill", "2023-10-11T08:00")

    with visiting(browser, office, "petugas2") as officer:
        report_safe(officer, f"{cast.TEGALREJO}-01", after_silence=True)
    with visiting(browser, office, "panitia.tegalrejo") as committee:
        for item in (1, 2, 3):
            state(committee, item, minutes=f"BA-0{item}/P2KD/2023")
    with visiting(browser, office, "kapolsek") as sector:
        report_safe(sector, TPS_02, after_silence=True)
        sector.page.set_viewport_size({"width": 1440, "height": 900})
        for item in (4, 5, 9, 10, 11, 12):
            state(sector, item)
        state(sector, 13, party="kapolsek")
        sector.open(PAGE)
        sector.page.get_by_role("button", name="Buat kode warga").click()
        code = re.search(r"/o/uji/k/([\w-]+)/", sector.text())
        assert code
    with visiting(browser, office, "danramil") as army:
        for item in (4, 10):
            state(army, item)
        state(army, 13, party="danramil")
    with visiting(browser, office) as resident:
        resident.go(code[0])
        assert resident.look("kode-warga") == []
        resident.page.get_by_role("button", name="Ya, sudah tenang").click()
        expect(resident.page.get_by_role("heading", level=1)).to_contain_text("Terima kasih")

    with visiting(browser, office, "kapolres") as chief:
        assert [gate.split(".")[0] for gate in shut(chief)] == ["1", "2", "13", "Jam tenang"]
        for post in (f"{cast.TEGALREJO}-01", TPS_02):
            confirm_gap(chief, post)
        still = shut(chief)
        # The committee's word alone is one observer, and the camat has not agreed.
        assert [gate.split(".")[0] for gate in still] == ["1", "2", "13"]
    with visiting(browser, office, "camat") as camat:
        for item in (1, 2):
            state(camat, item, minutes=f"BA-0{item}/P2KD/2023")
        state(camat, 13, party="camat")

    with visiting(browser, office, "kapolres") as chief:
        assert shut(chief) == []
        expect(chief.page.get_by_role("heading", level=1)).to_contain_text("dapat disetujui")
        assert chief.look("penarikan-terbuka") == []
        chief.page.get_by_role("button", name="Setujui penarikan").click()
        expect(chief.page.locator(".kabar-daftar")).to_be_visible()
        chief.open(f"desa/{cast.TEGALREJO}/")
        expect(chief.page.locator("main")).to_contain_text("Penarikan tahap 1")
        assert chief.look("desa-surut-1") == []

    assert "Semua sesuai buku." in command(office, "verify")


def test_bad_news_brings_the_officers_back(browser: Browser, office: Office) -> None:
    """After the step down: an incident at a TPS, and the village stands by again (RULES 14)."""
    with visiting(browser, office, "petugas2") as officer:
        officer.page.set_viewport_size(PHONE)
        officer.open(f"lapor/insiden/?pos={cast.TEGALREJO}-01")
        officer.page.locator("input[name=kind]").first.check(force=True)
        officer.page.locator("input[name=help]").first.check(force=True)
        officer.page.get_by_role("button", name="Kirim").click()
        expect(officer.page.locator(".kabar-daftar")).to_contain_text("Diterima posko")
        expect(officer.page.locator("main")).to_contain_text("kembali siaga")
    with visiting(browser, office, "kapolres") as chief:
        chief.open(PAGE)
        expect(chief.page.locator("main")).to_contain_text("Dibuka kembali")
        assert len(shut(chief)) > 0
        chief.go("/")
        assert chief.look("papan-insiden") == []

"""What the pages ``docs/how-to/new-*.md`` promise: on a copy of the tree, the places they name are enough.

The page of an indicator is carried out by ``core/test_new_indicator.py``, which has more to look at.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.howto import PAGES, Copy, blocks


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def places(name: str) -> list[str]:
    return [path for path, _ in blocks(name)]


def test_each_page_is_carried_out_by_a_test() -> None:
    pages = {page.stem for page in PAGES.glob("new-*.md")}
    assert pages == {f"new-{what}" for what in ("indicator", "gate", "role", "column", "channel", "format")}


def test_a_new_gate_is_its_place_its_rule_its_sentence_and_a_row_of_the_specification(copy: Copy) -> None:
    copy.follow("new-gate")
    copy.run("-m", "pytest", "-q", "-p", "no:xdist", "tests/spec/test_gates_table.py")
    drawn = copy.run("-c", "from kondusif.withdraw import gates_markdown; print(gates_markdown())")
    assert "| 16 | Radio reaches every post | standby to l1; standby to l2 |" in drawn
    shown = copy.run("-m", "kondusif.cli", "status")
    assert "x 16. Radio menjangkau setiap pos: Belum ada yang menyatakan." in " ".join(shown.split())


def test_a_new_column_of_the_plotting_list_is_one_row(copy: Copy) -> None:
    assert places("new-column") == ["src/kondusif/plan/plotting.py"]
    copy.follow("new-column")
    copy.run("-m", "kondusif.cli", "plan", "--xlsx", "plotting.xlsx")
    heading = "load_workbook('plotting.xlsx').active[4]"
    shown = copy.run("-c", f"from openpyxl import load_workbook; print([c.value for c in {heading}])")
    assert "'Mulai', 'Siap', 'Padal'" in shown


ROLE = """
import pytest

from kondusif.files.sheets import PERAN
from kondusif_web.accounts.actions import create_account
from kondusif_web.accounts.models import User
from kondusif_web.election.members import add_member
from tests import cast

pytestmark = pytest.mark.django_db


def test_one_with_the_new_role_signs_in_and_sees_what_its_permissions_allow(op, people, client):
    account = create_account(
        username="satpol1", password=cast.PASSWORD, must_change=False, by=None, now=cast.NOW
    )
    member = add_member(
        operation=op, user=account, role="satpolpp", prefixes=["99"], by=people.admin, now=cast.NOW
    )
    member.full_clean()
    client.post("/masuk/", {"username": "satpol1", "password": cast.PASSWORD})
    home = client.get("/o/uji/", follow=True)
    assert home.status_code == 200 and "Satpol PP" in home.content.decode()
    assert client.get("/o/uji/lapor/").status_code == 200  # it may report
    assert client.get("/o/uji/ukur/").status_code == 403  # and has no permission there
    assert "satpolpp" in PERAN  # a file may name it


def test_the_administrator_is_offered_it(op, people, as_):
    page = as_("admin").get("/akun/petugas1/uji/").content.decode()
    assert '<option value="satpolpp">Satpol PP</option>' in page
    with pytest.raises(Exception, match="Bukan peran di kantor"):
        User(username="x", role="satpolpp").clean_fields(exclude=["password"])


def test_the_database_needs_no_change():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
"""


def test_a_new_role_is_one_row(copy: Copy) -> None:
    assert places("new-role") == ["src/kondusif/roles.csv"]
    copy.follow("new-role")
    copy.test("tests/web/test_new_role.py", ROLE)


CHANNEL = """
import pytest

from kondusif_web.reports.models import Report

pytestmark = pytest.mark.django_db

TPS = "99.01.01.2001-01"
ID = "5b1f7f0e-3a52-4b11-9d0a-0c1d7c9d5a10"


def sent(browser, text):
    return browser.post("/o/uji/merpati/", {"teks": text})


def test_a_text_ends_in_the_same_door(op, people, as_):
    answer = sent(as_("petugas1"), f"{ID} aman {TPS}")
    assert (answer.status_code, answer.content.decode()) == (200, "diterima aman")
    report = Report.objects.get(operation=op)
    assert (report.kind, report.channel, str(report.client_id)) == ("aman", "pigeon", ID)
    assert sent(as_("petugas1"), f"{ID} aman {TPS}").status_code == 200  # twice is once
    assert Report.objects.count() == 1


def test_rights_and_refusals_are_those_of_every_channel(op, people, as_):
    assert sent(as_("humas"), f"{ID} aman {TPS}").status_code == 403
    assert sent(as_("petugas1"), "aman").status_code == 400
    assert not Report.objects.exists()
"""


def test_a_new_channel_is_one_folder(copy: Copy) -> None:
    folder = "src/kondusif_web/channels/pigeon/"
    assert places("new-channel") and all(path.startswith(folder) for path in places("new-channel"))
    copy.follow("new-channel")
    copy.test("tests/web/test_pigeon.py", CHANNEL)


FORMAT = """
import io
import zipfile

import pytest

from kondusif_web.office import main

pytestmark = pytest.mark.django_db


def unzipped(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_page_offers_it_and_gives_it(op, people, as_):
    browser = as_("perencana")
    assert "Zip berisi satu TSV per tabel." in browser.get("/o/uji/ekspor/").content.decode()
    answer = browser.get("/o/uji/ekspor/tsv/")
    assert answer["Content-Disposition"].endswith('.tsv.zip"')
    assert "99.01.01.2001\\t" in unzipped(answer.content)["tempat.tsv"]


def test_the_command_line_writes_it(op, people, tmp_path):
    out = tmp_path / "ukur.zip"
    assert main(["export", "--format", "tsv", "--out", str(out)]) == 0
    assert "99.01.01.2001\\t" in unzipped(out.read_bytes())["tempat.tsv"]
"""


def test_a_new_export_format_is_one_file(copy: Copy) -> None:
    assert places("new-format") == ["src/kondusif/files/formats/tsv.py"]
    copy.follow("new-format")
    copy.test("tests/web/test_tsv.py", FORMAT)

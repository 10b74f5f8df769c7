"""The picture of the README: the board of the made-up regency. Written only when KONDUSIF_PICTURES=1."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import requires
from tests.journeys.office import REGENCY_99, Served, prepare
from tests.journeys.visitor import PICTURES, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURE = requires.ROOT / "docs" / "pictures" / "papan.png"


def test_board_of_regency_99(browser: Browser, tmp_path: Path) -> None:
    passwords = prepare(tmp_path / "prepared", "standby", "afternoon", script=REGENCY_99)
    with (
        Served(tmp_path / "prepared", tmp_path / "served", passwords, "uji") as office,
        visiting(browser, office, "kapolres") as chief,
    ):
        assert chief.go("/").status == 200
        assert "LATIHAN" in chief.text() and "Pasrepan" not in chief.text()
        if PICTURES:
            PICTURE.parent.mkdir(exist_ok=True)
            chief.page.screenshot(path=PICTURE)

"""One browser for all journeys; a prepared office copied for each module that changes it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import requires
from tests.journeys.office import Office, Served, prepare
from tests.journeys.visitor import ARGUMENTS


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = requires.chromium()
    # Playwright leaves an event loop running; Django would refuse its own tests in this process from then on.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The sample as `make run` loads it, before anybody touched it."""
    folder = tmp_path_factory.mktemp("prepared") / "data"
    return folder, prepare(folder)


@pytest.fixture(scope="session")
def after_the_vote(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The sample played to the afternoon after the vote, H+1 14.05 WIB."""
    folder = tmp_path_factory.mktemp("after") / "data"
    return folder, prepare(folder, "2023-10-11T14:05+07:00")


@pytest.fixture(scope="module")
def office(
    prepared: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """An office at the start of the drill, served."""
    folder, passwords = prepared
    with Served(folder, tmp_path_factory.mktemp("office") / "data", passwords) as office:
        yield office


@pytest.fixture(scope="module")
def office_after(
    after_the_vote: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """An office on the afternoon after the vote, served."""
    folder, passwords = after_the_vote
    with Served(folder, tmp_path_factory.mktemp("office") / "data", passwords) as office:
        yield office

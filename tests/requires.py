"""What some tests need of the machine: without it they skip, saying why; under KONDUSIF_CI=1 they fail."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[1]
CI = os.environ.get("KONDUSIF_CI") == "1"


def without(what: str) -> NoReturn:
    """Skip, or fail where nothing may be skipped."""
    if CI:
        pytest.fail(f"{what}, and KONDUSIF_CI=1 allows no skip", pytrace=False)
    pytest.skip(what)


def shared_data(*parts: str) -> Path:
    """A path in the reference data beside the repository (or at KONDUSIF_SHARED)."""
    path = Path(os.environ.get("KONDUSIF_SHARED", ROOT.parent / "shared")).joinpath(*parts)
    if not path.exists():
        without(f"no reference data {'/'.join(parts)} beside the repository")
    return path


def chromium() -> str:
    """The machine's own Chromium."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    without("no Chromium on this machine")


def axe_source() -> Path:
    """axe-core as one script; `make assets` fetches it."""
    path = ROOT / "tests" / "journeys" / "vendor" / "axe.min.js"
    if not path.exists():
        without("no axe-core: run `make assets`")
    return path


def on_postgres() -> bool:
    """Whether this run of the tests uses PostgreSQL."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def english() -> None:
    """The English catalogue, compiled and no older than its text; `make assets` compiles it."""
    kept = ROOT / "src" / "kondusif_web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    made = kept.with_suffix(".mo")
    if not made.exists() or made.stat().st_mtime < kept.stat().st_mtime:
        without("no compiled English catalogue: run `make assets`")

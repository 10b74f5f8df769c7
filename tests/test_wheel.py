"""The wheel alone is enough: an empty venv, the locked dependencies, no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests import requires
from tests.journeys.office import Served, prepare

pytestmark = pytest.mark.slow

ROOT = requires.ROOT


def run(*command: object, cwd: Path, **extra: str) -> str:
    """A command in a home of its own, with nothing of this checkout on its path."""
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("KONDUSIF_", "DJANGO_", "PYTHON", "DATABASE_"))
    }
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=kept | extra, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (ROOT / "src/kondusif_web/static/vendor/htmx.min.js").exists():
        requires.without("no front-end files: run `make assets`")
    requires.english()
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    return next(out.glob("kondusif-*.whl"))


def packaged() -> set[str]:
    """Every file of both packages but catalogues as text: code, tables, instruments, pages, styles."""
    command = ["git", "ls-files", "--cached", "src"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    found = {name.removeprefix("src/") for name in listed if (ROOT / name).is_file()}
    assert {"kondusif/roles.csv", "kondusif/words/refusals.csv", "kondusif/instrument/catalogue.csv"} <= found
    return {name for name in found if not name.endswith(".po")}


def test_wheel_holds_sample_pages_and_front_end_files(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "kondusif_web/static/vendor/htmx.min.js" in names
    assert "kondusif_web/locale/en/LC_MESSAGES/django.mo" in names
    assert packaged() - names == set()
    kept = {
        f"kondusif/sample/{p.relative_to(ROOT / 'sample')}"
        for p in (ROOT / "sample").rglob("*")
        if p.is_file()
    }
    assert kept - names == set()
    assert not [name for name in names if name.startswith(("tests", "bench", "words"))]


def test_wheel_runs_in_an_empty_venv(wheel: Path, tmp_path: Path) -> None:
    home, venv = tmp_path / "home", tmp_path / "venv"
    home.mkdir()
    run(sys.executable, "-m", "venv", venv, cwd=home)
    pip = (venv / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install")
    try:
        run(*pip, "--require-hashes", "-r", ROOT / "requirements" / "base.txt", cwd=home)
    except AssertionError as error:
        requires.without(f"packages cannot be fetched here ({str(error)[-300:]})")
    run(*pip, "--no-deps", "--no-index", wheel, cwd=home)
    told = run(venv / "bin" / "kondusif", "demo", cwd=home, HOME=str(home))
    assert "LATIHAN - DATA ILUSTRATIF" in told and "Ngantungan" in told
    assert "serve" in run(venv / "bin" / "kondusif-office", "--help", cwd=home, HOME=str(home))
    folder = tmp_path / "data"
    passwords = prepare(folder, python=venv / "bin" / "python")
    with Served(folder, tmp_path / "served", passwords, python=venv / "bin" / "python") as office:
        assert office.get("/static/vendor/htmx.min.js").startswith(b"var htmx")
        assert b"Kondusif" in office.get("/publik/")

"""A real office in a folder of its own: the sample loaded, served by the command that users start."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests import requires

PASREPAN = Path(__file__).with_name("start.py")
REGENCY_99 = Path(__file__).with_name("regency99.py")
PATIENCE = 60  # seconds until a server must answer


@dataclass(frozen=True)
class Office:
    """A running server. ``passwords`` by username, as printed once when the sample was loaded; ``kode`` of
    the operation that most of a journey happens in."""

    url: str
    data: Path
    passwords: dict[str, str]
    kode: str = "pasrepan-2023"

    def get(self, path: str) -> bytes:
        """What somebody without an account is answered. Raises HTTPError for a refusal."""
        with urlopen(f"{self.url}{path}", timeout=20) as answer:
            return answer.read()


def environment(data: Path) -> dict[str, str]:
    """The environment of a stranger's office: SQLite in its own folder, nothing inherited from ours."""
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("KONDUSIF_", "DJANGO_", "DATABASE_", "PYTHON"))
    }
    return kept | {"KONDUSIF_DATA": str(data), "DJANGO_SETTINGS_MODULE": "kondusif_web.settings"}


def prepare(
    data: Path, *arguments: str, script: Path = PASREPAN, python: str | Path = sys.executable
) -> dict[str, str]:
    """Fill the empty folder ``data`` by a script in a process of its own. Gives the passwords."""
    data.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [str(python), str(script), *arguments],
        env=environment(data) | {"PYTHONPATH": str(requires.ROOT)},
        cwd=data,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"the sample did not load:\n{done.stdout}\n{done.stderr}"
    return json.loads(done.stdout.strip().splitlines()[-1])


class Served:
    """A copy of a prepared folder, served on a free port until the end of the ``with``."""

    def __init__(
        self,
        prepared: Path,
        data: Path,
        passwords: dict[str, str],
        kode: str = "pasrepan-2023",
        python: str | Path = sys.executable,
    ) -> None:
        self.data, self.passwords, self.kode, self.python = data, passwords, kode, str(python)
        shutil.copytree(prepared, data)

    def __enter__(self) -> Office:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.log = (self.data / "server.log").open("w+")
        self.process = subprocess.Popen(
            [self.python, "-m", "kondusif_web.office", "serve", "--port", str(port)],
            cwd=self.data,
            env=environment(self.data),
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        url = f"http://localhost:{port}"
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                urlopen(f"{url}/masuk/", timeout=5).close()
                return Office(url, self.data, self.passwords, self.kode)
            except (URLError, OSError) as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.__exit__()
                    raise AssertionError(f"the office did not start: {error}\n{self.said()}") from error
                time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)

    def said(self) -> str:
        return (self.data / "server.log").read_text()


def command(office: Office, *words: str) -> str:
    """``kondusif-office`` beside the running server, as a night watch would use it."""
    done = subprocess.run(
        [sys.executable, "-m", "kondusif_web.office", *words],
        env=environment(office.data),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

"""Write the hash locks from pyproject.toml: ``python requirements/lock.py [--upgrade]``.

Every file of a pinned release is hashed, so one lock serves x86_64 and aarch64. No address goes into a lock:
where packages come from is the business of the machine that installs them.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEADER = "# Written by `make lock` from pyproject.toml. Do not edit.\n"


def wanted() -> dict[str, list[str]]:
    """Lock name to requirements. ``base`` runs the program; the others add to it."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    return {
        "base": [*project["project"]["dependencies"], *groups["editable"]],
        "dev": groups["dev"],
        "node": groups["node"],
        "lock": groups["lock"],
    }


def compile_lock(name: str, requirements: list[str], extra: list[str]) -> None:
    """Resolve ``requirements`` into ``<name>.txt``. Pins already in it stay unless upgrading."""
    target = HERE / f"{name}.txt"
    lines = list(requirements)
    if name == "dev":
        lines.append(f"-c {HERE / 'base.txt'}")
    command = [sys.executable, "-m", "piptools", "compile", "-", "--quiet", "--output-file", str(target)]
    command += ["--generate-hashes", "--strip-extras", "--allow-unsafe", "--no-header", "--no-annotate"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host", "--no-emit-options"]
    subprocess.run(  # noqa: S603 - our own words only
        [*command, *extra], input="\n".join(lines) + "\n", text=True, check=True
    )
    text = target.read_text().lstrip()
    if "://" in text:
        raise SystemExit(f"{target.name}: an address got into the lock")
    target.write_text(HEADER + text)


if __name__ == "__main__":
    for lock, requirements in wanted().items():
        compile_lock(lock, requirements, sys.argv[1:])

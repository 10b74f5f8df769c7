"""Carry out a page of docs/how-to on a copy of the tree.

A page says what to write in one of four ways, and the copy does just that:

- At the end of `PATH`: and a block;
- Below `TEXT` in `PATH`: and a block, which comes after the one line that begins with TEXT or holds it;
- A new file `PATH`: and a block;
- In `PATH`, `OLD` becomes `NEW`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "how-to"
BLOCK = re.compile(
    r"(?:At the end of|Below\s+`(?P<after>[^`\n]+)`\s+in|A new\s+file)\s+`(?P<path>[^`\n]+)`[^`]*?:\n\n"
    r"```\w*\n(?P<text>.*?)```",
    re.DOTALL,
)
INLINE = re.compile(r"In\s+`(?P<path>[^`\n]+)`,\s+`(?P<old>[^`\n]+)`\s+becomes\s+`(?P<new>[^`\n]+)`")


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def blocks(name: str) -> list[tuple[str, str]]:
    """Path and text of every block that a page has somebody write."""
    return [(found["path"], found["text"]) for found in BLOCK.finditer(page(name))]


class Copy:
    """The sources, the tests and the sample, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        leave = shutil.ignore_patterns("__pycache__", "*.mo", "vendor", "golden", "journeys")
        for name in ("src", "tests", "sample"):
            shutil.copytree(ROOT / name, folder / name, ignore=leave)
        shutil.copytree(ROOT / "tests" / "golden", folder / "tests" / "golden", ignore=leave_folders)
        shutil.copy(ROOT / "pyproject.toml", folder)

    def follow(self, name: str) -> None:
        """Write what the page says, in its order."""
        text = page(name)
        assert len(blocks(name)) == len(re.findall(r"^```(?:csv|python|text)$", text, re.MULTILINE)), (
            "a block is lost"
        )
        for found in sorted([*BLOCK.finditer(text), *INLINE.finditer(text)], key=re.Match.start):
            path = self.folder / found["path"]
            if "old" in found.groupdict():
                self._replace(path, found["old"], found["new"])
            elif found["after"]:
                self._below(path, found["after"], found["text"])
            elif found[0].startswith("A new"):
                assert not path.exists(), f"{found['path']} is there already"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(found["text"], encoding="utf-8")
            else:
                with path.open("a", encoding="utf-8") as file:
                    file.write(found["text"])

    def _replace(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path.name} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def _below(self, path: Path, after: str, text: str) -> None:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        at = [n for n, line in enumerate(lines) if after in line]
        assert len(at) == 1, f"{path.name} has {after!r} in {len(at)} lines"
        lines.insert(at[0] + 1, text)
        path.write_text("".join(lines), encoding="utf-8")

    def run(self, *arguments: str, said: str = "") -> str:
        """Python in the copy. Fails the test with what it printed unless it ends well."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("KONDUSIF_", "PYTEST_"))}
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=kept | {"PYTHONPATH": str(self.folder / "src"), "KONDUSIF_DATA": str(self.folder / "data")},
            input=said,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def test(self, name: str, text: str) -> None:
        """Run a test of pytest in the copy, with the fixtures of ours."""
        (self.folder / name).write_text(text, encoding="utf-8")
        self.run("-m", "pytest", "-q", "-p", "no:xdist", name)


def leave_folders(folder: str, names: list[str]) -> list[str]:
    """The golden numbers that stand beside the tests, without the folders of whole indices."""
    return [name for name in names if (Path(folder) / name).is_dir()]

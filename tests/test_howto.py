"""What ``docs/how-to/change-a-rule.md`` promises: on a copy of the tree, the places it names are enough."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


class Copy:
    """The core with its specification, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "src" / "kondusif", folder / "src" / "kondusif", ignore=leave)
        shutil.copytree(ROOT / "tests" / "spec", folder / "tests" / "spec", ignore=leave)
        shutil.copytree(ROOT / "sample", folder / "sample")
        (folder / "tests" / "__init__.py").touch()
        settings = ("[pytest]", "addopts = --import-mode=importlib", "pythonpath = . src", "")
        (folder / "pytest.ini").write_text("\n".join(settings))

    def change(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{name} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def add(self, name: str, line: str) -> None:
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder / "src")},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_a_new_gate_is_its_place_its_rule_its_sentence_and_a_row_of_the_specification(copy: Copy) -> None:
    copy.change("src/kondusif/standby.py", '"quiet", "night")\n', '"quiet", "night", "16")\n')
    copy.change(
        "src/kondusif/withdraw/items.py",
        '"residual_force"),\n',
        '"residual_force"),\n    Item(16, "Radio reaches every post", "check", starred=True),\n',
    )
    name = "gates,16,Radio menjangkau setiap pos,Radio reaches every post"
    copy.add("src/kondusif/words/withdrawal.csv", name)
    copy.add("tests/spec/gates.csv", "16,standby,l1,item 16 without second,second_missing,no")
    copy.run("-m", "pytest", "-q", "-p", "no:django", "-p", "no:xdist", "tests/spec/test_gates_table.py")
    page = copy.run("-c", "from kondusif.withdraw import gates_markdown; print(gates_markdown())")
    assert "| 16 | Radio reaches every post | standby to l1; standby to l2 |" in page
    shown = copy.run("-m", "kondusif.cli", "status")
    assert "x 16. Radio menjangkau setiap pos: Belum ada yang menyatakan." in " ".join(shown.split())


def test_a_new_column_of_the_plotting_list_is_one_row(copy: Copy) -> None:
    copy.change(
        "src/kondusif/plan/plotting.py",
        '        "Padal": lambda',
        '        "Siap": lambda row, style: "ya" if row.heads else "",\n        "Padal": lambda',
    )
    copy.run("-m", "kondusif.cli", "plan", "--xlsx", "plotting.xlsx")
    heading = "load_workbook('plotting.xlsx').active[4]"
    shown = copy.run("-c", f"from openpyxl import load_workbook; print([c.value for c in {heading}])")
    assert "'Mulai', 'Siap', 'Padal'" in shown

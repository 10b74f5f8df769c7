"""Figures of other programs: each says whether it was run beside ours, or when it was taken, and its script.

``coinr.R`` does the work of a row in COINr; where no Rscript with COINr is at hand, the figure that was noted
on another day stands in, and says so.
"""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

SCRIPT = Path(__file__).with_name("coinr.R")
NOTED = (
    "2026-11-25"  # two cores of a like machine; the script of that day was not kept, coinr.R does the same
)
COINR = {
    ("build", 1_000): "0.17-0.25 s",
    ("build", 10_000): "2.8-3.1 s",
    ("build", 100_000): "21.6-23.2 s",
    ("draws", 1_000): "18-21 s",
}


@cache
def rscript() -> str | None:
    """The command that runs R with COINr; None where there is none."""
    found = shutil.which("Rscript")
    if found is None:
        return None
    asked = subprocess.run([found, "-e", "library(COINr)"], capture_output=True, check=False)
    return found if asked.returncode == 0 else None


def coinr(what: str, units: int) -> str:
    """COINr at the same work: ``build`` or ``draws`` over so many units."""
    if (command := rscript()) is not None:
        script = [command, str(SCRIPT), what, str(units)]
        done = subprocess.run(script, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            wall, busy, version = done.stdout.split()
            took = f"{float(wall) * 1e3:,.0f} ms, processor {float(busy) * 1e3:,.0f} ms"
            return f"COINr {version}, run beside: {took}; bench/{SCRIPT.name} {what} {units}"
    return (
        f"COINr, not run beside: noted on {NOTED}, processor time not taken: {COINR[what, units]}; "
        f"to run it beside: Rscript bench/{SCRIPT.name} {what} {units} (R with COINr)"
    )

"""The demonstration: the sample of Pasrepan, written and read back as an office's own workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kondusif.files import load_sample, read_workbook
from kondusif.files.as_of import AsOf
from kondusif.files.cells import moment
from kondusif.files.write import write_workbook

DEMO_AT = "2023-10-11 14.05"  # H+1: one village has stepped down, two may not yet


def as_of_demo(book: Path, say: Callable[[str], None]) -> AsOf:
    """The sample as ``book`` gives it back, at ``DEMO_AT``: what an import would lose, the demo loses too."""
    say(f"Menulis {book} dari contoh ...")
    write_workbook(book, load_sample())
    say(f"Mengimpor {book} ...")
    file = read_workbook(book)
    return AsOf.at(file, moment(DEMO_AT).replace(tzinfo=file.zone))

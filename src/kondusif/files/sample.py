"""The Pasrepan example: real places and a recorded meeting apart from made-up answers and events."""

from __future__ import annotations

from pathlib import Path

import kondusif
from kondusif.files.operation import OperationFile
from kondusif.files.read import read_workbook


def sample_dir() -> Path:
    """The folder of the example: inside the installed package, or ``sample/`` of a checkout.

    Raises ``FileNotFoundError`` when neither is there.
    """
    package = Path(kondusif.__file__).parent
    for folder in (package / "sample" / "pasrepan", package.parents[1] / "sample" / "pasrepan"):
        if (folder / "facts").is_dir():
            return folder
    raise FileNotFoundError("sample/pasrepan")


def load_sample() -> OperationFile:
    """The example through the importer that users use."""
    return read_workbook(sample_dir(), "sample/pasrepan")

"""What every command stands on: exit codes, argparse in Indonesian, result and progress apart."""

from __future__ import annotations

import argparse
import json
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

from kondusif.words import table
from kondusif_index.tables.read import TableRemark

OK, REFUSED, USAGE, BAD_FILE = 0, 1, 2, 3

# argparse looks up what it says under the names of gettext in its own module; these look in our table.
_TEXTS = table("argparse")


def _one(text: str) -> str:
    return _TEXTS.get(text, text)


def _many(one: str, many: str, n: int) -> str:
    return _one(one if n == 1 else many)


argparse._, argparse.ngettext = _one, _many  # type: ignore[attr-defined]


class Parser(argparse.ArgumentParser):
    """Keeps the line breaks of its descriptions, and says what was wrong after how to use it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: salah pakai: {message}\n")


class UsageError(Exception):
    """The options do not fit together."""


GLYPH = re.compile(r"Glyph (\d+) ")  # matplotlib, of a letter that it draws as a box
OUTPUTS = ("out", "aggregates", "xlsx")


def refuse_overwriting(options: argparse.Namespace) -> None:
    """Raises ``UsageError`` where a file to be written is one that is read, or another to be written;
    ``measure`` looks for itself, since its folder may hold what it reads."""
    if options.command == "measure":
        return
    paths = {name: value for name, value in vars(options).items() if isinstance(value, Path)}
    taken = {path.resolve() for name, path in paths.items() if name not in OUTPUTS}
    taken |= {path.resolve() for path in getattr(options, "more", ())}
    taken |= {folder / name for folder in tuple(taken) for name in _result_files(folder)}
    for name in OUTPUTS:
        if name not in paths:
            continue
        if paths[name].resolve() in taken:
            raise UsageError(f"--{name} {paths[name]}: dipakai oleh perintah ini juga; pilih nama lain")
        taken.add(paths[name].resolve())


def _result_files(folder: Path) -> Iterable[str]:
    """What ``kondusif measure --out`` wrote into a folder."""
    try:
        return [*map(str, json.loads((folder / "build.json").read_bytes())["files"])]
    except (OSError, ValueError, KeyError, TypeError):
        return []


@dataclass(frozen=True)
class Result:
    """What a command found: one JSON document, the same as lines of text, and its exit code."""

    document: Any
    lines: Iterable[str]
    code: int = OK


def without_nan(found: Any) -> Any:
    """The same with None where a number is missing, since JSON knows no NaN."""
    if isinstance(found, Mapping):
        return {key: without_nan(value) for key, value in found.items()}
    if isinstance(found, Iterable) and not isinstance(found, str):
        return [without_nan(value) for value in found]
    return None if isinstance(found, float) and isnan(found) else found


def progress(text: str) -> None:
    """Says how far it is, beside the result."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def remarks_shown() -> Iterator[None]:
    """Says what a reader of tables points out, as hidden rows, in the words of the command line; and which
    letters the font of a figure lacks, each once."""
    lacking: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("always", TableRemark)
        others = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any) -> None:
            if issubclass(category, TableRemark):
                progress(f"perhatikan: {message}")
            elif letter := GLYPH.match(str(message)):
                if letter[1] not in lacking:
                    progress(f"perhatikan: fon gambar tidak memuat huruf {chr(int(letter[1]))}")
                lacking.add(letter[1])
            else:
                others(message, category, *where)

        warnings.showwarning = show  # type: ignore[assignment]
        yield

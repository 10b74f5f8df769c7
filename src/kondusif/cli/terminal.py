"""What every command stands on: exit codes, argparse in Indonesian, result and progress apart."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import isnan
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
    """Says what a reader of tables points out, as hidden rows, in the words of the command line."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", TableRemark)
        others = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any) -> None:
            if issubclass(category, TableRemark):
                progress(f"perhatikan: {message}")
            else:
                others(message, category, *where)

        warnings.showwarning = show  # type: ignore[assignment]
        yield

"""What every command stands on: exit codes, argparse in Indonesian, result and progress apart."""

from __future__ import annotations

import argparse
import json
import re
import sys
from argparse import Namespace
from collections.abc import Callable
from typing import Any

OK, REFUSED, USAGE, BAD_FILE = 0, 1, 2, 3

SAID = (  # what argparse says, and what is said instead
    (r"the following arguments are required: ", "wajib diisi: "),
    (r"unrecognized arguments: ", "tidak dikenal: "),
    (r"^argument ([^:]+): ", r"\1: "),
    (r"invalid choice: (\S+) \(choose from (.*)\)", r"\1 bukan pilihan; pilih \2"),
    (r"expected one argument", "memerlukan satu nilai"),
)


class Parser(argparse.ArgumentParser):
    """argparse in Indonesian: headings, help and the errors that people meet."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(**options, add_help=False)
        self._positionals.title = "masukan"
        self._optionals.title = "pilihan"
        self.add_argument("-h", "--help", action="help", help="tampilkan bantuan ini")

    def error(self, message: str) -> None:  # type: ignore[override]
        for pattern, said in SAID:
            message = re.sub(pattern, said, message)
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: salah pakai: {message}\n")


class Usage(Exception):
    """The options do not fit together."""


def say(text: str) -> None:
    """Progress, beside the result."""
    print(text, file=sys.stderr, flush=True)


def show(options: Namespace, document: Any, text: Callable[[], str]) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2) if options.json else text())

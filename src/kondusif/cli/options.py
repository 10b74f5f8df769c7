"""Every command of ``kondusif`` with its options, from two tables; the manual page is written from it.

``commands.csv`` says of each command what it has: ``operation`` reads an operation as it stood at a moment,
``commands`` has commands of its own. ``options.csv`` holds the arguments; required or not, what they hold.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kondusif import __version__
from kondusif.cli.terminal import Parser
from kondusif.tables import Row, packaged, rows

EXITS = """\
kode keluar: 0 selesai (atau semua gerbang terbuka), 1 ditolak, tertutup atau rusak,
2 salah pakai, 3 berkas masukan bermasalah"""
AT = "waktu setempat, misalnya '2023-10-11 14.05'; bawaan: waktu contoh"
SOURCE = "berkas .xlsx, folder .csv, atau satu .csv; bawaan: contoh Pasrepan"

COMMANDS = ("command", "has", "help")
OPTIONS = ("argument", "dest", "metavar", "holds", "required", "default", "choices", "help")


def _reader(kind: type[int] | type[float], what: str) -> Callable[[str], float]:
    """Reads the text of an argument as a number, and says in Indonesian where it is none."""

    def number(text: str) -> float:
        try:
            return kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} bukan {what}") from None

    return number


HOLDS: Mapping[str, Mapping[str, Any]] = {
    "file": {"type": Path},
    "files": {"type": Path, "nargs": "*"},
    "text": {},
    "whole": {"type": _reader(int, "bilangan bulat")},
    "two numbers": {"type": _reader(float, "bilangan"), "nargs": 2},
    "flag": {"action": "store_true"},
}


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = Parser(
        prog="kondusif",
        description="Keamanan pemilihan kepala desa, dari pemetaan kerawanan sampai petugas terakhir pulang.",
        epilog=EXITS,
    )
    top.add_argument("--version", action="version", version=f"kondusif {__version__}", help="tampilkan versi")
    groups: dict[str, Any] = {"": top.add_subparsers(dest="command", metavar="PERINTAH", required=True)}
    found: dict[str, argparse.ArgumentParser] = {}
    for row in rows("commands.csv", packaged("kondusif.cli", "commands.csv"), COMMANDS):
        within, _, name = row["command"].rpartition(" ")
        one = groups[within].add_parser(name, help=row["help"], description=row["help"], epilog=EXITS)
        found[row["command"]] = one
        if row["has"] == "commands":
            groups[name] = one.add_subparsers(dest="verb", metavar="PERINTAH", required=True)
            continue
        if row["has"] == "operation":
            one.add_argument("source", nargs="?", type=Path, metavar="SUMBER", help=SOURCE)
            one.add_argument("--at", metavar="WAKTU", help=AT)
        one.add_argument("--json", action="store_true", help="satu dokumen JSON")
    for row in rows("options.csv", packaged("kondusif.cli", "options.csv"), OPTIONS):
        command, _, name = row["argument"].rpartition(" ")
        found[command].add_argument(name, **_how(row, named=name.startswith("-")))
    return top


def _how(row: Row, *, named: bool) -> dict[str, Any]:
    """What argparse wants to know of an argument; one by position may be left out with ``nargs``."""
    how = dict(HOLDS[row.one_of("holds", HOLDS)])
    how |= {key: row[key] for key in ("dest", "metavar", "default", "help") if row[key]}
    if row["choices"]:
        how["choices"] = row["choices"].split()
    if named and row.yes("required"):
        how["required"] = True
    if not named and not row.yes("required") and "nargs" not in how:
        how["nargs"] = "?"
    return how

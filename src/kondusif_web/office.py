"""``kondusif-office``: runs the office. Files without an office are the business of ``kondusif``.

Exit codes: 0 done, 1 refused or something found, 2 wrong use, 3 a bad file.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from kondusif.cli.terminal import REFUSED, Parser
from kondusif.files.formats import FORMATS

OPERATION = {
    "name": "--operation",
    "metavar": "KODE",
    "help": "kode operasi; boleh tidak ditulis bila kantor hanya punya satu",
}
TYPES = {"int": int, "path": Path}


def parser() -> argparse.ArgumentParser:
    """Every command of ``office.toml`` with its options; docs/reference/commands.md is written from it."""
    top = Parser(prog="kondusif-office", description="Menjalankan kantor Kondusif.")
    groups = {"": top.add_subparsers(dest="command", required=True, metavar="PERINTAH")}
    text = files("kondusif_web").joinpath("office.toml").read_text(encoding="utf-8")
    for row in tomllib.loads(text)["command"]:
        group, _, name = row["name"].rpartition(" ")
        if "actions" in row:
            one = groups[group].add_parser(name, help=row["help"])
            groups[name] = one.add_subparsers(dest="action", required=True, metavar=row["actions"])
            continue
        one = groups[group].add_parser(name, help=row["help"], description=row["help"])
        one.set_defaults(name=row["name"], **row.get("defaults", {}))
        if row.get("operation"):
            _add_option(one, OPERATION)
        for option in row.get("options", ()):
            _add_option(one, option)
    return top


def _add_option(one: argparse.ArgumentParser, option: Mapping[str, Any]) -> None:
    arguments = {key: value for key, value in option.items() if key != "name"}
    if "type" in arguments:
        arguments["type"] = TYPES[arguments["type"]]
    if "choices" in arguments:
        arguments["choices"] = tuple(FORMATS)
    one.add_argument(option["name"], **arguments)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    args = parser().parse_args(argv)
    os.umask(0o077)  # database, book and backups are their owner's alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kondusif_web.settings")
    try:
        django.setup()
        from kondusif_web import office_book, office_files, office_people, office_run, terminal

        commands = {
            "serve": office_run.serve,
            "migrate": office_run.migrate,
            "drill": office_run.drill,
            "import": office_files.import_file,
            "boundaries": office_files.boundaries,
            "export": office_files.export,
            "verify": office_book.verify,
            "export-book": office_book.export_book,
            "backup": office_book.backup,
            "restore": office_book.restore,
            "user add": office_people.user_add,
            "user member": office_people.user_member,
            "user reset": office_people.user_reset,
            "operation list": office_people.operation_list,
            "operation run": office_people.operation_move,
            "operation close": office_people.operation_move,
            "operation reopen": office_people.operation_move,
            "operation archive": office_people.operation_move,
        }
        return terminal.run(commands[args.name], args)
    except ImproperlyConfigured as err:
        print(f"Pengaturan salah: {err}", file=sys.stderr)
        return REFUSED


if __name__ == "__main__":
    sys.exit(main())

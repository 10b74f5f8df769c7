"""Writes ``docs/reference/*.md`` from the code: ``python -m kondusif.reference [--check]``.

The tables that drive the work also draw its manual, so that the two cannot differ. ``--check`` writes
nothing and names the pages that drifted. Only for a checkout: a wheel carries no docs.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from kondusif import cli, events
from kondusif.files.sheets import SHEETS, SheetColumn
from kondusif.instrument.reference import indicators_markdown
from kondusif.standby import states_markdown
from kondusif.tables import markdown
from kondusif.withdraw import gates_markdown
from kondusif_index.reference import recipe_markdown

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"
SETTINGS = ROOT / "src" / "kondusif_web" / "settings.py"
WRITTEN = "Written by code from `{source}`; do not edit.\n"


def events_markdown() -> str:
    """Every kind of line the book may hold."""
    kinds = sorted(events.EVENT_KINDS.values(), key=lambda kind: (kind.context, kind.kind))
    parts = ["# Lines of the book\n", WRITTEN.format(source="src/kondusif/events.csv")]
    parts.append(
        "Every line also carries its number, operation, village, subject, both clocks, who wrote it, the "
        "digests of the rows it wrote, what it corrects, and the hash of the line before it. "
        "The access log is a second chain.\n"
    )
    for context, block in groupby(kinds, key=lambda kind: kind.context):
        rows = [
            (f"`{kind.kind}`", kind.version, ", ".join(f"`{key}`" for key in kind.needs) or "nothing more")
            for kind in block
        ]
        parts += [f"## {context.capitalize()}\n", markdown(("Kind", "Version", "Must carry"), rows)]
    return "\n".join(parts)


def sheets_markdown() -> str:
    """Every sheet and column that the importer reads."""
    parts = ["# Sheets\n", WRITTEN.format(source="src/kondusif/files/sheets.py")]
    parts.append(
        "One XLSX workbook with these sheets, or a folder with one CSV per sheet. A sheet may be absent. "
        "`kondusif template` writes an empty workbook.\n"
    )
    for sheet in SHEETS:
        only = " Exactly one row." if sheet.single else ""
        parts += [f"## `{sheet.name}`\n", f"{sheet.title}.{only}\n"]
        rows = [(f"`{c.name}`", c.type.expected, _standing(c), _meaning(c)) for c in sheet.columns]
        parts.append(markdown(("Column", "Holds", "", "Meaning"), rows))
    return "\n".join(parts)


def _standing(column: SheetColumn) -> str:
    return "key" if column.key else "required" if column.required else ""


def _meaning(column: SheetColumn) -> str:
    choices = f" ({', '.join(column.choices)})" if column.choices else ""
    return f"{column.help}{choices}"


def commands_markdown() -> str:
    """Both commands, ``kondusif`` and ``kondusif-office``, with every argument, as ``--help`` prints them."""
    from kondusif_web import office  # for its parser only: no page of the core knows the office

    parts = [
        "# Commands\n",
        WRITTEN.format(source="src/kondusif/cli/options.py` and `src/kondusif_web/office.py"),
    ]
    parts.append("`kondusif` works on files; `kondusif-office` runs the office.\n")
    parts += [part for parser in (cli.parser(), office.parser()) for part in _commands(parser)]
    return "\n".join(parts)


def _commands(parser: argparse.ArgumentParser) -> Iterator[str]:
    """One program: what it says of itself, then each command."""
    yield f"## {parser.prog}\n"
    for text in (parser.description, parser.epilog):
        if text:
            yield f"{text.strip()}\n"
    for command in _leaves(parser):
        usage = re.sub(r"\s+", " ", command.format_usage().partition(": ")[2]).strip()
        yield f"### `{command.prog}`\n\n{(command.description or '').strip()}\n\n    {usage}\n"
        rows = [
            (_spelling(action), (action.help or "").replace("%(default)s", str(action.default)))
            for action in command._actions
            if action.dest != "help" and action.help != argparse.SUPPRESS
        ]
        if rows:
            yield markdown(("Argument", "Meaning"), rows)


def _leaves(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The parsers that do something, in the order in which they were added."""
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not below:
        yield parser
    for action in below:
        for child in dict.fromkeys(action.choices.values()):
            yield from _leaves(child)


def _spelling(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{action.metavar or action.dest}`"
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return f"`{', '.join(action.option_strings)}{value}`"


def settings_markdown() -> str:
    """The environment of the office, read from the docstring of its settings without running them."""
    text = ast.get_docstring(ast.parse(SETTINGS.read_text(encoding="utf-8"))) or ""
    rows = [
        (f"`{match[1]}`", match[2].strip().replace("``", "`"))
        for match in re.finditer(r"^([A-Z][A-Z0-9_]+)\s{2,}(.+)$", text, re.MULTILINE)
    ]
    parts = ["# Settings\n", WRITTEN.format(source="src/kondusif_web/settings.py")]
    parts.append("All from the environment. A bad value stops the start and is named.\n")
    return "\n".join([*parts, markdown(("Variable", "Meaning"), rows)])


PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands_markdown,
    "events.md": events_markdown,
    "gates.md": gates_markdown,
    "indicators.md": indicators_markdown,
    "recipe.md": recipe_markdown,
    "settings.md": settings_markdown,
    "sheets.md": sheets_markdown,
    "states.md": states_markdown,
}


def drifted(folder: Path = FOLDER) -> list[str]:
    """Pages whose file is absent or says something else, and files that no function writes."""
    stray = [p.name for p in folder.glob("*.md") if p.name not in PAGES]
    return sorted([name for name, page in PAGES.items() if _read(folder / name) != page()] + stray)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main(argv: list[str] | None = None) -> int:
    """0 when all pages are written or true, 1 when some drifted."""
    parser = argparse.ArgumentParser(prog="python -m kondusif.reference", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page drifted")
    if parser.parse_args(argv).check:
        if pages := drifted():
            print(
                f"docs/reference drifted from the code: {', '.join(pages)}. Run `make docs`.", file=sys.stderr
            )
            return 1
        return 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

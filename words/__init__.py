"""Every text of the sources that a catalogue has to translate, and what a catalogue lacks.

Read with Babel and Django's own reading of templates, so GNU gettext is not needed. ``N_`` marks a text of
the core, which knows no Django: the office translates it where it shows it. Of the catalogue of indicators
and of published versions units, sources and reasons are read here; their names carry English themselves, as
do the tables of codes in ``kondusif.words``, of which every row is looked at.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from kondusif.words import rows

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src"
LOCALE = SRC / "kondusif_web" / "locale"
ONE, TWO, CONTEXT = None, (1, 2), ((1, "c"), 2)
KEYWORDS = {
    **dict.fromkeys(("_", "_l", "_g", "N_", "gettext", "gettext_lazy", "gettext_noop"), ONE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), TWO),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), CONTEXT),
}
OF_INDICATORS = ("unit", "source", "rationale")  # columns of the core's own catalogue
Key = tuple[str | None, str]  # context, msgid (of the singular)
PLACES = re.compile(r"%\((\w+)\)[a-z]|%(?:\.\d+)?[a-z](?![a-z])|%%|{\w*}")


def _found(source: str) -> Iterator[tuple[int, str, object]]:
    for line, call, messages, _comments in extract_python(BytesIO(source.encode()), KEYWORDS, [], {}):
        yield line, call or "_", messages


def _template(source: str) -> str:
    """What Django makes of a template for xgettext, as lines that Python can read."""
    return "\n".join(line.lstrip().replace("\\\n", "") for line in templatize(source).split("\n"))


def _indicators(folder: Path) -> Iterator[tuple[Path, list[dict[str, str]]]]:
    """Rows of the catalogue, and of every published version, whose words stay as they were."""
    table = folder / "catalogue.csv"
    with table.open(encoding="utf-8", newline="") as file:
        yield table, list(csv.DictReader(file))
    for path in sorted((folder / "published").glob("*-*.toml")):
        yield path, tomllib.loads(path.read_text(encoding="utf-8"))["indicators"]


def messages(src: Path = SRC) -> Catalog:
    """Every text to translate, with the files it stands in."""
    places: dict[tuple[str | None, str | tuple[str, str]], set[str]] = defaultdict(set)
    for path in sorted([*src.rglob("*.py"), *src.rglob("*.html")]):
        text = path.read_text(encoding="utf-8")
        for _line, call, found in _found(_template(text) if path.suffix == ".html" else text):
            parts = found if isinstance(found, tuple) else (found,)
            parts = tuple(p for p in parts if isinstance(p, str))
            if not parts:
                continue  # a variable: its text is marked where it is written
            context = parts[0] if call.startswith("pgettext") else None
            rest = parts[1:] if context is not None else parts
            name = (rest[0], rest[1]) if call.startswith("ngettext") else rest[0]
            places[(context, name)].add(str(path.relative_to(src)))
    for path, table in _indicators(src / "kondusif" / "instrument"):
        for text in filter(None, (row[column] for row in table for column in OF_INDICATORS)):
            places[(None, text)].add(str(path.relative_to(src)))
    out = Catalog(charset="utf-8")
    for (context, name), files in places.items():
        out.add(name, locations=[(f, 0) for f in sorted(files)], context=context)
    return out


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as it is kept."""
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def first(message: Message) -> str:
    """The text itself; of a plural, its singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def by_text(catalog: Catalog) -> Mapping[Key, Message]:
    return {(m.context, first(m)): m for m in catalog if first(m)}


def lacking(language: str) -> list[str]:
    """A line per text that is missing, empty, unsure (fuzzy), unused, or differs in its placeholders."""
    return [*_lacking_in_tables(language), *_lacking_in_catalogue(language)]


def _lacking_in_tables(language: str) -> list[str]:
    out = []
    for row in rows():
        name, made = f"{row['table']}.{row['code']}", row.get(language) or ""
        if not row["id"] or not made:
            out.append(f"empty: {name}")
        elif places(made) != places(row["id"]):
            out.append(f"placeholders: {name} -> {made}")
    return out


def _lacking_in_catalogue(language: str) -> list[str]:
    wanted, kept = by_text(messages()), by_text(catalogue(language))
    out = [f"missing: {key[1]}" for key in wanted if key not in kept]
    out += [f"not used: {key[1]}" for key in kept if key not in wanted]
    for key, message in kept.items():
        made = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        asked = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        if not all(made):
            out.append(f"empty: {key[1]}")
        elif message.fuzzy:
            out.append(f"fuzzy: {key[1]}")
        elif not all(places(text) <= places(asked[-1]) | places(asked[0]) for text in made) or (
            len(asked) == 1 and places(made[0]) != places(asked[0])
        ):
            out.append(f"placeholders: {key[1]} -> {made[0]}")
    return out


def places(text: str) -> set[str]:
    """The placeholders of a text: ``%(nama)s``, ``%s``, ``{}``, ``{menit}``."""
    return {found.group() for found in PLACES.finditer(text)}

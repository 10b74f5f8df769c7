"""``python -m words``: bring every catalogue up to date with the sources, and report what is left to do.

What is new stands empty, to be translated; what nobody uses any more leaves. ``--check`` only reports;
``--compile`` writes the ``.mo`` files that the office reads; ``--start jv`` makes an empty catalogue.
"""

from __future__ import annotations

import sys

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

from words import LOCALE, catalogue, lacking, messages


def update(language: str) -> None:
    """Write the catalogue anew in the order of its texts, so that a change shows as what it is."""
    kept = catalogue(language)
    kept.update(messages(), no_fuzzy_matching=True, update_creation_date=False)
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("wb") as file:
        write_po(file, kept, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)


def start(language: str) -> None:
    """An empty catalogue of a new language."""
    folder = LOCALE / language / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.po").open("wb") as file:
        write_po(file, Catalog(locale=language, project="Kondusif", charset="utf-8", fuzzy=False))
    update(language)


def compiled(language: str) -> None:
    """Write ``django.mo`` beside the catalogue; a text without a translation stays Indonesian."""
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("wb") as file:
        write_mo(file, catalogue(language))


if __name__ == "__main__":
    asked = sys.argv[1:]
    if asked[:1] == ["--start"]:
        start(asked[1])
        sys.exit()
    languages = sorted(path.name for path in LOCALE.iterdir() if path.is_dir())
    if asked == ["--compile"]:
        for language in languages:
            compiled(language)
        sys.exit()
    found = 0
    for language in languages:
        if not asked:
            update(language)
        lines = lacking(language)
        found += len(lines)
        print("\n".join(f"{language}: {line}" for line in lines) or f"{language}: whole")
    sys.exit(1 if found else 0)

"""``python -m words``: bring every catalogue up to date with the sources; ``--check`` only reports.

What is new stands empty in the catalogue, to be translated; what nobody uses any more leaves it.
"""

from __future__ import annotations

import sys

from babel.messages.pofile import write_po

from words import LOCALE, catalogue, lacking, messages


def update(language: str) -> None:
    """Write the catalogue anew in the order of its texts, so that a change shows as what it is."""
    kept = catalogue(language)
    kept.update(messages(), no_fuzzy_matching=True, update_creation_date=False)
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("wb") as file:
        write_po(file, kept, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)


if __name__ == "__main__":
    found = 0
    for language in sorted(path.name for path in LOCALE.iterdir() if path.is_dir()):
        if "--check" not in sys.argv[1:]:
            update(language)
        lines = lacking(language)
        found += len(lines)
        print("\n".join(f"{language}: {line}" for line in lines) or f"{language}: whole")
    sys.exit(1 if found else 0)

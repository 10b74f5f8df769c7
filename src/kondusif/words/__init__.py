"""What a code is called: one table per family of codes, Indonesian and English side by side.

The tables are the CSV files of this folder: ``table`` names the family, ``code`` is unique within it, and
every further column is a language by its code. Command line and office read the same rows. A new gate,
reason or state needs one row; a further language needs one column. ``N_`` marks the texts of the core that
stand in code; they are translated by the catalogue of the office.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from kondusif_index.errors import N_

__all__ = ["N_", "OWN", "clause", "rows", "table"]
OWN = "id"  # the language that every row has


def rows() -> Iterator[Mapping[str, str]]:
    """Every row of every file: ``table``, ``code``, and the text in each language."""
    for path in sorted(files(__name__).iterdir(), key=lambda p: p.name):
        if path.name.endswith(".csv"):
            yield from csv.DictReader(path.read_text(encoding="utf-8").splitlines())


@cache
def _tables(language: str) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in rows():
        table = found.setdefault(row["table"], {})
        if row["code"] in table:
            raise ValueError(f"words: {row['table']} has {row['code']} twice")
        table[row["code"]] = row.get(language) or row[OWN]
    return {name: MappingProxyType(table) for name, table in found.items()}


def table(name: str, language: str = OWN) -> Mapping[str, str]:
    """Code to text, in the order of the file. A text without this language is given in Indonesian.

    Raises KeyError for a table that no file has.

    >>> table("gates")["4"], table("gates", "en")["4"]
    ('Kotak suara disegel dan diterima', 'Ballot boxes sealed and received')
    """
    return _tables(language)[name]


def clause(sentence: str) -> str:
    """A sentence as part of another: small first letter, no full stop at the end.

    >>> clause("Masih ada insiden terbuka.")
    'masih ada insiden terbuka'
    """
    text = sentence.rstrip(".")
    return text if text[:2].isupper() else text[:1].lower() + text[1:]

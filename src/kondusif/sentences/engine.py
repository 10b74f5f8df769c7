"""What the index engine says, in the language of whoever asked.

The engine speaks English to whoever writes a recipe. The table ``engine`` has each of its texts with ``{}``
where a code, a number or another such text stands; these are told again inside out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kondusif.words import table

_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_HEAD = re.compile(r"([^:]+\.toml|[^ :]+?)(: |\.)(.+)", re.DOTALL)  # where it is: a file, a key, a key within


def engine_text(text: str, language: str = "id", *, prose: bool = False) -> str:
    """A text of the engine in a language; what the table does not know stays as it is.

    ``prose``: its numbers are results and have the decimal mark of the language; those of a refusal are
    quoted as they stand in the recipe.

    >>> engine_text("uncertainty.draws: found 0, expected 1 or more")
    'uncertainty.draws: ditemukan 0; seharusnya 1 atau lebih'
    """
    ends = list(_ends(text))
    for pattern, said in _patterns(language):
        for where, end in ends:
            if found := pattern.fullmatch(end):
                parts = (engine_text(part, language, prose=prose) for part in found.groups())
                return where + said.format(*parts)
    if prose and language == "id":
        return next((at + end.replace(".", ",") for at, end in ends if _DECIMAL.fullmatch(end)), text)
    return text


def _ends(text: str) -> Iterator[tuple[str, str]]:
    """Where it is, and what is said there: the text itself, then without one head after the other."""
    where = ""
    yield where, text
    while head := _HEAD.fullmatch(text):
        where, text = where + head[1] + head[2], head[3]
        yield where, text


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Texts as patterns, the most telling first."""
    texts = sorted(
        table("engine", language).items(), key=lambda row: (-len(row[0].replace("{}", "")), row[0])
    )
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, text.split("{}"))), re.DOTALL), said) for text, said in texts
    )

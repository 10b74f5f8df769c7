"""The core's words for codes, in the language of the page."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import get_language

from kondusif import words


def _text(table: str, code: str) -> str:
    return words.table(table, get_language() or words.OWN)[code]


_lazy = lazy(_text, str)


def lazy_table(name: str) -> dict[str, str]:
    """Code to text, read in the language of whoever looks, as ``gettext_lazy`` does."""
    return {code: _lazy(name, code) for code in words.table(name)}

"""The core's words and sentences in the language of the page."""

from __future__ import annotations

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language

from kondusif import words
from kondusif.sentences import Speech


def language() -> str:
    """The language of the page, as the tables of the core name it."""
    return get_language() or words.OWN


def speech() -> Speech:
    """How the reader of this page is addressed."""
    return Speech(timezone.get_current_timezone(), language())


def _text(table: str, code: str) -> str:
    return words.table(table, language())[code]


_lazy = lazy(_text, str)


def lazy_table(name: str) -> dict[str, str]:
    """Code to text, read in the language of whoever looks, as ``gettext_lazy`` does."""
    return {code: _lazy(name, code) for code in words.table(name)}

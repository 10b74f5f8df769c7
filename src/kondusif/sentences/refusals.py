"""A refusal as a title and a sentence that says what next, from one table for everybody who is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kondusif.errors import KondusifError
from kondusif.sentences.engine import engine_text
from kondusif.sentences.speech import MISSING, Speech
from kondusif.words import table


def refusal(error: KondusifError, speech: Speech) -> str:
    """Why it was refused, with the facts of the error filled in; a fact it does not carry is a dash.

    >>> from datetime import UTC
    >>> from kondusif.errors import MoveRefused
    >>> refusal(MoveRefused("posting_count_wrong", found=12, expected="1-8"), Speech(UTC))
    'Jumlah 12 tidak mungkin; seharusnya 1-8.'
    """
    facts: dict[str, Any] = {"message": engine_text(str(error), speech.language), **error.facts}
    for gate in getattr(error, "shut", ()):
        facts |= getattr(gate, "facts", {})
    said = {name: _said(value, speech) for name, value in facts.items()}
    return _found("refusals", error, speech) % _Facts(said)


def refusal_title(error: KondusifError, speech: Speech) -> str:
    """A refusal in a few words, as the head of a page."""
    return _found("refusal_titles", error, speech)


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return MISSING


def _found(name: str, error: KondusifError, speech: Speech) -> str:
    """By kind and reason, else by kind, else what is said of any refusal."""
    family = table(name, speech.language)
    return next(family[key] for key in _keys(error) if key in family)


def _keys(error: KondusifError) -> Iterator[str]:
    yield f"{error.code}.{error.reason}"
    yield error.code
    yield KondusifError.code


def _said(value: object, speech: Speech) -> object:
    if value is None:
        return speech.say("not_counted")
    if isinstance(value, float):
        return _number(value, speech)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    states = table("posting_states", speech.language)
    return states[value].lower() if isinstance(value, str) and value in states else value


def _number(value: float, speech: Speech) -> str:
    """Up to four decimals, none that say nothing."""
    whole, mark, part = speech.decimal(value, 4).rpartition(speech.say("decimal_mark"))
    return f"{whole}{mark}{part.rstrip('0')}".removesuffix(mark)

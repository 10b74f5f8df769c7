"""Free text is read before it is kept: places and process, never a person's ethnicity, religion or vote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from kondusif.banned import scan
from kondusif.errors import KondusifError
from kondusif_web.pages.wording import refusal

Fault = tuple[str, Mapping[str, Any]]  # banned (word), blank, too_long (most)


class TextRefused(KondusifError):
    """Fields that may not be kept as written; ``fields`` maps each to its reason and facts."""

    code = "text_refused"

    def __init__(self, fields: Mapping[str, Fault]) -> None:
        self.fields = dict(fields)
        reason, facts = next(iter(self.fields.values()))
        super().__init__(reason, **facts)

    @classmethod
    def of(cls, name: str, reason: str, /, **facts: Any) -> TextRefused:
        """One field alone."""
        return cls({name: (reason, facts)})


def refuse_banned(**texts: str | Iterable[str]) -> None:
    """Raises :class:`TextRefused` naming every field whose text holds what is never kept."""
    found: dict[str, Fault] = {}
    for name, text in texts.items():
        parts = (text,) if isinstance(text, str) else tuple(text)
        if words := [hit.word for part in parts for hit in scan(part)]:
            found[name] = ("banned", {"word": ", ".join(words)})
    if found:
        raise TextRefused(found)


def required_text(name: str, text: str, most: int = 240) -> str:
    """The text of a field that must hold something, on one line.

    Raises :class:`TextRefused` where it is blank, longer than ``most``, or holds what is never kept.
    """
    kept = " ".join(text.split())
    if not kept:
        raise TextRefused.of(name, "blank")
    if len(kept) > most:
        raise TextRefused.of(name, "too_long", most=most)
    refuse_banned(**{name: kept})
    return kept


def clean_text(text: str) -> None:
    """The same guard as a validator of a form's field."""
    try:
        refuse_banned(text=text)
    except TextRefused as refused:
        raise forms.ValidationError(refusal(refused), code="banned") from None

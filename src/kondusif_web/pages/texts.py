"""Free text is read before it is kept: places and process, never a person's ethnicity, religion or vote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext as _

from kondusif.errors import KondusifError
from kondusif.measure.banned import Banned, scan


class TextRefused(KondusifError):
    """Fields that hold what may not be kept; ``fields`` maps each to the words found."""

    code = "text_refused"

    def __init__(self, fields: Mapping[str, tuple[Banned, ...]]) -> None:
        self.fields = dict(fields)
        super().__init__(", ".join(f"{name}: {hit.word}" for name, hits in fields.items() for hit in hits))

    def into(self, form: forms.Form) -> None:
        """Put each refusal beside its field."""
        for name, hits in self.fields.items():
            said = _('Jangan tulis "%s": agama, suku, pilihan, nomor orang, dan angka suara tidak disimpan.')
            form.add_error(name if name in form.fields else None, said % hits[0].word)


def refuse_banned(**texts: str | Iterable[str]) -> None:
    """Raises :class:`TextRefused` naming every field whose text holds what may not be kept."""
    found = {}
    for name, text in texts.items():
        parts = (text,) if isinstance(text, str) else tuple(text)
        if hits := tuple(hit for part in parts for hit in scan(part)):
            found[name] = hits
    if found:
        raise TextRefused(found)

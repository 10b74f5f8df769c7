"""Fields that forms repeat."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kondusif_web.pages.texts import clean_text

LOCAL = "%Y-%m-%dT%H:%M"


class Key(forms.UUIDField):
    """The id made for a form, so that sending twice writes once (RULES 26)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.HiddenInput)
        super().__init__(initial=uuid.uuid4, **kwargs)


class Keyed(forms.Form):
    """A form with its id. A page with several such forms tells their fields apart by the form's name."""

    id = Key()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}-%s")
        super().__init__(*args, **kwargs)


class Moment(forms.DateTimeField):
    """A day and hour by the clock of the page."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL))
        kwargs.setdefault("input_formats", [LOCAL, "%Y-%m-%d %H:%M"])
        super().__init__(**kwargs)


class Words(forms.CharField):
    """Free text without what is never kept. ``rows``: of an area instead of one line."""

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)
        self.validators.append(clean_text)


class Reason(Words):
    """Why something is done."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Alasan"))
        kwargs.setdefault("max_length", 240)
        super().__init__(**kwargs)

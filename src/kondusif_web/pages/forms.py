"""How forms are shown, and fields that they repeat."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from kondusif.stages import reachable
from kondusif_web.pages.texts import clean_text

LOCAL = "%Y-%m-%dT%H:%M"
YEARS = _("Tahun 2000 sampai 2099.")


class OfficeRenderer(TemplatesSetting):
    """Forms and fields as the pages show them: ``{{ form }}``, ``{{ field.as_field_group }}``."""

    form_template_name = "pages/_isian.html"
    field_template_name = "pages/_bidang.html"


class Key(forms.UUIDField):
    """The id made for a form, so that sending twice writes once (RULES 26): ``Key(initial=uuid4)``."""

    widget = forms.HiddenInput


class Keyed(forms.Form):
    """A form with its id. A page with several such forms tells their fields apart by the form's name."""

    id = Key(initial=uuid4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}-%s")
        super().__init__(*args, **kwargs)


def of_this_century(at: datetime | date) -> None:
    """Refuses a year beyond those of the calendar, where days can no longer be added or told in a zone."""
    if not reachable(at):
        raise forms.ValidationError(YEARS)


class Moment(forms.DateTimeField):
    """A day and hour by the clock of the page."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL))
        kwargs.setdefault("validators", [of_this_century])
        kwargs.setdefault("input_formats", [LOCAL, "%Y-%m-%d %H:%M"])
        super().__init__(**kwargs)


class Words(forms.CharField):
    """Free text without what is never kept. ``rows``: of an area instead of one line."""

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)
        self.validators.append(clean_text)


class ReasonField(Words):
    """Why something is done."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Alasan"))
        kwargs.setdefault("max_length", 240)
        super().__init__(**kwargs)

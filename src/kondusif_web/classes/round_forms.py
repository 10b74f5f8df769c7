"""Shape of input: one section of the answer form, a joint review, evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kondusif.measure.rounds import datable
from kondusif.stages import Election, reachable
from kondusif_web.answers import wording
from kondusif_web.answers.forms import NO_PERSONS
from kondusif_web.pages.forms import Words


class DateForm(forms.Form):
    """The actual moment of a gate, with the paper it stands on."""

    pada = forms.DateTimeField(
        label=gettext_lazy("Tanggal dan jam sebenarnya"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    sumber = Words(
        label=gettext_lazy("Keputusan atau berita acara"),
        max_length=160,
        help_text=NO_PERSONS,
    )

    def __init__(self, data: Any = None, *, gate: str, election: Election) -> None:
        super().__init__(data)
        self.gate, self.election = gate, election

    def clean_pada(self) -> datetime:
        at: datetime = self.cleaned_data["pada"]
        if not reachable(at):
            raise forms.ValidationError(wording.YEARS)
        if not datable(self.gate, at, self.election):
            raise forms.ValidationError(_("Tanggal itu di sisi yang salah dari hari pemungutan."))
        return at

"""Shapes of input. Rules of the work are the core's; who may is the actions'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from kondusif_web.reports import wording

NO_NAMES = _("Jangan tulis nama, agama, suku, atau pilihan orang.")


def _choices(table: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return list(table.items())


class Sent(forms.Form):
    """Whatever is sent under an id made before sending (RULES 26)."""

    id = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-uuid": ""}), initial=uuid4)
    pos = forms.CharField(widget=forms.HiddenInput, max_length=16)


class Situation(Sent):
    """The situation at a post: one answer to each question, nothing chosen for anyone."""

    people = forms.ChoiceField(
        label=wording.SITUATION["people"][0],
        choices=_choices(wording.SITUATION["people"][1]),
        widget=forms.RadioSelect,
    )
    mood = forms.ChoiceField(
        label=wording.SITUATION["mood"][0],
        choices=_choices(wording.SITUATION["mood"][1]),
        widget=forms.RadioSelect,
    )
    road = forms.ChoiceField(
        label=wording.SITUATION["road"][0],
        choices=_choices(wording.SITUATION["road"][1]),
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Catatan singkat"),
        required=False,
        max_length=280,
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class IncidentForm(Sent):
    """What happened and whether help is needed."""

    kind = forms.ChoiceField(
        label=_("Apa yang terjadi"), choices=_choices(wording.KINDS), widget=forms.RadioSelect
    )
    help = forms.ChoiceField(
        label=_("Perlu bantuan"), choices=_choices(wording.HELP), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Catatan singkat"),
        required=False,
        max_length=280,
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Closing(forms.Form):
    """Why an incident is over and since when (local time today, or empty for now)."""

    reason = forms.CharField(label=_("Alasan"), max_length=280)
    ended_at = forms.DateTimeField(
        label=_("Selesai pukul"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Kosong berarti sekarang. Jam tenang dihitung dari sini."),
    )

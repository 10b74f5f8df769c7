"""Shapes of input. Rules of the work are the core's; who may is the actions'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from kondusif_web.pages.forms import Key, Moment, ReasonField, Words
from kondusif_web.reports import wording

NO_NAMES = _("Jangan tulis nama, agama, suku, atau pilihan orang.")


def _one_of(label: Any, words: Mapping[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(words.items()), widget=forms.RadioSelect)


def _note() -> Words:
    return Words(label=_("Catatan singkat"), required=False, max_length=280, help_text=NO_NAMES, rows=3)


class SubmissionForm(forms.Form):
    """Whatever is sent under an id made before sending (RULES 26)."""

    id = Key(initial=uuid4, widget=forms.HiddenInput(attrs={"data-uuid": ""}))  # lapor.js makes it anew
    pos = forms.CharField(widget=forms.HiddenInput, max_length=16)


class ReportForm(SubmissionForm):
    """A report; of a post that was silent also whether anything happened meanwhile, no answer being none."""

    gap = forms.ChoiceField(
        label=_("Selama diam tidak terjadi apa-apa"),
        choices=list(wording.GAPS.items()),
        widget=forms.RadioSelect,
        required=False,
    )


class SituationForm(ReportForm):
    """The situation at a post: one answer to each question, nothing chosen for anyone.

    ``seen``: the other stations of the village, for who goes round and has just seen them.
    """

    seen = forms.MultipleChoiceField(
        label=_("Pos lain yang baru dilihat"), required=False, widget=forms.CheckboxSelectMultiple
    )

    people = _one_of(*wording.SITUATION["people"])
    mood = _one_of(*wording.SITUATION["mood"])
    road = _one_of(*wording.SITUATION["road"])
    note = _note()

    def __init__(self, *args: Any, others: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].choices = list(others)


class GapForm(forms.Form):
    """A second person confirms that nothing happened while a post was silent, and how they know."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=_("Dari mana Anda tahu"), choices=list(wording.GAP_PROOFS.items()), widget=forms.RadioSelect
    )


class IncidentForm(SubmissionForm):
    """What happened and whether help is needed."""

    kind = _one_of(_("Apa yang terjadi"), wording.KINDS)
    help = _one_of(_("Perlu bantuan"), wording.HELP)
    note = _note()


class ClosingForm(forms.Form):
    """Why an incident is over and since when (local time today, or empty for now)."""

    reason = ReasonField(max_length=280)
    ended_at = Moment(
        label=_("Selesai pukul"),
        required=False,
        help_text=_("Kosong berarti sekarang. Jam tenang dihitung dari sini."),
    )

"""Shapes of input. Rules of the work are the core's; who may is the actions'."""

from __future__ import annotations

from uuid import uuid4

from django import forms

from kondusif_web.pages.forms import Key
from kondusif_web.withdrawal import wording


class FactForm(forms.Form):
    """One answer to one checklist item."""

    id = Key(initial=uuid4)
    item = forms.IntegerField(min_value=1, max_value=14)
    value = forms.ChoiceField(choices=list(wording.VALUES.items()))
    tps = forms.CharField(required=False, max_length=16)
    minutes = forms.CharField(required=False, max_length=60)
    party = forms.ChoiceField(required=False, choices=[("", ""), *wording.PARTIES.items()])
    note = forms.CharField(required=False, max_length=280)


class StepForm(forms.Form):
    """A step asked for, with its reason."""

    reason = forms.CharField(max_length=280)
    to = forms.CharField(max_length=12, required=False)


class WaiverForm(StepForm):
    """A waiver of one gate of a step."""

    gate = forms.CharField(max_length=20, required=False)


class DisputeForm(forms.Form):
    """Whether an objection was filed, with its paper."""

    state = forms.ChoiceField(choices=wording.DISPUTE_CHOICES)
    source = forms.CharField(max_length=160)

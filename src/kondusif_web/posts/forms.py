"""Shape of what is typed; the rules of the work are the core's."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CheckInForm(forms.Form):
    out = forms.IntegerField(label=_("Orang yang tiba"), min_value=1, max_value=10_000)
    equipment_out = forms.IntegerField(label=_("Perlengkapan"), min_value=0, max_value=100_000)


class CountBackForm(forms.Form):
    back = forms.IntegerField(label=_("Orang yang kembali"), min_value=0, max_value=10_000)
    equipment_back = forms.IntegerField(label=_("Perlengkapan kembali"), min_value=0, max_value=100_000)

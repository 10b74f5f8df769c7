"""Shape of what is typed; the rules of the work are the core's."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kondusif.plan import PATTERN_SETS


class PlanForm(forms.Form):
    pattern_set = forms.ChoiceField(
        label=_("Set pola"), choices=[(p.kode, _(p.nama)) for p in PATTERN_SETS.values()]
    )

"""Shape of what is typed; the rules of the work are the core's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _


class CheckInForm(forms.Form):
    out = forms.IntegerField(label=_("Orang yang tiba"), min_value=1, max_value=10_000)
    equipment_out = forms.IntegerField(label=_("Perlengkapan"), min_value=0, max_value=100_000)


class CountBackForm(forms.Form):
    back = forms.IntegerField(label=_("Orang yang kembali"), min_value=0, max_value=10_000)
    equipment_back = forms.IntegerField(label=_("Perlengkapan kembali"), min_value=0, max_value=100_000)


class UnitForm(forms.Form):
    """A unit at arrival or on its way back, with ``orang-<posting>`` where fewer came."""

    unit = forms.CharField(max_length=60)
    equipment_each = forms.IntegerField(label=_("Perlengkapan tiap orang"), min_value=0, max_value=100)

    def __init__(self, *args: Any, arrival: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not arrival:
            del self.fields["equipment_each"]

    def clean(self) -> dict[str, Any]:
        """With ``fewer``: the exceptions, as the action takes them."""
        fewer: dict[UUID, int] = {}
        for name, value in self.data.items():
            if name.startswith("orang-") and value.strip():
                try:
                    fewer[UUID(name.removeprefix("orang-"))] = int(value)
                except ValueError:
                    raise forms.ValidationError(_("%(apa)s bukan jumlah orang.") % {"apa": value}) from None
        return {**self.cleaned_data, "fewer": fewer}

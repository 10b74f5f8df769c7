"""Shape of input on a draft's dimensions and the roles of its items."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from kondusif.instrument import edit
from kondusif.instrument.recipe import Recipe
from kondusif_web.instrument.forms import Angka, Butir


class Dimensi(Butir):
    """A dimension of one's own with its first indicator; neither stands without the other."""

    name = forms.CharField(
        label=_l("Nama dimensi"), max_length=edit.LONGEST, help_text=_l("Misalnya: Penyeberangan dan pulau.")
    )
    share = Angka(
        label=_l("Bobot dimensi"),
        help_text=_l("0,1 berarti sepersepuluh nilai; dimensi lain mengecil menurut perbandingannya."),
    )
    field_order = ("name", "share")

    def __init__(self, *args: Any, recipe: Recipe, **kwargs: Any) -> None:
        super().__init__(*args, recipe=recipe, **kwargs)
        del self.fields["dimension"]


class NamaDimensi(forms.Form):
    """Another name for a dimension of one's own."""

    name = forms.CharField(label=_l("Nama dimensi"), max_length=edit.LONGEST)


class Peran(forms.Form):
    """Which items stations answer for themselves, and which do not size the force."""

    def __init__(self, *args: Any, recipe: Recipe, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"tps_items": recipe.tps_items, "force_without": recipe.force_without})
        super().__init__(*args, **kwargs)
        every = [(i.id, i.id) for i in recipe.indicators]
        for name in ("tps_items", "force_without"):
            self.fields[name] = forms.MultipleChoiceField(required=False, choices=every)
        self.locked = recipe.from_plan

    def roles(self) -> dict[str, list[str]]:
        """Both lists; what the plan itself tells never sizes the plan, ticked or not (RULES 5)."""
        given = self.cleaned_data
        return {
            "tps_items": given["tps_items"],
            "force_without": sorted({*given["force_without"], *self.locked}),
        }

    def chosen(self, name: str) -> set[str]:
        """Items ticked, as sent or as the draft has them."""
        return set(self[name].value() or ())

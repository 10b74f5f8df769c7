"""Shape of input. Rules are not here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kondusif.errors import KondusifError
from kondusif.instrument.recipe import Recipe
from kondusif_web.accounts.roles import may
from kondusif_web.dialogue.forms import OfOperation
from kondusif_web.dialogue.models import Visit
from kondusif_web.dialogue.speakers import title_of
from kondusif_web.election.models import Desa, Membership
from kondusif_web.instrument.forms import NumberField
from kondusif_web.mitigation.actions import Factor
from kondusif_web.mitigation.edits import Owner, may_hand_over
from kondusif_web.mitigation.models import Mitigation
from kondusif_web.mitigation.wording import choices
from kondusif_web.pages.forms import Keyed, Moment, ReasonField
from kondusif_web.pages.templatetags.kondusif import tanggal

# One form's worth; more is another action.
NUMBERED = {1: _("Faktor risiko"), 2: _("Faktor risiko kedua"), 3: _("Faktor risiko ketiga")}
FOLDED = ("_2", "_3")


class ActionForm(OfOperation):
    """Villages, up to three risk factors, what and by when; a target only from who may see answers."""

    villages = forms.ModelMultipleChoiceField(
        Desa.objects.none(), label=_("Desa"), widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=_("Tindakan"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Apa yang dilakukan. Jangan tulis nama orang."),
    )
    due = Moment(label=_("Paling lambat"))
    mine = forms.BooleanField(label=_("Saya yang menanggung"), required=False)

    def __init__(self, *args: Any, user: Membership, recipe: Recipe, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        for n, label in NUMBERED.items():
            self.fields[f"butir_{n}"] = forms.ChoiceField(
                label=label, choices=choices(recipe), required=n == 1
            )
            self.fields[f"kata_{n}"] = forms.CharField(
                label=_("Dengan kata sendiri"), max_length=240, required=False
            )
            if may(user, "see_answers"):
                self.fields[f"sasaran_{n}"] = NumberField(label=_("Jawaban yang dituju"), required=False)
        if "sasaran_1" in self.fields:
            self.fields["sasaran_1"].help_text = _(
                "Angka dalam satuan indikator itu; ya = 1, tidak = 0. Akibatnya dihitung penuh."
            )
        first = [f"{name}_1" for name in ("butir", "kata", "sasaran")]
        self.order_fields(["id", "villages", *first, "text", "due", "mine"])

    def visible_fields(self) -> list[forms.BoundField]:
        """What everybody fills in."""
        return [f for f in super().visible_fields() if not f.name.endswith(FOLDED)]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The second and third factor, one fold away."""
        return [f for f in self if f.name.endswith(FOLDED)]

    @property
    def unfolded(self) -> bool:
        """Whether the fold must stand open: something is written there, or wrong."""
        return any(f.errors or f.data or f.initial not in (None, "") for f in self.folded)

    def field_of(self, error: KondusifError) -> str | None:
        """The target of the factor that a refusal speaks of."""
        item = error.facts.get("item")
        return next((f"sasaran_{n}" for n in NUMBERED if item and self.data.get(f"butir_{n}") == item), None)

    def clean(self) -> dict[str, Any]:
        """With the numbered fields as ``factors``, in order."""
        data = super().clean()
        numbered = ("butir_", "kata_", "sasaran_")
        kept = {name: value for name, value in data.items() if not name.startswith(numbered)}
        return kept | {"factors": [self.factor(data, n) for n in NUMBERED if data.get(f"butir_{n}")]}

    def factor(self, data: Mapping[str, Any], n: int) -> Factor:
        """What was filled in under one number."""
        return Factor(data[f"butir_{n}"], data.get(f"kata_{n}", ""), data.get(f"sasaran_{n}"))


class EditForm(ActionForm):
    """An action that is there already: its villages stay, its owner is kept, taken or given back."""

    dilihat = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    owner = forms.TypedChoiceField(label=_("Pemilik"), choices=(), coerce=Owner, widget=forms.RadioSelect)

    def __init__(self, *args: Any, row: Mitigation, user: Membership, recipe: Recipe, **kwargs: Any) -> None:
        self.row = row
        self.there = {f.item: f for f in row.factors.all()}
        sees = may(user, "see_answers")
        initial = {"text": row.text, "due": row.due, "owner": Owner.KEEP, "dilihat": row.revisions.count()}
        for n, factor in zip(NUMBERED, self.there.values(), strict=False):
            initial |= {f"butir_{n}": factor.item, f"kata_{n}": factor.words}
            initial |= {f"sasaran_{n}": factor.target} if sees else {}
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, user=user, recipe=recipe, **kwargs)
        del self.fields["villages"], self.fields["mine"]
        self.fields["owner"].choices = _owners(row, user)
        if len(self.fields["owner"].choices) == 1:
            self.fields["owner"].widget = forms.HiddenInput()
        self.order_fields(["id", "dilihat", "butir_1", "kata_1", "sasaran_1", "text", "due", "owner"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        return data | {"seen": data.pop("dilihat", None)}

    def clean_due(self) -> datetime:
        """The moment; a field of whole minutes does not move one that has seconds."""
        due: datetime = self.cleaned_data["due"]
        return self.row.due if due == self.row.due.replace(second=0, microsecond=0) else due

    def factor(self, data: Mapping[str, Any], n: int) -> Factor:
        """As filled in; who may not see answers leaves the targets of kept items as they stand."""
        found = super().factor(data, n)
        if f"sasaran_{n}" in self.fields or found.item not in self.there:
            return found
        return replace(found, target=self.there[found.item].target)


def _owners(row: Mitigation, user: Membership) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [(Owner.KEEP.value, row.owner or _("Belum ada yang menanggung"))]
    if may_hand_over(row, user):
        if row.owner != title_of(user):
            found.append((Owner.MINE.value, _("Saya yang menanggung")))
        if row.owner:
            found.append((Owner.NONE.value, _("Dilepas, belum ada yang menanggung")))
    return found


class DropForm(Keyed):
    id = None  # dropped once
    reason = ReasonField()


class LinkVisitForm(Keyed):
    id = None  # a visit is linked once
    visit = forms.ModelChoiceField(Visit.objects.none(), label=_("Kunjungan"), empty_label=None)

    def __init__(self, *args: Any, visits: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visit"].queryset = visits
        self.fields["visit"].label_from_instance = lambda v: f"{tanggal(v.at)} · {v.desa.nama} · {v.topic}"

"""Shape of input on the measuring pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kondusif.classify import OVERRIDE_HOURS
from kondusif_web.pages.forms import Words
from kondusif_web.pages.wording import label_of


class Upload(forms.Form):
    """A workbook or one CSV of answers: the field alone, since ``intake`` receives every file."""

    berkas = forms.FileField(
        label=_("Berkas jawaban"),
        help_text=_(
            "XLSX atau CSV menurut templat, lembar jawaban. Anda melihat akibatnya sebelum diterapkan."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class OverrideForm(forms.Form):
    """A commander's class: level, reason, and how long it stands."""

    kelas = forms.TypedChoiceField(label=_("Kelas menurut komandan"), coerce=int)
    alasan = Words(
        label=_("Alasan"),
        max_length=400,
        help_text=_("Apa yang dilihat di tempat, dari siapa menurut jabatan, kapan. Tanpa nama orang."),
        rows=3,
    )
    jam = forms.IntegerField(
        label=_("Berlaku, jam"),
        min_value=1,
        max_value=OVERRIDE_HOURS,
        initial=48,
        help_text=_("Sesudah itu kelas kembali ke hitungan mesin. Paling lama 14 hari."),
    )

    def __init__(self, *args: Any, machine: int, labels: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nothing is chosen beforehand: the first on the list would be the deepest fall.
        self.fields["kelas"].choices = [
            ("", _("pilih kelas")),
            *((n, f"{n} · {label_of(n, labels)}") for n in (1, 2, 3) if n != machine),
        ]

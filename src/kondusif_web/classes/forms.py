"""Shape of input on the pages of measuring and of rounds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kondusif.classes.override import OVERRIDE_HOURS
from kondusif.classes.rounds import datable
from kondusif.stages import Election
from kondusif_index.tables.read import ACCEPT
from kondusif_web.answers.forms import NO_PERSONS
from kondusif_web.pages.forms import Moment, Words
from kondusif_web.pages.wording import label_of


class AnswerFileForm(forms.Form):
    """A workbook or one CSV of answers: the field alone, since ``intake`` receives every file."""

    berkas = forms.FileField(
        label=_("Berkas jawaban"),
        help_text=_(
            "XLSX atau CSV menurut templat, lembar jawaban. Anda melihat akibatnya sebelum diterapkan."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
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
        help_text=_("Sesudah itu kelas kembali ke kelas hasil hitungan. Paling lama 14 hari."),
    )

    def __init__(self, *args: Any, machine: int, labels: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nothing is chosen beforehand: the first on the list would be the deepest fall.
        self.fields["kelas"].choices = [
            ("", _("pilih kelas")),
            *((n, f"{n} · {label_of(n, labels)}") for n in (1, 2, 3) if n != machine),
        ]


class MilestoneDateForm(forms.Form):
    """The actual moment of a gate, with the paper it stands on."""

    pada = Moment(label=_("Tanggal dan jam sebenarnya"))
    sumber = Words(
        label=_("Keputusan atau berita acara"),
        max_length=160,
        help_text=NO_PERSONS,
    )

    def __init__(self, data: Any = None, *, gate: str, election: Election) -> None:
        super().__init__(data)
        self.gate, self.election = gate, election

    def clean_pada(self) -> datetime:
        at: datetime = self.cleaned_data["pada"]
        if not datable(self.gate, at, self.election):
            raise forms.ValidationError(_("Tanggal itu di sisi yang salah dari hari pemungutan."))
        return at

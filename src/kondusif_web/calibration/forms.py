"""Shape of input on the page of past votes."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from kondusif_web.pages.forms import Words

LARGEST = 512 * 1024  # bytes; five thousand places are about half of it


class HistoryFileForm(forms.Form):
    """A CSV of past votes, and in words whose record it is."""

    sumber = Words(
        label=_("Pemungutan dan catatan siapa"),
        max_length=160,
        help_text=_("Misalnya: Pilkades 2019, catatan Bagops. Tanpa nama orang."),
    )
    berkas = forms.FileField(
        label=_("Berkas riwayat"),
        help_text=_("CSV menurut templat: tempat, skor, tingkat, kejadian. Kode saja, tanpa nama."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv"}),
        validators=[FileExtensionValidator(["csv"], _("Berkas harus .csv."))],
    )

    def clean_berkas(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["berkas"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("Berkas lebih dari 512 kB. Kirim satu pemungutan sekali waktu."))
        return file


class HistoryConfirmForm(forms.Form):
    """What the preview showed, sent back to be taken; it is checked again as if it were new."""

    sumber = forms.CharField(max_length=160, widget=forms.HiddenInput)
    isi = forms.CharField(max_length=2 * LARGEST, widget=forms.HiddenInput, strip=False)

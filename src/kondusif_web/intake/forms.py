"""Shape of input: a new operation, a file that comes, boundaries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kondusif.errors import Conflict, KondusifError
from kondusif.lifecycle import Phase
from kondusif.plan.pola import PATTERN_SETS
from kondusif.stages import PACKS, ZONES
from kondusif_index.tables.read import ACCEPT, MAX_BYTES
from kondusif_web.accounts.roles import NAMES, Role
from kondusif_web.election.forms import Areas
from kondusif_web.election.models import Membership, check_code
from kondusif_web.election.queries import comes_along
from kondusif_web.pages.forms import Moment, ReasonField, Words
from kondusif_web.pages.texts import clean_text


def _named(member: Membership) -> str:
    of = member.operation
    name = f"LATIHAN {of.nama}" if of.drill else of.nama
    parts = [f"{member} ({NAMES[Role(member.role)]})", ", ".join(member.prefixes), name]
    return " · ".join(part for part in parts if part)


class MoveOperation(forms.Form):
    """Where an operation goes, and why."""

    ke = forms.ChoiceField(choices=[(p.value, p.value) for p in Phase], widget=forms.HiddenInput)
    alasan = ReasonField(
        help_text=_("Misalnya nomor surat perintah. Tertulis di buku mutasi; jangan tulis nama orang."),
    )


STAY = _("Dari latihan, dan Kapolres atau Kapolsek, ditambahkan administrator ke operasi sungguhan.")


class NewOperation(forms.Form):
    """One vote: what it is called, when it is, by which rules, whether it is a drill, and who is in it.

    ``people``: members of earlier operations that may be brought along, newest first.
    """

    nama = Words(label=_("Nama operasi"), max_length=160, help_text=_("Seperti di surat perintah."))
    kode = forms.CharField(
        label=_("Kode"),
        max_length=60,
        validators=[check_code],
        help_text=_("Huruf kecil, angka, tanda hubung, misalnya pilkades-2026. Tidak berubah lagi."),
    )
    polres = Words(label=_("Polres"), max_length=120, help_text=_("Satuan yang bertanggung jawab."))
    waktu = Moment(label=_("Hari dan jam pemungutan suara"), help_text=_("Waktu setempat TPS dibuka."))
    zona = forms.ChoiceField(label=_("Zona waktu"), choices=[(z, z) for z in ZONES])
    paket = forms.ChoiceField(
        label=_("Aturan tahapan"), choices=[(p.kode, _(p.nama)) for p in PACKS.values()]
    )
    pola = forms.ChoiceField(
        label=_("Pola kekuatan"),
        choices=[(p.kode, _(p.nama)) for p in PATTERN_SETS.values()],
        help_text=_("Usulan; dapat diganti di surat perintah."),
    )
    label_1 = Words(label=_("Sebutan tingkat 1"), max_length=30, initial="Kurang Rawan")
    label_2 = Words(label=_("Sebutan tingkat 2"), max_length=30, initial="Rawan")
    label_3 = Words(label=_("Sebutan tingkat 3"), max_length=30, initial="Sangat Rawan")
    jenis = forms.ChoiceField(
        label=_("Jenis"),
        choices=[("", _("Pilih")), ("latihan", _("Latihan")), ("nyata", _("Operasi sungguhan"))],
        help_text=_("Tidak berubah lagi. Latihan bertanda LATIHAN di setiap halaman dan kertas."),
    )
    mulai = Moment(
        label=_("Jam latihan mulai"),
        required=False,
        help_text=_("Hanya untuk latihan. Kosong: jam latihan berjalan seperti jam biasa."),
    )

    wilayah = Areas(
        label=_("Wilayah Anda dalam operasi ini"),
        help_text=_("Kode wilayah, dipisah koma, misalnya 99.01.01. Desa di luar wilayah tidak terlihat."),
    )
    anggota = forms.MultipleChoiceField(
        label=_("Anggota yang ikut dari operasi sebelumnya"),
        required=False,
        help_text=_("Dengan peran, wilayah, dan pos yang sama. Anggota lain ditambahkan administrator."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, people: Iterable[Membership] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {f"{m.operation.kode}/{m.username}": m for m in people}
        self.fields["anggota"].choices = [(key, _named(m)) for key, m in self.known.items()]
        if not self.known:
            del self.fields["anggota"]

    @property
    def people(self) -> list[Membership]:
        """Those that were ticked."""
        return [self.known[key] for key in self.cleaned_data.get("anggota", ())]

    def clean_kode(self) -> str:
        kode: str = self.cleaned_data["kode"]
        clean_text(kode.replace("-", " "))
        return kode

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mulai") and data.get("jenis") == "nyata":
            self.add_error("mulai", _("Kosongkan: hanya latihan yang punya jam sendiri."))
        if data.get("jenis") == "nyata" and not all(comes_along(m, drill=False) for m in self.people):
            self.add_error("anggota", STAY)
        labels = [data.get(f"label_{n}", "").casefold() for n in (1, 2, 3)]
        if len(set(labels)) < 3:
            self.add_error("label_3", _("Ketiga sebutan harus berbeda."))
        return data

    def begun(self) -> dict[str, Any]:
        """As ``intake.actions.begin_operation`` takes it."""
        data = self.cleaned_data
        return {
            "prefixes": data["wilayah"],
            "people": self.people,
            "starts": self._moment("mulai"),
            "kode": data["kode"],
            "nama": data["nama"],
            "polres": data["polres"],
            "vote_at": self._moment("waktu"),
            "tz": ZONES[data["zona"]],
            "drill": data["jenis"] == "latihan",
            "rule_pack": data["paket"],
            "pattern_set": data["pola"],
            "labels": {str(n): data[f"label_{n}"] for n in (1, 2, 3)},
        }

    def field_of(self, error: KondusifError) -> str:
        """A code that is taken, else the moment, which every rule of the stages is about."""
        return "kode" if isinstance(error, Conflict) else "waktu"

    def _moment(self, name: str) -> datetime | None:
        """A field's local time in the chosen zone, whatever zone the page is shown in."""
        at: datetime | None = self.cleaned_data[name]
        return at and at.replace(tzinfo=ZoneInfo(ZONES[self.cleaned_data["zona"]]))


class Upload(forms.Form):
    """A workbook, or one CSV named after its sheet."""

    berkas = forms.FileField(
        label=_("Berkas"),
        help_text=_("XLSX menurut templat, atau CSV satu lembar. Anda melihat akibatnya sebelum diterapkan."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )
    endings: tuple[str, ...] = (
        "",
    )  # any: the content says what a table is, and the reader names what is none
    wrong = ""

    def clean_berkas(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["berkas"]
        if not (file.name or "").lower().endswith(self.endings):
            raise forms.ValidationError(self.wrong)
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("Berkas paling besar %(n)d MB.") % {"n": MAX_BYTES // 1_000_000})
        return file


class UploadBoundaries(Upload):
    """A GeoJSON file, where it comes from, and which property holds the code."""

    endings = (".geojson", ".json")
    wrong = _("Berkas harus .geojson atau .json.")
    field_order = ("berkas", "sumber", "sifat")

    sumber = Words(
        label=_("Sumber batas"),
        max_length=240,
        help_text=_("Lembaga, judul, dan tahun, misalnya BIG, batas desa, 2025. Tertulis di bawah peta."),
    )
    sifat = forms.CharField(
        label=_("Nama sifat yang memuat kode desa"),
        max_length=60,
        required=False,
        help_text=_("Kosong: dicari sendiri (kode, kode_desa, kdepum, ...)."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["berkas"].label = _("Berkas GeoJSON")
        self.fields["berkas"].help_text = _("Koordinat WGS 84, bujur lalu lintang; satu fitur per desa.")
        self.fields["berkas"].widget.attrs["accept"] = ".geojson,.json"


class RetireForm(forms.Form):
    """Why a place goes out of use."""

    alasan = ReasonField(
        help_text=_("Misalnya: kode keliru, yang benar 99.01.01.2005. Jangan tulis nama orang."),
        rows=2,
    )

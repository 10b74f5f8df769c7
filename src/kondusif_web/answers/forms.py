"""Shape of input: one section of the answer form, a joint review, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kondusif.answers.answer import Answer, Given
from kondusif.answers.check import Fault, UnansweredItem
from kondusif.answers.last_vote import Known
from kondusif.files.cells import BadCell, decimal
from kondusif.instrument.indicator import Indicator, anchors
from kondusif.instrument.recipe import Recipe
from kondusif.places import desa_of
from kondusif_web.answers import wording
from kondusif_web.answers.models import Evidence
from kondusif_web.answers.photos import LARGEST
from kondusif_web.answers.questions import FormQuestion
from kondusif_web.pages import Context
from kondusif_web.pages.forms import Key, Words
from kondusif_web.pages.templatetags.kondusif import tanggal
from kondusif_web.pages.wording import FAULTS, kata_inti
from kondusif_web.words import language

NOT_KNOWN = "not_known"  # beside the kinds of an answer: asked in vain
NO_PERSONS = gettext_lazy("Tanpa nama orang, agama, suku, pilihan, atau angka suara.")


def value_field(indicator: Indicator | None, *, missing: bool = True, name: str = "") -> forms.Field:
    """One field that takes a value, or a choice of values and of why there is none."""
    kinds = no_value(indicator) if missing else []
    if indicator is None:
        words = [(k, v) for k, v in wording.ANSWER_WORDS.items() if k != "unknown"]
        return _choice(name, [*words, *kinds])
    if indicator.type == "boolean":
        yes, no = (_("ada"), _("belum ada")) if indicator.unit == "1=ada" else (_("ya"), _("tidak"))
        return _choice(name, [("1", yes), ("0", no), *kinds])
    if indicator.type == "likert":
        seen = anchors(indicator, language())
        marks = [
            (str(n), f"{n}: {seen[n]}" if n in seen else str(n))
            for n in range(int(indicator.lo), int(indicator.hi) + 1)
        ]
        return _choice(name, [*marks, *kinds])
    mode = "numeric" if indicator.type == "count" else "decimal"
    widget = forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"})
    return forms.CharField(label=name, required=False, max_length=20, widget=widget)


def no_value(indicator: Indicator | None) -> list[tuple[str, str]]:
    """Why there may be no value for it."""
    may_not_apply = indicator is not None and indicator.may_not_apply
    return [(k, v) for k, v in wording.NO_VALUE.items() if may_not_apply or k != Given.NOT_APPLICABLE]


def _choice(name: str, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=name, required=False, choices=[("", "–"), *choices])


def parsed(indicator: Indicator | None, raw: str) -> tuple[float | None, str]:
    """Value and word of a raw answer. Raises ValidationError for what is no number."""
    if indicator is None:
        return None, raw
    try:
        return decimal(raw), ""
    except BadCell as bad:
        raise forms.ValidationError(kata_inti(str(bad)) or _("Isi dengan angka, misalnya 12,5.")) from None


def fault_words(fault: Fault) -> str:
    """A fault of an answer as the form says it."""
    expected = kata_inti(fault.expected) if fault.expected else FAULTS[fault.code]
    return _("Ditemukan %(apa)s; seharusnya %(mestinya)s.") % {"apa": fault.found, "mestinya": expected}


PARTS = {"value": "", "kind": "-kind", "last": "-last", "note": "-note", "fix": "-fix", "id": "-id"}


def may_hold(
    recipe: Recipe, place: str, section: str, last: Mapping[str, Known] = MappingProxyType({})
) -> tuple[FormQuestion, ...]:
    """Everything that a section sent of a place may hold, to be read; nothing is looked up of it."""
    station = place != desa_of(place)
    out: list[FormQuestion] = []
    for indicator in recipe.indicators:
        if indicator.dimension != section or (station and indicator.id not in recipe.tps_items):
            continue
        out.append(FormQuestion(indicator.id, indicator, last=last.get(indicator.id)))
        if not station:
            out += [FormQuestion(c.id, None) for c in indicator.companions]
    return tuple(out)


def _own(q: FormQuestion) -> list[tuple[str, str]]:
    """A new observation, or a correction of the person's own answer of this round."""
    if q.own is None:
        return []
    mends = _("Keliru; ini membetulkan jawaban %(hari)s") % {"hari": tanggal(q.own.on)}
    return [("", _("Tetap; ini pengamatan baru")), (q.own.id, mends)]


class SectionForm(forms.Form):
    """The questions of one dimension. What is left empty is not answered; nothing is assumed."""

    on = forms.DateField(
        label=gettext_lazy("Diamati tanggal"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source = forms.CharField(
        label=gettext_lazy("Sumber jawaban di bagian ini"),
        max_length=160,
        required=False,
        help_text=format_lazy(
            "{}{}", gettext_lazy("Dari siapa menurut jabatan, atau nomor berita acara. "), NO_PERSONS
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        questions: Sequence[FormQuestion],
        today: date,
        section: str,
        place: str,
        rater: str,
    ) -> None:
        super().__init__(data, prefix=section, initial={"on": today}, auto_id="i-%s")
        self.questions, self.place, self.rater = questions, place, rater
        for q in questions:
            # not required: the page sent may have asked less than is asked by now
            self.fields[f"{q.item}-id"] = Key(initial=uuid4, required=False)
            self.fields[q.item] = value_field(q.indicator, name=_("Jawaban"))
            if q.indicator is not None and q.indicator.measured:
                self.fields[f"{q.item}-kind"] = _choice(_("Bila tanpa nilai"), no_value(q.indicator))
            if q.last:
                self.fields[f"{q.item}-last"] = forms.BooleanField(
                    label=_("Pakai %(nilai)s, menurut operasi %(kode)s")
                    % {
                        "nilai": wording.value_in_words(q.indicator, q.last.value),
                        "kode": ", ".join(q.last.operations),
                    },
                    required=False,
                )
            self.fields[f"{q.item}-note"] = forms.CharField(
                label=_("Sumber lain atau catatan"), required=False, max_length=160
            )
            self.fields[f"{q.item}-fix"] = forms.CharField(  # whose answer it is, the door looks
                label=_("Jawaban Anda sebelumnya"), required=False, widget=forms.Select(choices=_own(q))
            )

    def lines(self) -> Iterator[Context]:
        """Questions in order, each with its fields by the names of ``PARTS``, as far as it has them."""
        for q in self.questions:
            parts = {part: q.item + ending for part, ending in PARTS.items()}
            shown = {part: self[name] for part, name in parts.items() if name in self.fields}
            yield shown | {"question": q, "fix": shown["fix"] if q.own else None}

    def clean(self) -> None:
        """``answers`` and what was ``asked`` in vain, as the core has them; whether they are taken, the door
        says."""
        super().clean()
        self.answers: list[Answer] = []
        self.asked: list[UnansweredItem] = []
        for q in self.questions:
            try:
                self._read(q)
            except forms.ValidationError as error:
                self.add_error(q.item, error)
        if not self.answers and not self.asked and not self.errors:
            raise forms.ValidationError(_("Belum ada yang diisi di bagian ini."))

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Put each fault beside the field it is of, one of a whole section once."""
        for field, said in dict.fromkeys((self._field(f), fault_words(f)) for f in faults):
            self.add_error(field, said)

    def _field(self, fault: Fault) -> str | None:
        item = fault.answer.item
        noted = bool(self.cleaned_data.get(f"{item}-note"))
        field = {"on": "on", "source": f"{item}-note" if noted else "source"}.get(fault.field, item)
        return field if field in self.fields else None

    def _said(self, q: FormQuestion) -> tuple[str, str]:
        """The raw value, or why there is none; the value of earlier operations only where it was ticked."""
        get = self.cleaned_data.get
        raw, kind = str(get(q.item) or "").strip(), str(get(f"{q.item}-kind") or "")
        if raw in wording.NO_VALUE:
            raw, kind = "", raw
        if q.last and get(f"{q.item}-last"):
            if raw or kind:
                raise forms.ValidationError(_("Pilih salah satu: isian Anda, atau nilai dari operasi lalu."))
            return f"{q.last.value:g}", ""
        if raw and kind:
            raise forms.ValidationError(_("Pilih salah satu: nilai, atau sebab tanpa nilai."))
        return raw, kind

    def _read(self, q: FormQuestion) -> None:
        get = self.cleaned_data.get
        raw, kind = self._said(q)
        if not raw and not kind:
            return
        key, on = get(f"{q.item}-id"), get("on")
        if not isinstance(key, UUID):
            raise forms.ValidationError(_("Formulir ini tidak utuh. Muat ulang halaman, lalu isi lagi."))
        if on is None:
            return  # its own field says so
        last = f"operasi {', '.join(q.last.operations)}" if q.last and get(f"{q.item}-last") else ""
        source = str(get(f"{q.item}-note") or last or get("source") or "").strip()
        where = {"id": str(key), "place": self.place, "item": q.item, "on": on, "rater": self.rater}
        if kind == NOT_KNOWN:
            self.asked.append(UnansweredItem(**where, source=source))
            return
        value, word = parsed(q.indicator, raw) if raw else (None, "")
        fix = str(get(f"{q.item}-fix") or "")
        given = Given(kind or Given.VALUE)
        self.answers.append(Answer(**where, value=value, word=word, given=given, source=source, corrects=fix))


class SettleForm(forms.Form):
    """The value that raters agreed on. ``indicator`` None for a companion."""

    alasan = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=180,
        help_text=format_lazy("{}{}", gettext_lazy("Apa yang dilihat bersama. "), NO_PERSONS),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    hadir = forms.BooleanField(label=gettext_lazy("Semua penilai hadir dan sepakat"))

    def __init__(self, data: Any = None, *, indicator: Indicator | None, key: str) -> None:
        super().__init__(data, auto_id=f"r-{key}-%s")
        self.indicator = indicator
        self.fields["nilai"] = value_field(indicator, missing=False, name=_("Nilai yang disepakati"))
        if indicator is not None and indicator.may_not_apply:
            self.fields["tak_berlaku"] = forms.BooleanField(
                label=wording.NO_VALUE[Given.NOT_APPLICABLE], required=False
            )
        self.order_fields(["nilai", "tak_berlaku", "alasan", "hadir"])

    def clean(self) -> None:
        """``agreed``: value, word and kind."""
        super().clean()
        raw = str(self.cleaned_data.get("nilai") or "").strip()
        none = bool(self.cleaned_data.get("tak_berlaku"))
        if bool(raw) == none:
            self.add_error("nilai", _("Isi nilai yang disepakati, atau tandai tidak berlaku."))
            return
        self.agreed: tuple[float | None, str, str] = (None, "", Given.NOT_APPLICABLE.value)
        if raw:
            try:
                self.agreed = (*parsed(self.indicator, raw), Given.VALUE.value)
            except forms.ValidationError as error:
                self.add_error("nilai", error)

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Put each fault beside the field it is of."""
        for fault in faults:
            self.add_error("alasan" if fault.field in ("source", "reason") else "nilai", fault_words(fault))


class EvidenceForm(forms.Form):
    """A document by number and day, or a file, or both."""

    id = Key(initial=uuid4)
    jenis = forms.ChoiceField(label=gettext_lazy("Jenis bukti"), choices=Evidence.Kind.choices)
    nomor = Words(
        label=gettext_lazy("Nomor dokumen"),
        required=False,
        max_length=80,
        help_text=NO_PERSONS,
    )
    tanggal = forms.DateField(
        label=gettext_lazy("Tanggal dokumen"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    berkas = forms.FileField(
        label=gettext_lazy("Foto atau PDF, paling besar 2 MB"),
        required=False,
        help_text=gettext_lazy(
            "Foto disimpan tanpa lokasi, perangkat, dan pemilik. PDF disimpan apa adanya, "
            "termasuk nama pembuat di dalamnya."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )

    def __init__(self, *args: Any, key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"b-{key}-%s", **kwargs)

    def content(self) -> bytes:
        """The bytes sent, one more than allowed at most: enough to refuse them."""
        file = self.cleaned_data.get("berkas")
        return file.read(LARGEST + 1) if file else b""

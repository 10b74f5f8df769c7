"""Shape of input on the instrument's pages. What is right is decided by the core; a form only reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from kondusif.errors import KondusifError, RecipeError
from kondusif.instrument import edit, pairwise
from kondusif.instrument.floor import Floor
from kondusif.instrument.indicator import ASKED, PLANNER, Indicator, parent_of
from kondusif.instrument.pairwise import Pair
from kondusif.instrument.recipe import Recipe
from kondusif_index.tables.numbers import is_ambiguous, number, readings
from kondusif_index.transform import Transform
from kondusif_web.instrument import wording
from kondusif_web.pages.forms import ReasonField
from kondusif_web.pages.wording import Labels, kata_inti, label_of, nama_butir, nama_dimensi, nama_pendamping


class NumberField(forms.FloatField):
    """A finite number, with a decimal comma or point; what can be read in two ways is asked again."""

    default_error_messages = dict.fromkeys(
        ("invalid", "min_value", "max_value"), _l("Isi dengan angka, misalnya 0,25.")
    )

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 24}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(min_value=-edit.LARGEST, max_value=edit.LARGEST, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        try:
            return super().to_python(repr(number(text)) if text else "")
        except ValueError as bad:
            raise forms.ValidationError(kata_inti(str(bad)) or self.error_messages["invalid"]) from None

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, float | int):
            return value
        text = wording.angka(value)
        return f"{text}0" if is_ambiguous(readings(text)) else text  # 1,2500 is never 12500


class StartForm(forms.Form):
    """From which version, and under which code."""

    sumber = forms.ChoiceField(label=_l("Berangkat dari"))
    kode = forms.CharField(
        label=_l("Kode instrumen"),
        max_length=40,
        help_text=_l("Kode yang sama memberi versi berikutnya; kode lain memulai instrumen sendiri."),
    )

    def __init__(self, *args: Any, keys: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sumber"].choices = [(key, key) for key in keys]


class VersionReasonForm(forms.Form):
    """Why a version is published, put in force or retired."""

    alasan = ReasonField(
        max_length=400, help_text=_l("Apa dasarnya: rapat, uji, surat. Jabatan, bukan nama orang."), rows=2
    )


class IndicatorForm(forms.Form):
    """One indicator. Its code comes from its dimension and never changes."""

    dimension = forms.ChoiceField(label=_l("Dimensi"))
    name_id = forms.CharField(
        label=_l("Pertanyaan"),
        max_length=160,
        help_text=_l("Tentang tempat atau proses, tidak pernah tentang orang."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    name_en = forms.CharField(label=_l("Pertanyaan, bahasa Inggris"), max_length=160)
    subdimension = forms.CharField(label=_l("Kelompok"), max_length=60)
    type = forms.ChoiceField(label=_l("Jenis jawaban"), choices=list(wording.TYPES.items()))
    unit = forms.CharField(label=_l("Satuan"), max_length=40)
    transform = forms.ChoiceField(label=_l("Cara menjadi risiko"), choices=list(wording.TRANSFORMS.items()))
    lo = NumberField(
        label=_l("Batas bawah"),
        initial=0.0,
        help_text=_l("Dalam satuan. Di luar batas dihitung sebagai batasnya."),
    )
    hi = NumberField(label=_l("Batas atas"), initial=5.0)
    level = forms.ChoiceField(label=_l("Ditanyakan per"), initial="desa")
    first_stage = forms.ChoiceField(label=_l("Sejak tahap"), choices=list(wording.STAGES.items()))
    fresh_days = forms.IntegerField(
        label=_l("Segar, hari"),
        max_value=9999,
        initial=30,
        help_text=_l("Sesudah itu dihitung belum terjawab. 999: tidak menjadi basi."),
    )
    weight = NumberField(
        label=_l("Bobot di dalam dimensi"), initial=1.0, help_text=_l("Relatif: 2 berarti dua kali 1.")
    )
    may_not_apply = forms.BooleanField(
        label=_l("Boleh dijawab tidak berlaku"),
        required=False,
        help_text=_l("Bila di sebagian desa memang tidak ada."),
    )
    asked_of = forms.ChoiceField(label=_l("Ditanyakan kepada"), initial=PLANNER)
    two_raters = forms.BooleanField(
        label=_l("Dua penilai"), required=False, help_text=_l("Masing-masing menilai sendiri.")
    )
    changeable = forms.BooleanField(
        label=_l("Masih dapat dibenahi"),
        required=False,
        initial=True,
        help_text=_l("Sebelum pemungutan; yang sudah terjadi tidak dapat."),
    )
    source = forms.CharField(label=_l("Sumber jawaban"), max_length=240)
    rationale = forms.CharField(
        label=_l("Mengapa ditanyakan"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, recipe: Recipe, of: Indicator | None = None) -> None:
        super().__init__(*args, initial=_initial(of) if of else None)
        self.of = of
        self.points = max(POINTS, len(of.transform.points) if of else 0)
        for n in range(1, self.points + 1):
            at, risk = _("Titik %d: bila jawabannya") % n, _("Titik %d: risikonya, 0 sampai 1") % n
            self.fields[f"point_{n}"] = NumberField(label=at, required=False)
            self.fields[f"risk_{n}"] = NumberField(label=risk, required=False)
        self.fields["point_1"].help_text = _(
            'Titik hanya untuk cara "titik-titik sendiri"; selebihnya kosong.'
        )
        self.fields["asked_of"].choices = [(name, kata_inti(name)) for name in ASKED]
        places = dict(wording.PLACES)
        if of is not None:
            del self.fields["dimension"]
            places.setdefault(of.level, of.level)
        self.fields["level"].choices = list(places.items())
        if "dimension" in self.fields:
            self.fields["dimension"].choices = [
                (d, f"{d} · {nama_dimensi(recipe, d)}") for d in recipe.dimension_weights
            ]

    def indicator(self, id: str) -> Indicator:
        """The indicator as the core checks it. Raises RecipeError."""
        given = self.cleaned_data
        how = Transform(given["transform"], self._points())
        values = {f.name: getattr(self.of, f.name) for f in fields(Indicator)} if self.of else {}
        values |= {f.name: given[f.name] for f in fields(Indicator) if f.name in given}
        values |= {"id": id, "dimension": id[:1], "transform": how, "direction": _direction(how)}
        return Indicator(**values)

    def _points(self) -> tuple[tuple[float, float], ...]:
        """Answer and risk of every point, in order. Raises RecipeError where only one of both is given."""
        found = []
        for n in range(1, self.points + 1):
            at, risk = (self.cleaned_data.get(f"{name}_{n}") for name in ("point", "risk"))
            if (at is None) != (risk is None):
                missing = "point" if at is None else "risk"
                raise RecipeError(f"{missing}_{n} is blank", why="map_points")
            if at is not None:
                found.append((at, risk))
        return tuple(sorted(found))

    def field_of(self, error: KondusifError) -> str | None:
        """What is said of the points stands at the first."""
        return "point_1" if getattr(error, "reason", "") in ("map_points", "map_risk") else None


POINTS = 5  # fields for points of a map


def _initial(of: Indicator) -> dict[str, Any]:
    plain = {f.name: getattr(of, f.name) for f in fields(of)} | {"transform": of.transform.kind}
    for n, (at, risk) in enumerate(of.transform.points, 1):
        plain |= {f"point_{n}": at, f"risk_{n}": risk}
    return plain


def _direction(how: Transform) -> str:
    """Which way risk runs, as the catalogue writes it."""
    if how.kind in ("linear_inverse", "boolean_inverse"):
        return "lower_is_riskier"
    risks = [risk for _, risk in how.points]
    if risks == sorted(risks):
        return "higher_is_riskier"
    return "lower_is_riskier" if risks == sorted(risks, reverse=True) else "nonmonotone"


class DimensionForm(IndicatorForm):
    """A dimension of one's own with its first indicator; neither stands without the other."""

    name = forms.CharField(
        label=_l("Nama dimensi"), max_length=edit.LONGEST, help_text=_l("Misalnya: Penyeberangan dan pulau.")
    )
    share = NumberField(
        label=_l("Bobot dimensi"),
        help_text=_l("0,1 berarti sepersepuluh nilai; dimensi lain mengecil menurut perbandingannya."),
    )
    dimension = None  # the next letter
    field_order = ("name", "share")


class DimensionNameForm(forms.Form):
    """Another name for a dimension of one's own."""

    name = forms.CharField(label=_l("Nama dimensi"), max_length=edit.LONGEST)


class ItemRolesForm(forms.Form):
    """Which items stations answer for themselves, and which do not size the force."""

    tps_items = forms.MultipleChoiceField(required=False)
    force_without = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, recipe: Recipe) -> None:
        initial = {"tps_items": recipe.tps_items, "force_without": recipe.force_without}
        super().__init__(*args, initial=initial)
        for field in self.fields.values():
            field.choices = [(i.id, i.id) for i in recipe.indicators]
        self.locked = recipe.from_plan

    def roles(self) -> dict[str, list[str]]:
        """Both lists; what the plan itself tells never sizes the plan, ticked or not (RULES 5)."""
        given = self.cleaned_data
        return given | {"force_without": sorted({*given["force_without"], *self.locked})}

    def chosen(self, name: str) -> set[str]:
        """Items ticked, as sent or as the draft has them."""
        return set(self[name].value() or ())


class WeightsForm(forms.Form):
    """One number per dimension, or per indicator of a dimension."""

    def __init__(self, *args: Any, weights: Mapping[str, float]) -> None:
        super().__init__(*args, initial=weights)
        for code in weights:
            self.fields[code] = NumberField(label=code)


class RulesForm(forms.Form):
    """Cut-offs, provisional threshold, nearness."""

    bawah = NumberField(
        label=_l("Batas kelas 1 ke 2"), help_text=_l("Nilai tepat pada batas masuk kelas di atasnya.")
    )
    atas = NumberField(label=_l("Batas kelas 2 ke 3"))
    provisional_below = NumberField(
        label=_l("Sementara bila keterisian di bawah, persen"),
        help_text=_l("Keterisian indikator yang jatuh tempo pada tahapnya."),
    )
    near = NumberField(
        label=_l("Di ambang bila kurang dari, poin"), help_text=_l("Jarak nilai ke batas terdekat.")
    )

    def __init__(self, *args: Any, recipe: Recipe) -> None:
        low, high = recipe.cuts
        share = round(100 * recipe.provisional_below, 9)
        super().__init__(
            *args, initial={"bawah": low, "atas": high, "provisional_below": share, "near": recipe.near}
        )

    def rules(self) -> dict[str, Any]:
        """As the core takes them."""
        given = self.cleaned_data
        return {
            "cuts": (given["bawah"], given["atas"]),
            "provisional_below": given["provisional_below"] / 100,
            "near": given["near"],
        }


class FloorForm(forms.Form):
    """One floor: a fact that alone sets a least class."""

    id = forms.CharField(
        label=_l("Kode kelas minimum"), max_length=40, help_text=_l("Misalnya E07_logistik.")
    )
    item = forms.ChoiceField(label=_l("Indikator"))
    cara = forms.ChoiceField(
        label=_l("Berlaku bila jawaban"),
        choices=[("at", _l("mencapai angka ini")), ("above", _l("lebih dari angka ini"))],
    )
    at = NumberField(label=_l("Angka, dalam satuan indikator"))
    level = forms.TypedChoiceField(label=_l("Paling rendah kelas"), coerce=int)
    companion = forms.ChoiceField(
        label=_l("Jawaban pendamping"),
        required=False,
        help_text=_l("Bila dipilih, kelas minimum berlaku hanya kalau jawabannya ya."),
    )
    from_stage = forms.ChoiceField(
        label=_l("Sejak tahap"),
        required=False,
        choices=[("", _l("setiap tahap")), *wording.STAGES.items()],
    )

    def __init__(self, *args: Any, recipe: Recipe, labels: Labels, of: Floor | None) -> None:
        initial = {f.name: getattr(of, f.name) for f in fields(Floor)} if of else {}
        if of:
            initial["cara"] = "above" if of.above else "at"
        super().__init__(*args, initial=initial)
        self.fields["companion"].choices = [
            ("", _("tidak perlu")),
            *((c, f"{parent_of(c)} · {nama_pendamping(recipe, c)}") for c in recipe.companions),
        ]
        self.fields["item"].choices = [
            (i.id, f"{i.id} · {nama_butir(i)}") for i in recipe.indicators if not i.from_plan
        ]
        self.fields["level"].choices = [(n, f"{n} · {label_of(n, labels)}") for n in (2, 3)]

    def floor(self) -> Floor:
        given = dict(self.cleaned_data)
        return Floor(above=given.pop("cara") == "above", **given)


STRENGTHS = {
    9: _l("mutlak lebih penting"),
    8: _l("hampir mutlak"),
    7: _l("sangat kuat lebih penting"),
    6: _l("antara kuat dan sangat kuat"),
    5: _l("kuat lebih penting"),
    4: _l("antara sedikit dan kuat"),
    3: _l("sedikit lebih penting"),
    2: _l("antara sama dan sedikit"),
}


class ComparisonForm(forms.Form):
    """A judge's title and one choice per pair; a blank choice is a pair not judged yet."""

    hakim = forms.CharField(
        label=_l("Penilai"),
        max_length=60,
        help_text=_l("Jabatan penilai, misalnya Kasat Intelkam. Tanpa nama orang."),
    )

    def __init__(
        self,
        *args: Any,
        codes: Sequence[str],
        said: Mapping[Pair, float] = MappingProxyType({}),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.said = said
        self.pairs = pairwise.pairs(codes)
        for a, b in self.pairs:
            self.fields[f"{a}/{b}"] = forms.TypedChoiceField(
                required=False,
                coerce=_said,
                empty_value=None,
                choices=[("", _("belum dinilai")), *_steps(a, b)],
                initial=_step(said.get((a, b))),
                label=f"{a} {b}",
            )

    def judgements(self) -> dict[Pair, float]:
        """What is judged so far."""
        found = {(a, b): self.cleaned_data.get(f"{a}/{b}") for a, b in self.pairs}
        return {pair: value for pair, value in found.items() if value is not None}


def _steps(a: str, b: str) -> list[tuple[str, str]]:
    first = [(str(n), f"{a} {words} ({n})") for n, words in STRENGTHS.items()]
    second = [(f"-{n}", f"{b} {words} ({n})") for n, words in reversed(STRENGTHS.items())]
    return [*first, ("1", _("sama penting (1)")), *second]


def _said(step: str) -> float:
    n = int(step)
    return float(n) if n > 0 else 1 / -n


def _step(said: float | None) -> str:
    if said is None:
        return ""
    return str(round(said)) if said >= 1 else f"-{round(1 / said)}"

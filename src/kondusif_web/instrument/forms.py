"""Shape of input on the instrument's pages. What is right is decided by the core; a form only reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from kondusif.errors import RecipeError
from kondusif.instrument import edit, pairwise
from kondusif.instrument.floor import Floor
from kondusif.instrument.indicator import ASKED, PLANNER, Indicator, parent_of
from kondusif.instrument.pairwise import Pair
from kondusif.instrument.recipe import Recipe
from kondusif_index.transform import Transform
from kondusif_web.instrument import wording
from kondusif_web.pages import forms as fields
from kondusif_web.pages.wording import kata_inti, label_of, nama_butir, nama_dimensi, nama_pendamping


class Angka(forms.CharField):
    """A finite number, with a decimal comma or point."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 24})
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value) or "").replace(",", ".")
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not isfinite(number) or abs(number) > edit.LARGEST:
            raise forms.ValidationError(_("Isi dengan angka, misalnya 0,25."))
        return number

    def prepare_value(self, value: Any) -> Any:
        return wording.angka(value) if isinstance(value, float | int) else value


class Start(forms.Form):
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


class Reason(forms.Form):
    """Why a version is published, put in force or retired."""

    alasan = fields.Reason(
        max_length=400, help_text=_l("Apa dasarnya: rapat, uji, surat. Jabatan, bukan nama orang."), rows=2
    )


class Butir(forms.Form):
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
    lo = Angka(
        label=_l("Batas bawah"), help_text=_l("Dalam satuan. Di luar batas dihitung sebagai batasnya.")
    )
    hi = Angka(label=_l("Batas atas"))
    points = forms.CharField(
        label=_l("Titik-titik"),
        required=False,
        max_length=200,
        help_text=_l("Hanya untuk titik-titik sendiri: jawaban:risiko, misalnya 1:0,2; 2:0,6; 3:1."),
    )
    level = forms.ChoiceField(label=_l("Ditanyakan per"))
    first_stage = forms.ChoiceField(label=_l("Sejak tahap"), choices=list(wording.STAGES.items()))
    fresh_days = forms.IntegerField(
        label=_l("Segar, hari"),
        max_value=9999,
        help_text=_l("Sesudah itu dihitung belum terjawab. 999: tidak menjadi basi."),
    )
    weight = Angka(label=_l("Bobot di dalam dimensi"), help_text=_l("Relatif: 2 berarti dua kali 1."))
    may_not_apply = forms.BooleanField(
        label=_l("Boleh dijawab tidak berlaku"),
        required=False,
        help_text=_l("Bila di sebagian desa memang tidak ada."),
    )
    asked_of = forms.ChoiceField(label=_l("Ditagih kepada"))
    two_raters = forms.BooleanField(
        label=_l("Dua penilai"), required=False, help_text=_l("Masing-masing menilai sendiri.")
    )
    changeable = forms.BooleanField(
        label=_l("Masih dapat dibenahi"),
        required=False,
        help_text=_l("Sebelum pemungutan; yang sudah terjadi tidak dapat."),
    )
    source = forms.CharField(label=_l("Sumber jawaban"), max_length=240)
    rationale = forms.CharField(
        label=_l("Mengapa ditanyakan"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, recipe: Recipe, of: Indicator | None = None, **kwargs: Any) -> None:
        if of is not None:
            kwargs.setdefault("initial", _initial(of))
        else:
            kwargs.setdefault(
                "initial",
                {
                    "weight": 1.0,
                    "lo": 0.0,
                    "hi": 5.0,
                    "fresh_days": 30,
                    "level": "desa",
                    "asked_of": PLANNER,
                    "changeable": True,
                },
            )
        super().__init__(*args, **kwargs)
        self.of = of
        self.fields["asked_of"].choices = [(name, kata_inti(name)) for name in ASKED]
        places = dict(wording.PLACES) | ({of.level: wording.PLACES.get(of.level, of.level)} if of else {})
        self.fields["level"].choices = list(places.items())
        if of is None:
            self.fields["dimension"].choices = [
                (d, f"{d} · {nama_dimensi(recipe, d)}") for d in recipe.dimension_weights
            ]
        else:
            del self.fields["dimension"]

    def indicator(self, id: str) -> Indicator:
        """The indicator as the core checks it. Raises RecipeError."""
        given = self.cleaned_data
        kind, points = given["transform"], given["points"].strip()
        pairs = points.replace(",", ".").replace(";", ",").replace(" ", "")
        if (kind == "map") != bool(points):
            raise RecipeError("points and a map go together", why="map_points", field="points")
        how = Transform.parse(f"map{{{pairs}}}" if kind == "map" else kind)
        return Indicator(
            id=id,
            dimension=id[:1],
            direction=_direction(how),
            transform=how,
            reference=self.of.reference if self.of else "",
            from_plan=bool(self.of and self.of.from_plan),
            companions=self.of.companions if self.of else (),
            **{
                name: given[name]
                for name in (
                    "subdimension",
                    "name_id",
                    "name_en",
                    "type",
                    "unit",
                    "lo",
                    "hi",
                    "level",
                    "first_stage",
                    "fresh_days",
                    "weight",
                    "may_not_apply",
                    "asked_of",
                    "two_raters",
                    "changeable",
                    "source",
                    "rationale",
                )
            },
        )


def _initial(of: Indicator) -> dict[str, Any]:
    points = "; ".join(f"{wording.angka(at)}:{wording.angka(risk)}" for at, risk in of.transform.points)
    plain = {name: getattr(of, name) for name in Butir.base_fields if hasattr(of, name)}
    return plain | {"transform": of.transform.kind, "points": points}


def _direction(how: Transform) -> str:
    """Which way risk runs, as the catalogue writes it."""
    if how.kind in ("linear_inverse", "boolean_inverse"):
        return "lower_is_riskier"
    risks = [risk for _, risk in how.points]
    if risks == sorted(risks):
        return "higher_is_riskier"
    return "lower_is_riskier" if risks == sorted(risks, reverse=True) else "nonmonotone"


class Weights(forms.Form):
    """One number per dimension, or per indicator of a dimension."""

    def __init__(self, *args: Any, weights: Mapping[str, float], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, weight in weights.items():
            self.fields[code] = Angka(label=code, initial=weight)

    def given(self) -> dict[str, float]:
        return {code: self.cleaned_data[code] for code in self.fields}


class Rules(forms.Form):
    """Cut-offs, provisional threshold, nearness."""

    bawah = Angka(
        label=_l("Batas kelas 1 ke 2"), help_text=_l("Nilai tepat pada batas masuk kelas di atasnya.")
    )
    atas = Angka(label=_l("Batas kelas 2 ke 3"))
    provisional_below = Angka(
        label=_l("Sementara bila keterisian di bawah, persen"),
        help_text=_l("Keterisian butir yang jatuh tempo pada tahapnya."),
    )
    near = Angka(label=_l("Di ambang bila kurang dari, poin"), help_text=_l("Jarak nilai ke batas terdekat."))

    @classmethod
    def of(cls, recipe: Recipe) -> dict[str, float]:
        return {
            "bawah": recipe.cuts[0],
            "atas": recipe.cuts[1],
            "provisional_below": round(100 * recipe.provisional_below, 9),
            "near": recipe.near,
        }


class Lantai(forms.Form):
    """One floor: a fact that alone sets a least class."""

    id = forms.CharField(label=_l("Kode lantai"), max_length=40, help_text=_l("Misalnya E07_logistik."))
    item = forms.ChoiceField(label=_l("Butir"))
    cara = forms.ChoiceField(
        label=_l("Berlaku bila jawaban"),
        choices=[("at", _l("mencapai angka ini")), ("above", _l("lebih dari angka ini"))],
    )
    at = Angka(label=_l("Angka, dalam satuan butir"))
    level = forms.TypedChoiceField(label=_l("Paling rendah kelas"), coerce=int)
    companion = forms.ChoiceField(
        label=_l("Jawaban pendamping"),
        required=False,
        help_text=_l("Bila dipilih, lantai berlaku hanya kalau jawabannya ya."),
    )
    from_stage = forms.ChoiceField(
        label=_l("Sejak tahap"),
        required=False,
        choices=[("", _l("setiap tahap")), *wording.STAGES.items()],
    )

    def __init__(
        self, *args: Any, recipe: Recipe, labels: Mapping[Any, Any], of: Floor | None = None, **kwargs: Any
    ) -> None:
        if of is not None:
            initial = {
                name: getattr(of, name) for name in ("id", "item", "at", "level", "companion", "from_stage")
            }
            kwargs.setdefault("initial", initial | {"cara": "above" if of.above else "at"})
        super().__init__(*args, **kwargs)
        self.fields["companion"].choices = [
            ("", _("tidak perlu")),
            *((c, f"{parent_of(c)} · {nama_pendamping(recipe, c)}") for c in recipe.companions),
        ]
        self.fields["item"].choices = [
            (i.id, f"{i.id} · {nama_butir(i)}") for i in recipe.indicators if not i.from_plan
        ]
        self.fields["level"].choices = [(n, f"{n} · {label_of(n, labels)}") for n in (2, 3)]

    def floor(self) -> Floor:
        given = self.cleaned_data
        return Floor(
            given["id"],
            given["item"],
            given["at"],
            given["level"],
            companion=given["companion"],
            above=given["cara"] == "above",
            from_stage=given["from_stage"],
        )


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


class Compare(forms.Form):
    """A judge's title and one choice per pair; a blank choice is a pair not judged yet."""

    hakim = forms.CharField(
        label=_l("Penilai"),
        max_length=60,
        help_text=_l("Jabatan penilai, misalnya Kasat Intelkam. Tanpa nama orang."),
    )

    def __init__(
        self, *args: Any, codes: Sequence[str], said: Mapping[Pair, float] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pairs = pairwise.pairs(codes)
        for a, b in self.pairs:
            initial = _step((said or {}).get((a, b)))
            self.fields[f"{a}/{b}"] = forms.TypedChoiceField(
                required=False,
                coerce=_said,
                empty_value=None,
                choices=[("", _("belum dinilai")), *_steps(a, b)],
                initial=initial,
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

"""Indonesian for answers: values, raters, evidence, and what may be wrong with one."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kondusif.answers.answer import Answer, Given
from kondusif.classes.rounds import ROUND_MILESTONES
from kondusif.instrument.indicator import Indicator, anchors, is_companion
from kondusif.instrument.recipe import Recipe
from kondusif_web.pages.templatetags.kondusif import koma
from kondusif_web.pages.wording import kata_inti, koma_desimal, nama_butir, nama_pendamping
from kondusif_web.words import lazy_table

GIVEN = lazy_table("given")
ANSWER_WORDS = lazy_table("answer_words")
NO_VALUE = lazy_table("not_answered")
NOT_ASKED = gettext_lazy("Tidak ditanyakan lagi")  # by the instrument that an assessment was made with
RUN_BY = gettext_lazy("Putaran penilaian dibuka dan ditutup perencana atau Kapolres.")
RUN_WHOLE = gettext_lazy(
    "Putaran penilaian berlaku bagi semua desa yang memilih; wilayah akun Anda mencakup sebagian. "
    "Dibuka dan ditutup perencana atau Kapolres yang wilayahnya mencakup semuanya."
)


def milestone_name(code: str) -> str:
    """What a round is named by: its milestone. Blank for a code that is none."""
    _lead, name = ROUND_MILESTONES.get(code, (0, ""))
    return kata_inti(name)


def _looks(table: str, looks: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Code to the look of its mark and its word."""
    words = lazy_table(table)
    return {code: (look, words[code]) for code, look in looks.items()}


ROUND_LOOKS = _looks(
    "round_states",
    {
        "later": "biasa",
        "due": "kuning",
        "running": "buka",
        "overdue": "merah",
        "missed": "diam",
        "closed": "biasa",
        "undated": "belum",
        "late_to_close": "merah",
    },
)
DEBT_LOOKS = _looks("owed", {"absent": "belum", "stale": "kuning", "refused": "belum", "second": "kuning"})


def number(x: float | None) -> str:
    """``0,05``, ``12``, ``1.800``: up to two decimals, none that say nothing; a dash where missing."""
    if x is None:
        return "–"
    text = koma(x, 2)
    mark = koma_desimal()
    return text.rstrip("0").rstrip(mark) if mark in text else text


def value_in_words(indicator: Indicator, value: float | None) -> str:
    """An answer with its unit: ``0,05 % suara sah``, ``belum ada``, ``tingkat 3 dari 4``."""
    if value is None:
        return "–"
    if indicator.type == "boolean":
        if indicator.unit == "1=ada":
            return _("ada") if value else _("belum ada")
        return _("ya") if value else _("tidak")
    if indicator.type == "likert":
        return _("tingkat %(n)s dari %(hi)s") % {"n": number(value), "hi": number(indicator.hi)}
    return f"{number(value)} {kata_inti(indicator.unit)}"


def name_of(recipe: Recipe, item: str) -> str:
    """The question of an item or companion, as the instrument words it."""
    if is_companion(item):
        return nama_pendamping(recipe, item)
    found = recipe.by_id.get(item)
    return nama_butir(found) if found else item


def answer_in_words(recipe: Recipe, answer: Answer | None) -> str:
    """An answer in words: value with unit, yes or no, or why there is none."""
    if answer is None:
        return "–"
    if answer.given is not Given.VALUE:
        return str(GIVEN[answer.given])
    if answer.word:
        return str(ANSWER_WORDS.get(answer.word, answer.word))
    indicator = recipe.by_id.get(answer.item)
    return value_in_words(indicator, answer.value) if indicator else number(answer.value)


def unit_of(indicator: Indicator) -> str:
    """The unit beside the field."""
    return kata_inti(indicator.unit) if indicator.measured else ""


def range_of(indicator: Indicator) -> str:
    """Where calm ends and the worst begins, in its own unit; of a scale without anchors, its reason."""
    if indicator.type == "boolean":
        return ""
    facts = {"lo": number(indicator.lo), "hi": number(indicator.hi), "satuan": unit_of(indicator)}
    text = _("Rentang %(lo)s sampai %(hi)s %(satuan)s") % facts
    if indicator.type == "likert" and indicator.rationale and not anchors(indicator):
        return f"{text.strip()}. {kata_inti(indicator.rationale)}."  # what each mark means stands there alone
    if indicator.direction == "lower_is_riskier":
        return f"{text.strip()}; " + _("makin rendah makin rawan")
    if indicator.direction == "higher_is_riskier":
        return f"{text.strip()}; " + _("makin tinggi makin rawan")
    return text.strip()


def beside(parent: str) -> str:
    """When the yes or no beside a count is asked for."""
    return _("Isi bila %(butir)s di atas nol.") % {"butir": parent}

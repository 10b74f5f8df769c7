"""Words of the instrument: its states, transforms, stages and floors; what differs between two versions."""

from __future__ import annotations

from math import isclose
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from kondusif.instrument.difference import Changed, difference
from kondusif.instrument.floor import Floor
from kondusif.instrument.indicator import Companion, Indicator
from kondusif.instrument.recipe import Recipe
from kondusif_index.transform import Transform
from kondusif_web.pages import Context
from kondusif_web.pages.templatetags.kondusif import koma, persen
from kondusif_web.pages.wording import kata_inti, koma_desimal, nama_butir, nama_dimensi, nama_pendamping
from kondusif_web.words import lazy_table

LOOKS = {"draf": "kuning", "terbit": "biasa", "pensiun": "diam"}
STATES = {code: (LOOKS[code], word) for code, word in lazy_table("instrument_states").items()}
OFFICE = _l("Kantor")  # somebody of the office whose title belongs to another operation
STAGES = lazy_table("measuring_stages")
TYPES = lazy_table("answer_types")
TRANSFORMS = lazy_table("transforms")
PLACES = lazy_table("place_levels")
FIELDS = lazy_table("instrument_fields")


# Names of the floors that ship with the product; others are shown by their code.
FLOORS = lazy_table("floors")


def angka(x: float | None) -> str:
    """A number as it is typed: ``0,25``, ``12``; every digit it has. A dash where missing."""
    if x is None:
        return "–"
    if isclose(x, round(x), abs_tol=1e-12) and abs(x) < 1e15:
        return str(round(x))
    return repr(x).replace(".", koma_desimal())


def ratio(x: float) -> str:
    """How many times as important: ``3``, ``1/3``, ``2,4``."""
    for n in range(2, 10):
        if isclose(x, 1 / n, rel_tol=1e-9):
            return f"1/{n}"
    return koma(x, 0) if isclose(x, round(x), rel_tol=1e-9) else koma(x, 2)


def item_name(recipe: Recipe, code: str) -> str:
    """The words of a code: a dimension, or the question of an indicator."""
    if len(code) == 1:
        return nama_dimensi(recipe, code)
    indicator = recipe.by_id.get(code)
    return nama_butir(indicator) if indicator else code


def transform(how: Transform) -> str:
    """How an answer becomes a risk; the points of a map stand behind."""
    points = "; ".join(f"{angka(at)}:{angka(risk)}" for at, risk in how.points)
    words = str(TRANSFORMS[how.kind])
    return f"{words} ({points})" if points else words


def goalposts(indicator: Indicator) -> str:
    """From calm to worst, in the unit."""
    if indicator.type == "boolean":
        return _("ada atau belum ada") if indicator.unit == "1=ada" else _("ya atau tidak")
    return f"{angka(indicator.lo)} – {angka(indicator.hi)} {kata_inti(indicator.unit)}"


def fresh(days: int) -> str:
    """Days an answer counts; facts of the past do not age."""
    return _("seterusnya") if days >= 999 else _("%(n)d hari") % {"n": days}


def floor(recipe: Recipe, row: Floor) -> str:
    """A floor as one sentence without its level: what makes it fire, and since when."""
    words = _("%(butir)s lebih dari %(n)s") if row.above else _("%(butir)s mencapai %(n)s")
    out = words % {"butir": row.item, "n": angka(row.at)}
    if row.companion:
        name = nama_pendamping(recipe, row.companion)
        out += _(" dan pendampingnya ya (%s)") % (name[0].lower() + name[1:])
    if row.from_stage:
        out += _(", sejak %s") % STAGES[row.from_stage]
    return out


CODED = {"type": TYPES, "first_stage": STAGES, "level": PLACES}  # fields that hold a code


def _side(recipe: Recipe, changed: Changed, value: Any) -> str:
    """One side of a difference in words; a dash where it is not there."""
    if value is None:
        return "–"
    if changed.field in CODED:
        return str(CODED[changed.field].get(value, value))
    if changed.field == "provisional_below":
        return persen(value)
    if changed.field == "share" or (changed.field == "weight" and len(changed.of) == 1):
        return persen(value, 2)
    if isinstance(value, Floor):
        return _("%(apa)s: paling rendah kelas %(n)d") % {"apa": floor(recipe, value), "n": value.level}
    return _plain(value) or "–"


def _plain(value: Any) -> str:
    match value:
        case Transform():
            return str(transform(value))
        case Companion():
            return value.id
        case bool():
            return _("ya") if value else _("tidak")
        case float() | int():
            return angka(float(value))
        case tuple():
            return ", ".join(_plain(part) for part in value)
    return str(value)


GROUPS = lazy_table("instrument_groups")
KEYS = {
    "rules": "batas",
    "floors": "lantai",
    "dimensions": "dimensi",
    "indicators": "butir",
    "shares": "bagian",
}


def differences(before: Recipe, after: Recipe) -> Context:
    """What differs between two recipes, for ``instrument/_beda.html``.

    ``beda``: groups that hold something, each ``kunci``, ``judul`` and lines ``kode nama apa dari ke``;
    ``tambah`` and ``cabut``: items that are new and items taken out.
    """
    found = difference(before, after)

    def line(c: Changed) -> Context:
        name = item_name(after if c.after is not None else before, c.of)
        return {
            "kode": c.of,
            "nama": "" if name == c.of else name,
            "apa": FIELDS.get(c.field, c.field),
            "dari": _side(before, c, c.before),
            "ke": _side(after, c, c.after),
        }

    groups = [
        {"kunci": key, "judul": GROUPS[of], "baris": [line(c) for c in getattr(found, of)]}
        for of, key in KEYS.items()
    ]
    shown = [group for group in groups if group["baris"]]
    return {"beda": shown, "tambah": found.added, "cabut": found.removed}

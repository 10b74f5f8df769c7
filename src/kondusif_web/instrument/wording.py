"""Indonesian for the instrument: its states, transforms, stages and floors."""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from kondusif.instrument.difference import Changed
from kondusif.instrument.floor import Floor
from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe
from kondusif_web.pages.templatetags.kondusif import koma, persen
from kondusif_web.pages.wording import kata_inti, koma_desimal, nama_butir, nama_dimensi, nama_pendamping
from kondusif_web.words import lazy_table

_STATES = lazy_table("instrument_states")
STATES: Mapping[str, tuple[str, object]] = {
    "draf": ("kuning", _STATES["draf"]),
    "terbit": ("biasa", _STATES["terbit"]),
    "pensiun": ("diam", _STATES["pensiun"]),
}
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


def transform(indicator: Indicator) -> object:
    """How an answer becomes a risk; the points of a map stand behind."""
    words = TRANSFORMS[indicator.transform.kind]
    points = "; ".join(f"{angka(at)}:{angka(risk)}" for at, risk in indicator.transform.points)
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


def side(recipe: Recipe, changed: Changed, value: Any) -> str:
    """One side of a difference in words; a dash where it is not there."""
    match changed.field, value:
        case _, None:
            return "–"
        case "floor", Floor():
            return _("%(apa)s: paling rendah kelas %(n)d") % {"apa": floor(recipe, value), "n": value.level}
        case (("weight" | "share"), float()) if len(changed.of) == 1 or changed.field == "share":
            return persen(value, 2)
        case "provisional_below", _:
            return persen(value)
        case "type", str():
            return str(TYPES.get(value, value))
        case "first_stage", str():
            return str(STAGES.get(value, value))
        case "companions", tuple():
            return ", ".join(c.id for c in value) or "–"
        case "level", str():
            return str(PLACES.get(value, value))
        case "transform", _:
            points = "; ".join(f"{angka(at)}:{angka(risk)}" for at, risk in value.points)
            return f"{TRANSFORMS[value.kind]}{f' ({points})' if points else ''}"
        case _, bool():
            return _("ya") if value else _("tidak")
        case _, float() | int():
            return angka(float(value))
        case _, tuple():
            return ", ".join(angka(v) if isinstance(v, float) else str(v) for v in value) or "–"
    return str(value) or "–"


GROUPS = lazy_table("instrument_groups")

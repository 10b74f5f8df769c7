"""Indonesian for where an action stands, what it may bring and what was seen after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kondusif.instrument.indicator import Indicator
from kondusif.instrument.recipe import Recipe
from kondusif.mitigation import ObservedEffect
from kondusif_web.answers.wording import name_of, number, value_in_words
from kondusif_web.mitigation.models import RiskFactor
from kondusif_web.pages import Context
from kondusif_web.pages.templatetags.kondusif import kapan, koma, tanggal
from kondusif_web.pages.wording import Labels, chips, kata_inti, label_of, nama_butir, nama_dimensi
from kondusif_web.words import lazy_table

STATUS = chips("mitigation_status")
FIELDS = lazy_table("mitigation_fields")


def choices(recipe: Recipe) -> list[tuple[str, Any]]:
    """Every indicator of the recipe, by dimension, with its unit and range."""
    return [
        ("", "–"),
        *(
            (
                f"{d} · {nama_dimensi(recipe, d)}",
                [
                    (i.id, f"{i.id} · {nama_butir(i)} ({kata_inti(i.unit)}, {number(i.lo)}–{number(i.hi)})")
                    for i in recipe.indicators
                    if i.dimension == d
                ],
            )
            for d in recipe.dimension_weights
        ),
    ]


def points(delta: float | None) -> str:
    """``+1,50`` or ``−0,63`` points; a dash where missing."""
    if delta is None:
        return "–"
    return f"{'+' if delta >= 0 else '−'}{koma(abs(delta))}"


def expected(recipe: Recipe, row: RiskFactor, labels: Labels) -> str:
    """What it may bring: answer to answer, points, class. Blank without a target."""
    indicator = recipe.by_id.get(row.item)
    if row.target is None or indicator is None:
        return ""
    words = {
        "dari": value_in_words(indicator, row.before) if row.before is not None else _("belum terjawab"),
        "ke": value_in_words(indicator, row.target),
        "poin": points(row.delta),
    }
    if row.delta is None:
        return _("%(dari)s menjadi %(ke)s") % words
    said = _("%(dari)s menjadi %(ke)s: %(poin)s poin") % words
    if row.level_before != row.level_after and row.level_after:
        return f"{said}, " + _("kelas menjadi %(kelas)s") % {"kelas": label_of(row.level_after, labels)}
    return f"{said}, " + _("kelas tetap")


def seen(
    made_with: Mapping[int | None, Indicator],
    found: ObservedEffect,
    labels: Labels,
    *,
    answers: bool,
) -> Context:
    """Before and after, side by side; never because. ``answers``: this person may see them.

    ``made_with``: the item by number of a publication, so that each side speaks by its own instrument.
    """
    before, after = found.before, found.after
    shown: Context = {"kelas": _classes(found, labels), "terukur": found.remeasured}
    shown["kapan"] = _("Penerbitan ke-%(n)s, %(hari)s") % {"n": after.number, "hari": tanggal(after.at)}
    if answers and found.remeasured:
        shown["jawaban"] = (
            value_in_words(made_with[before.number], before.value) if before else "–",
            value_in_words(made_with[after.number], after.value),
        )
        shown["poin"] = (koma(before.points if before else None), koma(after.points), points(found.delta))
    return shown


def change(recipe: Recipe, changed: Mapping[str, Any], *, answers: bool) -> Context:
    """One change of an edit: what, from what, to what. A target only for who may see answers."""
    if changed["what"] != "factor":
        sides = [_plain(changed["what"], changed[side]) for side in ("from", "to")]
        return {"nama": FIELDS[changed["what"]], "dari": sides[0], "ke": sides[1]}
    item = changed["item"]
    sides = [_factor(recipe, item, changed[side], answers) for side in ("from", "to")]
    if sides[0] == sides[1]:  # only the target moved, and this person does not see one
        sides = ["–", _("sasarannya diubah")]
    return {"nama": f"{item} · {name_of(recipe, item)}", "dari": sides[0], "ke": sides[1]}


def _plain(what: str, value: str) -> str:
    if what == "due":
        return kapan(datetime.fromisoformat(value))
    return value or _("belum ada pemilik")


def _factor(recipe: Recipe, item: str, side: Mapping[str, Any] | None, answers: bool) -> str:
    if side is None:
        return _("tidak ada")
    said = [side["words"]] if side["words"] else []
    if answers and side["target"] is not None and item in recipe.by_id:
        said.append(_("sasaran %(nilai)s") % {"nilai": value_in_words(recipe.by_id[item], side["target"])})
    return ", ".join(said) or _("ada")


def _classes(found: ObservedEffect, labels: Labels) -> str:
    after = label_of(found.after.level, labels) if found.after.level else _("belum ada")
    if found.before is None or found.before.level is None:
        return _("Kelas sesudahnya %(b)s; sebelumnya belum ada yang terbit.") % {"b": after}
    if not found.moved:
        return _("Kelas sesudahnya tetap %(b)s.") % {"b": after}
    before = label_of(found.before.level, labels)
    return _("Kelas sebelumnya %(a)s, sesudahnya %(b)s.") % {"a": before, "b": after}

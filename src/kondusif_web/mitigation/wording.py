"""Indonesian for where an action stands, what it may bring and what was seen after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kondusif.measure.mitigation import Seen, Status
from kondusif.measure.recipe import Recipe
from kondusif_web.look.templatetags.kondusif import koma, tanggal
from kondusif_web.look.wording import label_of
from kondusif_web.mitigation.models import RiskFactor
from kondusif_web.vulnerability.wording import answer, number

STATUS = {
    Status.OFFERED: ("tutup", "orang", gettext_lazy("Belum ada pemilik")),
    Status.OWNED: ("biasa", "jam", gettext_lazy("Berjalan")),
    Status.DONE: ("buka", "centang", gettext_lazy("Selesai")),
    Status.DROPPED: ("diam", "tutup", gettext_lazy("Dibatalkan")),
}
LATE = ("tutup", "jam", gettext_lazy("Lewat waktu"))
WHY = {
    "empty": gettext_lazy("Isi tindakan, sedikitnya satu desa, dan satu faktor risiko."),
    "twice": gettext_lazy("Butir yang sama dipilih dua kali."),
    "item": gettext_lazy("Butir ini tidak ada dalam resep."),
    "whole": gettext_lazy("Butir ini dijawab dengan bilangan bulat."),
}


def refused(facts: Mapping[str, Any]) -> str:
    """A sentence for the form: what was found, and what would do."""
    if facts.get("why") == "range":
        return _("%(n)s di luar rentang %(lo)s sampai %(hi)s butir ini.") % {
            "n": number(facts["found"]),
            "lo": number(facts["lo"]),
            "hi": number(facts["hi"]),
        }
    return str(WHY.get(str(facts.get("why")), WHY["empty"]))


def choices(recipe: Recipe) -> list[tuple[str, Any]]:
    """Every indicator of the recipe, by dimension, with its unit and range."""
    return [
        ("", "–"),
        *(
            (
                f"{d} · {recipe.name_of(d)}",
                [
                    (i.id, f"{i.id} · {i.name_id} ({i.unit}, {number(i.lo)}–{number(i.hi)})")
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


def expected(recipe: Recipe, row: RiskFactor, labels: Mapping[Any, Any]) -> str:
    """What it may bring: answer to answer, points, class. Blank without a target."""
    indicator = recipe.by_id.get(row.item)
    if row.target is None or indicator is None:
        return ""
    words = {
        "dari": answer(indicator, row.before) if row.before is not None else _("belum terjawab"),
        "ke": answer(indicator, row.target),
        "poin": points(row.delta),
    }
    if row.delta is None:
        return _("%(dari)s menjadi %(ke)s") % words
    said = _("%(dari)s menjadi %(ke)s: %(poin)s poin") % words
    if row.level_before != row.level_after and row.level_after:
        return f"{said}, " + _("kelas menjadi %(kelas)s") % {"kelas": label_of(row.level_after, labels)}
    return f"{said}, " + _("kelas tetap")


def seen(
    recipe: Recipe, item: str, found: Seen, labels: Mapping[Any, Any], *, answers: bool
) -> dict[str, Any]:
    """Before and after, side by side; never because. ``answers``: this person may see them."""
    indicator = recipe.by_id[item]
    before, after = found.before, found.after
    told: dict[str, Any] = {"kelas": _classes(found, labels), "terukur": found.remeasured}
    told["kapan"] = _("Penerbitan ke-%(n)s, %(hari)s") % {"n": after.number, "hari": tanggal(after.at)}
    if answers and found.remeasured:
        told["jawaban"] = (
            answer(indicator, before.value) if before else "–",
            answer(indicator, after.value),
        )
        told["poin"] = (koma(before.points if before else None), koma(after.points), points(found.delta))
    return told


def _classes(found: Seen, labels: Mapping[Any, Any]) -> str:
    after = label_of(found.after.level, labels) if found.after.level else _("belum ada")
    if found.before is None or found.before.level is None:
        return _("Kelas sesudahnya %(b)s; sebelumnya belum ada yang terbit.") % {"b": after}
    if not found.moved:
        return _("Kelas sesudahnya tetap %(b)s.") % {"b": after}
    before = label_of(found.before.level, labels)
    return _("Kelas sebelumnya %(a)s, sesudahnya %(b)s.") % {"a": before, "b": after}

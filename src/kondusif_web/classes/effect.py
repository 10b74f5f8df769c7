"""What another instrument would do to every village of a person's areas, on the answers of today."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from kondusif.classes.classify import DesaAssessment, assess
from kondusif.classes.effect import Effect, PointShift, moved_first
from kondusif.instrument.recipe import Recipe
from kondusif_web.answers import facts as answers_facts
from kondusif_web.answers import queries as answers_queries
from kondusif_web.classes import facts as classes_facts
from kondusif_web.classes import queries as classes_queries
from kondusif_web.classes import wording as classes_wording
from kondusif_web.election.models import Membership, Operation
from kondusif_web.instrument import wording as instrument_wording
from kondusif_web.pages import Context
from kondusif_web.pages.templatetags.kondusif import koma
from kondusif_web.pages.wording import Labels, label_of, nama_butir

REASONS = 3  # items named per village; the workbook has all


def _reasons(effect: Effect, names: Mapping[str, str], before: Recipe, after: Recipe) -> list[str]:
    """The largest changes of points, floors that begin or cease to fire, cut-offs, what was held."""
    out = [_points(shift, names) for shift in effect.shifts[:REASONS]]
    for floor, begins in effect.floors:
        name = str(instrument_wording.FLOORS.get(floor) or _("Kelas minimum %s") % floor)
        out.append(
            _("Kelas minimum mulai berlaku: %s") % name
            if begins
            else _("Kelas minimum tidak berlaku lagi: %s") % name
        )
    if effect.after.classification.held and not effect.before.classification.held:
        out.append(_("Ditahan pada kelas yang terbit: data kosong tidak pernah menurunkan kelas"))
    if not effect.moved or before.cuts == after.cuts:
        return out
    total = effect.before.score.total
    if not effect.shifts:
        return [*out, _("Batas kelas berubah, nilainya tetap")]
    if total is not None and after.level_of(total) == effect.after.level:
        facts = {"nilai": koma(total)}
        return [_("Batas kelas berubah; nilai lama %(nilai)s sudah di kelas itu") % facts, *out]
    return [*out, _("Batas kelas juga berubah")]


def _points(shift: PointShift, names: Mapping[str, str]) -> str:
    """``A01 Keberatan ...: 1,20 menjadi 3,40 poin``."""
    facts = {
        "butir": f"{shift.item} {names[shift.item]}",
        "dari": koma(shift.before),
        "ke": koma(shift.after),
    }
    return _("%(butir)s: %(dari)s menjadi %(ke)s poin") % facts


def _firmness(made: DesaAssessment, labels: Labels) -> object:
    c = made.classification
    return classes_wording.firmness({"level": c.level, "held": c.held, "firmness": c.firmness.value}, labels)


def effects(operation: Operation, member: Membership, before: Recipe, after: Recipe) -> list[Context]:
    """Every voting village in the areas of who may see answers, moved ones first; one read of all answers.

    Both sides start from the same published class, so that what would be held is held on both.
    """
    now = operation.now()
    day, stage = answers_facts.today(operation, now), answers_facts.stage_of(operation, now)
    by_desa = answers_queries.answers_by_desa(operation, member, day)
    last = classes_queries.latest(operation)
    villages = {d.kode: d for d in answers_queries.voting(operation, member).prefetch_related("tps")}
    found = []
    for kode, desa in villages.items():
        common: Context = {
            "on": day,
            "stage": stage,
            "previous": classes_facts.published_of(last.get(kode)),
            "tps_previous": classes_facts.tps_published_of(last.get(kode)),
        }
        own, tps = by_desa.get(kode, []), [t.kode for t in desa.tps.all()]
        found.append(
            Effect(kode, assess(before, own, kode, tps, **common), assess(after, own, kode, tps, **common))
        )
    names = {i.id: nama_butir(i) for recipe in (before, after) for i in recipe.indicators}
    labels = operation.labels
    return [
        {
            "desa": villages[effect.desa],
            "effect": effect,
            "names": names,  # of every indicator on either side
            "before": effect.before.level,
            "after": effect.after.level,
            "total_before": effect.before.score.total,
            "total_after": effect.after.score.total,
            "before_words": _firmness(effect.before, labels),
            "after_words": _firmness(effect.after, labels),
            "reasons": _reasons(effect, names, before, after),
        }
        for effect in moved_first(found)
    ]


def village_sheet(rows: list[Context], labels: Labels) -> list[dict[str, object]]:
    """One line per village for the workbook; figures as numbers, unrounded."""
    return [
        {
            "desa": row["desa"].nama,
            "kecamatan": row["desa"].kecamatan,
            "kode": row["desa"].kode,
            "kelas sekarang": _class(row["before"], labels),
            "kelas dengan versi ini": _class(row["after"], labels),
            "berubah": "ya" if row["effect"].moved else "tidak",
            "nilai sekarang": row["total_before"],
            "nilai dengan versi ini": row["total_after"],
            "selisih": row["effect"].points,
            "TPS berubah": len(row["effect"].stations),
            "sebab": "; ".join(row["reasons"]),
        }
        for row in rows
    ]


def item_sheet(rows: list[Context]) -> list[dict[str, object]]:
    """One line per village and item whose points change."""
    return [
        {
            "desa": row["desa"].nama,
            "kode": row["desa"].kode,
            "butir": s.item,
            "pertanyaan": row["names"][s.item],
            "poin sekarang": s.before,
            "poin dengan versi ini": s.after,
            "selisih": s.points,
        }
        for row in rows
        for s in row["effect"].shifts
    ]


def _class(level: int | None, labels: Labels) -> str:
    return _("Belum dinilai") if level is None else f"{level} {label_of(level, labels)}"

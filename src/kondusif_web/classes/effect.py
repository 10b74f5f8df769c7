"""What another instrument would do to every village of a person's areas, on the answers of today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kondusif.classes.classify import assess
from kondusif.classes.effect import Effect, PointShift, moved_first
from kondusif.instrument.recipe import Recipe
from kondusif_web.answers import facts as answers_facts
from kondusif_web.answers import queries as answers_queries
from kondusif_web.classes import facts as classes_facts
from kondusif_web.classes import queries as classes_queries
from kondusif_web.classes import wording as classes_wording
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.instrument import wording as instrument_wording
from kondusif_web.pages.templatetags.kondusif import koma
from kondusif_web.pages.wording import label_of, nama_butir

REASONS = 3  # items named per village; the workbook has all


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One village before and after; ``names`` of every indicator on either side; whether cut-offs differ.

    ``by_cuts``: the new cut-offs alone, on the old score, give the new class.
    """

    desa: Desa
    effect: Effect
    names: dict[str, str]
    labels: dict[Any, Any]
    other_cuts: bool
    by_cuts: bool

    @property
    def before(self) -> int | None:
        return self.effect.before.level

    @property
    def after(self) -> int | None:
        return self.effect.after.level

    @property
    def before_words(self) -> object:
        return _firmness(self.effect.before, self.labels)

    @property
    def after_words(self) -> object:
        return _firmness(self.effect.after, self.labels)

    @property
    def total_before(self) -> float | None:
        return self.effect.before.score.total

    @property
    def total_after(self) -> float | None:
        return self.effect.after.score.total

    @property
    def reasons(self) -> list[str]:
        """The largest changes of points, floors that begin or cease to fire, cut-offs, what was held."""
        out = [self.reason(s) for s in self.effect.shifts[:REASONS]]
        for floor, begins in self.effect.floors:
            name = str(instrument_wording.FLOORS.get(floor) or _("Lantai %s") % floor)
            out.append(
                _("Lantai mulai berlaku: %s") % name if begins else _("Lantai tidak berlaku lagi: %s") % name
            )
        if self.effect.after.classification.held and not self.effect.before.classification.held:
            out.append(_("Ditahan pada kelas yang terbit: data kosong tidak pernah menurunkan kelas"))
        if self.effect.moved and self.other_cuts:
            if not self.effect.shifts:
                out.append(_("Batas kelas berubah, nilainya tetap"))
            elif self.by_cuts:
                facts = {"nilai": koma(self.total_before)}
                out.insert(0, _("Batas kelas berubah; nilai lama %(nilai)s sudah di kelas itu") % facts)
            else:
                out.append(_("Batas kelas juga berubah"))
        return out

    def reason(self, shift: PointShift) -> str:
        """``A01 Keberatan ...: 1,20 menjadi 3,40 poin``."""
        facts = {
            "butir": f"{shift.item} {self.names[shift.item]}",
            "dari": koma(shift.before),
            "ke": koma(shift.after),
        }
        return _("%(butir)s: %(dari)s menjadi %(ke)s poin") % facts


def _firmness(made: Any, labels: dict[Any, Any]) -> object:
    c = made.classification
    return classes_wording.firmness({"level": c.level, "held": c.held, "firmness": c.firmness.value}, labels)


def effects(operation: Operation, member: Membership, before: Recipe, after: Recipe) -> list[EffectRow]:
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
        common: dict[str, Any] = {
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
    cuts = before.cuts != after.cuts

    def by_cuts(e: Effect) -> bool:
        total = e.before.score.total
        return cuts and total is not None and after.level_of(total) == e.after.level

    return [
        EffectRow(villages[e.desa], e, names, operation.labels, cuts, by_cuts(e)) for e in moved_first(found)
    ]


def village_sheet(rows: list[EffectRow]) -> list[dict[str, object]]:
    """One line per village for the workbook; figures as numbers, unrounded."""
    return [
        {
            "desa": row.desa.nama,
            "kecamatan": row.desa.kecamatan,
            "kode": row.desa.kode,
            "kelas sekarang": _class(row.before, row.labels),
            "kelas dengan versi ini": _class(row.after, row.labels),
            "berubah": "ya" if row.effect.moved else "tidak",
            "nilai sekarang": row.total_before,
            "nilai dengan versi ini": row.total_after,
            "selisih": row.effect.points,
            "TPS berubah": len(row.effect.stations),
            "sebab": "; ".join(row.reasons),
        }
        for row in rows
    ]


def item_sheet(rows: list[EffectRow]) -> list[dict[str, object]]:
    """One line per village and item whose points change."""
    return [
        {
            "desa": row.desa.nama,
            "kode": row.desa.kode,
            "butir": s.item,
            "pertanyaan": row.names[s.item],
            "poin sekarang": s.before,
            "poin dengan versi ini": s.after,
            "selisih": s.points,
        }
        for row in rows
        for s in row.effect.shifts
    ]


def _class(level: int | None, labels: dict[Any, Any]) -> str:
    return _("Belum dinilai") if level is None else f"{level} {label_of(level, labels)}"

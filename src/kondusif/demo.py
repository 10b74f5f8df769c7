"""An operation file as it stood at a moment: the whole path, from answers to what keeps people there.

The file's decisions (sheet ``keputusan``) are replayed in order up to ``now``; nothing later is known. The
command line and the demo read from here; the office does the same from its own rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from kondusif.classify import DesaAssessment, Published, assess
from kondusif.dialogue import Meeting, PartAnswer, answers
from kondusif.files.operation import OperationFile, Row
from kondusif.measure.answers import Answer, Given
from kondusif.measure.recipe import Recipe, default_recipe
from kondusif.places import Point, desa_of
from kondusif.plan.answer import Plan
from kondusif.plan.pola import PATTERN_SETS
from kondusif.plan.problem import ExtraPosts, area_of
from kondusif.stages import stage_at

READINESS_IDS = uuid.UUID("0c5f1c6e-4d0e-5f0b-8a39-6a1f6de1d0a1")  # names F01 and F03 taken from a plan


@dataclass(frozen=True)
class AsOf:
    """``file`` at ``now``. Without a decision sheet, everything is assessed and planned at ``now``."""

    file: OperationFile
    now: datetime
    recipe: Recipe

    @classmethod
    def at(cls, file: OperationFile, now: datetime, recipe: Recipe | None = None) -> AsOf:
        return cls(file, now, recipe or default_recipe())

    @cached_property
    def decisions(self) -> tuple[Row, ...]:
        """Decisions up to ``now``, in the order they were taken."""
        rows = (r for r in self.file["keputusan"] if r["waktu"] <= self.now)
        return tuple(sorted(rows, key=lambda r: (r["waktu"], r["id"])))

    # ------------------------------------------------------------ class and plan

    @cached_property
    def _course(self) -> tuple[Mapping[str, DesaAssessment], Plan | None, datetime | None]:
        """Assessments and approved plan after the decisions: last published, last approved, when."""
        published: dict[str, DesaAssessment] = {}
        plan: Plan | None = None
        drafted: Plan | None = None
        approved_at: datetime | None = None
        for row in self.decisions:
            if row["tindakan"] == "tetapkan kelas":
                for desa in self._meant(row):
                    published[desa] = self.assess(desa, row["waktu"], published.get(desa), plan)
            elif row["tindakan"] == "susun rencana":
                drafted = self.plan_of(published)
            elif row["tindakan"] == "setujui rencana":
                plan, approved_at = drafted, row["waktu"]
        if not self.file["keputusan"]:
            published = {d.kode: self.assess(d.kode, self.now, None, None) for d in self.file.voting}
        return published, plan, approved_at

    def _meant(self, row: Row) -> list[str]:
        return [row["tempat"]] if row.get("tempat") else [d.kode for d in self.file.voting]

    def assess(
        self, desa: str, at: datetime, before: DesaAssessment | None, plan: Plan | None
    ) -> DesaAssessment:
        """One village at ``at``, after the class published before; F01 and F03 from the plan (RULES 5)."""
        day = at.astimezone(self.file.zone).date()
        known = [*self.file.jawaban, *(readiness_answers(plan, self.file, day) if plan else ())]
        return assess(
            self.recipe,
            known,
            desa,
            self.file.tps_of(desa),
            on=day,
            stage=stage_at(self.file.election, at),
            previous=_published(before, desa),
            tps_previous={kode: p for kode in self.file.tps_of(desa) if (p := _published(before, kode))},
        )

    def plan_of(self, assessments: Mapping[str, DesaAssessment]) -> Plan:
        """The plan for these classes. Raises ``PlanRefused`` when a voting village has none."""
        from kondusif.plan.solve import plan_for  # loads the solver, which takes a moment

        levels, force = _levels(assessments, force=False), _levels(assessments, force=True)
        return plan_for(
            self.file.election,
            self.file.desa,
            self.file.tps,
            self.file.kekuatan,
            levels=levels,
            force_levels=force,
            patterns=PATTERN_SETS[(self.file.operasi or {})["pola"]],
            extra=ExtraPosts(bases=bases(self.file)),
        )

    @property
    def assessments(self) -> Mapping[str, DesaAssessment]:
        """The last published assessment of each voting village that has one."""
        return self._course[0]

    @property
    def plan(self) -> Plan | None:
        """The approved plan."""
        return self._course[1]

    @property
    def plan_approved_at(self) -> datetime | None:
        return self._course[2]

    @cached_property
    def levels(self) -> dict[str, int]:
        """Published level of every desa and TPS that has one."""
        return _levels(self.assessments, force=False)

    def level(self, desa: str) -> int | None:
        """The higher of a village and its stations, which governs gates and quiet hours (RULES 13)."""
        return max((n for kode, n in self.levels.items() if desa_of(kode) == desa), default=None)

    # ------------------------------------------------------------ dialogue

    def answers(self, meeting: Meeting, *, before_plan: bool = False) -> tuple[PartAnswer, ...]:
        """Every part of the questions as answered now, or as from the record alone (RULES 10)."""
        starts = None if before_plan or self.plan is None else self.plan.starts
        known = {} if before_plan else {d.kode: n for d in self.file.voting if (n := self.level(d.kode))}
        return answers(
            meeting, plan_starts=starts, levels=known, commitments=self.file.komitmen, now=self.now
        )


def _published(before: DesaAssessment | None, kode: str) -> Published | None:
    if before is None:
        return None
    if kode == before.desa:
        level, force = before.level, before.force_level
    else:
        level = before.tps[kode].level if kode in before.tps else None
        force = before.tps_force_level.get(kode)
    return None if level is None else Published(level, before.on, before.answer_ids, force)


def _levels(assessments: Mapping[str, DesaAssessment], *, force: bool) -> dict[str, int]:
    levels: dict[str, int] = {}
    for desa, a in assessments.items():
        own = {desa: a.force_level if force else a.level}
        own |= {kode: (a.tps_force if force else a.tps)[kode].level for kode in a.tps}
        levels |= {kode: n for kode, n in own.items() if n is not None}
    return levels


def bases(file: OperationFile) -> dict[str, Point]:
    """Where command and reserve of a kecamatan wait: the located Polsek in one of its villages."""
    return {
        area_of(r["desa"]): Point(r["lat"], r["lng"])
        for r in file["kantor"]
        if r["jenis"] == "polsek" and r.get("desa") and r.get("lat") is not None
    }


def readiness_answers(plan: Plan, file: OperationFile, on: date) -> tuple[Answer, ...]:
    """F01 and F03 as the last approved plan says them (RULES 5); what it cannot say stays missing."""
    from kondusif.plan.readiness import readiness

    return tuple(
        Answer(
            id=str(uuid.uuid5(READINESS_IDS, f"{plan.digest}/{ready.desa}/{item}/{on.isoformat()}")),
            place=ready.desa,
            item=item,
            value=value,
            word="",
            given=Given.VALUE,
            on=on,
            source=f"rencana {plan.digest[:12]}",
            rater="rencana",
        )
        for ready in readiness(plan, file.desa, file.kekuatan)
        for item, value in (("F01", ready.shortfall), ("F03", ready.reserve_minutes))
        if value is not None
    )

"""An operation file as it stood at a moment: the file fills ``kondusif.operation``.

The file's decisions (sheet ``keputusan``) are replayed in order up to ``now``; nothing later is known. The
office fills the same facts from its own rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from kondusif.answers.answer import Answer
from kondusif.classes.certainty import with_chances
from kondusif.classes.classify import DesaAssessment, Published, assess
from kondusif.classes.score import answer_log
from kondusif.deploy import may_recall, postings_of
from kondusif.dialogue.indicators import replace_field_answers
from kondusif.files import said
from kondusif.files.cells import moment
from kondusif.files.moments import located
from kondusif.files.operation import OperationFile, Row
from kondusif.files.registers import dialogue_answers
from kondusif.files.sheets import NILAI_PERIKSA
from kondusif.instrument.published import default_recipe
from kondusif.instrument.recipe import Recipe
from kondusif.operation import OperationAt, VillageAt, VillageForce
from kondusif.places import Desa, Point, area_of, desa_of
from kondusif.plan.answer import Plan
from kondusif.plan.pola import PATTERN_SETS
from kondusif.plan.problem import ExtraPosts
from kondusif.plan.readiness import plan_answers, readiness
from kondusif.stages import deadlines, local_day, stage_at
from kondusif.standby import Posture, move_code
from kondusif.withdraw import (
    Check,
    IncidentFact,
    PostingCount,
    Situation,
    Waiver,
    gates,
)
from kondusif.withdraw.level import GateLevel, gate_level, publication_spells
from kondusif.withdraw.silence import WatchedPost, watched_posts
from kondusif.withdraw.statements import dispute_of


@dataclass(frozen=True, slots=True)
class DecisionCourse:
    """What the decisions of a file came to; ``covered``: when a plan first covered each place."""

    published: Mapping[str, DesaAssessment]
    history: tuple[tuple[datetime, DesaAssessment], ...]
    plan: Plan | None
    covered: Mapping[str, datetime]


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
    def _course(self) -> DecisionCourse:
        """What the decisions came to: every publication, the last plan, when one first covered each desa."""
        published: dict[str, DesaAssessment] = {}
        history: list[tuple[datetime, DesaAssessment]] = []
        covered: dict[str, datetime] = {}
        plan: Plan | None = None
        drafted: Plan | None = None
        for row in self.decisions:
            if row["tindakan"] == "tetapkan kelas":
                for desa in self._meant(row):
                    published[desa] = self.assess(desa, row["waktu"], published.get(desa), plan)
                    history.append((row["waktu"], published[desa]))
            elif row["tindakan"] == "susun rencana":
                drafted = self.plan_of(published)
            elif row["tindakan"] == "setujui rencana" and drafted is not None:
                plan = drafted
                covered = {kode: row["waktu"] for kode in plan.levels} | covered
        if not self.file["keputusan"]:
            published = {d.kode: self.assess(d.kode, self.now, None, None) for d in self.file.voting}
            history = [(self.now, made) for made in published.values()]
        return DecisionCourse(published, tuple(history), plan, covered)

    def _meant(self, row: Row) -> list[str]:
        return [row["tempat"]] if row.get("tempat") else [d.kode for d in self.file.voting]

    def assess(
        self, desa: str, at: datetime, before: DesaAssessment | None, plan: Plan | None
    ) -> DesaAssessment:
        """One village at ``at``, after the class published before.

        F01 and F03 come from the plan (RULES 5), F05 and F06 from pledges and commitments (RULES 7).
        """
        day = local_day(at, self.file.zone)
        known = [
            *replace_field_answers(self.file.jawaban, dialogue_answers(self.file, desa, at)),
            *(readiness_answers(plan, self.file, day) if plan else ()),
        ]
        made = assess(
            self.recipe,
            known,
            desa,
            self.file.tps_of(desa),
            on=day,
            stage=stage_at(self.file.election, at),
            previous=_published(before, desa),
            tps_previous={kode: p for kode in self.file.tps_of(desa) if (p := _published(before, kode))},
        )
        own = [a for a in known if desa_of(a.place) == desa]
        return with_chances(self.recipe, made, answer_log(self.recipe, own, day))

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
        return self._course.published

    @property
    def plan(self) -> Plan | None:
        """The approved plan."""
        return self._course.plan

    @cached_property
    def levels(self) -> dict[str, int]:
        """Published level of every desa and TPS that has one."""
        return _levels(self.assessments, force=False)

    def gate_level(self, desa: str) -> GateLevel | None:
        """The level that governs gates and quiet hours, and what makes it (RULES 13)."""
        made = [(at, _levels({desa: a}, force=False)) for at, a in self._course.history if a.desa == desa]
        return gate_level(publication_spells(made), self._course.covered.get(desa), self.now)

    # ------------------------------------------------------------ posture and gates

    def posture(self, desa: str) -> tuple[Posture, datetime | None]:
        """Where a village stands on the ladder, and since when."""
        posture, since = Posture.PREPARATION, None
        for row in self.decisions:
            if row["tindakan"] in ("pindah postur", "setujui penarikan") and row["tempat"] == desa:
                posture, since = Posture(row["ke"]), row["waktu"]
        return posture, since

    def situation(self, desa: str) -> Situation:
        """Everything the gates look at, as known at ``now``."""
        posture, _ = self.posture(desa)
        reports = [
            r["waktu"]
            for sheet in ("laporan", "insiden")
            for r in self.file[sheet]
            if desa_of(r["tempat"]) == desa and r["waktu"] <= self.now
        ]
        standby = [
            r["waktu"] for r in self.decisions if r.get("tempat") == desa and r.get("ke") == Posture.STANDBY
        ]
        checks = tuple(check_of(r) for r in self.file["pemeriksaan"] if r["waktu"] <= self.now)
        governs = self.gate_level(desa)
        return Situation(
            desa=desa,
            level=governs.level if governs else None,
            posture=posture,
            tps=self.file.tps_of(desa),
            checks=checks,
            incidents=tuple(news_of(r, self.now) for r in self.file["insiden"] if r["waktu"] <= self.now),
            last_report_at=max(reports, default=None),
            watched=self._watched(desa),
            standby_since=max(standby, default=None),
            deadlines=deadlines(replace(self.file.election, inauguration_at=self._inauguration())),
            dispute=dispute_of(self._dispute(desa), (c for c in checks if c.desa == desa), self.now),
            postings=self._postings(desa),
            waivers=self._waivers(desa),
            tz=self.file.election.tz,
        )

    def _watched(self, desa: str) -> tuple[WatchedPost, ...]:
        """Who should speak; the file counts no single leg home, so the ladder says who may have left."""
        posture, since = self.posture(desa)
        if since is None:
            return ()
        bko = {unit.kode for unit in self.file.kekuatan if unit.bko}
        state = {p.posting: p.state for p in self._postings(desa)}
        jenis = {p.kode: p.jenis for p in self.plan.posts} if self.plan else {}
        manning = []
        for p in postings_of(self.plan) if self.plan else ():
            if p.desa == desa:
                left = may_recall(p.force, jenis[p.post], posture, bko=p.unit in bko)
                place = p.post if p.post in self.file.tps_of(desa) else desa
                manning.append((place, "home" if left else state[p.kode]))
        words = said.words(self.file, self.now)
        return watched_posts(
            posture,
            desa,
            self.file.tps_of(desa),
            manning,
            since=since,
            last={place: max(word.at for word in told) for place, told in words.items()},
            words=words,
            visited=said.visited(self.file, desa, self.now),
        )

    def _inauguration(self) -> datetime | None:
        at = self.file.election.inauguration_at
        for row in self.decisions:
            if row["tindakan"] == "tetapkan pelantikan":
                at = located(moment(row["ke"]), self.file.zone)
        return at

    def _dispute(self, desa: str) -> str:
        """What the decisions record."""
        done = [r["tindakan"] for r in self.decisions if r.get("tempat") == desa]
        if "catat keberatan" not in done:
            return "unknown"
        return "settled" if "selesaikan sengketa" in done else "open"

    def _postings(self, desa: str) -> tuple[PostingCount, ...]:
        """Postings of the approved plan; the file counts a village home as a whole ("pulang")."""
        if self.plan is None:
            return ()
        actions = [r["tindakan"] for r in self.decisions if r.get("tempat") == desa]
        state = "home" if "pulang" in actions else "on_post" if "datang" in actions else "ordered"
        return tuple(
            PostingCount(p.kode, state, p.heads, p.heads if state == "home" else None, 0, 0)
            for p in postings_of(self.plan)
            if p.desa == desa
        )

    def _waivers(self, desa: str) -> tuple[Waiver, ...]:
        """Approved waivers, each after the request that came last before it (RULES 15)."""
        asked: Row | None = None
        found: list[Waiver] = []
        for row in self.decisions:
            if row.get("tempat") != desa:
                continue
            if row["tindakan"] == "minta pengecualian":
                asked = row
            elif row["tindakan"] == "setujui pengecualian" and asked is not None:
                found.append(self._waiver(desa, asked, row))
        return tuple(found)

    def _waiver(self, desa: str, asked: Row, row: Row) -> Waiver:
        """A waiver for the facts that shut its gate when it was approved."""
        earlier = tuple(r for r in self.file["keputusan"] if r["waktu"] < row["waktu"])
        file = OperationFile.of({**self.file.rows, "keputusan": earlier})
        then, to = AsOf(file, row["waktu"], self.recipe).situation(desa), Posture(row["ke"])
        shut_by = [g.fact_ids for g in gates(then, to, row["waktu"]) if g.gate == row["gerbang"]]
        return Waiver(
            id=row["id"],
            desa=desa,
            move=move_code(then.posture, to),
            gate=row["gerbang"],
            facts=frozenset(i for ids in shut_by for i in ids),
            reason=asked.get("alasan") or "",
            requested_by=asked["oleh"],
            approved_by=row["oleh"],
            second_by=row.get("kedua") or "",
            at=row["waktu"],
        )

    # ------------------------------------------------------------ the values

    def village(self, desa: Desa) -> VillageAt:
        return VillageAt(
            desa=desa,
            now=self.now,
            situation=self.situation(desa.kode),
            since=self.posture(desa.kode)[1],
            governs=self.gate_level(desa.kode),
            assessment=self.assessments.get(desa.kode),
            force=VillageForce.of(self.plan, desa.kode) if self.plan else None,
        )

    @cached_property
    def operation(self) -> OperationAt:
        """Everything that is known at ``now``. Needs the sheet ``operasi``."""
        row = self.file.operasi
        if row is None:
            raise LookupError("operasi")
        return OperationAt(
            kode=row["kode"],
            nama=row["nama"],
            polres=row["polres"],
            mark=self.file.mark,
            now=self.now,
            election=self.file.election,
            recipe=self.recipe.digest,
            desa=self.file.desa,
            tps=self.file.tps,
            units=self.file.kekuatan,
            villages={d.kode: self.village(d) for d in self.file.voting},
            plan=self.plan,
            meetings=self.file.meetings,
            commitments=self.file.komitmen,
        )


def check_of(row: Row) -> Check:
    return Check(
        id=row["id"],
        desa=row["desa"],
        item=row["butir"],
        value=NILAI_PERIKSA[row["nilai"]],  # type: ignore[arg-type]  # the table's values are the four words
        at=row["waktu"],
        by=row["oleh"],
        second=row.get("kedua") or "",
        tps=row.get("tps") or "",
        minutes=row.get("nomor_ba") or "",
        party=row.get("pihak") or "",
        note=row.get("catatan") or "",
        corrects=row.get("mengoreksi") or "",
    )


def news_of(row: Row, now: datetime) -> IncidentFact:
    """An incident as the gates see it at ``now``: an end that lies ahead is not yet known."""
    end = row.get("selesai")
    end = end if end is not None and end <= now else None
    tps = row["tempat"] if row["tempat"] != desa_of(row["tempat"]) else ""
    return IncidentFact(
        id=row["id"],
        kind=row["jenis"],
        at=row["waktu"],
        ended_at=end,
        desa=desa_of(row["tempat"]),
        tps=tps,
        open=end is None,
        severity=row["tingkat"],
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
    """F01 and F03 as the last approved plan says them (RULES 5)."""
    return plan_answers(plan.digest, readiness(plan, file.desa, file.kekuatan), on)

"""What is known of an operation at a moment, village by village: one value, whoever filled it.

A file fills it (``files.as_of``), and so may rows of a database. The command line prints from here and knows
neither; every rule is asked of the core with what stands in the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kondusif.classes.classify import DesaAssessment
from kondusif.dialogue import Commitment, Meeting, PartAnswer, answer_parts
from kondusif.forces import Strength, Unit
from kondusif.places import Desa, Tps, desa_of
from kondusif.plan.answer import Plan, UnmetNeed
from kondusif.stages import Election, VillageStart, village_start
from kondusif.standby import Posture, steps_down
from kondusif.withdraw import OPEN, WAIVED, EarliestMove, GateState, Situation, earliest, gates
from kondusif.withdraw.level import GateLevel


@dataclass(frozen=True, slots=True)
class VillageForce:
    """What the approved plan (or a draft) gives a village, in heads per force.

    ``unmet``: each need that nobody fills, with the name of its post. ``starts``: village and stations, by
    code, to the aware moment from which each is served.
    """

    need: Strength
    posted: Strength
    missing: Strength
    unmet: tuple[tuple[UnmetNeed, str], ...]
    starts: Mapping[str, datetime]

    @classmethod
    def of(cls, plan: Plan, desa: str) -> VillageForce:
        posts = {p.kode: p for p in plan.posts if p.desa == desa}
        return cls(
            need=Strength.sum(p.need for p in posts.values()),
            posted=plan.strength_in(desa),
            missing=plan.missing_in(desa),
            unmet=tuple((u, posts[u.post].nama) for u in plan.unmet if u.post in posts),
            starts={kode: at for kode, at in plan.starts.items() if desa_of(kode) == desa},
        )

    def start(self, desa: str) -> VillageStart | None:
        """Its one start, with the stations that begin earlier beside it (RULES 9)."""
        return village_start(desa, self.starts)


@dataclass(frozen=True, slots=True)
class GatedStep:
    """One gated step of a village, judged at its moment: every gate in order, and the earliest time."""

    to: Posture
    gates: tuple[GateState, ...]
    earliest: EarliestMove

    @property
    def shut(self) -> tuple[GateState, ...]:
        return tuple(g for g in self.gates if g.shut)

    @property
    def passed(self) -> tuple[GateState, ...]:
        return tuple(g for g in self.gates if not g.shut)

    @property
    def open(self) -> int:
        return sum(g.state is OPEN for g in self.gates)

    @property
    def waived(self) -> int:
        return sum(g.state is WAIVED for g in self.gates)


@dataclass(frozen=True, slots=True)
class VillageAt:
    """One voting village at ``now``.

    ``situation`` holds what its gates look at: gate level, posture, stations, checks, incidents, reports,
    dispute, dates, postings, waivers. ``assessment`` is the last published, ``force`` that of the approved
    plan; None while there is none. ``since``: when the posture began, None where it never moved. ``governs``:
    the gate level with the places and the moment that make it.
    """

    desa: Desa
    now: datetime
    situation: Situation
    since: datetime | None = None
    governs: GateLevel | None = None
    assessment: DesaAssessment | None = None
    force: VillageForce | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.situation.tz)

    @property
    def posture(self) -> Posture:
        return self.situation.posture

    @property
    def gate_level(self) -> int | None:
        """The highest of the village and its stations since the plan, which governs gates (RULES 13)."""
        return self.situation.level

    @property
    def level(self) -> int | None:
        """The published level of the village itself."""
        return self.assessment.level if self.assessment else None

    @property
    def next_step(self) -> Posture | None:
        """The next gated step down, if the village stands on the ladder."""
        return next(iter(self.steps), None)

    @property
    def steps(self) -> tuple[Posture, ...]:
        """Every gated step that the village could be asked to take from here."""
        return steps_down(self.posture, self.gate_level)

    def step(self, to: str = "") -> GatedStep | None:
        """The step to ``to`` where it is one of ``steps``, else the next; None off the ladder."""
        at = next((p for p in self.steps if p == to), self.next_step)
        return None if at is None else GatedStep(at, self.gates(at), self.earliest(at) or EarliestMove(None))

    def gates(self, to: Posture | None = None) -> tuple[GateState, ...]:
        """The gates of the next step (or of the move to ``to``), in order; none off the ladder."""
        step = to or self.next_step
        return gates(self.situation, step, self.now) if step else ()

    def earliest(self, to: Posture | None = None) -> EarliestMove | None:
        """When that move could come at the earliest; None off the ladder."""
        step = to or self.next_step
        return earliest(self.situation, step, self.now) if step else None


@dataclass(frozen=True, slots=True)
class OperationAt:
    """The operation at ``now``. ``villages``: the voting ones by desa code; ``desa`` is every village.

    ``mark`` is what everything made from it must carry (RULES 24), "" for a real operation. ``plan`` is the
    approved one.
    """

    kode: str
    nama: str
    polres: str
    mark: str
    now: datetime
    election: Election
    recipe: str  # digest
    desa: tuple[Desa, ...]
    tps: tuple[Tps, ...]
    units: tuple[Unit, ...]
    villages: Mapping[str, VillageAt]
    plan: Plan | None = None
    meetings: tuple[Meeting, ...] = ()
    commitments: tuple[Commitment, ...] = ()

    def answers(self, meeting: Meeting, *, before_plan: bool = False) -> tuple[PartAnswer, ...]:
        """Every part of the questions as answered now, or as from the record alone (RULES 10)."""
        starts = None if before_plan or self.plan is None else self.plan.starts
        known = {k: v.gate_level for k, v in self.villages.items() if v.gate_level is not None}
        return answer_parts(
            meeting,
            plan_starts=starts,
            levels={} if before_plan else known,
            commitments=self.commitments,
            now=self.now,
        )

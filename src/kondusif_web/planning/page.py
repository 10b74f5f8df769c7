"""What the plan page shows, for one person: their part of the plan and what they may do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kondusif import plan as core
from kondusif import stages
from kondusif.forces import Force, Unit
from kondusif.places import desa_of, within
from kondusif_web.accounts.roles import areas, may, may_at
from kondusif_web.classes import queries as classes
from kondusif_web.election.facts import desa_of as desa_value
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.planning import queries as planning_queries
from kondusif_web.planning import wording as planning_wording
from kondusif_web.planning.actions import faults
from kondusif_web.planning.models import PlanRow, PlanState
from kondusif_web.planning.queries import part_for, plan_of
from kondusif_web.posts import queries as posts_queries
from kondusif_web.posts import wording as posts_wording


@dataclass(frozen=True, slots=True)
class Line:
    """Need against posted of one force; ``extra`` the smallest strength that cures what is missing."""

    force: str
    need: int
    posted: int
    missing: int


@dataclass(frozen=True, slots=True)
class Stand:
    """Who stands at a post: unit, force, heads, travel (None unknown)."""

    unit: str
    force: str
    heads: int
    minutes: float | None
    bko: bool
    own: bool  # bound to this village: no road to speak of


@dataclass(frozen=True, slots=True)
class PostLine:
    post: core.Post
    jenis: object
    start: datetime
    stands: tuple[Stand, ...]
    missing: tuple[tuple[str, int], ...]

    @property
    def heads(self) -> int:
        return sum(s.heads for s in self.stands)


@dataclass(frozen=True, slots=True)
class Gap:
    """An unmet need in words."""

    place: str
    desa: str
    level: int
    force: str
    missing: int
    why: object


@dataclass(frozen=True, slots=True)
class Cure:
    """The fewest heads of one force that cure its unmet needs, and in which villages."""

    force: str
    heads: int
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Village:
    kode: str
    nama: str
    level: int | None
    start: datetime | None  # of its first place
    own_start: datetime | None  # by the class of the village itself
    posts: tuple[PostLine, ...]
    need: int
    posted: int
    timeline: tuple[stages.Phase, ...]
    readiness: core.Readiness | None


@dataclass(frozen=True, slots=True)
class Button:
    """Something that may be done now, or is locked with its reason."""

    shown: bool
    locked: object = ""


@dataclass(frozen=True, slots=True)
class PlanPage:
    row: PlanRow | None
    in_force: PlanRow | None
    plan: core.Plan | None
    patterns: object
    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...]
    cures: tuple[Cure, ...]
    villages: tuple[Village, ...]
    area_posts: tuple[PostLine, ...]
    history: tuple[tuple[PlanRow, object], ...]  # the newest versions and what became of them
    faults: tuple[str, ...]
    unclassed: tuple[str, ...]
    make: Button
    propose: Button
    approve: Button

    @property
    def waiting(self) -> bool:
        """Whether what is shown is not yet in force."""
        return self.row is not None and self.row.state != PlanState.APPROVED


def plan_page(operation: Operation, user: Membership) -> PlanPage:
    """The newest plan that waits for a decision, else the one in force; only what lies in the areas."""
    in_force = planning_queries.approved_plan(operation)
    row = planning_queries.open_plan(operation) or in_force
    inside = [d for d in operation.desa.all() if within(d.kode, areas(user))]
    names = {d.kode: d.nama for d in inside} | {t.kode: str(t) for t in operation.tps.select_related("desa")}
    levels = classes.levels(operation)
    unclassed = tuple(d.nama for d in inside if d.memilih and d.kode not in levels)
    plan = part_for(plan_of(row), areas(user)) if row else None
    units = {u.kode: u for u in posts_queries.units(operation)}
    found = faults(row) if row and row.state != PlanState.APPROVED else ()
    return PlanPage(
        row=row,
        in_force=in_force,
        plan=plan,
        patterns=core.PATTERN_SETS[row.pattern_set if row else operation.pattern_set],
        lines=_lines(plan) if plan else (),
        gaps=_gaps(plan, names) if plan else (),
        cures=_cures(plan, names) if plan else (),
        villages=_villages(operation, plan, inside, levels, units) if plan else (),
        area_posts=_posts(units, plan, plan.posts_in.get("", ())) if plan else (),
        history=tuple((r, planning_wording.PLAN_STATES[r.state]) for r in operation.plans.all()[:6]),
        faults=tuple(dict.fromkeys(planning_wording.violation(v, names) for v in found)),
        unclassed=unclassed,
        make=_make(user, unclassed),
        propose=_propose(user, row),
        approve=_approve(operation, user, row, found),
    )


def _lines(plan: core.Plan) -> tuple[Line, ...]:
    need, posted, missing = plan.need, plan.posted, plan.missing
    rows = (Line(posts_wording.FORCES[f.value], need.of(f), posted.of(f), missing.of(f)) for f in Force)
    return tuple(r for r in rows if r.need)


def _gaps(plan: core.Plan, names: dict[str, str]) -> tuple[Gap, ...]:
    posts = {p.kode: p for p in plan.posts}
    return tuple(
        Gap(
            place=posts[u.post].nama,
            desa=names.get(posts[u.post].desa or "", ""),
            level=posts[u.post].level,
            force=posts_wording.FORCES[u.force.value],
            missing=u.missing,
            why=planning_wording.WHY[u.why],
        )
        for u in core.unmet_first(plan)
    )


def _cures(plan: core.Plan, names: dict[str, str]) -> tuple[Cure, ...]:
    return tuple(
        Cure(posts_wording.FORCES[e.force.value], e.heads, tuple(names.get(d, d) for d in e.desa))
        for e in core.smallest_extra(plan)
    )


def _posts(units: Mapping[str, Unit], plan: core.Plan, posts: Sequence[core.Post]) -> tuple[PostLine, ...]:
    return tuple(
        PostLine(
            post=p,
            jenis=posts_wording.JENIS[p.jenis],
            start=plan.starts[p.kode],
            stands=tuple(
                Stand(
                    units[a.unit].nama if a.unit in units else a.unit,
                    posts_wording.FORCES[a.force.value],
                    a.heads,
                    a.minutes,
                    a.unit in units and units[a.unit].bko,
                    a.unit in units and units[a.unit].only_desa is not None,
                )
                for a in plan.assigned_at.get(p.kode, ())
            ),
            missing=tuple(
                (posts_wording.FORCES[u.force.value], u.missing) for u in plan.unmet_at.get(p.kode, ())
            ),
        )
        for p in posts
    )


def _villages(
    operation: Operation,
    plan: core.Plan,
    inside: Sequence[Desa],
    levels: Mapping[str, int],
    units: Mapping[str, Unit],
) -> tuple[Village, ...]:
    election = election_of(operation)
    desa = {d.kode: desa_value(d) for d in inside}
    ready = {r.desa: r for r in core.readiness(plan, list(desa.values()), list(units.values()))}
    out = []
    for kode in sorted(filter(None, plan.posts_in)):
        posts = plan.posts_in[kode]
        # The village steps down with its highest place (RULES 13) and begins with its first.
        highest = max((n for k, n in levels.items() if desa_of(k) == kode), default=None)
        out.append(
            Village(
                kode=kode,
                nama=desa[kode].nama if kode in desa else kode,
                level=levels.get(kode),
                start=stages.village_start(kode, plan.starts),
                own_start=plan.starts.get(kode),
                posts=_posts(units, plan, sorted(posts, key=lambda p: (p.jenis != "tps", p.kode))),
                need=sum(p.need.total for p in posts),
                posted=plan.strength_in(kode).total,
                timeline=stages.timeline(election, highest) if highest else (),
                readiness=ready.get(kode),
            )
        )
    return tuple(out)


def _make(user: Membership, unclassed: Sequence[str]) -> Button:
    if not may(user, "make_plan"):
        return Button(shown=may(user, "approve_plan"), locked=planning_wording.LOCKED["role_make"])
    if unclassed:
        return Button(
            True, planning_wording.violation(core.Violation("class_published", ", ".join(unclassed)), {})
        )
    return Button(True)


def _propose(user: Membership, row: PlanRow | None) -> Button:
    if row is None or row.state != PlanState.DRAFT or not may(user, "make_plan"):
        return Button(False)
    return Button(True, "" if _covers(user, "make_plan", row) else planning_wording.LOCKED["area"])


def _approve(operation: Operation, user: Membership, row: PlanRow | None, found: Sequence[object]) -> Button:
    """Always shown while a plan waits, locked with the first reason that holds."""
    if row is None or row.state == PlanState.APPROVED:
        return Button(False)
    out = operation.postings.filter(state__in=("on_post", "returning")).exists()
    reasons = (
        ("role_approve", not may(user, "approve_plan")),
        ("same_person", user.pk == row.made_by_id),
        ("area", not _covers(user, "approve_plan", row)),
        ("draft", row.state != PlanState.PROPOSED),
        ("faults", bool(found)),
        ("people_out", out),
    )
    return Button(True, next((planning_wording.LOCKED[code] for code, holds in reasons if holds), ""))


def _covers(user: Membership, permission: str, row: PlanRow) -> bool:
    return all(may_at(user, permission, kode) for kode in row.scope)

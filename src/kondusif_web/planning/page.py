"""What the plan page shows, for one person: their part of the plan and what they may do with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kondusif import plan as core
from kondusif import stages
from kondusif.forces import Force, Unit
from kondusif.places import desa_of, within
from kondusif_web.accounts.roles import areas, may, may_at
from kondusif_web.classes import queries as classes
from kondusif_web.election.facts import desa_of as desa_value
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.pages import Context
from kondusif_web.planning import queries
from kondusif_web.planning.actions import faults
from kondusif_web.planning.models import PlanRow, PlanState
from kondusif_web.planning.wording import LOCKED, PLAN_STATES, UNMET, violation
from kondusif_web.posts.queries import units as units_of
from kondusif_web.words import speech


class Button(NamedTuple):
    """Something that may be done now, or is locked with its reason."""

    shown: bool
    locked: object = ""


def plan_page(operation: Operation, user: Membership) -> Context:
    """The newest plan that waits for a decision, else the one in force; only what lies in the areas."""
    in_force = queries.approved_plan(operation)
    row = queries.open_plan(operation) or in_force
    waiting = row is not None and row.state != PlanState.APPROVED
    inside = [d for d in operation.desa.all() if within(d.kode, areas(user))]
    names = {d.kode: d.nama for d in inside} | {t.kode: str(t) for t in operation.tps.select_related("desa")}
    levels = classes.levels(operation)
    unclassed = [d.nama for d in inside if d.memilih and d.kode not in levels]
    found = faults(row) if waiting else ()
    page = {
        "row": row,
        "in_force": in_force,
        "waiting": waiting,
        "patterns": core.PATTERN_SETS[row.pattern_set if row else operation.pattern_set],
        "history": [(r, PLAN_STATES[r.state]) for r in operation.plans.all()[:6]],
        "faults": list(dict.fromkeys(violation(v, names) for v in found)),
        "unclassed": unclassed,
        "make": _make(user, unclassed),
        "propose": _propose(user, row),
        "approve": _approve(operation, user, row, found),
    }
    if row is None:
        return page
    plan = queries.part_for(queries.plan_of(row), areas(user))
    units = {u.kode: u for u in units_of(operation)}
    posts = {post.kode: post for post in plan.posts}
    return page | {
        "plan": plan,
        "lines": _lines(plan),
        "gaps": [(unmet, posts[unmet.post]) for unmet in core.unmet_first(plan)],
        "why": UNMET,
        "cures": core.smallest_extra(plan),
        "names": names,
        "villages": _villages(operation, plan, inside, levels, units),
        "area_posts": [_post(units, plan, p) for p in plan.posts_in.get("", ())],
    }


def _lines(plan: core.Plan) -> list[tuple[Force, int, int, int]]:
    """Need against posted, and what is missing, by force."""
    need, posted, missing = plan.need, plan.posted, plan.missing
    return [(f, need.of(f), posted.of(f), missing.of(f)) for f in Force if need.of(f)]


def _post(units: Mapping[str, Unit], plan: core.Plan, post: core.Post) -> Context:
    """A post with who stands there, each with the unit where it is known, and what is missing."""
    assigned = plan.assigned_at.get(post.kode, ())
    return {
        "post": post,
        "start": plan.starts[post.kode],
        "heads": sum(a.heads for a in assigned),
        "stands": [(a, units.get(a.unit)) for a in assigned],
        "missing": plan.unmet_at.get(post.kode, ()),
    }


def _villages(
    operation: Operation,
    plan: core.Plan,
    inside: Iterable[Desa],
    levels: Mapping[str, int],
    units: Mapping[str, Unit],
) -> list[Context]:
    election = election_of(operation)
    desa = {d.kode: desa_value(d) for d in inside}
    ready = {r.desa: r for r in core.readiness(plan, list(desa.values()), list(units.values()))}
    out = []
    for kode in sorted(filter(None, plan.posts_in)):
        posts = sorted(plan.posts_in[kode], key=lambda p: (p.jenis != "tps", p.kode))
        # The village begins by its own class (RULES 9) and steps down with its highest place (RULES 13).
        highest = max((n for k, n in levels.items() if desa_of(k) == kode), default=None)
        out.append(
            {
                "nama": desa[kode].nama if kode in desa else kode,
                "level": levels.get(kode),
                "start": speech().begins(stages.village_start(kode, plan.starts)),
                "posts": [_post(units, plan, p) for p in posts],
                "need": sum(p.need.total for p in posts),
                "posted": plan.strength_in(kode).total,
                "timeline": stages.timeline(election, highest, begins=levels.get(kode)) if highest else (),
                "readiness": ready.get(kode),
            }
        )
    return out


def _make(user: Membership, unclassed: Sequence[str]) -> Button:
    if not may(user, "make_plan"):
        return Button(may(user, "approve_plan"), LOCKED["role_make"])
    if unclassed:
        return Button(True, violation(core.Violation("class_published", ", ".join(unclassed)), {}))
    return Button(True)


def _propose(user: Membership, row: PlanRow | None) -> Button:
    if row is None or row.state != PlanState.DRAFT or not may(user, "make_plan"):
        return Button(False)
    return Button(True, "" if _covers(user, "make_plan", row) else LOCKED["area"])


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
    return Button(True, next((LOCKED[code] for code, holds in reasons if holds), ""))


def _covers(user: Membership, permission: str, row: PlanRow) -> bool:
    return all(may_at(user, permission, kode) for kode in row.scope)

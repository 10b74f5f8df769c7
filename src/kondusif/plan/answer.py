"""A plan as a value: who stands where, what is unmet and why. Made by solve, judged by verify."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, astuple, dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from kondusif.errors import PlanRefused
from kondusif.forces import Force, Strength
from kondusif.places import Point, desa_of
from kondusif.plan.problem import Post

UNMET_REASONS = ("no_unit", "no_strength", "neutrality", "own_village", "no_base")
"""Why a need is unmet: no unit of that force; all heads used; spare heads only in units barred by a declared
conflict of interest, bound to another village, or whose base is unknown."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Heads of one unit at one post. ``minutes`` is the estimated travel; None when a position is unknown."""

    unit: str
    post: str
    force: Force
    heads: int
    minutes: float | None


@dataclass(frozen=True, slots=True)
class UnmetNeed:
    """A need nobody fills: ``missing`` heads of ``force`` at ``post``, why one of :data:`UNMET_REASONS`."""

    post: str
    force: Force
    missing: int
    why: str


@dataclass(frozen=True, slots=True)
class SolverFacts:
    """What computed the plan: kept beside it, not part of its digest."""

    name: str = ""
    version: str = ""
    status: str = ""
    gap: float = 0.0


@dataclass(frozen=True)
class Plan:
    """Posts, who is assigned, what is unmet, and when each place and post begins.

    ``starts`` holds places (desa, TPS) and every post; ``levels`` the force level per place;
    ``minutes_total`` person-minutes of travel over the assignments whose distance is known.
    """

    posts: tuple[Post, ...]
    assigned: tuple[Assignment, ...]
    unmet: tuple[UnmetNeed, ...]
    starts: Mapping[str, datetime]
    patterns: str
    levels: Mapping[str, int]
    minutes_total: float
    solver: SolverFacts = field(default_factory=SolverFacts, compare=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the plan without the solver's facts: same plan, same digest."""
        raw = plan_to_json(self)
        del raw["solver"]
        line = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(line.encode()).hexdigest()

    @cached_property
    def assigned_at(self) -> Mapping[str, tuple[Assignment, ...]]:
        """Assignments by post code, in the plan's order; a post without anybody is absent."""
        return _grouped(self.assigned, lambda a: a.post)

    @cached_property
    def unmet_at(self) -> Mapping[str, tuple[UnmetNeed, ...]]:
        """Unmet needs by post code; a post whose need is met is absent."""
        return _grouped(self.unmet, lambda u: u.post)

    @cached_property
    def posts_in(self) -> Mapping[str, tuple[Post, ...]]:
        """Posts by village code; those that serve a whole kecamatan under ``""``."""
        return _grouped(self.posts, lambda post: post.desa or "")

    def strength_at(self, post: str) -> Strength:
        """Heads assigned to a post."""
        return _strength((a.force, a.heads) for a in self.assigned_at.get(post, ()))

    def strength_in(self, desa: str) -> Strength:
        """Heads assigned to all posts of a village."""
        return Strength.sum(self.strength_at(p.kode) for p in self.posts_in.get(desa, ()))

    def missing_in(self, desa: str) -> Strength:
        """Heads missing at all posts of a village."""
        posts = self.posts_in.get(desa, ())
        return _strength((u.force, u.missing) for p in posts for u in self.unmet_at.get(p.kode, ()))

    @property
    def need(self) -> Strength:
        return Strength.sum(p.need for p in self.posts)

    @property
    def posted(self) -> Strength:
        return _strength((a.force, a.heads) for a in self.assigned)

    @property
    def missing(self) -> Strength:
        return _strength((u.force, u.missing) for u in self.unmet)


Row = TypeVar("Row")


def _grouped(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, tuple[Row, ...]]:
    out: dict[str, list[Row]] = {}
    for row in rows:
        out.setdefault(key(row), []).append(row)
    return {kode: tuple(found) for kode, found in out.items()}


def _strength(parts: Iterable[tuple[Force, int]]) -> Strength:
    return Strength.sum(Strength(**{force.value: n}) for force, n in parts)


def start_of(post: Post, starts: Mapping[str, datetime]) -> datetime:
    """When a post begins: its own start, else its village's, else the earliest of those it serves.

    A command or reserve post serves every place whose code begins with its area (``35.14.05-POSKO``).
    """
    for kode in (post.kode, post.desa or ""):
        if kode in starts:
            return starts[kode]
    area = desa_of(post.kode)
    within_area = [at for kode, at in starts.items() if kode.startswith(area + ".")]
    if not within_area:
        raise PlanRefused("start_unknown", post=post.kode)
    return min(within_area)


# ---------------------------------------------------------------- to keep and to read back


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """A JSON-ready dict from which :func:`plan_from_json` makes the same plan."""
    starts = {kode: at.isoformat() for kode, at in sorted(plan.starts.items())}
    return {
        "posts": [_post_to_json(p) for p in plan.posts],
        "assigned": [list(astuple(a)) for a in plan.assigned],
        "unmet": [list(astuple(u)) for u in plan.unmet],
        "starts": starts,
        "patterns": plan.patterns,
        "levels": dict(sorted(plan.levels.items())),
        "minutes_total": plan.minutes_total,
        "solver": asdict(plan.solver),
    }


def _post_to_json(post: Post) -> dict[str, Any]:
    need = {force.value: heads for force, heads in post.need.items() if heads}
    at = [post.at.lat, post.at.lng] if post.at else None
    return {**asdict(post), "need": need, "at": at}


def plan_from_json(raw: Mapping[str, Any]) -> Plan:
    """The plan that :func:`plan_to_json` wrote."""
    assigned = (Assignment(u, p, Force(f), n, m) for u, p, f, n, m in raw["assigned"])
    unmet = (UnmetNeed(p, Force(f), n, why) for p, f, n, why in raw["unmet"])
    return Plan(
        posts=tuple(map(_post_from_json, raw["posts"])),
        assigned=tuple(assigned),
        unmet=tuple(unmet),
        starts={kode: datetime.fromisoformat(at) for kode, at in raw["starts"].items()},
        patterns=raw["patterns"],
        levels=dict(raw["levels"]),
        minutes_total=raw["minutes_total"],
        solver=SolverFacts(**raw["solver"]),
    )


def _post_from_json(raw: Mapping[str, Any]) -> Post:
    at = Point(*raw["at"]) if raw["at"] else None
    return Post(**{**raw, "need": Strength(**raw["need"]), "at": at})

"""Re-checks a plan rule by rule in plain Python, without the solver and without its model (method 3.9).

Deliberately a second writing of every rule: it shares the names of ``rules.py`` and none of its code, so that
one mistake cannot hide in both. Run in tests, after every solve, and before a commander may approve.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kondusif.forces import Force, Unit
from kondusif.places import travel_minutes
from kondusif.plan.answer import UNMET_REASONS, Assignment, Plan
from kondusif.plan.problem import Post, Violation

Broken = tuple[str, object, object]
"""Where a rule is broken, what was found and what is expected there. The function is the name of the rule."""


def verify(plan: Plan, posts: Sequence[Post], units: Sequence[Unit]) -> tuple[Violation, ...]:
    """Every broken rule of a plan against the posts and units of today; empty when it keeps them all."""
    case = _Case(plan, {p.kode: p for p in posts}, {u.kode: u for u in units})
    return tuple(Violation(rule.__name__, *broken) for rule in RULES for broken in rule(case))


@dataclass(frozen=True)
class _Case:
    """A plan beside the demand and the forces of today."""

    plan: Plan
    posts: Mapping[str, Post]
    units: Mapping[str, Unit]

    @cached_property
    def assigned(self) -> list[Assignment]:
        """Whole heads of a known unit at a known post; nothing else can be judged further or counted."""
        return [a for a in self.plan.assigned if self.knows(a) and _whole(a)]

    @cached_property
    def needs(self) -> list[tuple[str, int, int, int]]:
        """Of every post and force: where, the need, heads there, heads called missing."""
        there: Counter[tuple[str, Force]] = Counter()
        missing: Counter[tuple[str, Force]] = Counter()
        for a in self.assigned:
            there[a.post, a.force] += a.heads
        for u in self.plan.unmet:
            missing[u.post, u.force] += u.missing
        return [
            (f"{kode}, {force}", need, there[kode, force], missing[kode, force])
            for kode, post in sorted(self.posts.items())
            for force, need in post.need.items()
        ]

    def knows(self, a: Assignment) -> bool:
        return a.unit in self.units and a.post in self.posts


def _whole(a: Assignment) -> bool:
    return isinstance(a.heads, int) and not isinstance(a.heads, bool) and a.heads > 0


# ---------------------------------------------------------------- posts


def same_posts(case: _Case) -> Iterator[Broken]:
    """The plan holds exactly the posts of the demand, each with its need."""
    for kode in sorted({p.kode for p in case.plan.posts} ^ set(case.posts)):
        yield (kode, "in one only", "in plan and demand")
    for p in case.plan.posts:
        if p.kode in case.posts and p != case.posts[p.kode]:
            yield (p.kode, p.need, case.posts[p.kode].need)


def post_has_start(case: _Case) -> Iterator[Broken]:
    for p in case.plan.posts:
        if p.kode not in case.plan.starts:
            yield (p.kode, None, "a moment")


# ---------------------------------------------------------------- assignments


def known_unit_and_post(case: _Case) -> Iterator[Broken]:
    for a in case.plan.assigned:
        if not case.knows(a):
            yield (_where(a), "unknown", "in forces and demand")


def whole_heads(case: _Case) -> Iterator[Broken]:
    for a in case.plan.assigned:
        if case.knows(a) and not _whole(a):
            yield (_where(a), a.heads, "a whole number above 0")


def assigned_once(case: _Case) -> Iterator[Broken]:
    times = Counter((a.unit, a.post) for a in case.assigned)
    for (unit, post), n in times.items():
        if n > 1:
            yield (f"{unit} at {post}", "twice", "once")


def right_force(case: _Case) -> Iterator[Broken]:
    for a in case.assigned:
        force = case.units[a.unit].force
        if a.force is not force:
            yield (_where(a), a.force, force)


def own_village(case: _Case) -> Iterator[Broken]:
    """A unit bound to a village stands in no other."""
    for a in case.assigned:
        bound, desa = case.units[a.unit].only_desa, case.posts[a.post].desa
        if bound and desa != bound:
            yield (_where(a), desa, bound)


def neutrality(case: _Case) -> Iterator[Broken]:
    """No unit stands in an area where it declared a conflict of interest."""
    for a in case.assigned:
        for area in case.units[a.unit].not_at:
            if a.post == area or a.post.startswith((area + ".", area + "-")):
                yield (_where(a), a.post, f"not in {area}")


def no_base(case: _Case) -> Iterator[Broken]:
    """A unit without a base moves nowhere; bound to its village it need not."""
    for a in case.assigned:
        unit = case.units[a.unit]
        if unit.base is None and not unit.only_desa:
            yield (_where(a), None, "a known base")


def travel(case: _Case) -> Iterator[Broken]:
    """The minutes of travel are those of the two positions, to a tenth; None when one is unknown."""
    for a in case.assigned:
        base, at = case.units[a.unit].base, case.posts[a.post].at
        minutes = round(travel_minutes(base, at), 1) if base and at else None
        if a.minutes != minutes:
            yield (_where(a), a.minutes, minutes)


def _where(a: Assignment) -> str:
    return f"{a.unit} at {a.post}"


# ---------------------------------------------------------------- heads


def strength_of_unit(case: _Case) -> Iterator[Broken]:
    """No unit sends out more heads than it has."""
    out: Counter[str] = Counter()
    for a in case.assigned:
        out[a.unit] += a.heads
    for kode, heads in sorted(out.items()):
        if heads > case.units[kode].strength:
            yield (kode, heads, f"<= {case.units[kode].strength}")


def unmet_is_real(case: _Case) -> Iterator[Broken]:
    for u in case.plan.unmet:
        if u.missing < 1 or u.post not in case.posts:
            where = f"{u.post}, {u.force}"
            yield (where, u.missing, "missing heads at a post of the demand")


def unmet_has_reason(case: _Case) -> Iterator[Broken]:
    for u in case.plan.unmet:
        if u.why not in UNMET_REASONS:
            yield (f"{u.post}, {u.force}", u.why, UNMET_REASONS)


def never_padded(case: _Case) -> Iterator[Broken]:
    for where, need, there, _ in case.needs:
        if there > need:
            yield where, there, f"<= {need}"


def need_met_or_said(case: _Case) -> Iterator[Broken]:
    """Heads there and heads missing make the need."""
    for where, need, there, missing in case.needs:
        if there + missing != need:
            yield where, there + missing, need


def sums(case: _Case) -> Iterator[Broken]:
    total = round(sum(a.heads * a.minutes for a in case.plan.assigned if a.minutes), 1)
    if case.plan.minutes_total != total:
        yield ("minutes_total", case.plan.minutes_total, "heads x minutes")


RULES: tuple[Callable[[_Case], Iterator[Broken]], ...] = (
    same_posts,
    post_has_start,
    known_unit_and_post,
    whole_heads,
    assigned_once,
    right_force,
    own_village,
    neutrality,
    no_base,
    travel,
    strength_of_unit,
    unmet_is_real,
    unmet_has_reason,
    never_padded,
    need_met_or_said,
    sums,
)

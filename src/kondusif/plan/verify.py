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


def verify(plan: Plan, posts: Sequence[Post], units: Sequence[Unit]) -> tuple[Violation, ...]:
    """Every broken rule of a plan against the posts and units of today; empty when it keeps them all."""
    case = _Case(plan, {p.kode: p for p in posts}, {u.kode: u for u in units})
    return tuple(violation for rule in RULES for violation in rule(case))


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

    def knows(self, a: Assignment) -> bool:
        return a.unit in self.units and a.post in self.posts


def _whole(a: Assignment) -> bool:
    return isinstance(a.heads, int) and not isinstance(a.heads, bool) and a.heads > 0


# ---------------------------------------------------------------- posts


def same_posts(case: _Case) -> Iterator[Violation]:
    """The plan holds exactly the posts of the demand, each with its need."""
    for kode in sorted({p.kode for p in case.plan.posts} ^ set(case.posts)):
        yield Violation("same_posts", kode, "in one only", "in plan and demand")
    for p in case.plan.posts:
        if p.kode in case.posts and p != case.posts[p.kode]:
            yield Violation("same_posts", p.kode, p.need, case.posts[p.kode].need)


def post_has_start(case: _Case) -> Iterator[Violation]:
    for p in case.plan.posts:
        if p.kode not in case.plan.starts:
            yield Violation("post_has_start", p.kode, None, "a moment")


# ---------------------------------------------------------------- assignments


def known_unit_and_post(case: _Case) -> Iterator[Violation]:
    for a in case.plan.assigned:
        if not case.knows(a):
            yield Violation("known_unit_and_post", _where(a), "unknown", "in forces and demand")


def whole_heads(case: _Case) -> Iterator[Violation]:
    for a in case.plan.assigned:
        if case.knows(a) and not _whole(a):
            yield Violation("whole_heads", _where(a), a.heads, "a whole number above 0")


def assigned_once(case: _Case) -> Iterator[Violation]:
    times = Counter((a.unit, a.post) for a in case.assigned)
    for (unit, post), n in times.items():
        if n > 1:
            yield Violation("assigned_once", f"{unit} at {post}", "twice", "once")


def right_force(case: _Case) -> Iterator[Violation]:
    for a in case.assigned:
        force = case.units[a.unit].force
        if a.force is not force:
            yield Violation("right_force", _where(a), a.force, force)


def own_village(case: _Case) -> Iterator[Violation]:
    """A unit bound to a village stands in no other."""
    for a in case.assigned:
        bound, desa = case.units[a.unit].only_desa, case.posts[a.post].desa
        if bound and desa != bound:
            yield Violation("own_village", _where(a), desa, bound)


def neutrality(case: _Case) -> Iterator[Violation]:
    """No unit stands in an area where it declared a conflict of interest."""
    for a in case.assigned:
        for area in case.units[a.unit].not_at:
            if a.post == area or a.post.startswith((area + ".", area + "-")):
                yield Violation("neutrality", _where(a), a.post, f"not in {area}")


def no_base(case: _Case) -> Iterator[Violation]:
    """A unit without a base moves nowhere; bound to its village it need not."""
    for a in case.assigned:
        unit = case.units[a.unit]
        if unit.base is None and not unit.only_desa:
            yield Violation("no_base", _where(a), None, "a known base")


def travel(case: _Case) -> Iterator[Violation]:
    """The minutes of travel are those of the two positions, to a tenth; None when one is unknown."""
    for a in case.assigned:
        base, at = case.units[a.unit].base, case.posts[a.post].at
        minutes = round(travel_minutes(base, at), 1) if base and at else None
        if a.minutes != minutes:
            yield Violation("travel", _where(a), a.minutes, minutes)


def _where(a: Assignment) -> str:
    return f"{a.unit} at {a.post}"


# ---------------------------------------------------------------- heads


def strength_of_unit(case: _Case) -> Iterator[Violation]:
    """No unit sends out more heads than it has."""
    out: Counter[str] = Counter()
    for a in case.assigned:
        out[a.unit] += a.heads
    for kode, heads in sorted(out.items()):
        if heads > case.units[kode].strength:
            yield Violation("strength_of_unit", kode, heads, f"<= {case.units[kode].strength}")


def unmet_is_real(case: _Case) -> Iterator[Violation]:
    for u in case.plan.unmet:
        if u.missing < 1 or u.post not in case.posts:
            where = f"{u.post}, {u.force}"
            yield Violation("unmet_is_real", where, u.missing, "missing heads at a post of the demand")


def unmet_has_reason(case: _Case) -> Iterator[Violation]:
    for u in case.plan.unmet:
        if u.why not in UNMET_REASONS:
            yield Violation("unmet_has_reason", f"{u.post}, {u.force}", u.why, UNMET_REASONS)


def need_met_or_said(case: _Case) -> Iterator[Violation]:
    """At every post and of every force, heads there and heads missing make the need; none is padded."""
    there: Counter[tuple[str, Force]] = Counter()
    missing: Counter[tuple[str, Force]] = Counter()
    for a in case.assigned:
        there[a.post, a.force] += a.heads
    for u in case.plan.unmet:
        missing[u.post, u.force] += u.missing
    for kode, post in sorted(case.posts.items()):
        for force, need in post.need.items():
            here, said = there[kode, force], there[kode, force] + missing[kode, force]
            if here > need:
                yield Violation("never_padded", f"{kode}, {force}", here, f"<= {need}")
            if said != need:
                yield Violation("need_met_or_said", f"{kode}, {force}", said, need)


def sums(case: _Case) -> Iterator[Violation]:
    total = round(sum(a.heads * a.minutes for a in case.plan.assigned if a.minutes), 1)
    if case.plan.minutes_total != total:
        yield Violation("sums", "minutes_total", case.plan.minutes_total, "heads x minutes")


RULES: tuple[Callable[[_Case], Iterator[Violation]], ...] = (
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
    need_met_or_said,
    sums,
)

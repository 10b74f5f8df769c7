"""Re-checks a plan rule by rule in plain Python, without the solver and without its model (method 3.9).

Deliberately a second writing of every rule: it shares no code with ``rules.py``, so that one mistake cannot
hide in both. Run in tests, after every solve, and before a commander may approve.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kondusif.forces import Force, Unit
from kondusif.places import travel_minutes
from kondusif.plan.answer import WHY, Plan
from kondusif.plan.problem import Post, Violation

__all__ = ["Violation", "verify"]


def verify(plan: Plan, posts: Sequence[Post], units: Sequence[Unit]) -> tuple[Violation, ...]:
    """Every broken rule of a plan against the posts and units of today; empty when it keeps them all."""
    return tuple(_violations(plan, {p.kode: p for p in posts}, {u.kode: u for u in units}))


def _violations(plan: Plan, posts: dict[str, Post], units: dict[str, Unit]) -> Iterator[Violation]:
    for kode in sorted({p.kode for p in plan.posts} ^ set(posts)):
        yield Violation("same_posts", kode, "in one only", "in plan and demand")
    for p in plan.posts:
        if p.kode in posts and p != posts[p.kode]:
            yield Violation("same_posts", p.kode, p.need, posts[p.kode].need)
        if p.kode not in plan.starts:
            yield Violation("post_has_start", p.kode, None, "a moment")
    out: Counter[str] = Counter()
    at: Counter[tuple[str, Force]] = Counter()
    seen: set[tuple[str, str]] = set()
    for a in plan.assigned:
        where = f"{a.unit} at {a.post}"
        unit, post = units.get(a.unit), posts.get(a.post)
        if unit is None or post is None:
            yield Violation("known_unit_and_post", where, "unknown", "in forces and demand")
            continue
        if isinstance(a.heads, bool) or not isinstance(a.heads, int) or a.heads < 1:
            yield Violation("whole_heads", where, a.heads, "a whole number above 0")
            continue
        if (a.unit, a.post) in seen:
            yield Violation("assigned_once", where, "twice", "once")
        seen.add((a.unit, a.post))
        if a.force is not unit.force:
            yield Violation("right_force", where, a.force, unit.force)
        if unit.only_desa and post.desa != unit.only_desa:
            yield Violation("own_village", where, post.desa, unit.only_desa)
        for area in unit.not_at:
            if post.kode == area or post.kode.startswith((area + ".", area + "-")):
                yield Violation("neutrality", where, post.kode, f"not in {area}")
        if unit.base is None and not unit.only_desa:
            yield Violation("no_base", where, None, "a known base")
        if a.minutes != _minutes(unit, post):
            yield Violation("travel", where, a.minutes, _minutes(unit, post))
        out[a.unit] += a.heads
        at[a.post, a.force] += a.heads
    for kode, heads in sorted(out.items()):
        if heads > units[kode].strength:
            yield Violation("strength_of_unit", kode, heads, f"<= {units[kode].strength}")
    yield from _needs(plan, posts, at)


def _minutes(unit: Unit, post: Post) -> float | None:
    if unit.base and post.at:
        return round(travel_minutes(unit.base, post.at), 1)
    return None


def _needs(plan: Plan, posts: dict[str, Post], at: Counter[tuple[str, Force]]) -> Iterator[Violation]:
    missing: Counter[tuple[str, Force]] = Counter()
    for u in plan.unmet:
        where = f"{u.post}, {u.force}"
        if u.missing < 1 or u.post not in posts:
            yield Violation("unmet_is_real", where, u.missing, "missing heads at a post of the demand")
        if u.why not in WHY:
            yield Violation("unmet_has_reason", where, u.why, WHY)
        missing[u.post, u.force] += u.missing
    for kode, post in sorted(posts.items()):
        for force, need in post.need.items():
            there, said = at[kode, force], missing[kode, force]
            if there > need:
                yield Violation("never_padded", f"{kode}, {force}", there, f"<= {need}")
            if there + said != need:
                yield Violation("need_met_or_said", f"{kode}, {force}", there + said, need)
    if plan.minutes_total != round(sum(a.heads * a.minutes for a in plan.assigned if a.minutes), 1):
        yield Violation("sums", "minutes_total", plan.minutes_total, "heads x minutes")

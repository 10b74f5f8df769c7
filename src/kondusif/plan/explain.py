"""Why needs are unmet, and the smallest extra strength that cures them (method 3.10)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from kondusif.forces import Force
from kondusif.plan.answer import Plan, UnmetNeed
from kondusif.plan.goals import tier


@dataclass(frozen=True, slots=True)
class ExtraStrength:
    """``heads`` more of one force, free to stand at ``posts``, would leave none of its needs unmet."""

    force: Force
    heads: int
    posts: tuple[tuple[str, int], ...]
    desa: tuple[str, ...]


def smallest_extra(plan: Plan) -> tuple[ExtraStrength, ...]:
    """Per force, the fewest heads that cure every unmet need; empty when nothing is unmet.

    A plan leaves as few heads unmet as can be (method 3.8), so no smaller addition can do; and heads without
    bars placed where they are missing always do. For Linmas bound to a village, ``desa`` says which.
    """
    missing: defaultdict[Force, dict[str, int]] = defaultdict(dict)
    desa = {p.kode: p.desa for p in plan.posts}
    for u in plan.unmet:
        missing[u.force][u.post] = missing[u.force].get(u.post, 0) + u.missing
    return tuple(
        ExtraStrength(
            force,
            sum(posts.values()),
            tuple(sorted(posts.items())),
            tuple(sorted({d for p in posts if (d := desa[p])})),
        )
        for force, posts in sorted(missing.items())
    )


def unmet_first(plan: Plan) -> tuple[UnmetNeed, ...]:
    """The unmet needs, most pressing first: higher level, TPS before other posts."""
    by_kode = {p.kode: p for p in plan.posts}
    return tuple(sorted(plan.unmet, key=lambda u: (tier(by_kode[u.post]), u.post, u.force)))

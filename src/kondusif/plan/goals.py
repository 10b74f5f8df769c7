"""What a plan strives for, one function per term, in order (method 3.8).

First the needs, then attached units where they are meant for, then the road.
"""

from __future__ import annotations

from kondusif.forces import Unit
from kondusif.places import travel_minutes
from kondusif.plan.problem import JENIS, Post
from kondusif.plan.rules import Model


def minutes(unit: Unit, post: Post) -> float | None:
    """Estimated travel to a post, to a tenth of a minute; None when a position is unknown."""
    if unit.base is None or post.at is None:
        return None
    return round(travel_minutes(unit.base, post.at), 1)


def tier(post: Post) -> tuple[int, int]:
    """The order in which needs are met: higher level first, then TPS before the other posts."""
    return (-post.level, JENIS.index(post.jenis))


def unmet(model: Model) -> list[float]:
    """Weight per unknown: a missing head costs more the earlier its tier, always at least 1.

    Each force by itself is a transport problem, so the sets of heads that can be placed form a matroid:
    *any* weights that fall from tier to tier give the plan that fills the first tier as far as possible,
    then the second, and so on. Small whole weights are exact; no big-M is needed.
    """
    tiers = sorted({tier(post) for post in model.posts})
    weight = {t: float(len(tiers) - i) for i, t in enumerate(tiers)}
    return [0.0] * len(model.pairs) + [weight[tier(post)] for post, _ in model.needs]


def attached(model: Model) -> list[float]:
    """Heads of attached units (BKO) away from what they came for: the reserve, then the worst places.

    They are power on hand, placed near the gravest villages, and the first to leave (domain 2.3, RULES 12):
    0 in the reserve, 1 at level 3, 2 at level 2, 3 at level 1; units of the area cost nothing anywhere.
    """

    def cost(unit: Unit, post: Post) -> float:
        if not unit.bko or post.jenis == "cadangan":
            return 0.0
        return float(4 - post.level)

    return [cost(unit, post) for unit, post in model.pairs] + [0.0] * len(model.needs)


def travel(model: Model) -> list[float]:
    """Person-minutes per unknown. An unknown distance costs as much as the longest known one."""
    known = [minutes(unit, post) for unit, post in model.pairs]
    worst = max((m for m in known if m is not None), default=1.0)
    return [worst if m is None else m for m in known] + [0.0] * len(model.needs)

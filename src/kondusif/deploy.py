"""A plan becomes postings: who was ordered where, who stands there, who is home (RULES 12).

Counting back is the last gate: item 15, out = back for people and equipment, never waived (RULES 15). That
gate is ``withdraw.headcount_gate``; here are the states, their moves, and who may be recalled when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kondusif.errors import MoveRefused
from kondusif.forces import Force
from kondusif.plan.answer import Plan
from kondusif.standby import LADDER, Posture


class PostingState(StrEnum):
    ORDERED = "ordered"
    ON_POST = "on_post"
    RETURNING = "returning"
    HOME = "home"
    CANCELLED = "cancelled"


ORDERED, ON_POST, RETURNING, HOME, CANCELLED = PostingState

POSTING_MOVES: Mapping[PostingState, tuple[PostingState, ...]] = {
    ORDERED: (ON_POST, CANCELLED),
    ON_POST: (RETURNING,),
    RETURNING: (HOME, ON_POST),  # back on post: bad news re-opened the place while they were on the road
    HOME: (),
    CANCELLED: (),
}


@dataclass(frozen=True, slots=True)
class Posting:
    """Heads of one unit ordered to one post from ``start``. ``kode`` is unique within a plan."""

    unit: str
    post: str
    place: str
    desa: str | None
    force: Force
    heads: int
    start: datetime
    state: PostingState = ORDERED

    @property
    def kode(self) -> str:
        return f"{self.unit}@{self.post}"


def postings_of(plan: Plan) -> tuple[Posting, ...]:
    """One posting per assignment, in the plan's order, all ordered."""
    posts = {p.kode: p for p in plan.posts}
    return tuple(
        Posting(
            unit=a.unit,
            post=a.post,
            place=posts[a.post].nama,
            desa=posts[a.post].desa,
            force=a.force,
            heads=a.heads,
            start=plan.starts[a.post],
        )
        for a in plan.assigned
    )


def check_posting_move(a: PostingState | str, b: PostingState | str) -> None:
    """Raises :class:`MoveRefused` when the table has no such move."""
    if PostingState(b) not in POSTING_MOVES[PostingState(a)]:
        raise MoveRefused("posting_move_unknown", state=str(a), to=str(b))


DOWN = (*LADDER, Posture.CLOSED)
"""Postures of a village below full strength, in order; before them nobody leaves."""


def released_at(force: Force, jenis: str, *, bko: bool = False) -> Posture:
    """The first posture of its village at which a posting may be recalled (RULES 12, method 4.10).

    L1: BKO and TNI go to the reserve. L2: the own reserve is on call and a daily patrol stays, so stations
    and the village hall empty. L3: the patrol ends. L4: command and reserve, which serve all, leave last.
    """
    if jenis in ("posko", "cadangan"):
        return Posture.L4
    if jenis == "patroli":
        return Posture.L3
    return Posture.L1 if bko or force is Force.TNI else Posture.L2


def may_recall(force: Force, jenis: str, posture: str, *, bko: bool = False) -> bool:
    """Whether a posting may be ordered back while its village is in this posture. Unknown: no."""
    if posture not in DOWN:
        return False
    return DOWN.index(Posture(posture)) >= DOWN.index(released_at(force, jenis, bko=bko))

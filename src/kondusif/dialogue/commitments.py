"""Commitments: whose, by when, and how they stand (method 7.3, 7.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from kondusif.dialogue.questions import DialogueError, Topic
from kondusif.errors import MoveRefused
from kondusif.forces import Force
from kondusif.stages import LEVELS


class CommitmentStatus(StrEnum):
    """Where a commitment stands, as people recorded it."""

    OFFERED = "offered"  # said or asked for; nobody owns it yet
    OWNED = "owned"
    MOVED = "moved"  # owned, with a new due moment and a reason
    KEPT = "kept"
    BROKEN = "broken"


# A broken promise stays broken: what replaces it is a new commitment. What was kept may still be broken.
COMMITMENT_MOVES: Mapping[CommitmentStatus, tuple[CommitmentStatus, ...]] = MappingProxyType(
    {
        CommitmentStatus.OFFERED: (CommitmentStatus.OWNED,),
        CommitmentStatus.OWNED: (CommitmentStatus.MOVED, CommitmentStatus.KEPT, CommitmentStatus.BROKEN),
        CommitmentStatus.MOVED: (CommitmentStatus.MOVED, CommitmentStatus.KEPT, CommitmentStatus.BROKEN),
        CommitmentStatus.KEPT: (CommitmentStatus.BROKEN,),
        CommitmentStatus.BROKEN: (),
    }
)
OWNED_STATUSES = frozenset(
    {CommitmentStatus.OWNED, CommitmentStatus.MOVED, CommitmentStatus.KEPT}
)  # someone answers for it


def check_commitment_move(a: CommitmentStatus, b: CommitmentStatus) -> None:
    """Raises MoveRefused unless the table allows the move."""
    if b not in COMMITMENT_MOVES[a]:
        raise MoveRefused("commitment_move_unknown", src=a.value, dst=b.value)


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise. ``owner`` is a title or unit code, "" while nobody answers for it.

    ``levels`` () is every level, None where none was named: then it answers for none. ``gate`` names a gate
    of the ladder that guards it (RULES 12), "" where none does. ``desa``: villages it was made to, () all.
    """

    kode: str
    text: str
    owner: str = ""
    due: datetime | None = None
    status: CommitmentStatus = CommitmentStatus.OFFERED
    gate: str = ""
    levels: tuple[int, ...] | None = ()
    topic: Topic = Topic.OTHER
    desa: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.status in OWNED_STATUSES and not self.owner:
            raise DialogueError("owner_missing", commitment=self.kode)
        if self.due is not None and self.due.utcoffset() is None:
            raise DialogueError("no_zone", commitment=self.kode)
        if unknown := sorted(set(self.levels or ()) - set(LEVELS)):
            raise DialogueError("level_unknown", commitment=self.kode, found=tuple(unknown))

    def covers(self, level: int) -> bool:
        return self.levels is not None and (not self.levels or level in self.levels)

    def speaks_to(self, desa: Iterable[str]) -> bool:
        """Whether it was made to all of these villages: a promise answers no question of another meeting."""
        return not self.desa or set(desa) <= set(self.desa)


# Whose promise it is, read from the owner's title or unit code (method 7.3).
OWNERS: Mapping[Force, frozenset[str]] = MappingProxyType(
    {
        Force.POLRI: frozenset({"kapolres", "kapolsek", "polres", "polsek", "kabagops", "polri", "brimob"}),
        Force.TNI: frozenset({"danramil", "koramil", "dandim", "kodim", "babinsa", "tni"}),
        Force.LINMAS: frozenset({"linmas"}),
        Force.SATPOL: frozenset({"satpol"}),
    }
)


def force_of(owner: str) -> Force | None:
    """The force an owner speaks for; None when the title names none, or more than one.

    >>> force_of("Danramil Pasrepan"), force_of("polsek-pasrepan"), force_of("Camat")
    (<Force.TNI: 'tni'>, <Force.POLRI: 'polri'>, None)
    """
    words = set(re.split(r"[^a-z]+", owner.casefold()))
    named = [force for force, titles in OWNERS.items() if titles & words]
    return named[0] if len(named) == 1 else None


class CommitmentState(StrEnum):
    """What a reader is told about a commitment now."""

    OWNERLESS = "ownerless"
    RUNNING = "running"
    OVERDUE = "overdue"
    KEPT = "kept"
    BROKEN = "broken"


def commitment_state(
    commitment: Commitment, *, now: datetime, gate_opened_at: datetime | None = None
) -> CommitmentState:
    """CommitmentStatus and clock together (method 7.4).

    A commitment bound to a gate is kept from the moment its gate opened everywhere (``gate_opened_at``,
    None while it has not), without anyone ticking it off. Overdue is computed, never stored. A promise that
    nobody owns is ownerless even when its moment has passed: nobody can be late with it.
    """
    if commitment.status is CommitmentStatus.BROKEN:
        return CommitmentState.BROKEN
    if commitment.status is CommitmentStatus.KEPT:
        return CommitmentState.KEPT
    if not commitment.owner:
        return CommitmentState.OWNERLESS
    if commitment.gate and gate_opened_at is not None and gate_opened_at <= now:
        return CommitmentState.KEPT
    if commitment.due is not None and commitment.due < now:
        return CommitmentState.OVERDUE
    return CommitmentState.RUNNING

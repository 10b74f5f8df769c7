"""What is known of a village from the last vote, for the items that ask about it: offered, never taken by
itself.

An office that secured the last vote knows of the incidents on record and whether the result was disputed. It
knows no votes (B04, C05) and nobody's death (D01_fatal): those are asked as before. Method 9.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

ASKS: Mapping[str, int] = MappingProxyType({"D01": 2, "D02": 1})  # item: over how many votes it asks
ATTACKS = ("violence", "damage")  # kinds of incidents that D01 counts


@dataclass(frozen=True, slots=True)
class Vote:
    """A finished operation as it knows one village.

    ``operation``: what it is called to whom the value is offered, its code or the day of its vote;
    ``attacks``: incidents of :data:`ATTACKS` on record; ``heard``: whether a post there reported after the
    poll had closed; ``dispute``: how the objection to the result stood at the end.
    """

    operation: str
    attacks: int
    heard: bool
    dispute: Literal["open", "settled", "none", "unknown"]


@dataclass(frozen=True, slots=True)
class Known:
    """A value for an item, in its unit, and the names of the operations that it is known from."""

    value: float
    operations: tuple[str, ...]


def known(votes: Sequence[Vote]) -> dict[str, Known]:
    """Values by item from ``votes``, the newest first; no value where the office does not know.

    Silence is not calm: D01 is 0 only where every vote it asks about was heard of. A dispute is one case at
    least, however many there were.

    >>> known([Vote("pilkades-2021", 2, True, "none")])["D01"].value
    2.0
    >>> known([Vote("pilkades-2021", 0, False, "unknown")])
    {}
    """
    out: dict[str, Known] = {}
    asked = tuple(votes[: ASKS["D01"]])
    attacks = sum(vote.attacks for vote in asked)
    if attacks or (len(asked) == ASKS["D01"] and all(vote.heard for vote in asked)):
        out["D01"] = Known(float(attacks), tuple(vote.operation for vote in asked))
    for vote in votes[: ASKS["D02"]]:
        if vote.dispute != "unknown":
            out["D02"] = Known(float(vote.dispute != "none"), (vote.operation,))
    return out

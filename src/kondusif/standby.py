"""Postures of a village, the moves between them, and the gates each move must pass.

Everything here is a table, ``moves.csv`` above all: one row per move with its gates and the level that it is
for. It decides, it draws ``docs/reference/states.md`` and it is tested pair by pair.
What a gate looks at is in ``withdraw``. Method: docs/method/5-standby.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from enum import StrEnum
from types import MappingProxyType

from kondusif.errors import MoveRefused
from kondusif.tables import markdown, packaged, rows

FILE = "moves.csv"


class Posture(StrEnum):
    """How security stands at a village (RULES 12). Stand-by is L0 of the drawdown ladder."""

    PREPARATION = "preparation"
    MOVED_IN = "moved_in"
    VOTING = "voting"
    COUNTING = "counting"
    BOX_ESCORT = "box_escort"
    STANDBY = "standby"
    L1 = "l1"
    L2 = "l2"
    L3 = "l3"
    L4 = "l4"
    CLOSED = "closed"


P = Posture

LADDER = (P.L1, P.L2, P.L3, P.L4)  # stepped down, not yet closed: bad news re-opens these (RULES 14)

# Moves by pair, in order; one that passes no gate is ordered (to the vote) or re-opens (RULES 12, 14).
_MOVES = {
    (Posture(row["from"]), Posture(row["to"])): row
    for row in rows(FILE, packaged("kondusif", FILE), ("move", "from", "to", "level", "gates"))
}
POSTURE_MOVES: Mapping[Posture, tuple[Posture, ...]] = MappingProxyType(
    {at: tuple(to for since, to in _MOVES if since is at) for at in Posture}
)
GATES: Mapping[tuple[Posture, Posture], tuple[str, ...]] = MappingProxyType(
    {move: tuple(row["gates"].split()) for move, row in _MOVES.items() if row["gates"]}
)
ONLY_AT_LEVEL: Mapping[tuple[Posture, Posture], int] = MappingProxyType(
    {move: row.whole("level") for move, row in _MOVES.items() if row["level"]}
)
POSTING_GATES: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType({("returning", "home"): ("15",)})

QUIET_HOURS: Mapping[int, int] = MappingProxyType({1: 6, 2: 12, 3: 24})  # RULES 13 [P], hours
NIGHT = (time(18), time(6))  # RULES 13, local time
NIGHT_LEVEL = 3
AGREEMENT_HOURS = 24  # RULES 13 [P], item 13

# RULES 16: roles that may approve a withdrawal of a village of this level.
APPROVERS: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {1: ("kapolsek", "kapolres"), 2: ("kapolres",), 3: ("kapolres",)}
)


def approvers(level: int | None) -> tuple[str, ...]:
    """Who may approve at this level; an unknown level counts as the highest (method 5.4)."""
    return APPROVERS[max(APPROVERS) if level is None else level]


def move_code(a: Posture, b: Posture) -> str:
    """The name of a move in waivers and in the book.

    >>> move_code(Posture.STANDBY, Posture.L1)
    'standby-l1'
    """
    return f"{a.value}-{b.value}"


def moves_from(posture: Posture, level: int | None) -> tuple[Posture, ...]:
    """Where a village of this level may move, gates or not.

    >>> moves_from(Posture.STANDBY, 2)
    (<Posture.L1: 'l1'>,)
    """
    return tuple(to for to in POSTURE_MOVES[posture] if ONLY_AT_LEVEL.get((posture, to), level) == level)


def check_move(a: Posture, b: Posture, level: int | None = None) -> None:
    """Raises :class:`MoveRefused` when the table has no such move for a village of this level."""
    if b not in moves_from(a, level):
        raise MoveRefused("move_unknown", state=a.value, to=b.value, level=level)


def is_gated(a: Posture, b: Posture) -> bool:
    """Whether the move passes gates, and so needs a request and two people."""
    return (a, b) in GATES


def steps_down(posture: Posture, level: int | None) -> tuple[Posture, ...]:
    """Every gated step that a village of this level could take from here, the next one first.

    >>> steps_down(Posture.STANDBY, 3), steps_down(Posture.VOTING, 3)
    ((<Posture.L1: 'l1'>,), ())
    """
    return tuple(to for to in moves_from(posture, level) if is_gated(posture, to))


def states_markdown() -> str:
    """The generated page of postures: a diagram and the table of moves with their gates."""
    moves = [(a, b) for a, targets in POSTURE_MOVES.items() for b in targets]
    diagram = [f"    {a.value} --> {b.value}{_note(a, b)}" for a, b in moves]
    gated = [(f"{a} to {b}{_only(a, b)}", ", ".join(names)) for (a, b), names in GATES.items()]
    posted = [(f"posting: {a} to {b}", ", ".join(names)) for (a, b), names in POSTING_GATES.items()]
    levels = [(n, QUIET_HOURS[n], ", ".join(APPROVERS[n])) for n in sorted(APPROVERS)]
    parts = [
        "# Postures and moves\n",
        "Written by code from `src/kondusif/standby.py`; do not edit.\n",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {P.PREPARATION.value}",
        *diagram,
        f"    {P.CLOSED.value} --> [*]",
        "```\n",
        markdown(("Move", "Gates"), [*gated, *posted]),
        markdown(("Level", "Quiet hours", "Approved by"), levels),
    ]
    return "\n".join(parts)


def _only(a: Posture, b: Posture) -> str:
    return f" (level {ONLY_AT_LEVEL[a, b]} only)" if (a, b) in ONLY_AT_LEVEL else ""


def _note(a: Posture, b: Posture) -> str:
    """What stands beside an arrow of the diagram."""
    if a in LADDER and b is P.STANDBY:
        return " : re-opens"
    return f" : {len(GATES[a, b])} gates{_only(a, b)}" if (a, b) in GATES else ""

"""The life of an operation: prepared, running, closed, archived; what each move asks for.

A closed operation feeds calibration and the values of "the last election"; an archived one is read only and
still verifiable (RULES 36).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kondusif.errors import MoveRefused
from kondusif.standby import Posture
from kondusif.words import N_

CODE_EXPECTED = N_("huruf kecil, angka, dan tanda hubung, 2 sampai 60, bukan kantor: pilkades-2026")
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,59}", re.ASCII)
_RESERVED = frozenset({"kantor"})  # what the chain of the office itself is called


def is_code(text: str) -> bool:
    """Whether an operation may be called so: in addresses, files and the book, small letters only.

    >>> is_code("pilkades-2026"), is_code("Pilkades-2026"), is_code("x"), is_code("kantor")
    (True, False, False, False)
    """
    return bool(_CODE.fullmatch(text)) and text not in _RESERVED


class Phase(StrEnum):
    """How far an operation has come."""

    PREPARING = "preparing"
    RUNNING = "running"
    CLOSED = "closed"
    ARCHIVED = "archived"


PHASE_MOVES: Mapping[Phase, tuple[Phase, ...]] = MappingProxyType(
    {
        Phase.PREPARING: (Phase.RUNNING,),
        Phase.RUNNING: (Phase.CLOSED,),
        Phase.CLOSED: (Phase.RUNNING, Phase.ARCHIVED),  # opened again while it is not archived
        Phase.ARCHIVED: (),
    }
)


def check_move(now: Phase, to: Phase, *, postures: Mapping[str, Posture]) -> None:
    """Raises MoveRefused unless the move stands in MOVES and its condition holds.

    ``postures``: of every voting village, by code. To run, there must be one; to close, each is closed.
    """
    if to not in PHASE_MOVES[now]:
        raise MoveRefused("operation_move_unknown", state=now.value, to=to.value)
    if to is Phase.RUNNING and not postures:
        raise MoveRefused("operation_without_villages")
    open_ = sorted(kode for kode, at in postures.items() if at is not Posture.CLOSED)
    if to is Phase.CLOSED and open_:
        raise MoveRefused("operation_villages_open", desa=open_)

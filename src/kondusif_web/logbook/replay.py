"""The moves the book tells, walked again through the core's own tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kondusif.logbook import Entry


@dataclass(frozen=True, slots=True)
class Machine:
    """One state machine in the book: the kind that tells a move, and where it must have begun."""

    kind: str
    moves: Mapping[str, frozenset[str]]
    subject: str  # "subject" or "kode_desa": whose state it is


def machines() -> tuple[Machine, ...]:
    """Postures of a village and states of a posting, as the core has them."""
    out = []
    try:
        from kondusif.standby import MOVES
    except ImportError:
        pass
    else:
        out.append(Machine("posture_moved", _plain(MOVES), "kode_desa"))
    return tuple(out)


def _plain(moves: Mapping[object, Iterable[object]]) -> dict[str, frozenset[str]]:
    return {str(a): frozenset(map(str, bs)) for a, bs in moves.items()}


def replay(entries: Iterable[Entry]) -> Iterator[str]:
    """A sentence for every move outside its table or not beginning where the last one ended."""
    by_kind = {machine.kind: machine for machine in machines()}
    at: dict[tuple[str, str, str], str] = {}
    for entry in entries:
        machine = by_kind.get(entry.kind)
        if machine is None:
            continue
        key = (entry.kind, entry.operation, getattr(entry, machine.subject))
        start, end = str(entry.payload.get("from", "")), str(entry.payload.get("to", ""))
        if key in at and at[key] != start:
            yield f"nomor {entry.seq}: {key[2]} bergerak dari {start}, padahal terakhir {at[key]}"
        if end not in machine.moves.get(start, frozenset()):
            yield f"nomor {entry.seq}: {key[2]} {start} ke {end} tidak ada dalam tabel gerak"
        at[key] = end

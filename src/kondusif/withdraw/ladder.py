"""The gates of a move together: all, the shut ones, the waived ones, the earliest time, re-opening."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Literal

from kondusif.errors import MoveRefused
from kondusif.standby import GATES, LADDER, POSTING_GATES, Posture, check_move, move_code
from kondusif.tables import markdown
from kondusif.withdraw import clocks
from kondusif.withdraw.checklist import agreement, checklist
from kondusif.withdraw.facts import (
    OPEN,
    SHUT,
    WAIVED,
    Check,
    GateState,
    IncidentFact,
    PostingCount,
    Reason,
    Situation,
    Waiver,
)
from kondusif.withdraw.items import ITEMS, UNREST, WAIVABLE
from kondusif.withdraw.silence import reports_markdown, silent_posts

DENIALS = frozenset({Reason.NO, Reason.INCIDENT_OPEN, Reason.COUNT_DIFFERS})  # known to be bad
UNHEARD = frozenset({Reason.NO_REPORT, Reason.SILENT})  # of the quiet hours, by the village as a whole

# What a gate looks at. Its moves are in ``standby.GATES``, its words in the table ``gates`` of ``words``; the
# first line of a rule is its line in docs/reference/gates.md. A clock opens the gates of CLOCKS by itself.
CLOCKS: Mapping[str, Callable[[Situation, datetime], GateState]] = MappingProxyType(
    {
        "quiet": clocks.quiet,
        "night": clocks.night,
        "objection_window": clocks.objection_window,
        "dispute": clocks.dispute,
        "inauguration": clocks.inauguration,
    }
)
GATE_RULES: Mapping[str, Callable[[Situation, datetime], GateState]] = MappingProxyType(
    {
        **{str(n): checklist(item) for n, item in ITEMS.items() if n != 13},
        "13": agreement,
        **CLOCKS,
        "home": clocks.home,
    }
)
POSTING_RULES: Mapping[str, Callable[[PostingCount], GateState]] = MappingProxyType(
    {"15": clocks.headcount_gate}
)


def gates(s: Situation, to: Posture, now: datetime) -> tuple[GateState, ...]:
    """Every gate of the move in order, open, shut or waived (RULES 12). Refuses a move not in the table."""
    if now.utcoffset() is None:
        raise ValueError("now has no time zone")
    to = Posture(to)
    check_move(s.posture, to, s.level)
    names = GATES.get((s.posture, to), ())
    waive = partial(_waived, s, move_code(s.posture, to), now)
    return tuple(waive(GATE_RULES[name](s, now)) for name in names)


def _waived(s: Situation, move: str, now: datetime, state: GateState) -> GateState:
    """The gate as waived when a valid waiver names this move and every fact that shuts it (method 6.14)."""
    if not may_waive(state):
        return state
    w = next((w for w in s.waivers if covers(w, s, move, now, state)), None)
    return state if w is None else replace(state, state=WAIVED, waivable=False, waiver=w.id)


def covers(w: Waiver, s: Situation, move: str, now: datetime, state: GateState) -> bool:
    """Whether this waiver lets this gate pass. Re-opening, a newer bad fact or another move ends it."""
    return (
        w.valid
        and (w.desa, w.move, w.gate) == (s.desa, move, state.gate)
        and set(state.fact_ids) <= w.facts
        and s.standby_since is not None
        and s.standby_since <= w.at <= now
    )


def may_waive(state: GateState) -> bool:
    """Only a shut gate of the list, shut by facts that are known to be bad (RULES 15)."""
    return state.state is SHUT and state.waivable and state.gate in WAIVABLE and bool(state.fact_ids)


def blockers(s: Situation, to: Posture, now: datetime) -> tuple[GateState, ...]:
    """Every gate that is shut and not waived."""
    return tuple(g for g in gates(s, to, now) if g.shut)


def check_withdrawal(s: Situation, to: Posture, now: datetime) -> None:
    """Raises :class:`MoveRefused` carrying every shut gate, never only the first."""
    if shut := blockers(s, to, now):
        raise MoveRefused("gates_shut", shut, desa=s.desa, state=s.posture.value, to=Posture(to).value)


def check_home(posting: PostingCount) -> None:
    """Raises :class:`MoveRefused` unless people and equipment came back as they went out (item 15)."""
    if (state := clocks.headcount_gate(posting)).shut:
        raise MoveRefused("posting_gates_shut", (state,), posting=posting.posting)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What must happen before the clock of a move can start (RULES 13).

    ``kind``: ``news``, bad news goes on; ``silent``, a post or village owes its word; ``denied``, a gate of
    this move is known to be bad and not waived. ``about``: ids of the news, codes of the places, gates.
    """

    kind: Literal["news", "silent", "denied"]
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EarliestMove:
    """The earliest time of a move if everything stays calm.

    ``at`` is None while it is not calm: ``before`` then says what must happen before a clock can start; and
    where no clock can tell (no stand-by yet, inauguration unknown). ``conditions`` are gates that no clock
    opens and that must open by then; ``renew`` are gates open now that will have expired.
    From ``night_from`` until ``night_until`` the night guard holds it, if it has not happened before.
    """

    at: datetime | None
    conditions: tuple[str, ...] = ()
    renew: tuple[str, ...] = ()
    night_from: datetime | None = None
    night_until: datetime | None = None
    before: tuple[Hindrance, ...] = ()


def earliest(s: Situation, to: Posture, now: datetime) -> EarliestMove:
    """When the move could come at the earliest, and what must happen before (method 6.15).

    While bad news is open, a post is silent, or a gate of this move is denied and not waived, there is no
    time (RULES 13). Calm means: reports go on and nothing bad is added. A waiver never moves this time.
    """
    judged = gates(s, to, now)
    shut = [g for g in judged if g.shut]
    conditions = tuple(g.gate for g in shut if g.gate not in CLOCKS or g.opens_at is None)
    if before := hindrances(s, shut, now):
        return EarliestMove(None, conditions, before=before)
    clocks_open = [g.opens_at for g in shut if g.gate in CLOCKS]
    if None in clocks_open:
        return EarliestMove(None, conditions)
    at = max((opens for opens in clocks_open if opens), default=now)
    guarded = any(g.gate == "night" and g.facts.get("guarded") for g in judged)
    if guarded and clocks.is_night(at, s.tz):
        at = clocks.next_time(at, s.tz, dawn=True)
    heard = tuple(replace(post, last_at=at) for post in s.watched)
    then = gates(replace(s, last_report_at=at if s.last_report_at else None, watched=heard), to, at)
    renew = tuple(
        g.gate for g in then if g.shut and g.gate not in CLOCKS and g.gate not in {x.gate for x in shut}
    )
    dusk = clocks.next_time(at, s.tz, dawn=False) if guarded else None
    return EarliestMove(
        at, conditions, renew, dusk, clocks.next_time(dusk, s.tz, dawn=True) if dusk else None
    )


def hindrances(s: Situation, shut: Iterable[GateState], now: datetime) -> tuple[Hindrance, ...]:
    """Why no clock of the move runs: bad news, silence, gates that are denied; none while it is calm."""
    shut = tuple(shut)
    news = sorted(spell.id for spell in clocks.unrest_spells(s, now) if spell.ended_at is None)
    silent = [post.place for post in silent_posts(s.posture, s.watched, now, s.tz)]
    if not silent and any(g.reason in UNHEARD for g in shut):
        silent = [s.desa]
    denied = [g.gate for g in shut if g.gate not in CLOCKS and _denied(g)]
    found: tuple[Hindrance, ...] = (
        Hindrance("news", tuple(news)),
        Hindrance("silent", tuple(silent)),
        Hindrance("denied", tuple(denied)),
    )
    return tuple(h for h in found if h.about)


def _denied(g: GateState) -> bool:
    """Whether a place or a party of the gate is known to be bad; what nobody has said is no denial."""
    places = g.facts.get("places")
    states = set(places.values()) if isinstance(places, Mapping) else set()
    return g.reason in DENIALS or bool(states & {reason.value for reason in DENIALS})


def reopens(posture: Posture, fact: Check | IncidentFact) -> bool:
    """Whether a new fact moves a village at L1-L4 back to stand-by (RULES 14, method 6.16).

    Also when it arrives late and is already over: the quiet hours that opened the gate did not know it.
    """
    if posture not in LADDER:
        return False
    if isinstance(fact, IncidentFact):
        return fact.bad
    return fact.item in UNREST and fact.value == "no"


def gates_markdown() -> str:
    """The generated page of gates: what each looks at, on which moves, and what opens it."""
    lines = ["# Gates", "", "Written by code from `src/kondusif/withdraw/`; do not edit.", ""]
    lines += ["```mermaid", "flowchart LR"]
    for (a, b), names in GATES.items():
        lines.append(f'    {a.value} -->|"{", ".join(names)}"| {b.value}')
    rules: Mapping[str, Callable[..., GateState]] = {**GATE_RULES, **POSTING_RULES}
    table = markdown(
        ("Gate", "Opens when", "Moves", "Notes", "Waivable"), [_row(gate, rules[gate]) for gate in rules]
    )
    lines += ["```", "", table, "Reasons: " + ", ".join(f"`{r.value}`" for r in Reason) + ".", ""]
    lines += [f"States: {', '.join(f'`{x.value}`' for x in (OPEN, SHUT, WAIVED))}.", ""]
    lines += ["## Reports due", "", reports_markdown().rstrip()]
    return "\n".join(lines) + "\n"


def _row(gate: str, rule: Callable[..., GateState]) -> tuple[str, ...]:
    moves = [f"{a.value} to {b.value}" for (a, b), names in GATES.items() if gate in names]
    moves += [f"posting {a} to {b}" for (a, b), names in POSTING_GATES.items() if gate in names]
    waivable = "yes, a known bad fact only" if gate in WAIVABLE else "never"
    text = (rule.__doc__ or "").partition("\n")[0].rstrip(".")
    return gate, text, "; ".join(moves), _notes(gate), waivable


def _notes(gate: str) -> str:
    item = ITEMS.get(int(gate)) if gate.isdigit() else None
    if item is None:
        return "opens by itself" if gate in CLOCKS else ""
    notes = {
        "second observer": item.starred and item.number != 13,
        "number of the minutes": item.minutes,
        "not applicable counts": item.na,
        "counts for the quiet hours": item.ages,
    }
    return "; ".join(text for text, on in notes.items() if on)

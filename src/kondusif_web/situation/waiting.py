"""What waits without anybody having asked: whose word is missing, what a decision left open.

Each function finds cards for one reader; ``cards`` ranks them with the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from kondusif.standby import Posture
from kondusif.withdraw import ITEMS, PARTIES, GateState, Reason
from kondusif_web.accounts.roles import may
from kondusif_web.election.models import Desa, Operation
from kondusif_web.logbook.queries import filtered
from kondusif_web.planning import queries as planning
from kondusif_web.posts import queries as posts
from kondusif_web.reports.observations import may_state
from kondusif_web.situation.card import Card, Reader
from kondusif_web.situation.wording import listed
from kondusif_web.withdrawal.queries import villages_at
from kondusif_web.words import speech

OVER = (Posture.L4, Posture.CLOSED)  # nobody is to be placed in such a village any more
UNSAID = (Reason.UNKNOWN, Reason.MINUTES_MISSING, Reason.EXPIRED, Reason.SECOND_MISSING)


def own_turns(finder: Reader) -> Iterator[Card]:
    """One for each village whose next step waits for the word of this person's own party (item 13)."""
    party = finder.user.role
    for v in finder.rows if party in PARTIES else ():
        found = [g for g in v.tutup if g.gate == "13" and _owes(g, party)]
        if found and may_state(finder.user, 13, v.desa.kode, party):
            said = {"v": v, "gerbang": speech().gate_name("13"), "sauh": f"#fakta-13-{party}"}
            yield finder.card("giliran", v.desa.kode, sejak=v.since, giliran=True, **said)


def _owes(gate: GateState, place: str) -> bool:
    """Whether this party (or place) of a shut gate has not said yes."""
    places = gate.facts.get("places")
    return isinstance(places, Mapping) and places.get(place, "met") != "met"


def committee_facts(operation: Operation, rows: Sequence[Desa], now: datetime) -> list[tuple[Desa, int]]:
    """Villages whose next step lacks facts that only the committee states (RULES 17), and how many."""
    out = []
    for village, desa in zip(villages_at(operation, rows, now), rows, strict=True):
        step = village.step()
        shut = [g for g in step.shut if g.gate.isdigit() and ITEMS[int(g.gate)].minutes] if step else []
        unsaid = sum(g.reason in UNSAID for g in shut)
        if unsaid:
            out.append((desa, unsaid))
    return out


def shortfall(finder: Reader) -> Iterator[Card]:
    """The approved plan leaves posts without people: somebody decides to bring more, or to bear it."""
    if not may(finder.user, "see_plan") or _over(finder):
        return
    row = finder.approved
    missing, needed = planning.shortfall(row) if row else (0, 0)
    if row and missing:
        mine = may(finder.user, "approve_plan")
        said = {"kurang": missing, "butuh": needed, "row": row}
        yield finder.card("kurang", sejak=row.approved_at, giliran=mine, **said)


def outdated_plan(finder: Reader) -> Iterator[Card]:
    """Villages that the approved plan does not hold, or whose class is another than it was made from."""
    if not may(finder.user, "see_plan") or _over(finder):
        return
    row = finder.approved
    if row is None:
        return
    made_from = row.body["levels"]
    now = {v.desa.kode: v for v in finder.rows if v.desa.memilih and v.level is not None}
    changed = [v.desa.nama for kode, v in now.items() if made_from.get(kode) != v.level]
    if changed:
        mine = may(finder.user, "make_plan")
        yield finder.card("rencana_lama", row=row, desa=listed(changed), n=len(changed), giliran=mine)


def _over(finder: Reader) -> bool:
    """Whether security has ended in every village that votes: then no plan is completed any more."""
    voting = [v for v in finder.rows if v.desa.memilih]
    return bool(voting) and all(v.posture in OVER for v in voting)


def unpublished(finder: Reader) -> Iterator[Card]:
    """The public page was never published: residents read nothing."""
    if not (may(finder.user, "publish_public") or may(finder.user, "make_plan")):
        return
    if not filtered(finder.operation.kode, kind="public_published").exists():
        mine = may(finder.user, "publish_public")
        yield finder.card("terbit" if mine else "terbit_lain", giliran=mine)


def unmustered(finder: Reader) -> Iterator[Card]:
    """Postings that should have begun, and nobody has counted them on post."""
    if not may(finder.user, "muster") or not may(finder.user, "see_plan"):
        return
    late = posts.late_to_muster(finder.operation, finder.user, finder.now)
    if late.postings:
        said = {"pos": late.postings, "orang": late.heads}
        yield finder.card("apel", sejak=late.since, giliran=True, **said)

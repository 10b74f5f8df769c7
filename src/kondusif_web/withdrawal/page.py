"""The withdrawal page of one village: what this person sees and may do there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from kondusif.deploy import may_recall
from kondusif.forces import Force
from kondusif.operation import GatedStep, VillageAt
from kondusif.standby import LADDER, POSTURE_MOVES, Posture, approvers, is_gated
from kondusif.withdraw import ITEMS, PARTIES, GateState, may_waive
from kondusif.withdraw.statements import AGREEMENT_ITEM
from kondusif_web.accounts.roles import NAMES, Role, may, may_at
from kondusif_web.classes import queries as classes
from kondusif_web.election.models import Desa, Membership
from kondusif_web.logbook.queries import filtered
from kondusif_web.pages import Context
from kondusif_web.pages.wording import GATE_NAMES
from kondusif_web.posts.models import PostingRow
from kondusif_web.posts.wording import FORCES
from kondusif_web.reports.models import GateCheck
from kondusif_web.reports.observations import may_state
from kondusif_web.reports.queries import checks_of
from kondusif_web.withdrawal import queries, wording
from kondusif_web.withdrawal.actions import approve_permission
from kondusif_web.withdrawal.models import WaiverRow, WithdrawalRequest
from kondusif_web.withdrawal.residents import camat_may_speak
from kondusif_web.words import speech


def build(desa: Desa, user: Membership, now: datetime, to: str = "") -> Context:
    """Context of ``withdrawal/penarikan.html``: the gates for who sees them, else the person's own facts.

    ``to``: the step looked at, where there are several. The caller has checked that they may see anything.
    """
    full = may_at(user, "see_gates", desa.kode)
    forms = _fact_forms(desa, user)
    orders = may_at(user, "move_posture", desa.kode)
    p = {
        "now": now,
        "full": full,
        "forms": forms,
        "may_dispute": orders or may_at(user, "gate_fact_committee", desa.kode),
    }
    page = {"p": p, "desa": desa, "tps": desa.tps.all(), "gate_names": GATE_NAMES}
    page |= {"disputes": wording.DISPUTE_CHOICES, "values": wording.VALUES, "parties": wording.PARTIES}
    if not full:
        return page | {"facts": _placed(_own_facts(desa, user, forms))}
    request = queries.waiting_request(desa.operation, desa.kode)
    village = queries.village_at(desa, now)
    step = village.step(to or (request.state_to if request else ""))
    waivers = queries.waivers_of(desa.operation, desa.kode)
    p |= _decision(user, village, step, request)
    p["own_level"] = classes.levels(desa.operation, now).get(desa.kode)
    p["follows"] = speech().gate_level(village.governs, p["own_level"], desa.operation.labels)
    p |= {
        "waivers": [_waiver(row, user, step) for row in waivers],
        "requests": queries.requests_of(desa.operation, desa.kode)[:8],
        "may_code": may_at(user, "gate_fact", desa.kode),
        "forces": _forces(desa, step) if may(user, "see_plan") else [],
        "order": _order(village.posture) if orders else "",
        "reopened": _reopened(desa, village),
        "steps": [posture.value for posture in village.steps],
    }
    if step is not None:
        page |= {
            "l": step,
            "e": step.earliest,
            "conditions": speech().gate_list(step.earliest.conditions),
            "renew": speech().gate_list(step.earliest.renew),
            "tombol_gerbang": _buttons(step, forms, waivers if p["may_waive"] else None),
        }
    return page | {
        "v": village,
        "facts": _placed(checks_of(desa.operation, desa.kode)[:30]),
        "codes": [(c, wording.RESIDENT[c.state]) for c in queries.codes_of(desa.operation, desa.kode)[:6]],
        "dispute": wording.DISPUTES[village.situation.dispute],
        "history": [
            (entry, wording.book_line(entry.kind, entry.payload))
            for entry in queries.history(desa.operation, desa.kode)
        ],
        "book": wording.BOOK,
        "members": {m.username: m for m in desa.operation.members.select_related("user")},
        "outcomes": wording.OUTCOMES,
    }


def _decision(
    user: Membership, village: VillageAt, step: GatedStep | None, request: WithdrawalRequest | None
) -> Context:
    """The request that waits, and who may ask, approve, refuse or let a gate pass."""
    kode, shut = village.desa.kode, step.shut if step else ()
    locked = _locked(user, village, shut, request)
    decides = may_at(user, approve_permission(village.gate_level), kode)
    return {
        "request": request,
        "may_request": not request and step is not None and may_at(user, "request_withdrawal", kode),
        "may_approve": not locked,
        "may_refuse": request is not None and (request.requested_by_id == user.pk or decides),
        "locked_because": locked,
        "approver": str(NAMES[approvers(village.gate_level)[0]]),
        "waivable": [{"gate": g.gate, "title": str(GATE_NAMES[g.gate])} for g in shut if may_waive(g)],
        "may_waive": may_at(user, "request_waiver", kode),
    }


def _own_facts(desa: Desa, user: Membership, forms: Iterable[Context]) -> list[GateCheck]:
    """Without a view of the gates: the committee reads the statements, an officer their own answers."""
    items = {f["item"].number for f in forms}
    if user.role != Role.PANITIA:
        checks = checks_of(desa.operation, desa.kode, items)
        return [c for c in checks if c.observer_id == user.pk][:30]
    stated = [n for n in items if ITEMS[n].minutes]
    return list(checks_of(desa.operation, desa.kode, stated)[:30])


def _placed(checks: Iterable[GateCheck]) -> list[tuple[GateCheck, str]]:
    """Each with its place in words."""
    return [(check, speech().place(check.place)) for check in checks]


def _fact_forms(desa: Desa, user: Membership) -> list[Context]:
    """The items, and parties of the agreement, that this person may answer in this village.

    One form for each, with a fresh id for each drawing of it.
    """
    asked = [(n, party) for n in ITEMS for party in (PARTIES if n == AGREEMENT_ITEM else ("",))]
    out: list[Context] = []
    for n, party in asked:
        if not may_state(user, n, desa.kode, party) or (party == "warga" and not camat_may_speak(desa)):
            continue
        anchor = f"fakta-{n}-{party}".rstrip("-")
        out.append(
            {"item": ITEMS[n], "title": GATE_NAMES[str(n)], "party": party, "uuid": uuid4(), "anchor": anchor}
        )
    return out


def _locked(
    user: Membership, village: VillageAt, shut: Sequence[GateState], request: WithdrawalRequest | None
) -> str:
    """Why this person cannot approve now; empty when they can. The action decides the same again."""
    if request is None:
        return _("Terkunci: belum ada permintaan")
    if shut:
        return _("Terkunci: %(n)d gerbang tertutup") % {"n": len(shut)}
    if request.requested_by_id == user.pk:
        return _("Terkunci: pemohon tidak dapat menyetujui permintaannya sendiri")
    if not may_at(user, approve_permission(village.gate_level), village.desa.kode):
        return _("Terkunci: diputuskan %s") % NAMES[approvers(village.gate_level)[0]]
    return ""


def _waiver(row: WaiverRow, user: Membership, step: GatedStep | None) -> Context:
    """A waiver: what is missing, what this person may add, whether it lets its gate pass now."""
    free = user.pk not in {row.requested_by_id, row.second_by_id, row.approved_by_id}
    in_force = {g.waiver for g in step.gates if g.gate == row.gate} if step else set()
    return {
        "row": row,
        "may_second": free and row.second_by_id is None and may_at(user, "second_waiver", row.desa),
        "may_approve": free and row.approved_by_id is None and may_at(user, "approve_waiver", row.desa),
        "in_force": str(row.pk) in in_force,
    }


def _order(state: Posture) -> str:
    """The next posture by order, before the ladder begins; empty where gates or nothing come next."""
    nexts = [p for p in POSTURE_MOVES[state] if not is_gated(state, p)] if state not in LADDER else []
    return nexts[0].value if nexts else ""


def _reopened(desa: Desa, village: VillageAt) -> Any:
    """The line of the re-opening that began the present stand-by, if one did."""
    if village.posture is not Posture.STANDBY:
        return None
    lines = filtered(desa.operation.kode, kode_desa=desa.kode, kind="village_reopened")
    return lines.filter(occurred_at=village.situation.standby_since).first()


def _forces(desa: Desa, step: GatedStep | None) -> list[Context]:
    """Heads on post by force, and how many the step would let go."""
    if step is None:
        return []
    now, go = Counter(), Counter()
    rows = PostingRow.objects.filter(operation=desa.operation, desa=desa.kode, state="on_post")
    for row in rows.select_related("unit"):
        name = _("%s BKO") % row.unit.function.capitalize() if row.unit.bko else FORCES[row.force]
        now[name] += row.out or row.heads
        if may_recall(Force(row.force), row.jenis, step.to.value, bko=row.unit.bko):
            go[name] += row.out or row.heads
    return [
        {"nama": name, "now": heads, "moves": go[name], "stays": heads - go[name]}
        for name, heads in sorted(now.items())
    ]


def _buttons(
    step: GatedStep, forms: Iterable[Context], waivers: Iterable[WaiverRow] | None
) -> dict[str, Context]:
    """By shut gate the way to the form that would open it; ``waivers`` None: the person asks for none."""
    mine = {str(f["item"].number): f["anchor"] for f in forms}
    found = {}
    for g in step.shut:
        if waivers is not None and may_waive(g) and not _asked(waivers, g):
            found[g.gate] = {"url": f"#kecuali-{g.gate}", "tombol": _("Ajukan pengecualian")}
        elif g.gate in mine:
            found[g.gate] = {"url": f"#{mine[g.gate]}", "tombol": _("Tambah fakta")}
    return found


def _asked(rows: Iterable[WaiverRow], g: GateState) -> bool:
    """Whether a waiver for exactly these facts waits for signatures already."""
    return any(row.gate == g.gate and set(g.fact_ids) <= set(row.facts) for row in rows)

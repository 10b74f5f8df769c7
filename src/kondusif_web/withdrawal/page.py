"""The withdrawal page of one village as one value: what this person sees and may do there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from kondusif.deploy import may_recall
from kondusif.forces import Force
from kondusif.operation import GatedStep, VillageAt
from kondusif.places import desa_of
from kondusif.standby import LADDER, POSTURE_MOVES, Posture, approvers, is_gated
from kondusif.withdraw import ITEMS, GateState, may_waive
from kondusif_web.accounts.roles import NAMES, may, may_at
from kondusif_web.classes import queries as classes
from kondusif_web.election.models import Desa, Membership
from kondusif_web.pages.wording import GATE_NAMES
from kondusif_web.posts.models import PostingRow
from kondusif_web.reports.models import GateCheck
from kondusif_web.reports.observations import may_state
from kondusif_web.reports.queries import checks_of
from kondusif_web.withdrawal import queries, wording
from kondusif_web.withdrawal.actions import approve_permission
from kondusif_web.withdrawal.models import WaiverRow, WithdrawalRequest
from kondusif_web.withdrawal.queries import village_at
from kondusif_web.withdrawal.residents import camat_may_speak

STATED = tuple(n for n, item in ITEMS.items() if item.minutes)


@dataclass(frozen=True, slots=True)
class FactForm:
    """A form for one item (and party) that this person may answer."""

    item: int
    title: str
    minutes: bool
    na: bool
    starred: bool
    party: str = ""

    @property
    def uuid(self) -> str:
        """A fresh id for each drawing of the form."""
        return str(uuid4())

    @property
    def anchor(self) -> str:
        return f"fakta-{self.item}{'-' + self.party if self.party else ''}"


@dataclass(frozen=True, slots=True)
class Moved:
    """One row of what moves and what stays."""

    nama: str
    now: int
    moves: int

    @property
    def stays(self) -> int:
        return self.now - self.moves


@dataclass(frozen=True, slots=True)
class Signature:
    """A waiver on the page: what is missing and what this person may add."""

    row: WaiverRow
    may_second: bool
    may_approve: bool
    in_force: bool


@dataclass(frozen=True)
class Page:
    """Everything the page shows. ``full`` is for those who see gates; others see their own facts."""

    desa: Desa
    now: datetime
    full: bool
    village: VillageAt | None
    step: GatedStep | None
    forms: list[FactForm]
    facts: list[GateCheck]
    request: WithdrawalRequest | None = None
    may_request: bool = False
    may_approve: bool = False
    may_refuse: bool = False
    locked_because: str = ""
    approver: str = ""
    waivable: list[dict[str, str]] = field(default_factory=list)
    may_waive: bool = False
    waivers: list[Signature] = field(default_factory=list)
    requests: list[WithdrawalRequest] = field(default_factory=list)
    history: list[Any] = field(default_factory=list)
    codes: list[Any] = field(default_factory=list)
    may_code: bool = False
    forces: list[Moved] = field(default_factory=list)
    order: str = ""
    may_dispute: bool = False
    reopened: Any = None
    steps: list[str] = field(default_factory=list)
    own_level: int | None = None  # of the village itself; its gates follow the highest of it and its stations
    higher: list[str] = field(default_factory=list)  # numbers of the stations that they follow then


def build(desa: Desa, user: Membership, now: datetime, to: str = "") -> Page:
    """The page for this person. The caller has checked that they may see anything here."""
    full = may_at(user, "see_gates", desa.kode)
    own_forms = fact_forms(desa, user)
    may_dispute = may_at(user, "gate_fact_committee", desa.kode) or may_at(user, "move_posture", desa.kode)
    if not full:
        items = {f.item for f in own_forms} & (set(STATED) if user.role == "panitia" else set(ITEMS))
        read = [c for c in checks_of(desa.operation, desa.kode, items) if _may_read(c, user)]
        return Page(desa, now, False, None, None, own_forms, read[:30], may_dispute=may_dispute)
    request = queries.waiting_request(desa.operation, desa.kode)
    levels = classes.levels(desa.operation, now)
    village = village_at(desa, now, levels)
    step = village.step(to or (request.state_to if request else ""))
    shut = step.shut if step else ()
    locked = _locked(user, village, shut, request)
    decides = may_at(user, approve_permission(village.gate_level), desa.kode)
    stations = {k: n for k, n in levels.items() if desa_of(k) == desa.kode}
    own = stations.pop(desa.kode, None)
    return Page(
        desa=desa,
        now=now,
        full=True,
        village=village,
        step=step,
        forms=own_forms,
        facts=list(checks_of(desa.operation, desa.kode)[:30]),
        request=request,
        may_request=not request and step is not None and may_at(user, "request_withdrawal", desa.kode),
        may_approve=not locked,
        may_refuse=request is not None and (request.requested_by_id == user.pk or decides),
        locked_because=locked,
        approver=str(NAMES[approvers(village.gate_level)[0]]),
        waivable=[{"gate": g.gate, "title": str(GATE_NAMES[g.gate])} for g in shut if may_waive(g)],
        may_waive=may_at(user, "request_waiver", desa.kode),
        waivers=[_signature(w, user, step) for w in queries.waivers_of(desa.operation, desa.kode)],
        requests=list(queries.requests_of(desa.operation, desa.kode)[:8]),
        history=queries.history(desa.operation, desa.kode),
        codes=list(queries.codes_of(desa.operation, desa.kode)[:6]),
        may_code=may_at(user, "gate_fact", desa.kode),
        forces=_forces(desa, step) if may(user, "see_plan") else [],
        order=_order(village.posture) if may_at(user, "move_posture", desa.kode) else "",
        may_dispute=may_dispute,
        reopened=_reopened(desa, village),
        steps=[p.value for p in village.steps],
        own_level=own,
        higher=sorted(k.rpartition("-")[2] for k, n in stations.items() if own is not None and n > own),
    )


def _may_read(check: GateCheck, user: Membership) -> bool:
    """Without a view of the gates: the committee reads the statements, an officer their own answers."""
    return user.role == "panitia" or check.observer_id == user.pk


def fact_forms(desa: Desa, user: Membership) -> list[FactForm]:
    """The items (and parties of item 13) that this person may answer in this village."""
    out = []
    for n, item in ITEMS.items():
        make = partial(FactForm, n, str(GATE_NAMES[str(n)]), item.minutes, item.na, item.starred)
        if n != 13:
            out += [make()] if may_state(user, n, desa.kode) else []
            continue
        for party in ("camat", "danramil", "kapolsek"):
            out += [make(party)] if may_state(user, 13, desa.kode, party) else []
        if may_state(user, 13, desa.kode, "warga") and camat_may_speak(desa):
            out.append(make("warga"))
    return out


def _locked(
    user: Membership, village: VillageAt, shut: tuple[GateState, ...], request: WithdrawalRequest | None
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


def _signature(row: WaiverRow, user: Membership, step: GatedStep | None) -> Signature:
    signed = {row.requested_by_id, row.second_by_id, row.approved_by_id}
    free = user.pk not in signed
    g = next((g for g in (step.gates if step else ()) if g.gate == row.gate), None)
    return Signature(
        row,
        may_second=free and row.second_by_id is None and may_at(user, "second_waiver", row.desa),
        may_approve=free and row.approved_by_id is None and may_at(user, "approve_waiver", row.desa),
        in_force=g is not None and g.waiver == str(row.pk),
    )


def _order(state: Posture) -> str:
    """The next posture by order, before the ladder begins; empty where gates or nothing come next."""
    nexts = [p for p in POSTURE_MOVES[state] if not is_gated(state, p)] if state not in LADDER else []
    return nexts[0].value if nexts else ""


def _reopened(desa: Desa, village: VillageAt) -> Any:
    """The line of the re-opening that began the present stand-by, if one did."""
    if village.posture is not Posture.STANDBY:
        return None
    last = next(
        (e for e in queries.history(desa.operation, desa.kode, 30) if e.kind == "village_reopened"),
        None,
    )
    return last if last and last.occurred_at == village.situation.standby_since else None


def _forces(desa: Desa, step: GatedStep | None) -> list[Moved]:
    """Heads on post by force, and how many the step would let go."""
    if step is None:
        return []
    now: dict[str, int] = {}
    go: dict[str, int] = {}
    rows = PostingRow.objects.filter(operation=desa.operation, desa=desa.kode, state="on_post")
    for row in rows.select_related("unit"):
        name = _("%s BKO") % row.unit.function.capitalize() if row.unit.bko else wording.FORCES[row.force]
        heads = row.out or row.heads
        now[name] = now.get(name, 0) + heads
        if may_recall(Force(row.force), row.jenis, step.to.value, bko=row.unit.bko):
            go[name] = go.get(name, 0) + heads
    return [Moved(name, heads, go.get(name, 0)) for name, heads in sorted(now.items())]


def _asked(page: Page, g: GateState) -> bool:
    """Whether a waiver for exactly these facts waits for signatures already."""
    return any(w.row.gate == g.gate and set(g.fact_ids) <= set(w.row.facts) for w in page.waivers)


def buttons(page: Page) -> dict[str, dict[str, str]]:
    """By shut gate the way to the form that would open it."""
    mine = {str(f.item): f.anchor for f in page.forms}
    found = {}
    for g in page.step.gates if page.step else ():
        if g.shut and page.may_waive and may_waive(g) and not _asked(page, g):
            found[g.gate] = {"url": f"#kecuali-{g.gate}", "tombol": _("Ajukan pengecualian")}
        elif g.shut and g.gate in mine:
            found[g.gate] = {"url": f"#{mine[g.gate]}", "tombol": _("Tambah fakta")}
    return found

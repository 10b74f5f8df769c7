"""What the village page shows one person; parts that are not theirs are None."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from kondusif.forces import Force
from kondusif.stages import village_start
from kondusif_web.accounts.roles import may, may_at
from kondusif_web.classes import queries as classes
from kondusif_web.dialogue import queries as dialogue
from kondusif_web.dialogue.page import commitment_view
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Desa, Membership, Operation
from kondusif_web.mitigation.page import desa_panel
from kondusif_web.pages import Context
from kondusif_web.pages.map_drawing import StationMark, VillageMap
from kondusif_web.planning import queries as planning
from kondusif_web.planning.queries import plan_of
from kondusif_web.situation.board import strip
from kondusif_web.situation.villages import VillageStatus, villages
from kondusif_web.situation.wording import place_name
from kondusif_web.words import lazy_table, speech

FORCE = lazy_table("forces")


def village_page(operation: Operation, user: Membership, desa: Desa, now: datetime) -> Context:
    """Context of ``situation/desa.html``."""
    sees_class = may(user, "see_class")
    every = villages(operation, user, now)
    row = next(v for v in every if v.desa.pk == desa.pk)
    promises = [commitment_view(operation, user, x) for x in dialogue.commitments(operation, user)]
    return {
        "desa": desa,
        "v": row,
        "peta": _map(operation, row, every, now, sees_class) if desa.memilih else None,
        "lembar": classes.desa_sheet(operation, user, desa.kode) if sees_class else None,
        "boleh_penetapan": may_at(user, "override_class", desa.kode),
        "fakta_panitia": may_at(user, "gate_fact_committee", desa.kode),
        "tahap": () if sees_class else strip(election_of(operation), now),
        "rencana": plan_part(operation, desa) if may(user, "see_plan") else None,
        "tindakan": desa_panel(operation, user, desa),
        "janji": promises if may(user, "see_dialogue") else None,
    }


def _map(
    operation: Operation, row: VillageStatus, every: Iterable[VillageStatus], now: datetime, sees_class: bool
) -> VillageMap:
    """The village up close: its stations, and the villages around it that are in this person's areas."""
    levels = classes.levels(operation, now) if sees_class else {}
    stations = tuple(
        StationMark(
            code=tps.kode,
            number=tps.nomor,
            name=tps.nama,
            at=None if tps.lat is None or tps.lng is None else (tps.lng, tps.lat),
            level=levels.get(tps.kode),
        )
        for tps in row.desa.tps.order_by("nomor")
    )
    around = tuple(v.bidang for v in every if v.desa.pk != row.desa.pk)
    return VillageMap(row.bidang, around, stations, classes=sees_class)


def plan_part(operation: Operation, desa: Desa) -> Context:
    """Start, heads per force and what is missing, of the plan in force; ``versi`` 0 without one."""
    row = planning.approved_plan(operation)
    if row is None:
        return {"versi": 0}
    plan = plan_of(row)
    heads: Counter[Force] = Counter()
    inside = {post.kode for post in plan.posts if post.desa == desa.kode}
    for assigned in plan.assigned:
        if assigned.post in inside:
            heads[assigned.force] += assigned.heads
    names = {desa.kode: desa.nama}
    missing = [u for u in plan.unmet if u.post in inside]
    return {
        "versi": row.version,
        "disahkan": row.approved_at,
        "mulai": speech().begins(village_start(desa.kode, plan.starts)),
        "kekuatan": tuple((FORCE[f], heads[f]) for f in Force if heads[f]),
        "kurang": tuple(f"{u.missing} {FORCE[u.force]}, {place_name(u.post, names)}" for u in missing),
    }

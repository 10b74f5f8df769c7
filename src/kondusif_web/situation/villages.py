"""One line per village: class and firmness, posture, gates of the next move, the earliest time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import cos, pi, sin
from typing import Any

from django.urls import reverse

from kondusif.operation import VillageAt
from kondusif.standby import Posture
from kondusif.withdraw import EarliestMove, GateState
from kondusif_web.accounts.roles import may
from kondusif_web.answers.facts import fresh_since
from kondusif_web.classes import queries as classes
from kondusif_web.classes import wording as class_wording
from kondusif_web.election.models import Boundary, Desa, Membership, Operation
from kondusif_web.election.queries import boundaries, desa_visible_to
from kondusif_web.pages.map_layout import MapCell
from kondusif_web.posts import queries as posts_queries
from kondusif_web.situation.wording import NEXT
from kondusif_web.withdrawal.queries import villages_at
from kondusif_web.words import speech

CIRCLE = 0.004  # degrees, about 450 m: a village whose boundary is not known


@dataclass(frozen=True, slots=True)
class VillageStatus:
    """A village as a reader may see it, and the address of its page.

    ``level`` None: not assessed, or not for this reader.
    """

    desa: Desa
    url: str
    level: int | None = None
    yakin: object = ""
    posture: Posture | None = None
    since: datetime | None = None
    to: Posture | None = None
    gates: tuple[GateState, ...] = ()
    earliest: EarliestMove | None = None
    marks: Mapping[str, int] = field(default_factory=dict)
    tps_level: int | None = None
    gate_level: int | None = None  # what its gates and its approver follow (RULES 13)
    ikut: str = ""  # why that is not the village's class
    outline: Mapping[str, Any] = field(default_factory=dict)

    @property
    def terbuka(self) -> int:
        return sum(not g.shut for g in self.gates)

    @property
    def tutup(self) -> tuple[GateState, ...]:
        return tuple(g for g in self.gates if g.shut)

    @property
    def lanjut(self) -> object:
        """The next step of the ladder in short."""
        return NEXT.get(self.to, "") if self.to else ""

    @property
    def bidang(self) -> MapCell:
        """The village as a cell of the map."""
        return MapCell(
            code=self.desa.kode,
            name=self.desa.nama,
            **{"ring": self.desa.cell, **self.outline},
            voting=self.desa.memilih,
            level=self.level,
            firmness=self.yakin,
            posture=self.posture or "",
            url=self.url if self.desa.memilih else "",
            marks=self.marks,
            station_level=self.tps_level,
            district=self.desa.kecamatan,
        )


def villages(
    operation: Operation,
    user: Membership,
    now: datetime,
    marks: Mapping[str, Mapping[str, int]] | None = None,
) -> tuple[VillageStatus, ...]:
    """Every village in the person's areas, those that vote first, the highest class first."""
    sees_class, sees_gates = may(user, "see_class"), may(user, "see_gates")
    levels = classes.levels(operation, now) if sees_class else {}
    last = {row.desa.kode: row for row in classes.visible_to(operation, user).order_by("number")}
    postures = posts_queries.postures(operation) if may(user, "see_posture") else {}
    official, since = boundaries(operation), fresh_since(operation, now)
    desa_seen = list(desa_visible_to(operation, user))
    asked = [d for d in desa_seen if d.memilih] if sees_gates else []
    at = {v.desa.kode: v for v in villages_at(operation, asked, now)}
    out = []
    for desa in desa_seen:
        kode = desa.kode
        own: dict[str, Any] = {
            "url": reverse("situation:desa", args=[operation.kode, kode]),
            "marks": (marks or {}).get(kode, {}),
            "outline": _outline(desa, official),
        }
        if desa.memilih:
            level, row = levels.get(kode), last.get(kode)
            own |= {"level": level, "tps_level": _higher_tps(levels, kode, level)}
            own["yakin"] = class_wording.firmness_in_force(row, level, operation.labels, since)
            if kode in postures:
                own |= {"posture": Posture(postures[kode].state), "since": postures[kode].since}
            if seen := at.get(kode):
                own |= _gates(seen, own, operation)
        out.append(VillageStatus(desa=desa, **own))
    return tuple(sorted(out, key=lambda v: (not v.desa.memilih, -(v.level or 0), v.desa.nama)))


def _gates(seen: VillageAt, own: Mapping[str, Any], operation: Operation) -> dict[str, Any]:
    """The gate level, why it is not the village's class, and after the vote the next step."""
    out: dict[str, Any] = {"gate_level": seen.gate_level}
    if own.get("level") is not None:
        out["ikut"] = speech().gate_level(seen.governs, own["level"], operation.labels)
    if step := seen.step():
        out |= {"to": step.to, "gates": step.gates, "earliest": step.earliest}
    return out


def _outline(desa: Desa, official: Mapping[str, Boundary]) -> dict[str, Any]:
    """What the map draws: the boundary, or a circle for a village without among villages that have one."""
    if not official:
        return {}
    if row := official.get(desa.kode):
        return {"ring": row.rings[0], "parts": row.rings[1:], "source": row.source}
    if desa.lat is None or desa.lng is None:
        return {"ring": []}
    turns = (2 * pi * k / 16 for k in range(16))
    return {"ring": [[desa.lng + CIRCLE * cos(t), desa.lat + CIRCLE * sin(t)] for t in turns], "circle": True}


def _higher_tps(levels: Mapping[str, int], desa: str, level: int | None) -> int | None:
    """The highest station class where it is above the village's (RULES 4)."""
    highest = max((n for kode, n in levels.items() if kode.startswith(f"{desa}-")), default=None)
    return highest if highest is not None and (level is None or highest > level) else None

"""A card of the board: what it may be about, and for whom it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.urls import reverse

from kondusif_web.election.models import Membership, Operation
from kondusif_web.planning import queries as planning
from kondusif_web.planning.models import PlanRow
from kondusif_web.situation.villages import VillageStatus

# How urgent each kind is, before age, with its template and page: a red incident is never below a paper that
# is late; "kelas" stands before "rencana", since a plan is made from the classes.
KINDS: Mapping[str, tuple[str, str]] = {
    "merah": ("situation/kartu/insiden.html", "reports:insiden"),
    "kuning": ("situation/kartu/insiden.html", "reports:insiden"),
    "giliran": ("situation/kartu/giliran.html", "withdrawal:penarikan"),
    "diam": ("situation/kartu/diam.html", "situation:pos"),
    "minta": ("situation/kartu/minta.html", "withdrawal:penarikan"),
    "penetapan": ("situation/kartu/penetapan.html", "situation:desa"),
    "kelas": ("situation/kartu/kelas.html", "classes:ukur"),
    "putaran": ("situation/kartu/putaran.html", "classes:putaran"),
    "kurang": ("situation/kartu/kurang.html", "planning:rencana"),
    "rencana": ("situation/kartu/rencana.html", "planning:rencana"),
    "apel": ("situation/kartu/apel.html", "posts:apel"),
    "rencana_lama": ("situation/kartu/rencana_lama.html", "planning:rencana"),
    "gerbang": ("situation/kartu/gerbang.html", "withdrawal:penarikan"),
    "terbit": ("situation/kartu/terbit.html", "public:terbit"),
    "terbit_lain": ("situation/kartu/terbit.html", "situation:papan"),
    "janji": ("situation/kartu/janji.html", "dialogue:dialog"),
    "tindakan": ("situation/kartu/tindakan.html", "mitigation:daftar"),
}
RANK = tuple(KINDS)
BEFORE_ALL = ("merah", "kuning", "diam")  # a paper, even one's own, never stands above them


@dataclass(frozen=True, slots=True)
class Card:
    """``jenis`` ranks it; ``sejak`` breaks ties, the oldest first. ``isi``: what its template tells.

    ``giliran``: the reader decides it, so that it stands before what waits for others.
    """

    jenis: str
    templat: str
    url: str
    sejak: datetime | None
    isi: Mapping[str, Any]
    giliran: bool = False


class Reader:
    """Whose cards they are, and what the board has read for them already."""

    def __init__(
        self, operation: Operation, user: Membership, now: datetime, rows: Sequence[VillageStatus]
    ) -> None:
        self.operation, self.user, self.now, self.rows = operation, user, now, rows
        self.names = {v.desa.kode: v.desa.nama for v in rows}

    @cached_property
    def approved(self) -> PlanRow | None:
        """The plan in force, read once for every card that looks at it."""
        return planning.approved_plan(self.operation)

    def card(
        self, jenis: str, *about: object, sejak: datetime | None = None, giliran: bool = False, **isi: Any
    ) -> Card:
        """A card of a kind; ``about``: what the address of its page names beside the operation."""
        templat, page = KINDS[jenis]
        url = reverse(page, args=[self.operation.kode, *about])
        age = None if sejak is None else self.now - sejak
        return Card(jenis, templat, url, sejak, {"lama": age, **isi}, giliran)

"""Rows into outcomes: what was said of each place before the vote, and what the field reported after it.

The class is the machine's, as last published before the poll opened: the instrument is judged, not the
commander. Every incident on record from the vote day on counts, verified or not, open or closed, since one
that nobody has verified is not calm. A place counts as calm only where somebody spoke from there after the
poll closed: a post that reported, or a checklist line 9 to 11 that was answered. Arrival tells no calm.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kondusif.incidents import Severity
from kondusif.learn import Outcome
from kondusif_web.answers.facts import start_of
from kondusif_web.calibration.wording import happened
from kondusif_web.classes.models import Assessment
from kondusif_web.classes.queries import latest
from kondusif_web.election.facts import election_of
from kondusif_web.election.models import Desa, Operation
from kondusif_web.instrument.facts import recipe_of
from kondusif_web.reports.models import GateCheck, Incident, Report

SEVERITY = {s.value: n for n, s in enumerate(Severity, start=1)}
CALM_ITEMS = (9, 10, 11)  # crowd, threat, road: what a situation report answers (method 6)


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A village or station: class and score before the vote, and what is on record after it.

    ``level`` and ``score`` None where none was published in time. ``severity`` as :class:`Outcome` has it.
    """

    kode: str
    nama: str
    desa: str
    level: int | None
    score: float | None
    severity: int | None
    incidents: int = 0
    verified: int = 0
    last_at: datetime | None = None

    @property
    def kata(self) -> object:
        """The gravest incident in a word."""
        return happened(self.severity)

    @property
    def outcome(self) -> Outcome | None:
        """None where no class was published before the vote: nothing was said, so nothing can be judged."""
        if self.level is None or self.score is None:
            return None
        return Outcome(self.kode, self.score, self.level, self.severity)


@dataclass(slots=True)
class FieldRecord:
    """What was reported of a place: its incidents, and when somebody last spoke from there."""

    incidents: list[Incident] = field(default_factory=list)
    last_at: datetime | None = None


def poll_closes(operation: Operation) -> datetime:
    """When the poll closes by the operation's rule pack; from then on there is something to judge."""
    return election_of(operation).poll_closes_at


def before_vote(operation: Operation) -> dict[str, Assessment]:
    """The assessment of each desa published last before the poll opened."""
    return latest(operation, published_at__lt=operation.vote_at)


def cuts_before(operation: Operation, said: Iterable[Assessment]) -> tuple[float, float]:
    """The cut-offs by which the newest of these classes was made; without any, the instrument's now."""
    newest = max(said, key=lambda row: (row.published_at or row.made_at, row.desa.kode), default=None)
    first, second = newest.results["cuts"] if newest else recipe_of(operation.recipe).cuts
    return float(first), float(second)


def field_records(operation: Operation, now: datetime) -> dict[str, FieldRecord]:
    """What was reported until ``now``, by desa and by TPS; a desa counts whatever lies in it."""
    found: dict[str, FieldRecord] = defaultdict(FieldRecord)
    incidents = Incident.objects.filter(
        operation=operation,
        occurred_at__gte=start_of(operation, election_of(operation).day),
        occurred_at__lte=now,
    )
    mended = set(incidents.filter(corrects__isnull=False).values_list("corrects", flat=True))
    for row in incidents:
        if row.client_id not in mended:
            for kode in {row.desa, row.place}:
                found[kode].incidents.append(row)
    since = {"operation": operation, "occurred_at__gte": poll_closes(operation), "occurred_at__lte": now}
    words = list(
        Report.objects.filter(**since)
        .exclude(kind=Report.Kind.TIBA)
        .values_list("desa", "place", "occurred_at")
    )
    checks = GateCheck.objects.filter(**since, item__in=CALM_ITEMS).exclude(value="unknown")
    words += checks.values_list("desa", "place", "occurred_at")
    for desa, place, at in words:
        for kode in {desa, place}:
            found[kode].last_at = max(at, found[kode].last_at or at)
    return found


def after_vote(operation: Operation, now: datetime) -> list[PlaceRecord]:
    """Every voting village of an operation after its vote, whoever looks; the caller keeps to the areas."""
    rows = operation.desa.filter(memilih=True).order_by("kode").prefetch_related("tps")
    return place_records(rows, before_vote(operation), field_records(operation, now))[0]


def place_records(
    rows: Iterable[Desa], said: Mapping[str, Assessment], records: Mapping[str, FieldRecord]
) -> tuple[list[PlaceRecord], list[PlaceRecord]]:
    """Villages and their stations, by code. Stations take their own class out of the village's assessment."""
    villages: list[PlaceRecord] = []
    stations: list[PlaceRecord] = []
    for desa in rows:
        row = said.get(desa.kode)
        level, total = (row.level, row.results["total"]) if row else (None, None)
        villages.append(_place_record(desa.kode, desa.nama, desa.kode, level, total, records))
        own = row.results["tps"] if row else {}
        for tps in desa.tps.all():
            c = own.get(tps.kode, {})
            name = f"TPS {tps.nomor:02d} {desa.nama}"
            stations.append(_place_record(tps.kode, name, desa.kode, c.get("level"), c.get("total"), records))
    return villages, stations


def _place_record(
    kode: str,
    nama: str,
    desa: str,
    level: int | None,
    score: float | None,
    records: Mapping[str, FieldRecord],
) -> PlaceRecord:
    place = records.get(kode, FieldRecord())
    gravest = max((SEVERITY[row.severity] for row in place.incidents), default=0)
    silent = not place.incidents and place.last_at is None  # silence is not calm
    verified = sum(row.verified_at is not None for row in place.incidents)
    return PlaceRecord(
        kode,
        nama,
        desa,
        level,
        score,
        None if silent else gravest,
        len(place.incidents),
        verified,
        place.last_at,
    )

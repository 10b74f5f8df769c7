"""What the board reads of the field: postures, incidents, silent posts, waiting requests, newest report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from kondusif.standby import Posture
from kondusif_web.accounts.models import User
from kondusif_web.accounts.visible import in_areas
from kondusif_web.election.models import Operation
from kondusif_web.election.queries import tps_visible_to
from kondusif_web.field.models import Incident, PostureRow, Report, WithdrawalRequest

LIMIT = timedelta(minutes=30)  # [P] a post that said nothing for longer is silent
REPORTING = frozenset(
    {Posture.MOVED_IN, Posture.VOTING, Posture.COUNTING, Posture.BOX_ESCORT, Posture.STANDBY}
)  # postures in which every TPS has people who report


@dataclass(frozen=True, slots=True)
class Silent:
    """A post that said nothing within its limit. ``last_at`` None: never."""

    place: str
    last_at: datetime | None
    silent_for: timedelta | None
    limit: timedelta


def postures(operation: Operation) -> dict[str, PostureRow]:
    """Where each village stands, by its code."""
    rows = PostureRow.objects.filter(operation=operation).select_related("desa")
    return {row.desa.kode: row for row in rows}


def open_incidents(user: User, operation: Operation, now: datetime) -> tuple[Incident, ...]:
    """Open incidents in the person's areas, the gravest and then the newest first."""
    rows = in_areas(Incident.objects.filter(operation=operation), user, "place")
    rows = rows.filter(closed_at__isnull=True, occurred_at__lte=now)
    order = ("merah", "kuning", "hijau")
    return tuple(sorted(rows.order_by("-occurred_at"), key=lambda row: order.index(row.severity)))


def expected_posts(user: User, operation: Operation) -> tuple[str, ...]:
    """TPS whose village stands in a posture in which people there report."""
    standing = {kode for kode, row in postures(operation).items() if Posture(row.state) in REPORTING}
    rows = tps_visible_to(user).filter(desa__kode__in=standing)
    return tuple(rows.order_by("kode").values_list("kode", flat=True))


def silent_posts(user: User, operation: Operation, now: datetime) -> tuple[Silent, ...]:
    """Expected posts without a word within the limit, the longest silence first; never heard comes first."""
    heard: dict[str, datetime] = {}
    for model in (Report, Incident):
        rows = model.objects.filter(operation=operation, occurred_at__lte=now)
        for place, at in rows.values_list("place").annotate(at=Max("occurred_at")):
            heard[place] = max(at, heard.get(place, at))
    out = []
    for place in expected_posts(user, operation):
        last = heard.get(place)
        if last is None or now - last > LIMIT:
            out.append(Silent(place, last, now - last if last else None, LIMIT))
    return tuple(sorted(out, key=lambda s: (s.last_at is not None, s.last_at, s.place)))


def waiting_requests(user: User, operation: Operation) -> tuple[WithdrawalRequest, ...]:
    """Requests that wait for the second person, the oldest first."""
    rows = in_areas(WithdrawalRequest.objects.filter(operation=operation), user, "desa")
    return tuple(rows.filter(outcome="waiting").select_related("requested_by").order_by("requested_at"))


def newest_report_at(user: User, operation: Operation, now: datetime) -> datetime | None:
    """When the newest word came from the person's areas."""
    found = [
        in_areas(model.objects.filter(operation=operation, occurred_at__lte=now), user, "place").aggregate(
            at=Max("occurred_at")
        )["at"]
        for model in (Report, Incident)
    ]
    return max((at for at in found if at), default=None)

"""What the board adds to the field's own reads: which posts should speak here, and the newest word."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max

from kondusif import standby
from kondusif.places import within
from kondusif.standby import Posture
from kondusif_web.accounts.visible import areas, in_areas
from kondusif_web.election.models import Membership, Operation
from kondusif_web.election.queries import tps_visible_to
from kondusif_web.posts import queries as posts_queries
from kondusif_web.reports import queries as reports_queries
from kondusif_web.reports.models import Incident, Report
from kondusif_web.reports.queries import SilentPost


def expected_posts(operation: Operation, user: Membership) -> tuple[str, ...]:
    """TPS in the person's areas whose village stands in a posture in which people there report."""
    standing = [
        k
        for k, row in posts_queries.postures(operation).items()
        if Posture(row.state) in standby.REPORT_EVERY
    ]
    rows = tps_visible_to(operation, user).filter(desa__kode__in=standing)
    return tuple(rows.order_by("kode").values_list("kode", flat=True))


def silent_posts(operation: Operation, user: Membership, now: datetime) -> tuple[SilentPost, ...]:
    """Silent posts in the person's areas, those never heard first."""
    mine = areas(user)
    return tuple(post for post in reports_queries.silent_posts(operation, now) if within(post.kode, mine))


def newest_report_at(operation: Operation, user: Membership, now: datetime) -> datetime | None:
    """When the newest word came from the person's areas."""
    found = [
        in_areas(model.objects.filter(operation=operation, occurred_at__lte=now), user, "place").aggregate(
            at=Max("occurred_at")
        )["at"]
        for model in (Report, Incident)
    ]
    return max((at for at in found if at), default=None)


def stale_after(operation: Operation) -> timedelta | None:
    """Twice the shortest rhythm that any village's posture expects; None when nothing is expected."""
    return standby.stale_after(Posture(row.state) for row in posts_queries.postures(operation).values())

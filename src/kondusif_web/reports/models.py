"""Reports, incidents, answers to the checklist of the gates.

Facts are never edited: a mistake is mended by a new row that points at it (RULES 26). No column could hold a
vote figure (RULES 17).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from kondusif.incidents import KINDS, Severity
from kondusif.withdraw import PARTIES
from kondusif_web.election.models import Membership, Operation


def _arrived_once(name: str) -> models.UniqueConstraint:
    """The sender's id names one row of an operation; another operation may know the same id."""
    return models.UniqueConstraint(fields=("operation", "client_id"), name=name)


def paired(name: str, *fields: str) -> models.CheckConstraint:
    """All of the fields are set, or none: who and when come together."""
    none = Q(**{f"{f}__isnull": True for f in fields})
    every = Q(**{f"{f}__isnull": False for f in fields})
    return models.CheckConstraint(condition=none | every, name=name)


class Arrived(models.Model):
    """What came from the field under its sender's id, ``client_id``, unique within the operation (RULES 26).

    The book, the gates and ``corrects`` name a row by that id; the key is the office's own. ``place`` is a
    TPS or desa code and ``desa`` the village it lies in; ``digest`` is of the content, so that the same id
    with other content is known as a conflict. ``occurred_at`` is the field's clock, ``recorded_at`` the
    server's, ``received_at`` the operation's (the server's too, outside a drill).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_id = models.UUIDField()
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")
    desa = models.CharField(max_length=13, db_index=True)
    place = models.CharField(max_length=16)
    channel = models.CharField(max_length=12, default="web")
    observer = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField(db_index=True)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    corrects = models.UUIDField(null=True, blank=True)

    class Meta:
        abstract = True


class Report(Arrived):
    """One report from a post: safe, arrived, or the situation (``payload``: people, mood, road)."""

    class Kind(models.TextChoices):
        AMAN = "aman"
        SITUASI = "situasi"
        TIBA = "tiba"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    payload = models.JSONField(default=dict)
    note = models.CharField(max_length=280, blank=True)

    class Meta:
        ordering = ("-occurred_at",)
        constraints = [_arrived_once("reports_report_once")]  # noqa: RUF012

    def __str__(self) -> str:
        return f"{self.kind} {self.place}"


class Incident(Arrived):
    """Something that should not have happened. Open until somebody closes it by name, reason and end."""

    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS])
    severity = models.CharField(max_length=8, choices=[(s.value, s.value) for s in Severity])
    help = models.CharField(max_length=8, default="none")
    note = models.CharField(max_length=280, blank=True)
    verified_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.CharField(max_length=280, blank=True)

    class Meta:
        ordering = ("-occurred_at",)
        constraints = [  # noqa: RUF012
            _arrived_once("reports_incident_once"),
            paired("reports_incident_verified_pair", "verified_by", "verified_at"),
            paired("reports_incident_closed_pair", "closed_by", "closed_at", "ended_at"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closing_reason="")
                | (Q(closed_at__isnull=False) & ~Q(closing_reason="")),
                name="reports_incident_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("occurred_at")),
                name="reports_incident_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.place}"

    @property
    def open(self) -> bool:
        return self.closed_at is None


class GateCheck(Arrived):
    """One answer to one line of the checklist, as ``kondusif.withdraw.Check`` reads it."""

    item = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=8, choices=[(v, v) for v in ("yes", "no", "na", "unknown")])
    second = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    minutes = models.CharField(max_length=60, blank=True)
    party = models.CharField(max_length=10, blank=True, choices=[(p, p) for p in PARTIES])
    note = models.CharField(max_length=280, blank=True)
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="checks")

    class Meta:
        ordering = ("-occurred_at",)
        constraints = [  # noqa: RUF012
            _arrived_once("reports_check_once"),
            models.CheckConstraint(condition=Q(item__gte=1, item__lte=14), name="reports_check_item_1_to_14"),
            models.CheckConstraint(
                condition=(Q(item=13) & ~Q(party="")) | (~Q(item=13) & Q(party="")),
                name="reports_check_party_with_item_13",
            ),
            models.CheckConstraint(
                condition=Q(second__isnull=True) | ~Q(second=F("observer")),
                name="reports_check_second_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.value} {self.place}"

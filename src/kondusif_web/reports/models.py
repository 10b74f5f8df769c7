"""Reports, incidents, answers to the checklist of the gates.

Facts are never edited: a mistake is mended by a new row that points at it (RULES 26). No column could hold a
vote figure (RULES 17).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kondusif.incidents import INCIDENT_KINDS, Severity
from kondusif.withdraw import PARTIES
from kondusif.withdraw.silence import GAP_PROOFS
from kondusif_web.election.columns import coded, holds, once, own_key, paired, protected
from kondusif_web.election.models import Membership, Operation


class Submission(models.Model):
    """What came from the field under its sender's id, ``client_id``, unique within the operation (RULES 26).

    The book, the gates and ``corrects`` name a row by that id; the key is the office's own. ``place`` is a
    TPS or desa code and ``desa`` the village it lies in; ``digest`` is of the content, so that the same id
    with other content is known as a conflict. ``occurred_at`` is the field's clock, ``recorded_at`` the
    server's, ``received_at`` the operation's (the server's too, outside a drill).
    """

    id = own_key()
    client_id = models.UUIDField()
    operation = protected(Operation)
    desa = models.CharField(max_length=13, db_index=True)
    place = models.CharField(max_length=16)
    channel = models.CharField(max_length=12, default="web")
    observer = protected(Membership)
    occurred_at = models.DateTimeField(db_index=True)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    corrects = models.UUIDField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.place} {self.client_id}"


class Report(Submission):
    """One report from a post: safe, arrived, or the situation (``payload``: people, mood, road).

    ``payload`` may say of the silence before it whether anything happened (``gap``); ``confirmed_by`` is the
    second person who says the same. ``seen``: codes of the other posts that its sender has just seen.
    """

    class Kind(models.TextChoices):
        AMAN = "aman"
        SITUASI = "situasi"
        TIBA = "tiba"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    payload = models.JSONField(default=dict)
    note = models.CharField(max_length=280, blank=True)
    seen = models.JSONField(default=list, blank=True)
    confirmed_by = protected(Membership, null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_how = models.CharField(max_length=12, blank=True, choices=[(k, k) for k in GAP_PROOFS])

    class Meta:
        ordering = ("-occurred_at",)
        constraints = [  # noqa: RUF012
            once("reports_report_once", "operation", "client_id"),
            paired("reports_report_confirmed_pair", "confirmed_by", "confirmed_at"),
            holds(
                "reports_report_confirmed_by_another",
                Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("observer")),
            ),
        ]


class Incident(Submission):
    """Something that should not have happened. Open until somebody closes it by name, reason and end."""

    kind = models.CharField(max_length=12, choices=[(k, k) for k in INCIDENT_KINDS])
    severity = coded(Severity, 8)
    help = models.CharField(max_length=8, default="none")
    note = models.CharField(max_length=280, blank=True)
    verified_by = protected(Membership, null=True)
    verified_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    closed_by = protected(Membership, null=True)
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.CharField(max_length=280, blank=True)

    class Meta:
        ordering = ("-occurred_at",)
        constraints = [  # noqa: RUF012
            once("reports_incident_once", "operation", "client_id"),
            paired("reports_incident_verified_pair", "verified_by", "verified_at"),
            paired("reports_incident_closed_pair", "closed_by", "closed_at", "ended_at"),
            holds(
                "reports_incident_closed_with_reason",
                Q(closed_at__isnull=True, closing_reason="")
                | (Q(closed_at__isnull=False) & ~Q(closing_reason="")),
            ),
            holds(
                "reports_incident_ends_after_it_began",
                Q(ended_at__isnull=True) | Q(ended_at__gte=F("occurred_at")),
            ),
        ]

    @property
    def open(self) -> bool:
        return self.closed_at is None


class GateCheck(Submission):
    """One answer to one line of the checklist, as ``kondusif.withdraw.Check`` reads it."""

    item = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=8, choices=[(v, v) for v in ("yes", "no", "na", "unknown")])
    second = protected(Membership, null=True)
    minutes = models.CharField(max_length=60, blank=True)
    party = models.CharField(max_length=10, blank=True, choices=[(p, p) for p in PARTIES])
    note = models.CharField(max_length=280, blank=True)
    report = protected(Report, "checks", null=True)

    class Meta:
        ordering = ("-occurred_at",)
        constraints = [  # noqa: RUF012
            once("reports_check_once", "operation", "client_id"),
            holds("reports_check_item_1_to_14", Q(item__gte=1, item__lte=14)),
            holds(
                "reports_check_party_with_item_13", (Q(item=13) & ~Q(party="")) | (~Q(item=13) & Q(party=""))
            ),
            holds("reports_check_second_is_another", Q(second__isnull=True) | ~Q(second=F("observer"))),
        ]

"""Reports, incidents, checklist facts, postures, withdrawal requests, waivers, resident codes.

Facts are never edited: a mistake is mended by a new row that points at it (RULES 26). No column could hold a
vote figure (RULES 17) or say who a resident is (RULES 18).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from kondusif.incidents import KINDS, Severity
from kondusif.standby import Posture
from kondusif.withdraw import PARTIES
from kondusif_web.election.models import Desa, Membership, Operation

POSTURES = [(p.value, p.value) for p in Posture]


def _arrived_once(name: str) -> models.UniqueConstraint:
    """The sender's id names one row of an operation; another operation may know the same id."""
    return models.UniqueConstraint(fields=("operation", "client_id"), name=name)


def _paired(name: str, *fields: str) -> models.CheckConstraint:
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
        constraints = [_arrived_once("field_report_once")]  # noqa: RUF012

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
            _arrived_once("field_incident_once"),
            _paired("field_incident_verified_pair", "verified_by", "verified_at"),
            _paired("field_incident_closed_pair", "closed_by", "closed_at", "ended_at"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closing_reason="")
                | (Q(closed_at__isnull=False) & ~Q(closing_reason="")),
                name="field_incident_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("occurred_at")),
                name="field_incident_ends_after_it_began",
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
            _arrived_once("field_check_once"),
            models.CheckConstraint(condition=Q(item__gte=1, item__lte=14), name="field_check_item_1_to_14"),
            models.CheckConstraint(
                condition=(Q(item=13) & ~Q(party="")) | (~Q(item=13) & Q(party="")),
                name="field_check_party_with_item_13",
            ),
            models.CheckConstraint(
                condition=Q(second__isnull=True) | ~Q(second=F("observer")),
                name="field_check_second_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.value} {self.place}"


class PostureRow(models.Model):
    """Where one voting village stands now, and since when; ``standby_since`` of the present stand-by."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="postures")
    desa = models.OneToOneField(Desa, on_delete=models.PROTECT, related_name="posture")
    state = models.CharField(max_length=12, choices=POSTURES, default=Posture.PREPARATION.value)
    since = models.DateTimeField()
    standby_since = models.DateTimeField(null=True)
    dispute = models.CharField(max_length=8, default="unknown")
    dispute_source = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [  # noqa: RUF012
            models.CheckConstraint(
                condition=Q(dispute__in=("unknown", "none"))
                | (Q(dispute__in=("open", "settled")) & ~Q(dispute_source="")),
                name="field_dispute_has_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.desa_id} {self.state}"


class WithdrawalRequest(models.Model):
    """A step down asked for by one person and decided by another. One waits per village."""

    class Outcome(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REFUSED = "refused"
        VOID = "void"  # bad news re-opened the village, or it moved otherwise

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    desa = models.CharField(max_length=13, db_index=True)
    state_from = models.CharField(max_length=12, choices=POSTURES)
    state_to = models.CharField(max_length=12, choices=POSTURES)
    requested_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    reason = models.CharField(max_length=280)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    decided_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=280, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=("operation", "number"), name="field_request_number_once"),
            models.UniqueConstraint(
                fields=("operation", "desa"),
                condition=Q(outcome="waiting"),
                name="field_one_request_waits_per_desa",
            ),
            models.CheckConstraint(
                condition=Q(outcome="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(outcome="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="field_request_decided_pair",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="approved") | ~Q(decided_by=F("requested_by")),
                name="field_request_two_people",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="field_request_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.number:02d} {self.desa} {self.state_from}-{self.state_to}"


class WaiverRow(models.Model):
    """A gate let pass by name: asked for, seconded and approved by three people (RULES 15).

    ``facts`` are the ids that shut the gate when it was asked for; it covers no newer ones. It is never
    deleted: re-opening leaves it on record and out of force.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")
    desa = models.CharField(max_length=13, db_index=True)
    move = models.CharField(max_length=30)
    gate = models.CharField(max_length=20)
    facts = models.JSONField()
    reason = models.CharField(max_length=280)
    requested_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    second_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    second_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-requested_at",)
        constraints = [  # noqa: RUF012
            _paired("field_waiver_second_pair", "second_by", "second_at"),
            _paired("field_waiver_approved_pair", "approved_by", "approved_at"),
            models.CheckConstraint(
                condition=(Q(second_by__isnull=True) | ~Q(second_by=F("requested_by")))
                & (Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")))
                & (Q(approved_by__isnull=True) | Q(second_by__isnull=True) | ~Q(approved_by=F("second_by"))),
                name="field_waiver_three_people",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="field_waiver_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.gate} {self.desa}"


class ResidentCode(models.Model):
    """A code given to one resident, who may confirm without name or number (RULES 18); good in its operation.

    Only the hash is kept. ``attempts`` counts logged tries to reach the resident.
    """

    class State(models.TextChoices):
        NOT_REACHED = "not_reached"
        CONFIRMED = "confirmed"
        NOT_YET = "not_yet"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")
    desa = models.CharField(max_length=13, db_index=True)
    code_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.NOT_REACHED)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at",)
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=("operation", "code_hash"), name="field_resident_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.desa} {self.state}"

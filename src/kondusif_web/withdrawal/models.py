"""Requests to step down, waivers, codes of residents. No column could say who a resident is (RULES 18)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from kondusif.standby import Posture
from kondusif_web.election.columns import coded, filled, holds, once, paired, protected
from kondusif_web.election.models import Membership, Operation


class WithdrawalRequest(models.Model):
    """A step down asked for by one person and decided by another, from where the village stood then.

    ``since`` is when that posture began. Once the village has moved, the request is outdated: it can be
    neither approved nor refused, and a new one may be made. One waits per village and posture.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    operation = protected(Operation)
    number = models.PositiveIntegerField()
    desa = models.CharField(max_length=13, db_index=True)
    state_from = coded(Posture, 12)
    since = models.DateTimeField()
    state_to = coded(Posture, 12)
    requested_by = protected(Membership)
    requested_at = models.DateTimeField()
    reason = models.CharField(max_length=280)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    decided_by = protected(Membership, null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=280, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = [  # noqa: RUF012
            once("withdrawal_request_number_once", "operation", "number"),
            once(
                "withdrawal_one_request_waits_per_desa",
                "operation",
                "desa",
                "state_from",
                "since",
                condition=Q(outcome="waiting"),
            ),
            holds(
                "withdrawal_request_decided_pair",
                Q(outcome="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(outcome="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            holds("withdrawal_request_two_people", ~Q(outcome="approved") | ~Q(decided_by=F("requested_by"))),
            filled("withdrawal_request_has_reason", "reason"),
        ]

    def __str__(self) -> str:
        return f"{self.number:02d} {self.desa} {self.state_from}-{self.state_to}"


class WaiverRow(models.Model):
    """A gate let pass by name: asked for, seconded and approved by three people (RULES 15).

    ``facts`` are the ids that shut the gate when it was asked for; it covers no newer ones. It is never
    deleted: re-opening leaves it on record and out of force.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    operation = protected(Operation)
    desa = models.CharField(max_length=13, db_index=True)
    move = models.CharField(max_length=30)
    gate = models.CharField(max_length=20)
    facts = models.JSONField()
    reason = models.CharField(max_length=280)
    requested_by = protected(Membership)
    requested_at = models.DateTimeField()
    second_by = protected(Membership, null=True)
    second_at = models.DateTimeField(null=True)
    approved_by = protected(Membership, null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-requested_at",)
        constraints = [  # noqa: RUF012
            paired("withdrawal_waiver_second_pair", "second_by", "second_at"),
            paired("withdrawal_waiver_approved_pair", "approved_by", "approved_at"),
            holds(
                "withdrawal_waiver_three_people",
                (Q(second_by__isnull=True) | ~Q(second_by=F("requested_by")))
                & (Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")))
                & (Q(approved_by__isnull=True) | Q(second_by__isnull=True) | ~Q(approved_by=F("second_by"))),
            ),
            filled("withdrawal_waiver_has_reason", "reason"),
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
    operation = protected(Operation)
    desa = models.CharField(max_length=13, db_index=True)
    code_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices, default=State.NOT_REACHED)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_by = protected(Membership)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at",)
        constraints = [  # noqa: RUF012
            once("withdrawal_resident_code_once", "operation", "code_hash")
        ]

    def __str__(self) -> str:
        return f"{self.desa} {self.state}"

"""Plans. What the database can promise about their approval, it promises."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kondusif_web.election.columns import holds, once, own_key, paired, protected
from kondusif_web.election.models import Membership, Operation


class PlanState(models.TextChoices):
    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class PlanRow(models.Model):
    """One version of the plan; ``body`` is the core plan, never edited after it was made."""

    id = own_key()
    operation = protected(Operation, "plans")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=PlanState.choices, default=PlanState.DRAFT)
    pattern_set = models.CharField(max_length=60)
    inputs_digest = models.CharField(max_length=64)
    plan_digest = models.CharField(max_length=64)
    body = models.JSONField()
    extra = models.JSONField()  # the posts other than TPS that were asked for
    scope = models.JSONField()  # the voting villages the plan covers
    made_by = protected(Membership, "plans_made")
    made_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True, blank=True)
    approved_by = protected(Membership, "plans_approved", null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-version",)
        constraints = [  # noqa: RUF012
            once("planning_plan_version_once", "operation", "version"),
            once("planning_plan_one_approved", "operation", condition=Q(state="approved")),
            paired("planning_plan_approval_who_and_when", "approved_by", "approved_at"),
            holds("planning_plan_approved_by_someone", ~Q(state="approved") | Q(approved_by__isnull=False)),
            holds("planning_plan_second_person", Q(approved_by__isnull=True) | ~Q(approved_by=F("made_by"))),
        ]

    def __str__(self) -> str:
        return f"v{self.version} {self.state}"

"""Actions against a risk. Owners stand here by title; what was expected is kept as it was reckoned then.

Forms bring an id made by the client (RULES 26), so one sent twice over a bad line is one row.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kondusif.mitigation import MitigationStatus
from kondusif_web.dialogue.models import FormSubmission, Undertaking, Visit
from kondusif_web.election.columns import coded, holds, known, once, own_key, paired, protected
from kondusif_web.election.models import Desa, Membership

NEEDS_OWNER = (MitigationStatus.OWNED.value, MitigationStatus.DONE.value)


class Mitigation(Undertaking):
    """What is done, whose, by when."""

    text = models.CharField(max_length=400)
    due = models.DateTimeField()
    status = coded(MitigationStatus, 10)

    class Meta:
        ordering = ("due", "kode")
        constraints = [  # noqa: RUF012
            *FormSubmission.Meta.constraints,
            once("mitigation_once", "operation", "kode"),
            known("mitigation_status_known", "status", MitigationStatus),
            holds("mitigation_owned_if_under_way", ~Q(status__in=NEEDS_OWNER) | ~Q(owner="")),
            holds(
                "mitigation_dropped_with_reason", ~Q(status=MitigationStatus.DROPPED.value) | ~Q(reason="")
            ),
            paired("mitigation_moved_who_and_when", "moved_by", "moved_at"),
        ]


class RiskFactor(models.Model):
    """An indicator at a village that an action speaks of, and what it was expected to bring.

    ``target``: the answer it should reach, in the indicator's unit. ``before``, ``delta`` (points of total)
    and both levels are the core's reckoning on the day ``on``, when the action was written down.
    """

    id = own_key()
    mitigation = protected(Mitigation, "factors")
    desa = protected(Desa, "risk_factors")
    item = models.CharField(max_length=20)
    words = models.CharField(max_length=240, blank=True)
    target = models.FloatField(null=True, blank=True)
    before = models.FloatField(null=True, blank=True)
    delta = models.FloatField(null=True, blank=True)
    level_before = models.PositiveSmallIntegerField(null=True, blank=True)
    level_after = models.PositiveSmallIntegerField(null=True, blank=True)
    on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("desa__kode", "item")
        constraints = [  # noqa: RUF012
            once("mitigation_factor_once", "mitigation", "desa", "item"),
            holds(
                "mitigation_expected_of_a_target",
                Q(target__isnull=True, delta__isnull=True, on__isnull=True)
                | Q(target__isnull=False, on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.desa_id} {self.item}"


class Revision(FormSubmission):
    """One edit of an open action, as it was taken: never changed, so that the history of the page is whole.

    ``changes``: ``{"what", "item", "from", "to"}`` for each of ``text``, ``due``, ``owner`` and each factor;
    a factor's sides are its words and target, with what was expected at each village on the side it left.
    """

    mitigation = protected(Mitigation, "revisions")
    number = models.PositiveSmallIntegerField()
    changes = models.JSONField()

    class Meta:
        ordering = ("number",)
        constraints = [  # noqa: RUF012
            *FormSubmission.Meta.constraints,
            once("mitigation_revision_in_order", "mitigation", "number"),
        ]


class Activity(models.Model):
    """A visit of the dialogue that counts as activity of an action."""

    mitigation = protected(Mitigation, "activities")
    visit = protected(Visit, "activities")
    recorded_by = protected(Membership)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("visit__at", "pk")
        constraints = [  # noqa: RUF012
            once("mitigation_visit_once", "mitigation", "visit")
        ]

    def __str__(self) -> str:
        return f"{self.mitigation_id} {self.visit_id}"

"""Units, postings, and where each village stands. What the database can promise of headcount, it promises."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kondusif.deploy import PostingState
from kondusif.forces import Force
from kondusif.standby import Posture
from kondusif_web.election.columns import coded, holds, known, once, own_key, paired, protected
from kondusif_web.election.models import Desa, Membership, Operation


class ForceUnit(models.Model):
    """A body of people that can be posted. No member is named; ``not_at`` are areas, without reasons."""

    operation = protected(Operation, "units")
    kode = models.CharField(max_length=60)
    nama = models.CharField(max_length=160)
    force = coded(Force, 10)
    function = models.CharField(max_length=60, blank=True)
    strength = models.PositiveIntegerField()
    base_lat = models.FloatField(null=True, blank=True)
    base_lng = models.FloatField(null=True, blank=True)
    base_nama = models.CharField(max_length=160, blank=True)
    bko = models.BooleanField(default=False)
    only_desa = models.CharField(max_length=13, blank=True)
    not_at = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("kode",)
        constraints = [  # noqa: RUF012
            once("posts_unit_once", "operation", "kode"),
            known("posts_unit_force_known", "force", Force),
        ]

    def __str__(self) -> str:
        return self.nama


class PostingRow(models.Model):
    """Heads of one unit at one post. ``out`` and ``back`` are counted at muster; empty: not counted."""

    id = own_key()
    operation = protected(Operation, "postings")
    plan = models.UUIDField(db_index=True)  # the plan that ordered it; what a plan is, is not known here
    unit = protected(ForceUnit, "postings")
    post = models.CharField(max_length=30)
    jenis = models.CharField(max_length=12)
    place = models.CharField(max_length=200)
    desa = models.CharField(max_length=13, blank=True)
    force = models.CharField(max_length=10)
    heads = models.PositiveIntegerField()
    start = models.DateTimeField()
    state = coded(PostingState, 12, default=PostingState.ORDERED.value)
    out = models.PositiveIntegerField(null=True, blank=True)
    back = models.PositiveIntegerField(null=True, blank=True)
    equipment_out = models.PositiveIntegerField(null=True, blank=True)
    equipment_back = models.PositiveIntegerField(null=True, blank=True)
    moved_by = protected(Membership, "postings_moved", null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("desa", "post", "unit__kode")
        constraints = [  # noqa: RUF012
            once("posts_posting_once", "plan", "unit", "post"),
            known("posts_posting_state_known", "state", PostingState),
            holds("posts_posting_has_heads", Q(heads__gte=1)),
            holds(
                "posts_posting_out_counted",
                Q(state__in=("ordered", "cancelled"), out__isnull=True, equipment_out__isnull=True)
                | Q(
                    state__in=("on_post", "returning", "home"),
                    out__isnull=False,  # a CHECK passes what it cannot know: NULL must be named
                    out__gte=1,
                    out__lte=F("heads"),
                    equipment_out__isnull=False,
                ),
            ),
            # Checklist item 15, never waived (RULES 15): nobody is home before everyone is.
            holds(
                "posts_posting_home_complete",
                ~Q(state="home")
                | Q(
                    back__isnull=False,
                    back=F("out"),
                    equipment_back__isnull=False,
                    equipment_back=F("equipment_out"),
                ),
            ),
            paired("posts_posting_moved_who_and_when", "moved_by", "moved_at"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.post} {self.state}"


class PostureRow(models.Model):
    """Where one voting village stands now, and since when; ``standby_since`` of the present stand-by."""

    operation = protected(Operation, "postures")
    desa = models.OneToOneField(Desa, on_delete=models.PROTECT, related_name="posture")
    state = coded(Posture, 12, default=Posture.PREPARATION.value)
    since = models.DateTimeField()
    standby_since = models.DateTimeField(null=True)
    dispute = models.CharField(max_length=8, default="unknown")
    dispute_source = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [  # noqa: RUF012
            holds(
                "posts_dispute_has_source",
                Q(dispute__in=("unknown", "none"))
                | (Q(dispute__in=("open", "settled")) & ~Q(dispute_source="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.desa_id} {self.state}"

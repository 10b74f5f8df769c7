"""Answers, assessments, overrides. Answers are never edited; a published assessment never changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import F, Q

from kondusif_web.answers.models import Round
from kondusif_web.election.columns import filled, holds, once, own_key, paired, protected
from kondusif_web.election.models import Desa, Membership, Operation

Results = Mapping[str, Any]  # plain values of an assessment: of the whole, of a class, of an item


class Assessment(models.Model):
    """A desa on a day, as the core assessed it. A draft until published; then it never changes.

    ``results`` is the whole assessment in plain values (``facts.results_of``), with the digests of the recipe
    and of the answers it rests on (``answer_ids``: their client ids), so that the same answers give the same
    page again.
    """

    id = own_key()
    operation = protected(Operation, "assessments")
    desa = protected(Desa, "assessments")
    on = models.DateField()
    stage = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    force_level = models.PositiveSmallIntegerField(null=True, blank=True)
    results = models.JSONField()
    recipe = models.CharField(max_length=60)
    recipe_digest = models.CharField(max_length=64)
    answers_digest = models.CharField(max_length=64)
    answer_ids = models.JSONField(default=list)
    code_version = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    made_by = protected(Membership, "assessments_made", null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)  # order of publication within the desa
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = protected(Membership, "assessments_published", null=True, blank=True)

    class Meta:
        ordering = ("desa__kode", "-number")
        constraints = [  # noqa: RUF012
            once("classes_one_draft_per_desa", "desa", condition=Q(number__isnull=True)),
            once("classes_published_in_order", "desa", "number"),
            holds(
                "classes_published_who_and_when",
                Q(number__isnull=True, published_at__isnull=True, published_by__isnull=True)
                | Q(number__isnull=False, published_at__isnull=False, level__isnull=False),
            ),
            holds("classes_level_known", Q(level__isnull=True) | Q(level__in=(1, 2, 3))),
        ]

    def __str__(self) -> str:
        return f"{self.desa} {self.on} {self.number or 'draft'}"


class Override(models.Model):
    """A commander's class beside the machine's (RULES 7). Downward it waits for a second person."""

    id = own_key()
    operation = protected(Operation, "overrides")
    assessment = protected(Assessment, "overrides")
    place = models.CharField(max_length=16, db_index=True)
    machine = models.PositiveSmallIntegerField()
    human = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=400)
    by = protected(Membership, "overrides")
    at = models.DateTimeField()
    until = models.DateTimeField()
    second = protected(Membership, "overrides_seconded", null=True, blank=True)
    second_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at",)
        constraints = [  # noqa: RUF012
            holds(
                "classes_override_changes_level",
                Q(machine__in=(1, 2, 3), human__in=(1, 2, 3)) & ~Q(machine=F("human")),
            ),
            filled("classes_override_has_reason", "reason"),
            holds("classes_override_expires", Q(until__gt=F("at"))),
            paired("classes_second_who_and_when", "second", "second_at"),
            holds("classes_second_is_another_person", Q(second__isnull=True) | ~Q(second=F("by"))),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.machine} -> {self.human}"

    @property
    def downward(self) -> bool:
        return self.human < self.machine


class Frozen(models.Model):
    """A village when a round closed: the class published by then, and what was there to rest it on."""

    round = protected(Round, "frozen")
    desa = protected(Desa)
    assessment = protected(Assessment, null=True, blank=True)
    within = models.BooleanField()  # published while the round ran
    coverage_due = models.FloatField()
    provisional = models.BooleanField()
    asked = models.PositiveSmallIntegerField()
    owed = models.PositiveSmallIntegerField()
    stale = models.PositiveSmallIntegerField()
    disputed = models.PositiveSmallIntegerField()
    evidence = models.FloatField()  # weighted share of answers with evidence, 0..1

    class Meta:
        ordering = ("desa__kode",)
        constraints = [  # noqa: RUF012
            once("classes_frozen_once", "round", "desa"),
            holds("classes_frozen_within_a_class", Q(within=False) | Q(assessment__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.desa}"

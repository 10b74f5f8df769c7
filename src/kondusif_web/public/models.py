"""The one table the public pages read."""

from __future__ import annotations

from django.db import models

from kondusif_web.election.models import Membership, Operation


class Kind(models.TextChoices):
    """In the order of the page."""

    HEADER = "header"
    SECURITY = "security"
    STAGE = "stage"
    QUESTION = "question"
    COMMITMENT = "commitment"
    COUNTS = "counts"
    HELP = "help"


class Item(models.Model):
    """One published thing. ``body`` is all there is: no foreign key leads from here to a village or plan."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="public_items")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    number = models.PositiveSmallIntegerField()
    body = models.JSONField()
    published_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ("kind", "number")
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=("operation", "kind", "number"), name="public_item_once"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="public_item_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

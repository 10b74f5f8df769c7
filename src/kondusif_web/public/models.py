"""The one table the public pages read."""

from __future__ import annotations

from django.db import models

from kondusif_web.election.columns import known, once, protected
from kondusif_web.election.models import Membership, Operation


class PublicKind(models.TextChoices):
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

    operation = protected(Operation, "public_items")
    kind = models.CharField(max_length=12, choices=PublicKind.choices)
    number = models.PositiveSmallIntegerField()
    body = models.JSONField()
    published_by = protected(Membership)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ("kind", "number")
        constraints = [  # noqa: RUF012
            once("public_item_once", "operation", "kind", "number"),
            known("public_item_kind_known", "kind", PublicKind),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

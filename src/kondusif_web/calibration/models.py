"""Past votes that somebody imported; one row holds one file whole, and the newest counts."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from kondusif_web.election.models import Membership, Operation


class History(models.Model):
    """One import. It is never changed or removed: a later ``number`` takes its place.

    ``csv`` is the canonical table (``kondusif.files.history``) and ``digest`` its SHA-256; ``source`` says in
    words which vote and whose record, without anybody's name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="histories")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=160)
    csv = models.TextField()
    digest = models.CharField(max_length=64)
    places = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="histories")

    class Meta:
        ordering = ("-number",)
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=("operation", "number"), name="calibration_history_number_once"),
            models.CheckConstraint(condition=~Q(source=""), name="calibration_history_has_source"),
            models.CheckConstraint(condition=Q(places__gte=1), name="calibration_history_has_places"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.source}"

"""Past votes that somebody imported; one row holds one file whole, and the newest counts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kondusif_web.election.columns import filled, holds, once, own_key, protected
from kondusif_web.election.models import Membership, Operation


class History(models.Model):
    """One import. It is never changed or removed: a later ``number`` takes its place.

    ``csv`` is the canonical table (``kondusif.files.history``) and ``digest`` its SHA-256; ``source`` says in
    words which vote and whose record, without anybody's name.
    """

    id = own_key()
    operation = protected(Operation, "histories")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=160)
    csv = models.TextField()
    digest = models.CharField(max_length=64)
    places = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = protected(Membership, "histories")

    class Meta:
        ordering = ("-number",)
        constraints = [  # noqa: RUF012
            once("calibration_history_number_once", "operation", "number"),
            filled("calibration_history_has_source", "source"),
            holds("calibration_history_has_places", Q(places__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.source}"

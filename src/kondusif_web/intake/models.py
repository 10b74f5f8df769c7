"""A file that waits for its confirmation. Nothing of it counts until it is applied."""

from __future__ import annotations

import uuid

from django.db import models

from kondusif_web.election.models import Membership


class Pending(models.Model):
    """An upload of one member into their operation, for two hours: ``raw`` as it came, ``digest`` of it.

    ``options``: what was asked beside the file (source and code property of boundaries). Outside the book:
    what is taken from a file is recorded when it is applied.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="pending_files")
    kind = models.CharField(max_length=10, choices=[("berkas", "berkas"), ("batas", "batas")])
    name = models.CharField(max_length=160)
    raw = models.BinaryField()
    digest = models.CharField(max_length=64)
    options = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.name

"""The book's table. Triggers refuse update and delete (migration 0002); nothing else writes here."""

from __future__ import annotations

from django.db import models

from kondusif import logbook


class Chained(models.Model):
    """A row of a hash chain: the columns of :class:`kondusif.logbook.Entry`."""

    seq = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=60, db_index=True)
    version = models.PositiveSmallIntegerField(default=1)
    operation = models.CharField(max_length=60, blank=True)
    kode_desa = models.CharField(max_length=20, blank=True, db_index=True)
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=150, blank=True)
    payload = models.JSONField(default=dict)
    rows = models.JSONField(default=dict)
    corrects = models.CharField(max_length=120, blank=True)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        abstract = True
        ordering = ("seq",)

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"

    @classmethod
    def of(cls, entry: logbook.Entry) -> Chained:
        return cls(**{name: getattr(entry, name) for name in entry.__dataclass_fields__})

    def entry(self) -> logbook.Entry:
        return logbook.Entry(**{n: getattr(self, n) for n in logbook.Entry.__dataclass_fields__})


class Entry(Chained):
    """One line of the operation's book."""

    class Meta(Chained.Meta):
        db_table = "logbook_entry"

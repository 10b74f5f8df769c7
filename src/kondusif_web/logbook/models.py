"""The tables of the chains. Triggers refuse update and delete (first migration); nothing else writes here."""

from __future__ import annotations

from django.db import models

from kondusif import logbook


class Chained(models.Model):
    """A row of a hash chain: the columns of :class:`kondusif.logbook.Entry`.

    One table holds the chains of all operations; ``operation`` is the code, ``""`` for the office itself.
    """

    operation = models.CharField(max_length=60, blank=True)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=60, db_index=True)
    version = models.PositiveSmallIntegerField(default=1)
    kode_desa = models.CharField(max_length=20, blank=True, db_index=True)
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=150, blank=True)
    payload = models.JSONField(default=dict)
    rows = models.JSONField(default=dict)
    columns = models.JSONField(default=dict)
    corrects = models.CharField(max_length=120, blank=True)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        abstract = True
        ordering = ("operation", "seq")
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=("operation", "seq"), name="%(class)s_numbered_once_a_chain")
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"

    @classmethod
    def of(cls, entry: logbook.Entry) -> Chained:
        return cls(**{name: getattr(entry, name) for name in entry.__dataclass_fields__})

    def entry(self) -> logbook.Entry:
        return logbook.Entry(**{n: getattr(self, n) for n in logbook.Entry.__dataclass_fields__})


class Entry(Chained):
    """One line of the book: of an operation, or of the office."""

    class Meta(Chained.Meta):
        db_table = "logbook_entry"

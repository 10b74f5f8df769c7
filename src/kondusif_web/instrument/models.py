"""Versions of the recipe, the comparisons that its weights rest on, retirement, and what came into force.

Versions are the office's: their people are accounts, their lines stand in the office's chain, and two persons
are two accounts, whichever operation each of them works in. What is in force is an operation's. A version
made in a drill serves drills alone (ADR 12).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kondusif_web.accounts.models import User
from kondusif_web.election.columns import filled, holds, once, own_key, protected
from kondusif_web.election.models import Membership, Operation


class Instrument(models.Model):
    """One version of a recipe. A draft until published; then the row never changes.

    ``text`` is the whole recipe as TOML and always valid; ``digest`` names its method, ``text_digest`` every
    letter of it, wording included. ``source`` is the key of the version it was drawn from.
    """

    id = own_key()
    kode = models.CharField(max_length=40)
    version = models.CharField(max_length=10)
    drill = models.BooleanField(default=False)  # made in a drill: no live operation sees or uses it
    source = models.CharField(max_length=60)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    text_digest = models.CharField(max_length=64)
    drafted_by = protected(User, "instruments_drafted")
    drafted_at = models.DateTimeField()
    changed_by = protected(User, "instruments_changed")
    changed_at = models.DateTimeField()
    reason = models.CharField(max_length=400, blank=True)
    published_by = protected(User, "instruments_published", null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("kode", "version")
        constraints = [  # noqa: RUF012
            once("instrument_version_once", "kode", "version"),
            holds(
                "instrument_published_who_when_why",
                Q(published_at__isnull=True, published_by__isnull=True, reason="")
                | Q(published_at__isnull=False, published_by__isnull=False) & ~Q(reason=""),
            ),
            holds(
                "instrument_published_by_another_person",
                Q(published_by__isnull=True)
                | (~Q(published_by=F("drafted_by")) & ~Q(published_by=F("changed_by"))),
            ),
            holds(
                "instrument_unchanged_since_published",
                Q(published_at__isnull=True) | Q(published_at__gte=F("changed_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """How an operation names it: ``kondusif-45/2``."""
        return f"{self.kode}/{self.version}"

    @property
    def draft(self) -> bool:
        return self.published_at is None


class Comparison(models.Model):
    """One judge's judgements of every pair under one parent; ``parent`` blank compares the dimensions.

    ``judge`` is a title, never a name; ``judgements`` maps ``"A01/A02"`` to 1/9..9. Frozen with its version.
    """

    id = own_key()
    instrument = protected(Instrument, "comparisons")
    parent = models.CharField(max_length=10, blank=True)
    judge = models.CharField(max_length=60)
    judgements = models.JSONField()
    by = protected(User, "comparisons")
    at = models.DateTimeField()

    class Meta:
        ordering = ("parent", "judge")
        constraints = [  # noqa: RUF012
            once("instrument_judge_compares_once", "instrument", "parent", "judge"),
            filled("instrument_judge_has_title", "judge"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.parent or 'dimensi'} {self.judge}"


class Retirement(models.Model):
    """A published version that may no longer come into force. Its row stays as it was."""

    instrument = models.OneToOneField(Instrument, on_delete=models.PROTECT, related_name="retirement")
    by = protected(User, "instruments_retired")
    at = models.DateTimeField()
    reason = models.CharField(max_length=400)

    class Meta:
        constraints = [  # noqa: RUF012
            filled("instrument_retirement_has_reason", "reason")
        ]

    def __str__(self) -> str:
        return str(self.instrument)


class Enforcement(models.Model):
    """The version that an operation uses from this moment on; ``key`` may also name the product's own."""

    operation = protected(Operation, "enforcements")
    key = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    before = models.CharField(max_length=60)
    reason = models.CharField(max_length=400)
    by = protected(Membership, "enforcements")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [  # noqa: RUF012
            filled("instrument_enforcement_has_reason", "reason"),
            holds("instrument_enforcement_changes", ~Q(key=F("before"))),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"

"""Answers, assessments, overrides. Answers are never edited; a published assessment never changes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kondusif.answers.answer import Given
from kondusif_web.election.columns import coded, holds, once, own_key, paired, protected
from kondusif_web.election.models import Membership, Operation


class Answer(models.Model):
    """One observation. ``client_id`` is made by whoever sends it, unique in its operation: once with one
    content, never with another (RULES 26). ``corrects`` names the client id of an answer of this operation.

    ``place`` is a desa or TPS code; ``occurred_at`` the start of the day observed, in the operation's zone.
    """

    client_id = models.CharField(max_length=60)
    operation = protected(Operation, "answers")
    place = models.CharField(max_length=16, db_index=True)
    item = models.CharField(max_length=20)
    value = models.FloatField(null=True, blank=True)
    word = models.CharField(max_length=10, blank=True)
    given = coded(Given, 20)
    on = models.DateField()
    source = models.CharField(max_length=240)
    rater = models.CharField(max_length=120)
    corrects = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=20)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = protected(Membership, "answers", null=True, blank=True)

    class Meta:
        ordering = ("place", "item", "on", "client_id")
        constraints = [  # noqa: RUF012
            once("answers_answer_id_once", "operation", "client_id"),
            holds(
                "answers_answer_says_one_thing",
                Q(given="value", value__isnull=False, word="")
                | Q(given="value", value__isnull=True) & ~Q(word="")
                | Q(given__in=("not_applicable", "refused"), value__isnull=True, word=""),
            ),
            holds("answers_answer_not_itself", ~Q(corrects=F("client_id"))),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.item} {self.on}"


class Round(models.Model):
    """One round at one gate. Its answers are those recorded from ``opened_at`` until ``closed_at``."""

    operation = protected(Operation, "rounds")
    gate = models.CharField(max_length=20)
    stage = models.CharField(max_length=20)
    due_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    opened_by = protected(Membership, "rounds_opened")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = protected(Membership, "rounds_closed", null=True, blank=True)

    class Meta:
        ordering = ("opened_at",)
        constraints = [  # noqa: RUF012
            once("answers_one_per_gate", "operation", "gate"),
            once("answers_one_runs", "operation", condition=Q(closed_at__isnull=True)),
            paired("answers_closed_who_and_when", "closed_at", "closed_by"),
        ]

    def __str__(self) -> str:
        return self.gate


class NotKnown(models.Model):
    """Somebody asked and does not know yet. The item stays owed. ``client_id``: RULES 26."""

    client_id = models.UUIDField(editable=False)
    operation = protected(Operation)
    place = models.CharField(max_length=16, db_index=True)
    item = models.CharField(max_length=20)
    note = models.CharField(max_length=240, blank=True)
    on = models.DateField()
    by = protected(Membership)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)
        constraints = [  # noqa: RUF012
            once("answers_not_known_id_once", "operation", "client_id")
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.item} ?"


class Review(models.Model):
    """Raters differ on one item of one place. Both values stay; ``settled`` names who agreed on what."""

    class State(models.TextChoices):
        OPEN = "open", _("terbuka")
        SETTLED = "settled", _("diputus bersama")
        LAPSED = "lapsed", _("gugur")

    id = own_key()
    operation = protected(Operation)
    round = protected(Round, "reviews")
    place = models.CharField(max_length=16, db_index=True)
    item = models.CharField(max_length=20)
    answers = models.JSONField(default=list)  # client ids, the riskiest first
    raters = models.JSONField(default=list)  # in the same order
    held = models.CharField(
        max_length=60, blank=True
    )  # client id of the answer that keeps the riskier in front
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    agreed = models.JSONField(default=list)  # client ids of the answers that the review wrote
    reason = models.CharField(max_length=180, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = protected(Membership, null=True, blank=True)

    class Meta:
        ordering = ("place", "item", "opened_at")
        constraints = [  # noqa: RUF012
            once("answers_one_open_review_per_item", "operation", "place", "item", condition=Q(state="open")),
            holds(
                "answers_review_ended_who_when_why",
                Q(state="open", ended_at__isnull=True, ended_by__isnull=True)
                | Q(state="lapsed", ended_at__isnull=False)
                | Q(state="settled", ended_at__isnull=False, ended_by__isnull=False) & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.item} {self.state}"


class Evidence(models.Model):
    """What an answer rests on: a document named by number and day, or a file, or both.

    ``client_id`` is made by whoever sends it, unique in its operation (RULES 26).

    The file lies in ``EvidenceFile`` so that a list of evidence never loads one; a file removed because it
    should never have been kept (a ballot, a tally sheet) leaves this row, with who and why.
    """

    class Kind(models.TextChoices):
        MINUTES = "ba", _("Berita acara")
        RECEIPT = "tanda_terima", _("Tanda terima")
        DECREE = "sk", _("Surat keputusan")
        REPORT = "lp", _("Laporan polisi")
        ATTENDANCE = "hadir", _("Daftar hadir")
        PHOTO = "foto", _("Foto keadaan")
        OTHER = "lain", _("Dokumen lain")

    id = own_key()
    client_id = models.UUIDField(editable=False)
    operation = protected(Operation)
    answer = protected(Answer, "evidence")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    number = models.CharField(max_length=80, blank=True)
    dated = models.DateField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)  # bytes
    type = models.CharField(max_length=40, blank=True)  # by its first bytes, not by its name
    by = protected(Membership)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = protected(Membership, null=True, blank=True)
    removed_why = models.CharField(max_length=240, blank=True)

    class Meta:
        ordering = ("at",)
        constraints = [  # noqa: RUF012
            once("answers_evidence_id_once", "operation", "client_id"),
            holds("answers_evidence_is_a_document_or_a_file", ~Q(number="") | ~Q(sha256="")),
            holds(
                "answers_evidence_file_whole",
                Q(sha256="", size=0, type="") | ~Q(sha256="") & Q(size__gt=0) & ~Q(type=""),
            ),
            holds(
                "answers_evidence_removed_who_when_why",
                Q(removed_at__isnull=True, removed_by__isnull=True, removed_why="")
                | Q(removed_at__isnull=False, removed_by__isnull=False, removed_at__gte=F("at"))
                & ~Q(removed_why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()

    @property
    def has_file(self) -> bool:
        return bool(self.sha256) and self.removed_at is None


class EvidenceFile(models.Model):
    """The bytes of a file, apart from what is listed."""

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, primary_key=True, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.evidence_id)

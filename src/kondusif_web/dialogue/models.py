"""Rows of the dialogue. People stand here as roles and villages: no column can hold who asked.

What comes from outside brings an id made by the client (RULES 26), so a form sent twice over a bad line is
one row; the row's own key is the office's, since two operations may be sent the same id.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from kondusif.dialogue import OWNED_STATUSES, CommitmentStatus, Topic
from kondusif.forces import Force
from kondusif_web.election.columns import coded, holds, known, once, own_key, paired, protected
from kondusif_web.election.models import Desa, Membership, Operation


class RegisterEntry(models.Model):
    """Who put the row in, and when by the operation's clock; the key is the office's own."""

    id = own_key()
    recorded_by = protected(Membership)
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return getattr(self, "kode", "") or str(self.pk)


class FormSubmission(RegisterEntry):
    """A row that came with an id of its own: ``client_id``, unique within the operation."""

    operation = protected(Operation)
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(
                fields=("operation", "client_id"), name="%(app_label)s_%(class)s_sent_once"
            )
        ]


class Undertaking(FormSubmission):
    """What somebody takes on. ``owner`` is a title, empty while nobody answers for it."""

    kode = models.CharField(max_length=60)
    owner = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=240, blank=True)
    moved_by = protected(Membership, null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)

    class Meta(FormSubmission.Meta):
        abstract = True


class Meeting(FormSubmission):
    """A dialogue, as its record tells it."""

    kode = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    at = models.DateTimeField()
    place = models.CharField(max_length=160)
    host = models.CharField(max_length=120, blank=True)  # a title
    agenda = models.JSONField(default=list, blank=True)
    messages = models.JSONField(default=list, blank=True)
    desa = models.ManyToManyField(Desa, related_name="meetings", through="MeetingDesa")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-at", "kode")
        constraints = [  # noqa: RUF012
            *FormSubmission.Meta.constraints,
            once("dialogue_meeting_once", "operation", "kode"),
        ]

    def __str__(self) -> str:
        return self.title


class MeetingDesa(models.Model):
    """A village a meeting was about."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT)
    desa = models.ForeignKey(Desa, on_delete=models.PROTECT)

    class Meta:
        constraints = [  # noqa: RUF012
            once("dialogue_meeting_desa_once", "meeting", "desa")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.desa_id}"


class Participant(models.Model):
    """Who was there, by role only."""

    meeting = protected(Meeting, "participants")
    role = models.CharField(max_length=120)

    class Meta:
        ordering = ("pk",)
        constraints = [  # noqa: RUF012
            once("dialogue_participant_once", "meeting", "role")
        ]

    def __str__(self) -> str:
        return self.role


class Question(FormSubmission):
    """A question of a role from a village."""

    meeting = protected(Meeting, "questions")
    kode = models.CharField(max_length=60)
    desa = protected(Desa, "questions")
    role = models.CharField(max_length=120)
    text = models.TextField()
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ("asked_at", "kode")
        constraints = [  # noqa: RUF012
            *FormSubmission.Meta.constraints,
            once("dialogue_question_once", "meeting", "kode"),
        ]


class QuestionPart(models.Model):
    """One thing a question asks."""

    id = own_key()
    question = protected(Question, "parts")
    kode = models.CharField(max_length=60)
    topic = coded(Topic, 12)
    force = coded(Force, 10, blank=True)
    text = models.CharField(max_length=240)

    class Meta:
        ordering = ("question", "kode")
        constraints = [  # noqa: RUF012
            once("dialogue_part_once", "question", "kode"),
            known("dialogue_part_topic_known", "topic", Topic),
        ]

    def __str__(self) -> str:
        return self.text


class Answer(FormSubmission):
    """Words given to a part, by title. ``corrects`` points at the answer it replaces."""

    part = protected(QuestionPart, "answers")
    by = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField()
    closes = models.BooleanField(default=True)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    class Meta(FormSubmission.Meta):
        ordering = ("at", "id")


class Commitment(Undertaking):
    """A promise of the dialogue: what, whose, by when."""

    meeting = protected(Meeting, "commitments", null=True, blank=True)
    text = models.CharField(max_length=240)
    topic = coded(Topic, 12)
    due = models.DateTimeField(null=True, blank=True)
    gate = models.CharField(max_length=40, blank=True)
    levels = models.JSONField(null=True, blank=True)  # null: not named; [] of old: every
    status = coded(CommitmentStatus, 10)

    class Meta:
        ordering = ("kode",)
        constraints = [  # noqa: RUF012
            *FormSubmission.Meta.constraints,
            once("dialogue_commitment_once", "operation", "kode"),
            known("dialogue_commitment_status_known", "status", CommitmentStatus),
            holds(
                "dialogue_commitment_owned_if_stands", ~Q(status__in=sorted(OWNED_STATUSES)) | ~Q(owner="")
            ),
            holds("dialogue_commitment_reason_where_due", ~Q(status__in=("moved", "broken")) | ~Q(reason="")),
            paired("dialogue_commitment_moved_who_and_when", "moved_by", "moved_at"),
        ]


class Correction(FormSubmission):
    """A record of the dialogue mended: it points at what it corrects, and keeps the facts before and after.

    ``waits``: it takes something away, so it counts only once another person confirmed it (RULES 30).
    """

    meeting = protected(Meeting, "corrections", null=True, blank=True)
    question = protected(Question, "corrections", null=True, blank=True)
    commitment = protected(Commitment, "corrections", null=True, blank=True)
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(max_length=240)
    waits = models.BooleanField()
    confirmed_by = protected(Membership, null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta(FormSubmission.Meta):
        ordering = ("recorded_at", "id")
        constraints = [  # noqa: RUF012
            *FormSubmission.Meta.constraints,
            paired("dialogue_correction_confirmed_who_and_when", "confirmed_by", "confirmed_at"),
            holds(
                "dialogue_correction_of_one",
                Q(meeting__isnull=False, question__isnull=True, commitment__isnull=True)
                | Q(meeting__isnull=True, question__isnull=False, commitment__isnull=True)
                | Q(meeting__isnull=True, question__isnull=True, commitment__isnull=False),
            ),
            holds(
                "dialogue_correction_by_two",
                Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
            ),
        ]

    @property
    def of(self) -> Meeting | Question | Commitment:
        """The row that it corrects."""
        found = self.meeting or self.question or self.commitment
        assert found is not None
        return found

    @property
    def counts(self) -> bool:
        return not self.waits or self.confirmed_by_id is not None


class PledgeState(models.TextChoices):
    SIGNED = "signed"
    UNSIGNED = "unsigned"
    BROKEN = "broken"


class Pledge(RegisterEntry):
    """The peace pledge of a candidate, by number. No row: not known."""

    desa = protected(Desa, "pledges")
    nomor = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=PledgeState.choices)
    on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("desa", "nomor")
        constraints = [  # noqa: RUF012
            once("dialogue_pledge_once", "desa", "nomor"),
            known("dialogue_pledge_state_known", "state", PledgeState),
            holds("dialogue_pledge_dated", Q(state="unsigned") | Q(on__isnull=False)),
        ]


class Visit(FormSubmission):
    """A cooling-system activity: who by role, where, with whom by role, about what, what follows."""

    desa = protected(Desa, "visits")
    at = models.DateTimeField()
    role = models.CharField(max_length=120)
    place = models.CharField(max_length=160)
    whom = models.CharField(max_length=120, blank=True)
    topic = models.CharField(max_length=240)
    follow_up = models.CharField(max_length=240, blank=True)

    class Meta(FormSubmission.Meta):
        ordering = ("-at", "id")

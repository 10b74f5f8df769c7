"""Rows of the dialogue. People stand here as roles and villages: no column can hold who asked.

What comes from outside brings an id made by the client (RULES 26), so a form sent twice over a bad line is
one row; the row's own key is the office's, since two operations may be sent the same id.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from kondusif.dialogue import STANDS, Status, Topic
from kondusif.forces import Force
from kondusif_web.election.models import Desa, Membership, Operation


class Recorded(models.Model):
    """Who put the row in, and when by the operation's clock; the key is the office's own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True


class Submitted(Recorded):
    """A row that came with an id of its own: ``client_id``, unique within the operation."""

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(
                fields=("operation", "client_id"), name="%(app_label)s_%(class)s_sent_once"
            )
        ]


class Meeting(Submitted):
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
            *Submitted.Meta.constraints,
            models.UniqueConstraint(fields=("operation", "kode"), name="dialogue_meeting_once"),
        ]

    def __str__(self) -> str:
        return self.title


class MeetingDesa(models.Model):
    """A village a meeting was about."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT)
    desa = models.ForeignKey(Desa, on_delete=models.PROTECT)

    class Meta:
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=("meeting", "desa"), name="dialogue_meeting_desa_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.desa_id}"


class Participant(models.Model):
    """Who was there, by role only."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="participants")
    role = models.CharField(max_length=120)

    class Meta:
        ordering = ("pk",)
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=("meeting", "role"), name="dialogue_participant_once")
        ]

    def __str__(self) -> str:
        return self.role


class Question(Submitted):
    """A question of a role from a village."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="questions")
    kode = models.CharField(max_length=60)
    desa = models.ForeignKey(Desa, on_delete=models.PROTECT, related_name="questions")
    role = models.CharField(max_length=120)
    text = models.TextField()
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ("asked_at", "kode")
        constraints = [  # noqa: RUF012
            *Submitted.Meta.constraints,
            models.UniqueConstraint(fields=("meeting", "kode"), name="dialogue_question_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kode} {self.role}"


class QuestionPart(models.Model):
    """One thing a question asks."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="parts")
    kode = models.CharField(max_length=60)
    topic = models.CharField(max_length=12, choices=[(t.value, t.value) for t in Topic])
    force = models.CharField(max_length=10, blank=True, choices=[(f.value, f.value) for f in Force])
    text = models.CharField(max_length=240)

    class Meta:
        ordering = ("question", "kode")
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=("question", "kode"), name="dialogue_part_once"),
            models.CheckConstraint(
                condition=Q(topic__in=[t.value for t in Topic]), name="dialogue_part_topic_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Answer(Submitted):
    """Words given to a part, by title. ``corrects`` points at the answer it replaces."""

    part = models.ForeignKey(QuestionPart, on_delete=models.PROTECT, related_name="answers")
    by = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField()
    closes = models.BooleanField(default=True)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    class Meta(Submitted.Meta):
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.by} {self.at:%Y-%m-%d}"


class Commitment(Submitted):
    """A promise: what, whose, by when. ``owner`` is a title, empty while nobody answers for it."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    kode = models.CharField(max_length=60)
    text = models.CharField(max_length=240)
    topic = models.CharField(max_length=12, choices=[(t.value, t.value) for t in Topic])
    owner = models.CharField(max_length=160, blank=True)
    due = models.DateTimeField(null=True, blank=True)
    gate = models.CharField(max_length=40, blank=True)
    levels = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Status])
    reason = models.CharField(max_length=240, blank=True)
    moved_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    moved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("kode",)
        constraints = [  # noqa: RUF012
            *Submitted.Meta.constraints,
            models.UniqueConstraint(fields=("operation", "kode"), name="dialogue_commitment_once"),
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]), name="dialogue_commitment_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(STANDS)) | ~Q(owner=""),
                name="dialogue_commitment_owned_if_stands",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("moved", "broken")) | ~Q(reason=""),
                name="dialogue_commitment_reason_where_due",
            ),
            models.CheckConstraint(
                condition=Q(moved_by__isnull=True, moved_at__isnull=True)
                | Q(moved_by__isnull=False, moved_at__isnull=False),
                name="dialogue_commitment_moved_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class PledgeState(models.TextChoices):
    SIGNED = "signed"
    UNSIGNED = "unsigned"
    BROKEN = "broken"


class Pledge(Recorded):
    """The peace pledge of a candidate, by number. No row: not known."""

    desa = models.ForeignKey(Desa, on_delete=models.PROTECT, related_name="pledges")
    nomor = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=PledgeState.choices)
    on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("desa", "nomor")
        constraints = [  # noqa: RUF012
            models.UniqueConstraint(fields=("desa", "nomor"), name="dialogue_pledge_once"),
            models.CheckConstraint(
                condition=Q(state__in=PledgeState.values), name="dialogue_pledge_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="unsigned") | Q(on__isnull=False), name="dialogue_pledge_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.desa_id} {self.nomor} {self.state}"


class Visit(Submitted):
    """A cooling-system activity: who by role, where, with whom by role, about what, what follows."""

    desa = models.ForeignKey(Desa, on_delete=models.PROTECT, related_name="visits")
    at = models.DateTimeField()
    role = models.CharField(max_length=120)
    place = models.CharField(max_length=160)
    whom = models.CharField(max_length=120, blank=True)
    topic = models.CharField(max_length=240)
    follow_up = models.CharField(max_length=240, blank=True)

    class Meta(Submitted.Meta):
        ordering = ("-at", "id")

    def __str__(self) -> str:
        return f"{self.role} {self.at:%Y-%m-%d}"

import uuid

import django.db.models.deletion
from django.db import migrations, models

import kondusif.dialogue.promised


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("election", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("recorded_at", models.DateTimeField()),
                ("client_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("kode", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("place", models.CharField(max_length=160)),
                ("host", models.CharField(blank=True, max_length=120)),
                ("agenda", models.JSONField(blank=True, default=list)),
                ("messages", models.JSONField(blank=True, default=list)),
                ("note", models.TextField(blank=True)),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="election.operation"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "kode"),
            },
        ),
        migrations.CreateModel(
            name="MeetingDesa",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("desa", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="election.desa")),
                (
                    "meeting",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="dialogue.meeting"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="meeting",
            name="desa",
            field=models.ManyToManyField(
                related_name="meetings", through="dialogue.MeetingDesa", to="election.desa"
            ),
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=120)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participants",
                        to="dialogue.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Pledge",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("recorded_at", models.DateTimeField()),
                ("nomor", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("signed", "Signed"), ("unsigned", "Unsigned"), ("broken", "Broken")],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField(blank=True, null=True)),
                (
                    "desa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledges",
                        to="election.desa",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
            ],
            options={
                "ordering": ("desa", "nomor"),
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("recorded_at", models.DateTimeField()),
                ("client_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("kode", models.CharField(max_length=60)),
                ("role", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("asked_at", models.DateTimeField()),
                (
                    "desa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="election.desa",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="dialogue.meeting",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="election.operation"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
            ],
            options={
                "ordering": ("asked_at", "kode"),
            },
        ),
        migrations.CreateModel(
            name="QuestionPart",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kode", models.CharField(max_length=60)),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("start", "start"),
                            ("stay", "stay"),
                            ("around_tps", "around_tps"),
                            ("measure", "measure"),
                            ("ready", "ready"),
                            ("other", "other"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "force",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("polri", "polri"),
                            ("tni", "tni"),
                            ("linmas", "linmas"),
                            ("satpol", "satpol"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.CharField(max_length=240)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="dialogue.question",
                    ),
                ),
            ],
            options={
                "ordering": ("question", "kode"),
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("recorded_at", models.DateTimeField()),
                ("client_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("by", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("closes", models.BooleanField(default=True)),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="dialogue.answer",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="election.operation"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="dialogue.questionpart",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("recorded_at", models.DateTimeField()),
                ("client_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("at", models.DateTimeField()),
                ("role", models.CharField(max_length=120)),
                ("place", models.CharField(max_length=160)),
                ("whom", models.CharField(blank=True, max_length=120)),
                ("topic", models.CharField(max_length=240)),
                ("follow_up", models.CharField(blank=True, max_length=240)),
                (
                    "desa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="election.desa"
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="election.operation"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("recorded_at", models.DateTimeField()),
                ("client_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("kode", models.CharField(max_length=60)),
                ("text", models.CharField(max_length=240)),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("start", "start"),
                            ("stay", "stay"),
                            ("around_tps", "around_tps"),
                            ("measure", "measure"),
                            ("ready", "ready"),
                            ("other", "other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("owner", models.CharField(blank=True, max_length=160)),
                ("due", models.DateTimeField(blank=True, null=True)),
                ("gate", models.CharField(blank=True, max_length=40)),
                ("levels", models.JSONField(blank=True, default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("offered", "offered"),
                            ("owned", "owned"),
                            ("moved", "moved"),
                            ("kept", "kept"),
                            ("broken", "broken"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=240)),
                ("moved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "moved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="election.operation"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="dialogue.meeting",
                    ),
                ),
            ],
            options={
                "ordering": ("kode",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operation", "client_id"), name="dialogue_commitment_sent_once"
                    ),
                    models.UniqueConstraint(fields=("operation", "kode"), name="dialogue_commitment_once"),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["offered", "owned", "moved", "kept", "broken"])),
                        name="dialogue_commitment_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "status__in",
                                    [
                                        kondusif.dialogue.promised.Status["KEPT"],
                                        kondusif.dialogue.promised.Status["MOVED"],
                                        kondusif.dialogue.promised.Status["OWNED"],
                                    ],
                                ),
                                _negated=True,
                            ),
                            models.Q(("owner", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dialogue_commitment_owned_if_stands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("moved", "broken")), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dialogue_commitment_reason_where_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("moved_at__isnull", True), ("moved_by__isnull", True)),
                            models.Q(("moved_at__isnull", False), ("moved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="dialogue_commitment_moved_who_and_when",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="meetingdesa",
            constraint=models.UniqueConstraint(fields=("meeting", "desa"), name="dialogue_meeting_desa_once"),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                fields=("operation", "client_id"), name="dialogue_meeting_sent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(fields=("operation", "kode"), name="dialogue_meeting_once"),
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.UniqueConstraint(fields=("meeting", "role"), name="dialogue_participant_once"),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.UniqueConstraint(fields=("desa", "nomor"), name="dialogue_pledge_once"),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["signed", "unsigned", "broken"])),
                name="dialogue_pledge_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "unsigned"), ("on__isnull", False), _connector="OR"),
                name="dialogue_pledge_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                fields=("operation", "client_id"), name="dialogue_question_sent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("meeting", "kode"), name="dialogue_question_once"),
        ),
        migrations.AddConstraint(
            model_name="questionpart",
            constraint=models.UniqueConstraint(fields=("question", "kode"), name="dialogue_part_once"),
        ),
        migrations.AddConstraint(
            model_name="questionpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("topic__in", ["start", "stay", "around_tps", "measure", "ready", "other"])
                ),
                name="dialogue_part_topic_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                fields=("operation", "client_id"), name="dialogue_answer_sent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                fields=("operation", "client_id"), name="dialogue_visit_sent_once"
            ),
        ),
    ]

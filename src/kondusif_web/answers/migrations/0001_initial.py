import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("election", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("client_id", models.UUIDField(editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ba", "Berita acara"),
                            ("tanda_terima", "Tanda terima"),
                            ("sk", "Surat keputusan"),
                            ("lp", "Laporan polisi"),
                            ("hadir", "Daftar hadir"),
                            ("foto", "Foto keadaan"),
                            ("lain", "Dokumen lain"),
                        ],
                        max_length=20,
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=80)),
                ("dated", models.DateField(blank=True, null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(default=0)),
                ("type", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("removed_why", models.CharField(blank=True, max_length=240)),
            ],
            options={
                "ordering": ("at",),
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.CharField(max_length=60)),
                ("place", models.CharField(db_index=True, max_length=16)),
                ("item", models.CharField(max_length=20)),
                ("value", models.FloatField(blank=True, null=True)),
                ("word", models.CharField(blank=True, max_length=10)),
                (
                    "given",
                    models.CharField(
                        choices=[
                            ("value", "value"),
                            ("not_applicable", "not_applicable"),
                            ("refused", "refused"),
                        ],
                        max_length=20,
                    ),
                ),
                ("on", models.DateField()),
                ("source", models.CharField(max_length=240)),
                ("rater", models.CharField(max_length=120)),
                ("corrects", models.CharField(blank=True, max_length=60)),
                ("channel", models.CharField(max_length=20)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="election.membership",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="election.operation",
                    ),
                ),
            ],
            options={
                "ordering": ("place", "item", "on", "client_id"),
            },
        ),
        migrations.CreateModel(
            name="EvidenceFile",
            fields=[
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="file",
                        serialize=False,
                        to="answers.evidence",
                    ),
                ),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name="evidence",
            name="answer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="answers.answer"
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="election.membership"
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="operation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="election.operation"
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="removed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="election.membership",
            ),
        ),
        migrations.CreateModel(
            name="NotKnown",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_id", models.UUIDField(editable=False)),
                ("place", models.CharField(db_index=True, max_length=16)),
                ("item", models.CharField(max_length=20)),
                ("note", models.CharField(blank=True, max_length=240)),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
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
            ],
            options={
                "ordering": ("-at",),
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("gate", models.CharField(max_length=20)),
                ("stage", models.CharField(max_length=20)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds_closed",
                        to="election.membership",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds_opened",
                        to="election.membership",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="election.operation",
                    ),
                ),
            ],
            options={
                "ordering": ("opened_at",),
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("place", models.CharField(db_index=True, max_length=16)),
                ("item", models.CharField(max_length=20)),
                ("answers", models.JSONField(default=list)),
                ("raters", models.JSONField(default=list)),
                ("held", models.CharField(blank=True, max_length=60)),
                ("opened_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "terbuka"), ("settled", "diputus bersama"), ("lapsed", "gugur")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("agreed", models.JSONField(default=list)),
                ("reason", models.CharField(blank=True, max_length=180)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
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
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="answers.round",
                    ),
                ),
            ],
            options={
                "ordering": ("place", "item", "opened_at"),
            },
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                fields=("operation", "client_id"), name="answers_answer_id_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("given", "value"), ("value__isnull", False), ("word", "")),
                    models.Q(
                        ("given", "value"), ("value__isnull", True), models.Q(("word", ""), _negated=True)
                    ),
                    models.Q(
                        ("given__in", ("not_applicable", "refused")), ("value__isnull", True), ("word", "")
                    ),
                    _connector="OR",
                ),
                name="answers_answer_says_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("corrects", models.F("client_id")), _negated=True),
                name="answers_answer_not_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                fields=("operation", "client_id"), name="answers_evidence_id_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", ""), _negated=True),
                    models.Q(("sha256", ""), _negated=True),
                    _connector="OR",
                ),
                name="answers_evidence_is_a_document_or_a_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sha256", ""), ("size", 0), ("type", "")),
                    models.Q(
                        models.Q(("sha256", ""), _negated=True),
                        ("size__gt", 0),
                        models.Q(("type", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="answers_evidence_file_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("removed_at__isnull", True), ("removed_by__isnull", True), ("removed_why", "")),
                    models.Q(
                        ("removed_at__gte", models.F("at")),
                        ("removed_at__isnull", False),
                        ("removed_by__isnull", False),
                        models.Q(("removed_why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="answers_evidence_removed_who_when_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="notknown",
            constraint=models.UniqueConstraint(
                fields=("operation", "client_id"), name="answers_not_known_id_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("operation", "gate"), name="answers_one_per_gate"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("operation",),
                name="answers_one_runs",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True)),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="answers_closed_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("operation", "place", "item"),
                name="answers_one_open_review_per_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True), ("state", "open")),
                    models.Q(("ended_at__isnull", False), ("state", "lapsed")),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                        ("state", "settled"),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="answers_review_ended_who_when_why",
            ),
        ),
    ]

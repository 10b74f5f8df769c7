import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("dialogue", "0001_initial"),
        ("election", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mitigation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("recorded_at", models.DateTimeField()),
                ("client_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("kode", models.CharField(max_length=60)),
                ("text", models.CharField(max_length=400)),
                ("owner", models.CharField(blank=True, max_length=160)),
                ("due", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("offered", "offered"),
                            ("owned", "owned"),
                            ("done", "done"),
                            ("dropped", "dropped"),
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
            ],
            options={
                "ordering": ("due", "kode"),
            },
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="dialogue.visit",
                    ),
                ),
                (
                    "mitigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="mitigation.mitigation",
                    ),
                ),
            ],
            options={
                "ordering": ("visit__at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("recorded_at", models.DateTimeField()),
                ("client_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("changes", models.JSONField()),
                (
                    "mitigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="mitigation.mitigation",
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
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="RiskFactor",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("item", models.CharField(max_length=20)),
                ("words", models.CharField(blank=True, max_length=240)),
                ("target", models.FloatField(blank=True, null=True)),
                ("before", models.FloatField(blank=True, null=True)),
                ("delta", models.FloatField(blank=True, null=True)),
                ("level_before", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("level_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("on", models.DateField(blank=True, null=True)),
                (
                    "desa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risk_factors",
                        to="election.desa",
                    ),
                ),
                (
                    "mitigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="factors",
                        to="mitigation.mitigation",
                    ),
                ),
            ],
            options={
                "ordering": ("desa__kode", "item"),
            },
        ),
        migrations.AddConstraint(
            model_name="mitigation",
            constraint=models.UniqueConstraint(
                fields=("operation", "client_id"), name="mitigation_mitigation_sent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="mitigation",
            constraint=models.UniqueConstraint(fields=("operation", "kode"), name="mitigation_once"),
        ),
        migrations.AddConstraint(
            model_name="mitigation",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["offered", "owned", "done", "dropped"])),
                name="mitigation_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="mitigation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("owned", "done")), _negated=True),
                    models.Q(("owner", ""), _negated=True),
                    _connector="OR",
                ),
                name="mitigation_owned_if_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="mitigation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "dropped"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="mitigation_dropped_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="mitigation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("moved_at__isnull", True), ("moved_by__isnull", True)),
                    models.Q(("moved_at__isnull", False), ("moved_by__isnull", False)),
                    _connector="OR",
                ),
                name="mitigation_moved_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(fields=("mitigation", "visit"), name="mitigation_visit_once"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                fields=("operation", "client_id"), name="mitigation_revision_sent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                fields=("mitigation", "number"), name="mitigation_revision_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskfactor",
            constraint=models.UniqueConstraint(
                fields=("mitigation", "desa", "item"), name="mitigation_factor_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="riskfactor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delta__isnull", True), ("on__isnull", True), ("target__isnull", True)),
                    models.Q(("on__isnull", False), ("target__isnull", False)),
                    _connector="OR",
                ),
                name="mitigation_expected_of_a_target",
            ),
        ),
    ]

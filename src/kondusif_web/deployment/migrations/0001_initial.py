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
            name="ForceUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kode", models.CharField(max_length=60)),
                ("nama", models.CharField(max_length=160)),
                (
                    "force",
                    models.CharField(
                        choices=[
                            ("polri", "polri"),
                            ("tni", "tni"),
                            ("linmas", "linmas"),
                            ("satpol", "satpol"),
                        ],
                        max_length=10,
                    ),
                ),
                ("function", models.CharField(blank=True, max_length=60)),
                ("strength", models.PositiveIntegerField()),
                ("base_lat", models.FloatField(blank=True, null=True)),
                ("base_lng", models.FloatField(blank=True, null=True)),
                ("base_nama", models.CharField(blank=True, max_length=160)),
                ("bko", models.BooleanField(default=False)),
                ("only_desa", models.CharField(blank=True, max_length=13)),
                ("not_at", models.JSONField(blank=True, default=list)),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="election.operation",
                    ),
                ),
            ],
            options={
                "ordering": ("kode",),
            },
        ),
        migrations.CreateModel(
            name="PlanRow",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("version", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("superseded", "Superseded"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("pattern_set", models.CharField(max_length=60)),
                ("inputs_digest", models.CharField(max_length=64)),
                ("plan_digest", models.CharField(max_length=64)),
                ("body", models.JSONField()),
                ("extra", models.JSONField()),
                ("scope", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans_approved",
                        to="election.membership",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans_made",
                        to="election.membership",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="election.operation",
                    ),
                ),
            ],
            options={
                "ordering": ("-version",),
            },
        ),
        migrations.CreateModel(
            name="PostingRow",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("post", models.CharField(max_length=30)),
                ("jenis", models.CharField(max_length=12)),
                ("place", models.CharField(max_length=200)),
                ("desa", models.CharField(blank=True, max_length=13)),
                ("force", models.CharField(max_length=10)),
                ("heads", models.PositiveIntegerField()),
                ("start", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ordered", "ordered"),
                            ("on_post", "on_post"),
                            ("returning", "returning"),
                            ("home", "home"),
                            ("cancelled", "cancelled"),
                        ],
                        default="ordered",
                        max_length=12,
                    ),
                ),
                ("out", models.PositiveIntegerField(blank=True, null=True)),
                ("back", models.PositiveIntegerField(blank=True, null=True)),
                ("equipment_out", models.PositiveIntegerField(blank=True, null=True)),
                ("equipment_back", models.PositiveIntegerField(blank=True, null=True)),
                ("moved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "moved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings_moved",
                        to="election.membership",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="election.operation",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="deployment.planrow",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="deployment.forceunit",
                    ),
                ),
            ],
            options={
                "ordering": ("desa", "post", "unit__kode"),
            },
        ),
        migrations.AddConstraint(
            model_name="forceunit",
            constraint=models.UniqueConstraint(fields=("operation", "kode"), name="deployment_unit_once"),
        ),
        migrations.AddConstraint(
            model_name="forceunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("force__in", ["polri", "tni", "linmas", "satpol"])),
                name="deployment_unit_force_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="planrow",
            constraint=models.UniqueConstraint(
                fields=("operation", "version"), name="deployment_plan_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="planrow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "approved")),
                fields=("operation",),
                name="deployment_plan_one_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="planrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                    _connector="OR",
                ),
                name="deployment_plan_approval_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="planrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    ("approved_by__isnull", False),
                    _connector="OR",
                ),
                name="deployment_plan_approved_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="planrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by__isnull", True),
                    models.Q(("approved_by", models.F("made_by")), _negated=True),
                    _connector="OR",
                ),
                name="deployment_plan_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="postingrow",
            constraint=models.UniqueConstraint(
                fields=("plan", "unit", "post"), name="deployment_posting_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="postingrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["ordered", "on_post", "returning", "home", "cancelled"])),
                name="deployment_posting_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="postingrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("heads__gte", 1)), name="deployment_posting_has_heads"
            ),
        ),
        migrations.AddConstraint(
            model_name="postingrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("equipment_out__isnull", True),
                        ("out__isnull", True),
                        ("state__in", ("ordered", "cancelled")),
                    ),
                    models.Q(
                        ("equipment_out__isnull", False),
                        ("out__gte", 1),
                        ("out__isnull", False),
                        ("out__lte", models.F("heads")),
                        ("state__in", ("on_post", "returning", "home")),
                    ),
                    _connector="OR",
                ),
                name="deployment_posting_out_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="postingrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "home"), _negated=True),
                    models.Q(
                        ("back", models.F("out")),
                        ("back__isnull", False),
                        ("equipment_back", models.F("equipment_out")),
                        ("equipment_back__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="deployment_posting_home_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="postingrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("moved_at__isnull", True), ("moved_by__isnull", True)),
                    models.Q(("moved_at__isnull", False), ("moved_by__isnull", False)),
                    _connector="OR",
                ),
                name="deployment_posting_moved_who_and_when",
            ),
        ),
    ]

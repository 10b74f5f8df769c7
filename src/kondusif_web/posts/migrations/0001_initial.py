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
            name="PostingRow",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("plan", models.UUIDField(db_index=True)),
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="posts.forceunit",
                    ),
                ),
            ],
            options={
                "ordering": ("desa", "post", "unit__kode"),
            },
        ),
        migrations.CreateModel(
            name="PostureRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparation", "preparation"),
                            ("moved_in", "moved_in"),
                            ("voting", "voting"),
                            ("counting", "counting"),
                            ("box_escort", "box_escort"),
                            ("standby", "standby"),
                            ("l1", "l1"),
                            ("l2", "l2"),
                            ("l3", "l3"),
                            ("l4", "l4"),
                            ("closed", "closed"),
                        ],
                        default="preparation",
                        max_length=12,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("standby_since", models.DateTimeField(null=True)),
                ("dispute", models.CharField(default="unknown", max_length=8)),
                ("dispute_source", models.CharField(blank=True, max_length=160)),
                (
                    "desa",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posture",
                        to="election.desa",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postures",
                        to="election.operation",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="forceunit",
            constraint=models.UniqueConstraint(fields=("operation", "kode"), name="posts_unit_once"),
        ),
        migrations.AddConstraint(
            model_name="forceunit",
            constraint=models.CheckConstraint(
                condition=models.Q(("force__in", ["polri", "tni", "linmas", "satpol"])),
                name="posts_unit_force_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="postingrow",
            constraint=models.UniqueConstraint(fields=("plan", "unit", "post"), name="posts_posting_once"),
        ),
        migrations.AddConstraint(
            model_name="postingrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["ordered", "on_post", "returning", "home", "cancelled"])),
                name="posts_posting_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="postingrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("heads__gte", 1)), name="posts_posting_has_heads"
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
                name="posts_posting_out_counted",
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
                name="posts_posting_home_complete",
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
                name="posts_posting_moved_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="posturerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dispute__in", ("unknown", "none")),
                    models.Q(
                        ("dispute__in", ("open", "settled")), models.Q(("dispute_source", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="posts_dispute_has_source",
            ),
        ),
    ]

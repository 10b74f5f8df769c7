import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("answers", "0001_initial"),
        ("election", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("on", models.DateField()),
                ("stage", models.CharField(max_length=20)),
                ("level", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("force_level", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("results", models.JSONField()),
                ("recipe", models.CharField(max_length=60)),
                ("recipe_digest", models.CharField(max_length=64)),
                ("answers_digest", models.CharField(max_length=64)),
                ("answer_ids", models.JSONField(default=list)),
                ("code_version", models.CharField(max_length=40)),
                ("made_at", models.DateTimeField()),
                ("number", models.PositiveIntegerField(blank=True, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "desa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="election.desa",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments_made",
                        to="election.membership",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="election.operation",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments_published",
                        to="election.membership",
                    ),
                ),
            ],
            options={
                "ordering": ("desa__kode", "-number"),
            },
        ),
        migrations.CreateModel(
            name="Frozen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("within", models.BooleanField()),
                ("coverage_due", models.FloatField()),
                ("provisional", models.BooleanField()),
                ("asked", models.PositiveSmallIntegerField()),
                ("owed", models.PositiveSmallIntegerField()),
                ("stale", models.PositiveSmallIntegerField()),
                ("disputed", models.PositiveSmallIntegerField()),
                ("evidence", models.FloatField()),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="classes.assessment",
                    ),
                ),
                (
                    "desa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="election.desa"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="frozen", to="answers.round"
                    ),
                ),
            ],
            options={
                "ordering": ("desa__kode",),
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("place", models.CharField(db_index=True, max_length=16)),
                ("machine", models.PositiveSmallIntegerField()),
                ("human", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(max_length=400)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("second_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="classes.assessment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="election.membership",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="election.operation",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides_seconded",
                        to="election.membership",
                    ),
                ),
            ],
            options={
                "ordering": ("-at",),
            },
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__isnull", True)),
                fields=("desa",),
                name="classes_one_draft_per_desa",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(fields=("desa", "number"), name="classes_published_in_order"),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("number__isnull", True),
                        ("published_at__isnull", True),
                        ("published_by__isnull", True),
                    ),
                    models.Q(
                        ("level__isnull", False), ("number__isnull", False), ("published_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="classes_published_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__isnull", True), ("level__in", (1, 2, 3)), _connector="OR"),
                name="classes_level_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="frozen",
            constraint=models.UniqueConstraint(fields=("round", "desa"), name="classes_frozen_once"),
        ),
        migrations.AddConstraint(
            model_name="frozen",
            constraint=models.CheckConstraint(
                condition=models.Q(("within", False), ("assessment__isnull", False), _connector="OR"),
                name="classes_frozen_within_a_class",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("human__in", (1, 2, 3)),
                    ("machine__in", (1, 2, 3)),
                    models.Q(("machine", models.F("human")), _negated=True),
                ),
                name="classes_override_changes_level",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="classes_override_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("at"))), name="classes_override_expires"
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("second__isnull", True), ("second_at__isnull", True)),
                    models.Q(("second__isnull", False), ("second_at__isnull", False)),
                    _connector="OR",
                ),
                name="classes_second_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second__isnull", True),
                    models.Q(("second", models.F("by")), _negated=True),
                    _connector="OR",
                ),
                name="classes_second_is_another_person",
            ),
        ),
    ]

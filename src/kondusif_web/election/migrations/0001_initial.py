import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kondusif_web.accounts.models
import kondusif_web.election.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Operation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kode",
                    models.SlugField(
                        max_length=60, unique=True, validators=[kondusif_web.election.models.check_code]
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("preparing", "preparing"),
                            ("running", "running"),
                            ("closed", "closed"),
                            ("archived", "archived"),
                        ],
                        default="preparing",
                        max_length=10,
                    ),
                ),
                ("nama", models.CharField(max_length=160)),
                ("polres", models.CharField(max_length=120)),
                ("polsek", models.CharField(blank=True, max_length=120)),
                ("kecamatan", models.CharField(blank=True, max_length=80)),
                ("kabupaten", models.CharField(blank=True, max_length=80)),
                ("vote_at", models.DateTimeField()),
                ("tz", models.CharField(default="Asia/Jakarta", max_length=40)),
                ("drill", models.BooleanField(default=False)),
                ("clock", models.DateTimeField(blank=True, null=True)),
                ("illustrative", models.BooleanField(default=False)),
                ("labels", models.JSONField(default=kondusif_web.election.models.default_labels)),
                ("rule_pack", models.CharField(default="pp-43-2014", max_length=40)),
                ("pattern_set", models.CharField(default="jatim-2021-2023", max_length=60)),
                ("start_offsets", models.JSONField(default=kondusif_web.election.models.default_offsets)),
                ("recipe", models.CharField(blank=True, max_length=60)),
                ("bpd_report_at", models.DateTimeField(blank=True, null=True)),
                ("inauguration_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("drill", True), ("clock__isnull", True), _connector="OR"),
                        name="election_only_a_drill_has_a_clock",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phase__in", ["preparing", "running", "closed", "archived"])),
                        name="election_phase_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        max_length=20, validators=[kondusif_web.accounts.models.check_member_role]
                    ),
                ),
                ("jabatan", models.CharField(blank=True, max_length=120)),
                (
                    "prefixes",
                    models.JSONField(
                        blank=True, default=list, validators=[kondusif_web.accounts.models.check_prefixes]
                    ),
                ),
                ("post", models.CharField(blank=True, max_length=30)),
                ("active", models.BooleanField(default=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="election.operation",
                    ),
                ),
            ],
            options={
                "ordering": ("role", "user__username"),
            },
        ),
        migrations.CreateModel(
            name="Desa",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kode", models.CharField(max_length=13)),
                ("nama", models.CharField(max_length=80)),
                ("kecamatan", models.CharField(max_length=80)),
                ("kabupaten", models.CharField(blank=True, max_length=80)),
                ("lat", models.FloatField(blank=True, null=True)),
                ("lng", models.FloatField(blank=True, null=True)),
                ("memilih", models.BooleanField(default=False)),
                ("cell", models.JSONField(blank=True, default=list)),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="desa",
                        to="election.operation",
                    ),
                ),
            ],
            options={
                "ordering": ("kode",),
            },
        ),
        migrations.CreateModel(
            name="Boundary",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("polygons", models.JSONField()),
                ("rings", models.JSONField()),
                ("source", models.CharField(max_length=240)),
                ("file_digest", models.CharField(max_length=64)),
                (
                    "desa",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="boundary",
                        to="election.desa",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="boundaries",
                        to="election.operation",
                    ),
                ),
            ],
            options={
                "ordering": ("desa__kode",),
            },
        ),
        migrations.CreateModel(
            name="Retired",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kode", models.CharField(db_index=True, max_length=16)),
                ("along", models.CharField(blank=True, max_length=13)),
                ("reason", models.CharField(max_length=240)),
                ("at", models.DateTimeField()),
                ("restored_at", models.DateTimeField(blank=True, null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retired",
                        to="election.operation",
                    ),
                ),
                (
                    "restored_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
            ],
            options={
                "ordering": ("kode", "at"),
            },
        ),
        migrations.CreateModel(
            name="StageDate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kode", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("source", models.CharField(max_length=240)),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stage_dates",
                        to="election.operation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tps",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kode", models.CharField(max_length=16)),
                ("nomor", models.PositiveSmallIntegerField()),
                ("nama", models.CharField(blank=True, max_length=80)),
                ("pemilih", models.PositiveIntegerField(blank=True, null=True)),
                ("lat", models.FloatField(blank=True, null=True)),
                ("lng", models.FloatField(blank=True, null=True)),
                (
                    "desa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tps", to="election.desa"
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tps",
                        to="election.operation",
                    ),
                ),
            ],
            options={
                "ordering": ("kode",),
            },
        ),
        migrations.CreateModel(
            name="Calon",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nomor", models.PositiveSmallIntegerField()),
                (
                    "desa",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calon", to="election.desa"
                    ),
                ),
            ],
            options={
                "ordering": ("desa", "nomor"),
                "constraints": [
                    models.UniqueConstraint(fields=("desa", "nomor"), name="election_candidate_number_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("operation", "user"), name="election_member_once"),
        ),
        migrations.AddConstraint(
            model_name="desa",
            constraint=models.UniqueConstraint(fields=("operation", "kode"), name="election_desa_code_once"),
        ),
        migrations.AddConstraint(
            model_name="boundary",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="election_boundary_has_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="retired",
            constraint=models.UniqueConstraint(
                condition=models.Q(("restored_at__isnull", True)),
                fields=("operation", "kode"),
                name="election_retired_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="retired",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="election_retired_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="retired",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("restored_at__isnull", True), ("restored_by__isnull", True)),
                    models.Q(("restored_at__isnull", False), ("restored_by__isnull", False)),
                    _connector="OR",
                ),
                name="election_restored_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="stagedate",
            constraint=models.UniqueConstraint(
                fields=("operation", "kode"), name="election_stage_dated_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="stagedate",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="election_stage_date_has_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="tps",
            constraint=models.UniqueConstraint(fields=("operation", "kode"), name="election_tps_code_once"),
        ),
        migrations.AddConstraint(
            model_name="tps",
            constraint=models.UniqueConstraint(fields=("desa", "nomor"), name="election_tps_number_once"),
        ),
    ]

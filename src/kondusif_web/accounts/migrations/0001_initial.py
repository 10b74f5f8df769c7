from django.db import migrations, models

import kondusif_web.accounts.models
from kondusif_web.logbook.triggers import install


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=60, unique=True)),
                (
                    "role",
                    models.CharField(
                        blank=True, max_length=20, validators=[kondusif_web.accounts.models.check_office_role]
                    ),
                ),
                ("jabatan", models.CharField(blank=True, max_length=120)),
                ("is_active", models.BooleanField(default=True)),
                ("must_change", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Guess",
            fields=[
                ("key", models.CharField(max_length=160, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "db_table": "accounts_guess",
            },
        ),
        migrations.CreateModel(
            name="AccessEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("operation", models.CharField(blank=True, max_length=60)),
                ("seq", models.BigIntegerField()),
                ("kind", models.CharField(db_index=True, max_length=60)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("kode_desa", models.CharField(blank=True, db_index=True, max_length=20)),
                ("subject", models.CharField(blank=True, db_index=True, max_length=120)),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("by", models.CharField(blank=True, max_length=150)),
                ("payload", models.JSONField(default=dict)),
                ("rows", models.JSONField(default=dict)),
                ("columns", models.JSONField(default=dict)),
                ("corrects", models.CharField(blank=True, max_length=120)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "db_table": "accounts_accessentry",
                "ordering": ("operation", "seq"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operation", "seq"), name="accessentry_numbered_once_a_chain"
                    )
                ],
            },
        ),
        migrations.RunPython(*install("accounts_accessentry")),
    ]

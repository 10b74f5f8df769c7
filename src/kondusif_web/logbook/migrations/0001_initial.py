from django.db import migrations, models

from kondusif_web.logbook.triggers import install


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
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
                "db_table": "logbook_entry",
                "ordering": ("operation", "seq"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("operation", "seq"), name="entry_numbered_once_a_chain")
                ],
            },
        ),
        migrations.RunPython(*install("logbook_entry")),
    ]

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
            name="Pending",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(choices=[("berkas", "berkas"), ("batas", "batas")], max_length=10)),
                ("name", models.CharField(max_length=160)),
                ("raw", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("options", models.JSONField(blank=True, default=dict)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pending_files",
                        to="election.membership",
                    ),
                ),
            ],
            options={
                "ordering": ("-made_at",),
            },
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("election", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("header", "Header"),
                            ("security", "Security"),
                            ("stage", "Stage"),
                            ("question", "Question"),
                            ("commitment", "Commitment"),
                            ("counts", "Counts"),
                            ("help", "Help"),
                        ],
                        max_length=12,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("body", models.JSONField()),
                ("published_at", models.DateTimeField()),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public_items",
                        to="election.operation",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
            ],
            options={
                "ordering": ("kind", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("operation", "kind", "number"), name="public_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["header", "security", "stage", "question", "commitment", "counts", "help"],
                            )
                        ),
                        name="public_item_kind_known",
                    ),
                ],
            },
        ),
    ]

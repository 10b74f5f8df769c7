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
            name="Report",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("client_id", models.UUIDField()),
                ("desa", models.CharField(db_index=True, max_length=13)),
                ("place", models.CharField(max_length=16)),
                ("channel", models.CharField(default="web", max_length=12)),
                ("occurred_at", models.DateTimeField(db_index=True)),
                ("received_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                ("corrects", models.UUIDField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("aman", "Aman"), ("situasi", "Situasi"), ("tiba", "Tiba")], max_length=10
                    ),
                ),
                ("payload", models.JSONField(default=dict)),
                ("note", models.CharField(blank=True, max_length=280)),
                (
                    "observer",
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
                "ordering": ("-occurred_at",),
            },
        ),
        migrations.CreateModel(
            name="GateCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("client_id", models.UUIDField()),
                ("desa", models.CharField(db_index=True, max_length=13)),
                ("place", models.CharField(max_length=16)),
                ("channel", models.CharField(default="web", max_length=12)),
                ("occurred_at", models.DateTimeField(db_index=True)),
                ("received_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                ("corrects", models.UUIDField(blank=True, null=True)),
                ("item", models.PositiveSmallIntegerField()),
                (
                    "value",
                    models.CharField(
                        choices=[("yes", "yes"), ("no", "no"), ("na", "na"), ("unknown", "unknown")],
                        max_length=8,
                    ),
                ),
                ("minutes", models.CharField(blank=True, max_length=60)),
                (
                    "party",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("camat", "camat"),
                            ("danramil", "danramil"),
                            ("kapolsek", "kapolsek"),
                            ("warga", "warga"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=280)),
                (
                    "observer",
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
                (
                    "second",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="reports.report",
                    ),
                ),
            ],
            options={
                "ordering": ("-occurred_at",),
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("client_id", models.UUIDField()),
                ("desa", models.CharField(db_index=True, max_length=13)),
                ("place", models.CharField(max_length=16)),
                ("channel", models.CharField(default="web", max_length=12)),
                ("occurred_at", models.DateTimeField(db_index=True)),
                ("received_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                ("corrects", models.UUIDField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("crowd", "crowd"),
                            ("threat", "threat"),
                            ("violence", "violence"),
                            ("weapon", "weapon"),
                            ("damage", "damage"),
                            ("road", "road"),
                            ("box", "box"),
                            ("rumour", "rumour"),
                            ("other", "other"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("hijau", "hijau"), ("kuning", "kuning"), ("merah", "merah")], max_length=8
                    ),
                ),
                ("help", models.CharField(default="none", max_length=8)),
                ("note", models.CharField(blank=True, max_length=280)),
                ("verified_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closing_reason", models.CharField(blank=True, max_length=280)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
                (
                    "observer",
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
                (
                    "verified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
            ],
            options={
                "ordering": ("-occurred_at",),
                "constraints": [
                    models.UniqueConstraint(fields=("operation", "client_id"), name="reports_incident_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                            models.Q(("verified_at__isnull", False), ("verified_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="reports_incident_verified_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                                ("ended_at__isnull", True),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reports_incident_closed_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closing_reason", "")),
                            models.Q(
                                ("closed_at__isnull", False), models.Q(("closing_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="reports_incident_closed_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("ended_at__gte", models.F("occurred_at")),
                            _connector="OR",
                        ),
                        name="reports_incident_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("operation", "client_id"), name="reports_report_once"),
        ),
        migrations.AddConstraint(
            model_name="gatecheck",
            constraint=models.UniqueConstraint(fields=("operation", "client_id"), name="reports_check_once"),
        ),
        migrations.AddConstraint(
            model_name="gatecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("item__gte", 1), ("item__lte", 14)), name="reports_check_item_1_to_14"
            ),
        ),
        migrations.AddConstraint(
            model_name="gatecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("item", 13), models.Q(("party", ""), _negated=True)),
                    models.Q(models.Q(("item", 13), _negated=True), ("party", "")),
                    _connector="OR",
                ),
                name="reports_check_party_with_item_13",
            ),
        ),
        migrations.AddConstraint(
            model_name="gatecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second__isnull", True),
                    models.Q(("second", models.F("observer")), _negated=True),
                    _connector="OR",
                ),
                name="reports_check_second_is_another",
            ),
        ),
    ]

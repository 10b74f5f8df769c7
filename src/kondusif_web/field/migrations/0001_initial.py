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
                        to="field.report",
                    ),
                ),
            ],
            options={
                "ordering": ("-occurred_at",),
            },
        ),
        migrations.CreateModel(
            name="ResidentCode",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("desa", models.CharField(db_index=True, max_length=13)),
                ("code_hash", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not_reached", "Not Reached"),
                            ("confirmed", "Confirmed"),
                            ("not_yet", "Not Yet"),
                        ],
                        default="not_reached",
                        max_length=12,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "made_by",
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
                "ordering": ("-made_at",),
            },
        ),
        migrations.CreateModel(
            name="WaiverRow",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("desa", models.CharField(db_index=True, max_length=13)),
                ("move", models.CharField(max_length=30)),
                ("gate", models.CharField(max_length=20)),
                ("facts", models.JSONField()),
                ("reason", models.CharField(max_length=280)),
                ("requested_at", models.DateTimeField()),
                ("second_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
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
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
                (
                    "second_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
            ],
            options={
                "ordering": ("-requested_at",),
            },
        ),
        migrations.CreateModel(
            name="WithdrawalRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("desa", models.CharField(db_index=True, max_length=13)),
                (
                    "state_from",
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
                        max_length=12,
                    ),
                ),
                (
                    "state_to",
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
                        max_length=12,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=280)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("void", "Void"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_reason", models.CharField(blank=True, max_length=280)),
                (
                    "decided_by",
                    models.ForeignKey(
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
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="election.membership",
                    ),
                ),
            ],
            options={
                "ordering": ("-number",),
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
                    models.UniqueConstraint(fields=("operation", "client_id"), name="field_incident_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                            models.Q(("verified_at__isnull", False), ("verified_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="field_incident_verified_pair",
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
                        name="field_incident_closed_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closing_reason", "")),
                            models.Q(
                                ("closed_at__isnull", False), models.Q(("closing_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="field_incident_closed_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("ended_at__gte", models.F("occurred_at")),
                            _connector="OR",
                        ),
                        name="field_incident_ends_after_it_began",
                    ),
                ],
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
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dispute__in", ("unknown", "none")),
                            models.Q(
                                ("dispute__in", ("open", "settled")),
                                models.Q(("dispute_source", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="field_dispute_has_source",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("operation", "client_id"), name="field_report_once"),
        ),
        migrations.AddConstraint(
            model_name="gatecheck",
            constraint=models.UniqueConstraint(fields=("operation", "client_id"), name="field_check_once"),
        ),
        migrations.AddConstraint(
            model_name="gatecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("item__gte", 1), ("item__lte", 14)), name="field_check_item_1_to_14"
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
                name="field_check_party_with_item_13",
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
                name="field_check_second_is_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="residentcode",
            constraint=models.UniqueConstraint(
                fields=("operation", "code_hash"), name="field_resident_code_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="waiverrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("second_at__isnull", True), ("second_by__isnull", True)),
                    models.Q(("second_at__isnull", False), ("second_by__isnull", False)),
                    _connector="OR",
                ),
                name="field_waiver_second_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiverrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                    _connector="OR",
                ),
                name="field_waiver_approved_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiverrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("second_by__isnull", True),
                        models.Q(("second_by", models.F("requested_by")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("approved_by__isnull", True),
                        models.Q(("approved_by", models.F("requested_by")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("approved_by__isnull", True),
                        ("second_by__isnull", True),
                        models.Q(("approved_by", models.F("second_by")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="field_waiver_three_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiverrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="field_waiver_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.UniqueConstraint(
                fields=("operation", "number"), name="field_request_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "waiting")),
                fields=("operation", "desa"),
                name="field_one_request_waits_per_desa",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True), ("decided_by__isnull", True), ("outcome", "waiting")
                    ),
                    models.Q(
                        models.Q(("outcome", "waiting"), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="field_request_decided_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "approved"), _negated=True),
                    models.Q(("decided_by", models.F("requested_by")), _negated=True),
                    _connector="OR",
                ),
                name="field_request_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="field_request_has_reason"
            ),
        ),
    ]

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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operation", "code_hash"), name="withdrawal_resident_code_once"
                    )
                ],
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("second_at__isnull", True), ("second_by__isnull", True)),
                            models.Q(("second_at__isnull", False), ("second_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="withdrawal_waiver_second_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="withdrawal_waiver_approved_pair",
                    ),
                    models.CheckConstraint(
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
                        name="withdrawal_waiver_three_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="withdrawal_waiver_has_reason"
                    ),
                ],
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
                ("since", models.DateTimeField()),
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
                        choices=[("waiting", "Waiting"), ("approved", "Approved"), ("refused", "Refused")],
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("operation", "number"), name="withdrawal_request_number_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "waiting")),
                        fields=("operation", "desa", "state_from", "since"),
                        name="withdrawal_one_request_waits_per_desa",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("outcome", "waiting"),
                            ),
                            models.Q(
                                models.Q(("outcome", "waiting"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="withdrawal_request_decided_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "approved"), _negated=True),
                            models.Q(("decided_by", models.F("requested_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="withdrawal_request_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="withdrawal_request_has_reason",
                    ),
                ],
            },
        ),
    ]

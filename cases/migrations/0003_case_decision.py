"""What a prosecutor decided about the course of a case, in words (sealed)."""
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import socialwork.core.ids

KINDS = ["suspend", "resume", "extend", "finish", "cancel", "transfer", "close"]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_no_gap_in_assignment"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseDecision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=socialwork.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("sealed", models.BinaryField(null=True)),
                ("kind", models.CharField(choices=[(kind, kind) for kind in KINDS], max_length=12)),
                ("code", models.CharField(blank=True, max_length=40)),
                ("decided_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="cases.case"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case", "decided_at"], name="decision_case")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="decision_kind_known")
                ],
            },
        ),
    ]

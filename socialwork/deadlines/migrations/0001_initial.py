"""Days, rules, and the clocks that run under them."""

import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import socialwork.core.ids


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        # Ranges and plain columns in one exclusion constraint need it.
        BtreeGistExtension(),
        migrations.CreateModel(
            name='DeadlineRule',
            fields=[
                ('id', models.UUIDField(default=socialwork.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('code', models.CharField(max_length=24)),
                ('level', models.CharField(choices=[('deployment', 'default of the installation'), ('organ', 'set by the organ'), ('agreement', 'set in the agreement'), ('service', 'set for this kind of service'), ('referral', 'set for this referral')], default='deployment', max_length=12)),
                ('scope_id', models.UUIDField(blank=True, null=True)),
                ('service', models.CharField(blank=True, max_length=40)),
                ('effective_from', models.DateField()),
                ('effective_until', models.DateField(blank=True, null=True)),
                ('kind', models.CharField(choices=[('statutory', 'Law'), ('local', 'Local practice')], max_length=12)),
                ('evidence', models.CharField(choices=[('found', 'Text of the law read'), ('memory_high', 'Not read, probably right'), ('memory_low', 'Not read, uncertain'), ('design', 'Default of this product')], max_length=12)),
                ('title_en', models.CharField(max_length=160)),
                ('title_zh', models.CharField(max_length=80)),
                ('legal_basis_en', models.CharField(blank=True, max_length=300)),
                ('legal_basis_zh', models.CharField(blank=True, max_length=200)),
                ('legal_frame_en', models.CharField(blank=True, max_length=300)),
                ('legal_frame_zh', models.CharField(blank=True, max_length=200)),
                ('start_fact', models.CharField(max_length=60)),
                ('amount', models.PositiveSmallIntegerField()),
                ('unit', models.CharField(choices=[('hour', 'hours'), ('calendar_day', 'calendar days'), ('working_day', 'working days'), ('month', 'months')], max_length=12)),
                ('urgent_amount', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('urgent_unit', models.CharField(blank=True, choices=[('hour', 'hours'), ('calendar_day', 'calendar days'), ('working_day', 'working days'), ('month', 'months')], max_length=12)),
                ('ceiling_amount', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('ceiling_in_custody', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('roll_over', models.BooleanField(default=False)),
                ('pausable', models.BooleanField(default=False)),
                ('extendable', models.BooleanField(default=False)),
                ('owner_role', models.CharField(max_length=40)),
                ('escalation', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('reminder_points', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None)),
                ('repeat_hours', models.PositiveSmallIntegerField(default=24)),
            ],
            options={
                'indexes': [models.Index(fields=['code', 'level', 'scope_id'], name='rule_lookup')],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.F('code'), '='), (models.F('level'), '='), (django.db.models.functions.comparison.Coalesce(models.F('scope_id'), models.Value(uuid.UUID('00000000-0000-0000-0000-000000000000'))), '='), (models.F('service'), '='), (models.Func(models.F('effective_from'), models.F('effective_until'), function='daterange'), '&&')], name='one_rule_version_at_a_time'), models.CheckConstraint(condition=models.Q(('effective_until', None), ('effective_until__gt', models.F('effective_from')), _connector='OR'), name='rule_dates_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('level', 'deployment'), ('scope_id', None), ('service', '')), models.Q(('level__in', ['organ', 'agreement', 'referral']), ('scope_id__isnull', False), ('service', '')), models.Q(('level', 'service'), models.Q(('service', ''), _negated=True)), _connector='OR'), name='rule_scope_fits_level'), models.CheckConstraint(condition=models.Q(models.Q(('evidence', 'found'), ('kind', 'statutory'), ('level', 'deployment'), models.Q(('legal_basis_en', ''), _negated=True), models.Q(('legal_basis_zh', ''), _negated=True)), models.Q(('kind', 'local'), ('legal_basis_en', ''), ('legal_basis_zh', '')), _connector='OR'), name='rule_law_only_with_article'), models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('unit__in', ['hour', 'calendar_day', 'working_day', 'month'])), name='rule_amount_and_unit'), models.CheckConstraint(condition=models.Q(models.Q(('urgent_amount', None), ('urgent_unit', '')), models.Q(('urgent_amount__gt', 0), ('urgent_amount__isnull', False), ('urgent_unit__in', ['hour', 'calendar_day', 'working_day', 'month'])), _connector='OR'), name='rule_urgent_pair'), models.CheckConstraint(condition=models.Q(models.Q(('ceiling_amount', None), ('ceiling_amount__gte', models.F('amount')), _connector='OR'), models.Q(('ceiling_in_custody', None), ('ceiling_in_custody__gte', models.F('amount')), _connector='OR')), name='rule_amount_below_ceiling'), models.CheckConstraint(condition=models.Q(('evidence__in', ['found', 'memory_high', 'memory_low', 'design'])), name='rule_evidence_known')],
            },
        ),
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.UUIDField(default=socialwork.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_id', models.UUIDField()),
                ('code', models.CharField(max_length=24)),
                ('occurrence', models.CharField(blank=True, max_length=40)),
                ('level', models.CharField(choices=[('deployment', 'default of the installation'), ('organ', 'set by the organ'), ('agreement', 'set in the agreement'), ('service', 'set for this kind of service'), ('referral', 'set for this referral')], max_length=12)),
                ('kind', models.CharField(choices=[('statutory', 'Law'), ('local', 'Local practice')], max_length=12)),
                ('title_en', models.CharField(max_length=160)),
                ('title_zh', models.CharField(max_length=80)),
                ('basis_en', models.CharField(blank=True, max_length=300)),
                ('basis_zh', models.CharField(blank=True, max_length=200)),
                ('organ_id', models.UUIDField()),
                ('agency_id', models.UUIDField(blank=True, null=True)),
                ('agreement_id', models.UUIDField(blank=True, null=True)),
                ('service', models.CharField(blank=True, max_length=40)),
                ('referral_id', models.UUIDField(blank=True, null=True)),
                ('owner_role', models.CharField(max_length=40)),
                ('owner_id', models.UUIDField(blank=True, null=True)),
                ('started_at', models.DateTimeField()),
                ('counted_from', models.DateTimeField()),
                ('in_custody', models.BooleanField(default=False)),
                ('urgent', models.BooleanField(default=False)),
                ('amount', models.PositiveSmallIntegerField()),
                ('unit', models.CharField(choices=[('hour', 'hours'), ('calendar_day', 'calendar days'), ('working_day', 'working days'), ('month', 'months')], max_length=12)),
                ('amount_chosen', models.BooleanField(default=False)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('due_at', models.DateTimeField()),
                ('assumed_years', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None)),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('met_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('next_reminder_at', models.DateTimeField(blank=True, null=True)),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deadlines', to='deadlines.deadlinerule')),
            ],
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.UUIDField(default=socialwork.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('day', models.DateField()),
                ('kind', models.CharField(choices=[('off', 'Day off'), ('work', 'Make-up working day')], max_length=8)),
                ('origin', models.CharField(choices=[('state_council', 'State Council notice'), ('local', 'Decided locally')], max_length=16)),
                ('name', models.CharField(blank=True, max_length=60)),
                ('source', models.CharField(max_length=120)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'origin'), name='one_holiday_per_day_and_origin'), models.CheckConstraint(condition=models.Q(('kind__in', ['off', 'work'])), name='holiday_kind_known'), models.CheckConstraint(condition=models.Q(('origin__in', ['state_council', 'local'])), name='holiday_origin_known')],
            },
        ),
        migrations.CreateModel(
            name='DeadlineExtension',
            fields=[
                ('id', models.UUIDField(default=socialwork.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('old_due_at', models.DateTimeField()),
                ('new_due_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=500)),
                ('approved_at', models.DateTimeField()),
                ('approved_by', models.UUIDField()),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extensions', to='deadlines.deadline')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('new_due_at__gt', models.F('old_due_at'))), name='extension_is_later'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='extension_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='DeadlinePause',
            fields=[
                ('id', models.UUIDField(default=socialwork.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('paused_at', models.DateTimeField()),
                ('resumed_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(max_length=500)),
                ('approved_by', models.UUIDField()),
                ('resumed_by', models.UUIDField(blank=True, null=True)),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='deadlines.deadline')),
            ],
            options={
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.F('deadline'), '='), (models.Func(models.F('paused_at'), models.F('resumed_at'), function='tstzrange'), '&&')], name='pauses_do_not_overlap'), models.CheckConstraint(condition=models.Q(('resumed_at', None), ('resumed_at__gte', models.F('paused_at')), _connector='OR'), name='pause_in_order'), models.CheckConstraint(condition=models.Q(('resumed_by', None), ('resumed_at__isnull', False), _connector='OR'), name='pause_resumer_has_time'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='pause_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='DeadlineReminder',
            fields=[
                ('id', models.UUIDField(default=socialwork.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('point', models.CharField(max_length=16)),
                ('for_due_at', models.DateTimeField()),
                ('fell_due_at', models.DateTimeField()),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='deadlines.deadline')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('deadline', 'for_due_at', 'point'), name='each_reminder_once')],
            },
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(fields=['subject_id', 'subject_type', 'due_at'], name='deadline_subject'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('cancelled_at', None), ('met_at', None)), fields=['agency_id', 'due_at', 'id'], name='deadline_agency_due'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('cancelled_at', None), ('met_at', None)), fields=['organ_id', 'due_at', 'id'], name='deadline_organ_due'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('cancelled_at', None), ('met_at', None)), fields=['owner_id', 'due_at', 'id'], name='deadline_owner_due'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('cancelled_at', None), ('met_at', None), ('paused_at', None)), fields=['next_reminder_at', 'id'], name='deadline_next_reminder'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('cancelled_at', None), ('met_at', None)), fields=['code', 'started_at'], name='deadline_open_by_code'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.UniqueConstraint(condition=models.Q(('cancelled_at', None), ('met_at', None)), fields=('subject_type', 'subject_id', 'code', 'occurrence'), name='one_open_deadline_per_act'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gte', models.F('started_at'))), name='deadline_not_before_start'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(('met_at', None), ('cancelled_at', None), _connector='OR'), name='deadline_met_or_cancelled_not_both'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(('paused_at', None), models.Q(('cancelled_at', None), ('met_at', None)), _connector='OR'), name='deadline_paused_only_while_open'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('unit__in', ['hour', 'calendar_day', 'working_day', 'month'])), name='deadline_amount_and_unit'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'statutory'), models.Q(('basis_en', ''), _negated=True), models.Q(('basis_zh', ''), _negated=True)), ('kind', 'local'), _connector='OR'), name='deadline_law_only_with_article'),
        ),
    ]

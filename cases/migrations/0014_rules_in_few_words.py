"""The rules of a case in few words: all of them are read at every visit (core.rules). None says anything else than before."""

import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0013_closed_counted_from_the_index'),
        ('organisations', '0005_organisation_new'),
        ('people', '0003_no_index_twice'),
        ('referrals', '0003_by_state'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='case',
            name='case_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_end_has_reason',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='evaluated_case_is_stamped',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_started_paired',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_suspended_paired',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_submitted_paired',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_responded_paired',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_evaluated_paired',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_closed_paired',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='open_case_has_no_end',
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Func(models.F('state'), models.Value('{accepted,cancelled,closed,evaluated,in_progress,report_accepted,returned,submitted,suspended,transferred}'), arg_joiner=' = ANY (', output_field=models.BooleanField(), template='%(expressions)s::text[])'), name='case_state_known'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.lookups.IsNull(models.F('closed_at'), False), models.Func(models.F('state'), models.Value('{cancelled,closed,transferred}'), arg_joiner=' = ANY (', output_field=models.BooleanField(), template='%(expressions)s::text[])')), name='case_that_ended_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), models.Q(('closure_reason', ''), _negated=True), _connector='OR'), name='case_end_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('evaluated_at__isnull', False), models.Q(models.Func(models.F('state'), models.Value('{closed,evaluated}'), arg_joiner=' = ANY (', output_field=models.BooleanField(), template='%(expressions)s::text[])'), _negated=True), _connector='OR'), name='evaluated_case_is_stamped'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.lookups.IsNull(models.F('started_at'), False), django.db.models.lookups.IsNull(models.F('started_by'), False)), name='case_started_paired'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.lookups.IsNull(models.F('suspended_at'), False), django.db.models.lookups.IsNull(models.F('suspended_by'), False)), name='case_suspended_paired'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.lookups.IsNull(models.F('submitted_at'), False), django.db.models.lookups.IsNull(models.F('submitted_by'), False)), name='case_submitted_paired'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.lookups.IsNull(models.F('responded_at'), False), django.db.models.lookups.IsNull(models.F('responded_by'), False)), name='case_responded_paired'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.lookups.IsNull(models.F('evaluated_at'), False), django.db.models.lookups.IsNull(models.F('evaluated_by'), False)), name='case_evaluated_paired'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.lookups.IsNull(models.F('closed_at'), False), django.db.models.lookups.IsNull(models.F('closed_by'), False)), name='case_closed_paired'),
        ),
    ]

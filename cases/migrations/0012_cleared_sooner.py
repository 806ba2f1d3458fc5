"""One case in twenty is open, and those are the ones that are changed and listed.

The database clears a table when a fifth of it has changed. Of ten years of cases that is every open one four times over, and
until then a list has to look at the cases themselves to see which version holds, where its index alone would do.
"""
from django.db import migrations

SOONER = "ALTER TABLE cases_case SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.01)"
AS_OTHERS = "ALTER TABLE cases_case RESET (autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor)"


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_open_and_ended_in_one_index")]
    operations = [migrations.RunSQL(SOONER, AS_OTHERS)]

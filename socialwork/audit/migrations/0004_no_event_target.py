"""Nobody asks for the acts on one row: they are read by thread, by organisation, by day. Every act paid for the index."""
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_by_year")]

    operations = [migrations.RemoveIndex(model_name="event", name="event_target")]

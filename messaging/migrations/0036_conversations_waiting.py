"""An index for the conversations that wait for a person. Made beside the traffic (see 0004)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

INDEX = models.Index(
    fields=["tenant", "waiting_since"],
    condition=models.Q(waiting_since__isnull=False),
    name="conversation_waits_for_people",
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0035_waiting_checked")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        # what a run that was interrupted left half made goes first
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX.name}", migrations.RunSQL.noop),
        AddIndexConcurrently("conversation", INDEX),
        migrations.RunSQL("SET lock_timeout = '1500ms'", migrations.RunSQL.noop),
    ]

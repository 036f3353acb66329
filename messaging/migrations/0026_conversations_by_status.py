"""An index for a tenant's conversations of one status, the last one written in first, however seldom the status is. Made beside
the traffic (see 0004).
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

INDEX = models.Index(fields=["tenant", "status", "-last_message_at"], name="conversation_by_status_newest")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0025_routing_checked")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        # what a run that was interrupted left half made goes first
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX.name}", migrations.RunSQL.noop),
        AddIndexConcurrently("conversation", INDEX),
        migrations.RunSQL("SET lock_timeout = '1500ms'", migrations.RunSQL.noop),
    ]

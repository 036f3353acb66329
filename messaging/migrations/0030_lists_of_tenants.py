"""Conversations of a tenant by their whole order, and what the planner must know of messages in need: that nearly all failed ones
are among them. Made beside the traffic (see 0004).
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

NEWEST = models.Index(fields=["tenant", "-last_message_at", "-id"], name="conversation_newest_in_tenant")
STATISTICS = "CREATE STATISTICS IF NOT EXISTS message_status_in_need (mcv) ON needs_attention, status FROM messages"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0029_names")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        # what a run that was interrupted left half made goes first
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {NEWEST.name}", migrations.RunSQL.noop),
        AddIndexConcurrently("conversation", NEWEST),
        RemoveIndexConcurrently("conversation", "conversation_newest_first"),
        migrations.RunSQL(STATISTICS, "DROP STATISTICS IF EXISTS message_status_in_need"),
        migrations.RunSQL("ANALYZE messages (needs_attention, status)", migrations.RunSQL.noop),
        migrations.RunSQL("SET lock_timeout = '1500ms'", migrations.RunSQL.noop),
    ]

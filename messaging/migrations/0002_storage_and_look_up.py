"""What models cannot say: room for updates in place, and the one look-up that readiness needs past row level security."""

from django.db import migrations

LOOK_UP = """
CREATE FUNCTION pipeline_ages(OUT heartbeat float8, OUT delivery float8, OUT message float8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT extract(epoch FROM now() - max(seen_at)) FROM messaging.worker_heartbeats),
           (SELECT extract(epoch FROM now() - min(received_at)) FROM (
               SELECT received_at FROM messaging.webhook_deliveries
               WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1000) waiting),
           (SELECT extract(epoch FROM now() - min(due_at)) FROM messaging.messages
            WHERE due_at < timestamptz '9999-01-01' AND due_at <= now() AND status = 'queued')
$$;
REVOKE ALL ON FUNCTION pipeline_ages() FROM PUBLIC;
CREATE POLICY look_up ON messages FOR SELECT TO msg_resolver USING (true);
CREATE POLICY look_up ON webhook_deliveries FOR SELECT TO msg_resolver USING (true);
CREATE POLICY look_up ON worker_heartbeats FOR SELECT TO msg_resolver USING (true);
GRANT CREATE ON SCHEMA messaging TO msg_resolver;
ALTER FUNCTION pipeline_ages() OWNER TO msg_resolver;
REVOKE CREATE ON SCHEMA messaging FROM msg_resolver;
"""

UNDO_LOOK_UP = """
DROP POLICY look_up ON messages;
DROP POLICY look_up ON webhook_deliveries;
DROP POLICY look_up ON worker_heartbeats;
DROP FUNCTION pipeline_ages();
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE messages SET (fillfactor = 85)", "ALTER TABLE messages RESET (fillfactor)"),
        migrations.RunSQL("ALTER TABLE conversations SET (fillfactor = 85)", "ALTER TABLE conversations RESET (fillfactor)"),
        migrations.RunSQL(LOOK_UP, UNDO_LOOK_UP),
    ]

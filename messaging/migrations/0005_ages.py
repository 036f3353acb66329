"""Readiness asks how long messages and statuses have waited, and channels with something due for their turn.

To replace a SQL function one must be allowed to call it, which its grants deny everybody but the application.
"""

from django.db import migrations

AGES = """
GRANT SELECT (channel_id, due_at, status) ON messages TO msg_resolver;
GRANT SELECT (id, lane, route_hint, due_at, waits_since) ON webhook_deliveries TO msg_resolver;
GRANT SELECT (channel_id, leased_at, ready_at) ON channel_paces TO msg_resolver;
CREATE POLICY look_up ON channel_paces FOR SELECT TO msg_resolver USING (true);
ALTER TABLE channel_paces SET (fillfactor = 50);
GRANT EXECUTE ON FUNCTION pipeline_ages() TO CURRENT_USER;
CREATE OR REPLACE FUNCTION pipeline_ages(OUT heartbeat float8, OUT delivery float8, OUT message float8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT extract(epoch FROM now() - max(seen_at)) FROM messaging.worker_heartbeats),
           (WITH RECURSIVE hints AS (
                (SELECT route_hint FROM messaging.webhook_deliveries WHERE due_at IS NOT NULL ORDER BY route_hint LIMIT 1)
                UNION ALL
                SELECT (SELECT d.route_hint FROM messaging.webhook_deliveries d
                        WHERE d.due_at IS NOT NULL AND d.route_hint > hints.route_hint ORDER BY d.route_hint LIMIT 1)
                FROM hints WHERE hints.route_hint IS NOT NULL
            )
            SELECT extract(epoch FROM now() - min(oldest.waits_since)) FROM hints
            CROSS JOIN LATERAL (
                SELECT d.waits_since FROM generate_series(0, 1) AS each(lane) CROSS JOIN LATERAL (
                    SELECT waits_since FROM messaging.webhook_deliveries
                    WHERE due_at IS NOT NULL AND route_hint = hints.route_hint AND lane = each.lane ORDER BY id LIMIT 1) d
            ) oldest),
           (WITH RECURSIVE turn AS (
                (SELECT channel_id FROM messaging.messages
                 WHERE due_at < timestamptz '9999-01-01' ORDER BY channel_id LIMIT 1)
                UNION ALL
                SELECT (SELECT m.channel_id FROM messaging.messages m
                        WHERE m.due_at < timestamptz '9999-01-01' AND m.channel_id > turn.channel_id
                        ORDER BY m.channel_id LIMIT 1)
                FROM turn WHERE turn.channel_id IS NOT NULL
            )
            SELECT greatest(0, extract(epoch FROM now() - min(greatest(due.at, served.at)))) FROM turn
            CROSS JOIN LATERAL (
                SELECT due_at AS at FROM messaging.messages
                WHERE channel_id = turn.channel_id AND due_at < timestamptz '9999-01-01' AND due_at <= now()
                  AND status = 'queued'
                ORDER BY due_at LIMIT 1) due
            LEFT JOIN LATERAL (
                SELECT greatest(leased_at, ready_at) AS at FROM messaging.channel_paces
                WHERE channel_id = turn.channel_id) served ON true)
$$;
REVOKE EXECUTE ON FUNCTION pipeline_ages() FROM CURRENT_USER;
"""

UNDO = """
GRANT EXECUTE ON FUNCTION pipeline_ages() TO CURRENT_USER;
CREATE OR REPLACE FUNCTION pipeline_ages(OUT heartbeat float8, OUT delivery float8, OUT message float8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT extract(epoch FROM now() - max(seen_at)) FROM messaging.worker_heartbeats),
           (SELECT extract(epoch FROM now() - min(received_at)) FROM (
               SELECT received_at FROM messaging.webhook_deliveries
               WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1000) waiting),
           (SELECT extract(epoch FROM now() - min(due_at)) FROM messaging.messages
            WHERE due_at < timestamptz '9999-01-01' AND due_at <= now() AND status = 'queued')
$$;
REVOKE EXECUTE ON FUNCTION pipeline_ages() FROM CURRENT_USER;
ALTER TABLE channel_paces RESET (fillfactor);
DROP POLICY look_up ON channel_paces;
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_indexes")]

    operations = [migrations.RunSQL(AGES, UNDO)]

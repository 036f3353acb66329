"""Readiness asks how long a channel with something due has waited for its turn, not how long its queue is."""

from django.db import migrations

# To replace a SQL function one must be allowed to call it, which its grants deny everybody but the application.
AGES = """
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
            SELECT extract(epoch FROM now() - min(oldest.received_at)) FROM (SELECT route_hint FROM hints LIMIT 1000) turn
            CROSS JOIN LATERAL (
                SELECT d.received_at FROM generate_series(0, 2) AS each(lane) CROSS JOIN LATERAL (
                    SELECT received_at FROM messaging.webhook_deliveries
                    WHERE due_at IS NOT NULL AND route_hint = turn.route_hint AND lane = each.lane ORDER BY id LIMIT 1) d
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
            SELECT greatest(0, extract(epoch FROM now() - min(greatest(due.at, served.at))))
            FROM (SELECT channel_id FROM turn LIMIT 1000) each
            CROSS JOIN LATERAL (
                SELECT min(due_at) AS at FROM messaging.messages
                WHERE channel_id = each.channel_id AND due_at <= now() AND status = 'queued') due
            LEFT JOIN LATERAL (
                SELECT greatest(leased_at, ready_at) AS at FROM messaging.channel_paces
                WHERE channel_id = each.channel_id) served ON true
            WHERE due.at IS NOT NULL)
$$;
REVOKE EXECUTE ON FUNCTION pipeline_ages() FROM CURRENT_USER;
CREATE POLICY look_up ON channel_paces FOR SELECT TO msg_resolver USING (true);
ALTER TABLE channel_paces SET (fillfactor = 50);
"""

UNDO = """
ALTER TABLE channel_paces RESET (fillfactor);
DROP POLICY look_up ON channel_paces;
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0004_indexes")]

    operations = [migrations.RunSQL(AGES, UNDO)]

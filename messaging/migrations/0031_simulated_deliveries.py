"""What test channels are told is put in by a function: it finds the test channel, so that whoever may call it puts in
nothing that another channel is told."""

from django.db import migrations

FUNCTION = """
CREATE POLICY look_up_tests ON channels FOR SELECT TO msg_resolver USING (is_test);
CREATE FUNCTION store_simulated_delivery(
    delivery uuid, of_tenant uuid, of_channel uuid, in_lane smallint, given bytea, after double precision
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    scope uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
    at timestamptz := now() + make_interval(secs => after);
BEGIN
    INSERT INTO messaging.webhook_deliveries
        (id, kind, address, lane, route_hint, body, received_at, waits_since, due_at, attempts, error)
    SELECT delivery, channel.kind, channel.external_id, in_lane, channel.external_id, given, at, at, at, 0, ''
    FROM messaging.channels channel
    WHERE channel.id = of_channel AND channel.tenant_id = of_tenant AND channel.is_test
      AND channel.tenant_id = coalesce(scope, of_tenant)
      AND channel.status IN ('live', 'needs_reauth', 'restricted');
END
$$;
REVOKE ALL ON FUNCTION store_simulated_delivery(uuid, uuid, uuid, smallint, bytea, double precision) FROM PUBLIC;
GRANT CREATE ON SCHEMA messaging TO msg_resolver;
ALTER FUNCTION store_simulated_delivery(uuid, uuid, uuid, smallint, bytea, double precision) OWNER TO msg_resolver;
REVOKE CREATE ON SCHEMA messaging FROM msg_resolver;
"""
UNDO = """
DROP FUNCTION store_simulated_delivery(uuid, uuid, uuid, smallint, bytea, double precision);
DROP POLICY look_up_tests ON channels;
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0030_lists_of_tenants"), ("channels", "0013_events_by_type")]

    operations = [migrations.RunSQL(FUNCTION, UNDO)]

"""For how long the oldest event has had no position, by a function that may see it."""

from django.db import migrations

EVENTS_AGE = """
CREATE POLICY look_up ON events FOR SELECT TO msg_resolver USING (true);
CREATE FUNCTION events_age() RETURNS float8
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
        SELECT extract(epoch FROM now() - occurred_at) FROM messaging.events
        WHERE position IS NULL ORDER BY number LIMIT 1
    );
END
$$;
REVOKE ALL ON FUNCTION events_age() FROM PUBLIC;
GRANT CREATE ON SCHEMA messaging TO msg_resolver;
ALTER FUNCTION events_age() OWNER TO msg_resolver;
REVOKE CREATE ON SCHEMA messaging FROM msg_resolver;
"""
UNDO = """
DROP FUNCTION events_age();
DROP POLICY look_up ON events;
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0007_event_log")]

    operations = [migrations.RunSQL(EVENTS_AGE, UNDO)]

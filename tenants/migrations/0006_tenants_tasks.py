"""A tenant's background tasks: put in by a function that writes whose they are, because the queue knows no tenants.

Its search path has the queue's schema, which the functions of the queue itself need; only the owner creates in it.
"""

from django.db import migrations

DEFER = """
CREATE FUNCTION defer_for_tenant(task text, queue text, arguments jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, jobs, pg_temp AS $$
DECLARE
    tenant text := nullif(current_setting('app.tenant_id', true), '');
BEGIN
    IF tenant IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'A tenant''s task needs a tenant''s scope.';
    END IF;
    PERFORM jobs.procrastinate_defer_jobs_v1(array_agg(
        ROW(queue, task, 0, NULL, NULL, each || jsonb_build_object('tenant_id', tenant), NULL)::jobs.procrastinate_job_to_defer_v1))
    FROM jsonb_array_elements(arguments) AS each;
END
$$;
REVOKE ALL ON FUNCTION defer_for_tenant(text, text, jsonb) FROM PUBLIC;
GRANT CREATE ON SCHEMA messaging TO msg_resolver;
ALTER FUNCTION defer_for_tenant(text, text, jsonb) OWNER TO msg_resolver;
REVOKE CREATE ON SCHEMA messaging FROM msg_resolver;
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0005_member_look_up")]

    operations = [migrations.RunSQL(DEFER, "DROP FUNCTION defer_for_tenant(text, text, jsonb)")]

"""A task's arguments are a JSON object: any other cannot be read where it is worked on, and would stay under way for ever."""

from django.db import migrations

FUNCTION = """
GRANT EXECUTE ON FUNCTION messaging.defer_for_tenant(text, text, jsonb) TO CURRENT_USER;
CREATE OR REPLACE FUNCTION messaging.defer_for_tenant(task text, queue text, arguments jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, jobs, pg_temp AS $$
DECLARE
    tenant text := nullif(current_setting('app.tenant_id', true), '');
BEGIN
    IF tenant IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'A tenant''s task needs a tenant''s scope.';
    END IF;
    {check}
    PERFORM jobs.procrastinate_defer_jobs_v1(array_agg(
        ROW(queue, task, 0, NULL, NULL, each || jsonb_build_object('tenant_id', tenant), NULL)::jobs.procrastinate_job_to_defer_v1))
    FROM jsonb_array_elements(arguments) AS each;
END
$$;
REVOKE EXECUTE ON FUNCTION messaging.defer_for_tenant(text, text, jsonb) FROM CURRENT_USER;
"""
CHECK = """
    IF jsonb_typeof(arguments) IS DISTINCT FROM 'array'
       OR EXISTS (SELECT FROM jsonb_array_elements(arguments) AS each WHERE jsonb_typeof(each) <> 'object') THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'The arguments of tasks are a JSON array with one object for each task.';
    END IF;
"""
CONSTRAINT = """
UPDATE jobs.procrastinate_jobs SET status = 'failed', args = jsonb_build_object('unreadable', args)
WHERE jsonb_typeof(args) <> 'object';
ALTER TABLE jobs.procrastinate_jobs
    ADD CONSTRAINT task_arguments_are_an_object CHECK (jsonb_typeof(args) = 'object');
"""
NO_CONSTRAINT = "ALTER TABLE jobs.procrastinate_jobs DROP CONSTRAINT task_arguments_are_an_object"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0006_tenants_tasks"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        migrations.RunSQL(FUNCTION.replace("{check}", CHECK), FUNCTION.replace("{check}", "")),
        migrations.RunSQL(CONSTRAINT, NO_CONSTRAINT),
    ]

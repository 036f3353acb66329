"""Alerts, and how long ago a jobs process gave its last sign of life, by a function that may see it."""

import uuid_utils.compat
from django.db import migrations, models

import tenants.isolation

JOBS_AGE = """
CREATE FUNCTION jobs_age() RETURNS float8
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM jobs.procrastinate_workers);
END
$$;
REVOKE ALL ON FUNCTION jobs_age() FROM PUBLIC;
GRANT CREATE ON SCHEMA messaging TO msg_resolver;
ALTER FUNCTION jobs_age() OWNER TO msg_resolver;
REVOKE CREATE ON SCHEMA messaging FROM msg_resolver;
"""


class Migration(migrations.Migration):
    dependencies = [("messaging", "0016_lookup")]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=30)),
                ("tenant_id", models.UUIDField(null=True)),
                ("channel_id", models.UUIDField(null=True)),
                ("whose", models.CharField(blank=True, max_length=500)),
                ("said", models.TextField()),
                ("step", models.TextField()),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("over_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("over_told_at", models.DateTimeField(null=True)),
                ("is_owners", models.BooleanField(default=False)),
                ("telling_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "alerts",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("over_at__isnull", True)),
                        fields=("kind", "tenant_id", "channel_id"),
                        name="alert_open_once_a_problem",
                        nulls_distinct=False,
                    ),
                    tenants.isolation.PlatformRLS(name="alert_isolation"),
                ],
            },
        ),
        migrations.RunSQL(JOBS_AGE, "DROP FUNCTION jobs_age()"),
    ]

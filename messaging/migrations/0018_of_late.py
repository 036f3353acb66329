"""Indexes for what is told for a day: asked for each minute, over tables that grow. Made beside the traffic (see 0004)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

INDEXES = [
    (
        "message",
        models.Index(fields=["created_at"], condition=models.Q(needs_attention=True), name="message_of_late_in_need"),
    ),
    (
        "deadletter",
        models.Index(fields=["created_at"], condition=models.Q(cause="rejected"), name="dead_letter_rejected_lately"),
    ),
]
FAILED = "CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_that_failed ON jobs.procrastinate_jobs (id) WHERE status = 'failed'"


def made_anew(model: str, index: models.Index) -> list:
    """What a run that was interrupted left half made goes first."""
    dropped = migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}", migrations.RunSQL.noop)
    return [dropped, AddIndexConcurrently(model, index)]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0017_alerts"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        *(operation for model, index in INDEXES for operation in made_anew(model, index)),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS jobs.jobs_that_failed", migrations.RunSQL.noop),
        migrations.RunSQL(FAILED, "DROP INDEX CONCURRENTLY IF EXISTS jobs.jobs_that_failed"),
        migrations.RunSQL("SET lock_timeout = '1500ms'", migrations.RunSQL.noop),
    ]

"""An index for the messages that a reply strategy failed on. Made beside the traffic (see 0004)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

INDEX = models.Index(
    fields=["created_at"],
    condition=models.Q(unanswered__in=("failed", "late")),
    name="message_owed_by_a_strategy",
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0037_secret_settings_of_strategies")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        # what a run that was interrupted left half made goes first
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX.name}", migrations.RunSQL.noop),
        AddIndexConcurrently("message", INDEX),
        migrations.RunSQL("SET lock_timeout = '1500ms'", migrations.RunSQL.noop),
    ]

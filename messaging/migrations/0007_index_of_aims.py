"""Edits and reactions are found by the message they are aimed at. Built beside the traffic: see 0004."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0006_identities")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS message_aimed_at_another", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                fields=["conversation", "target_external_id"],
                condition=~models.Q(target_external_id=""),
                name="message_aimed_at_another",
            ),
        ),
        migrations.RunSQL("SET lock_timeout = '5s'", migrations.RunSQL.noop),
    ]

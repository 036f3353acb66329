"""The deliveries that are recorded in part: an index of a handful of rows, built beside the traffic as in 0004."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0011_recorded_items")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS delivery_has_a_rest", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="webhookdelivery",
            index=models.Index(
                fields=["route_hint", "lane"],
                condition=models.Q(due_at__isnull=False, recorded_items__gt=0),
                name="delivery_has_a_rest",
            ),
        ),
        migrations.RunSQL("SET lock_timeout = '1500ms'", "SET lock_timeout = '1500ms'"),
    ]

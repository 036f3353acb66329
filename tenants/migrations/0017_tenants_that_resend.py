"""An index for the few tenants that want a message of unknown outcome sent again. Made beside the
traffic.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

INDEX = models.Index(
    fields=["id"], condition=models.Q(resend_policy="resend_once"), name="tenant_resends"
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tenants", "0016_retention")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        # what a run that was interrupted left half made goes first
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX.name}", migrations.RunSQL.noop),
        AddIndexConcurrently("tenant", INDEX),
        migrations.RunSQL("SET lock_timeout = '1500ms'", migrations.RunSQL.noop),
    ]

"""What 0006 left to be done beside the traffic (see 0004): the index of what messages are aimed at, and checks of old rows."""

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
        migrations.RunSQL("SET lock_timeout = '1500ms'", migrations.RunSQL.noop),
        migrations.RunSQL(
            "ALTER TABLE contacts VALIDATE CONSTRAINT contact_merged_into_one_of_the_tenant", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "ALTER TABLE conversations VALIDATE CONSTRAINT conversation_merged_into_one_of_the_tenant", migrations.RunSQL.noop
        ),
    ]

"""What 0008 left to be done beside the traffic (see 0004): the index of messages' files, and a check of old rows."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0008_media")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS message_with_media", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                fields=["attachment"], condition=models.Q(attachment__isnull=False), name="message_with_media"
            ),
        ),
        migrations.RunSQL("SET lock_timeout = '1500ms'", migrations.RunSQL.noop),
        migrations.RunSQL(
            "ALTER TABLE messages VALIDATE CONSTRAINT message_with_media_of_the_tenant", migrations.RunSQL.noop
        ),
    ]

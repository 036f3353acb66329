"""Conversations that were merged into others wait for nobody any more.

The owner sees them by a policy that is made for this and dropped after it: each of the two statements locks the table for a
moment, and nothing is changed under their locks. What waits is found by its index, and changed a portion a transaction.
"""

from django.db import migrations, transaction

POLICY = "owner_sees_merged"
MAKE_POLICY = f"CREATE POLICY {POLICY} ON conversations TO CURRENT_USER USING (merged_into_id IS NOT NULL)"
DROP_POLICY = f"DROP POLICY IF EXISTS {POLICY} ON conversations"
PORTION = """
WITH waiting AS (
    SELECT id FROM conversations WHERE merged_into_id IS NOT NULL AND waiting_since IS NOT NULL
    ORDER BY id LIMIT 1000 FOR NO KEY UPDATE
)
UPDATE conversations SET waiting_because = '', waiting_note = '', waiting_since = NULL, replies_paused_until = NULL
FROM waiting WHERE conversations.id = waiting.id
"""


def wait_for_nobody(apps, schema_editor) -> None:
    connection, is_left = schema_editor.connection, True
    while is_left:
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute(PORTION)
            is_left = cursor.rowcount > 0


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0038_messages_owed")]

    operations = [
        # what a run that was interrupted left goes first
        migrations.RunSQL(DROP_POLICY, migrations.RunSQL.noop),
        migrations.RunSQL(MAKE_POLICY, migrations.RunSQL.noop),
        migrations.RunPython(wait_for_nobody, migrations.RunPython.noop),
        migrations.RunSQL(DROP_POLICY, migrations.RunSQL.noop),
    ]

"""Indexes on tables that are written to all the time: built beside the traffic, so outside a transaction.

Building one waits for everything that began before it, so no lock timeout may end it; and one that was interrupted leaves an
invalid index behind, which is dropped before the next try.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


def index(model_name: str, new: models.Index) -> list:
    left_behind = migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {new.name}", migrations.RunSQL.noop)
    return [left_behind, AddIndexConcurrently(model_name=model_name, index=new)]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0003_promises")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        *index(
            "message",
            models.Index(fields=["channel"], condition=models.Q(lease__isnull=False), name="message_in_hand"),
        ),
        *index(
            "message",
            models.Index(
                fields=["conversation", "created_at"],
                condition=models.Q(in_reply_to__isnull=False),
                name="message_answered_lately",
            ),
        ),
        *index(
            "message",
            models.Index(fields=["id"], condition=models.Q(sent_twice_at__isnull=False), name="message_sent_twice"),
        ),
        *index(
            "webhookdelivery",
            models.Index(
                fields=["route_hint", "lane", "id"],
                condition=models.Q(due_at__isnull=False),
                name="delivery_waits_its_turn",
            ),
        ),
        *index(
            "webhookdelivery",
            models.Index(
                fields=["id"], condition=models.Q(due_at__isnull=False, attempts__gt=0), name="delivery_begun"
            ),
        ),
        RemoveIndexConcurrently(model_name="webhookdelivery", name="delivery_due"),
        migrations.RunSQL("SET lock_timeout = '1500ms'", "SET lock_timeout = '1500ms'"),
    ]

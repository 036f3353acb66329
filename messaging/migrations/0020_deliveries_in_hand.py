"""The index of deliveries in hand has no condition on `due_at`, which the planner can mistake for the index of all that
waits; made beside the traffic (see 0004). Messages being sent are found by their lease; the check of old rows follows
in 0021.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

IN_HAND = models.Index(fields=["id"], condition=models.Q(attempts__gt=0, processed_at__isnull=True), name="delivery_in_hand")
SENDING = models.CheckConstraint(
    condition=~models.Q(status="sending") | models.Q(lease__isnull=False), name="message_being_sent_is_in_hand"
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0019_webhook_addresses")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS delivery_in_hand", migrations.RunSQL.noop),
        AddIndexConcurrently("webhookdelivery", IN_HAND),
        RemoveIndexConcurrently("webhookdelivery", "delivery_begun"),
        migrations.RunSQL("SET lock_timeout = '5s'", "SET lock_timeout = '5s'"),
        AddConstraintNotValid("message", SENDING),
    ]

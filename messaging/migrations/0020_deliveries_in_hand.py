"""An index of deliveries in hand without a condition on `due_at`, which the planner can mistake for the index of all that
waits; made beside the traffic (see 0004). `delivery_begun` stays for the processes that are replaced. Messages being
sent are found by their lease; the check of old rows follows in 0021.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models

IN_HAND = models.Index(fields=["id"], condition=models.Q(attempts__gt=0, processed_at__isnull=True), name="delivery_in_hand")
SENDING = models.CheckConstraint(
    condition=~models.Q(status="sending") | models.Q(lease__isnull=False), name="message_being_sent_is_in_hand"
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0019_webhook_addresses")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = '1500ms'"),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS delivery_in_hand", migrations.RunSQL.noop),
        AddIndexConcurrently("webhookdelivery", IN_HAND),
        migrations.RunSQL("SET lock_timeout = '1500ms'", "SET lock_timeout = 0"),
        AddConstraintNotValid("message", SENDING),
    ]

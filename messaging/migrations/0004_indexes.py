"""Indexes on tables that are written to all the time: built beside the traffic, so outside a transaction."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0003_promises")]

    operations = [
        AddIndexConcurrently(
            model_name='message',
            index=models.Index(condition=models.Q(('lease__isnull', False)), fields=['channel'], name='message_in_hand'),
        ),
        AddIndexConcurrently(
            model_name='message',
            index=models.Index(condition=models.Q(('in_reply_to__isnull', False)), fields=['conversation', 'created_at'], name='message_answered_lately'),
        ),
        AddIndexConcurrently(
            model_name='message',
            index=models.Index(condition=models.Q(('sent_twice_at__isnull', False)), fields=['id'], name='message_sent_twice'),
        ),
        AddIndexConcurrently(
            model_name='webhookdelivery',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['route_hint', 'lane', 'id'], name='delivery_waits_its_turn'),
        ),
        RemoveIndexConcurrently(
            model_name='webhookdelivery',
            name='delivery_due',
        ),
    ]

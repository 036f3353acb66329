"""The event of an erased contact. The check of old rows follows in 0015, beside the traffic."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0013_events_by_type'),
        ('tenants', '0014_privacy_scopes'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='loggedevent',
            name='event_type_known',
        ),
        migrations.AlterField(
            model_name='loggedevent',
            name='type',
            field=models.CharField(choices=[('message.received', 'Message Received'), ('message.status', 'Message Status'), ('message.failed', 'Message Failed'), ('conversation.opened', 'Conversation Opened'), ('conversation.closed', 'Conversation Closed'), ('conversation.handed_over', 'Conversation Handed Over'), ('conversation.owner_changed', 'Conversation Owner Changed'), ('contact.created', 'Contact Created'), ('contact.changed', 'Contact Changed'), ('contact.merged', 'Contact Merged'), ('contact.opted_out', 'Contact Opted Out'), ('contact.erased', 'Contact Erased'), ('channel.status', 'Channel Status'), ('template.status', 'Template Status')], max_length=40),
        ),
        AddConstraintNotValid(
            model_name='loggedevent',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['message.received', 'message.status', 'message.failed', 'conversation.opened', 'conversation.closed', 'conversation.handed_over', 'conversation.owner_changed', 'contact.created', 'contact.changed', 'contact.merged', 'contact.opted_out', 'contact.erased', 'channel.status', 'template.status'])), name='event_type_known'),
        ),
    ]

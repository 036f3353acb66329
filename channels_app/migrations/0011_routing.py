"""Shared channels, and the event of a thread's new owner. The check of old rows follows in 0012, beside the traffic."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0010_moves_by_links'),
        ('tenants', '0011_connect_links'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='loggedevent',
            name='event_type_known',
        ),
        migrations.AddField(
            model_name='channel',
            name='shared_at',
            field=models.DateTimeField(editable=False, help_text='Since when it is known that others answer on this number, too.', null=True),
        ),
        migrations.AddField(
            model_name='channel',
            name='takes_idle_threads',
            field=models.BooleanField(db_default=False, default=False, help_text='On a number that several responders share: automatic replies may take a thread that nobody has, where we are the escalation partner.'),
        ),
        migrations.AlterField(
            model_name='loggedevent',
            name='type',
            field=models.CharField(choices=[('message.received', 'Message Received'), ('message.status', 'Message Status'), ('message.failed', 'Message Failed'), ('conversation.opened', 'Conversation Opened'), ('conversation.closed', 'Conversation Closed'), ('conversation.handed_over', 'Conversation Handed Over'), ('conversation.owner_changed', 'Conversation Owner Changed'), ('contact.created', 'Contact Created'), ('contact.changed', 'Contact Changed'), ('contact.merged', 'Contact Merged'), ('contact.opted_out', 'Contact Opted Out'), ('channel.status', 'Channel Status'), ('template.status', 'Template Status')], max_length=40),
        ),
        AddConstraintNotValid(
            model_name='loggedevent',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['message.received', 'message.status', 'message.failed', 'conversation.opened', 'conversation.closed', 'conversation.handed_over', 'conversation.owner_changed', 'contact.created', 'contact.changed', 'contact.merged', 'contact.opted_out', 'channel.status', 'template.status'])), name='event_type_known'),
        ),
    ]

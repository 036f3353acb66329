"""The log of events. `number` is an identity column, which Django makes for primary keys alone, and the index of what has no
position yet follows it.
"""

import django.db.models.deletion
import django.utils.timezone
import uuid_utils.compat
from django.db import migrations, models

import channels_app.models.logged_event
import tenants.isolation

NUMBER = "ALTER TABLE events ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY"

# Nobody inserts an event with a position. Who gives positions sees every tenant's events, and by its grants no more of them
# than where they stand.
POSITIONS = """
CREATE POLICY begins_without_position ON events AS RESTRICTIVE FOR INSERT WITH CHECK (position IS NULL);
CREATE POLICY sees_all ON events FOR SELECT TO msg_sequencer USING (true);
CREATE POLICY gives_positions ON events FOR UPDATE TO msg_sequencer USING (true) WITH CHECK (true);
"""
UNDO = """
DROP POLICY gives_positions ON events;
DROP POLICY sees_all ON events;
DROP POLICY begins_without_position ON events;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0006_channel_events'),
        ('tenants', '0008_members_pages'),
    ]

    operations = [
        migrations.CreateModel(
            name='LoggedEvent',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('type', models.CharField(choices=[('message.received', 'Message Received'), ('message.status', 'Message Status'), ('message.failed', 'Message Failed'), ('conversation.opened', 'Conversation Opened'), ('conversation.closed', 'Conversation Closed'), ('conversation.handed_over', 'Conversation Handed Over'), ('contact.created', 'Contact Created'), ('contact.changed', 'Contact Changed'), ('contact.merged', 'Contact Merged'), ('contact.opted_out', 'Contact Opted Out'), ('channel.status', 'Channel Status'), ('template.status', 'Template Status')], max_length=40)),
                ('subject_id', models.UUIDField()),
                ('stream_id', models.UUIDField()),
                ('data', models.JSONField(default=dict)),
                ('occurred_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('position', models.BigIntegerField(editable=False, null=True)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'verbose_name': 'logged event',
                'db_table': 'events',
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('position__isnull', False)), fields=['tenant', 'position'], name='event_of_a_tenant_in_order')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'id'), name='loggedevent_id_in_tenant'), tenants.isolation.TenantRLS(column='tenant_id', name='loggedevent_isolation'), models.UniqueConstraint(condition=models.Q(('position__isnull', False)), fields=('position',), name='event_position_given_once'), models.CheckConstraint(condition=models.Q(('type__in', ['message.received', 'message.status', 'message.failed', 'conversation.opened', 'conversation.closed', 'conversation.handed_over', 'contact.created', 'contact.changed', 'contact.merged', 'contact.opted_out', 'channel.status', 'template.status'])), name='event_type_known')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(NUMBER, "ALTER TABLE events DROP COLUMN number")],
            [migrations.AddField("loggedevent", "number", channels_app.models.logged_event.InsertionNumber(editable=False))],
        ),
        migrations.AddIndex(
            "loggedevent",
            models.Index(condition=models.Q(("position", None)), fields=["number"], name="event_without_position"),
        ),
        migrations.RunSQL(POSITIONS, UNDO),
    ]

"""Replies that take their time, which strategy answers, and conversations that wait for people. The checks of old rows follow in
0035, beside the traffic.
"""

import django.db.models.deletion
import django.utils.timezone
import tenants.isolation
import uuid_utils.compat
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0013_events_by_type'),
        ('messaging', '0033_messages_by_external_id'),
        ('tenants', '0015_answers_by_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeferredReply',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('strategy', models.CharField(max_length=200)),
                ('settings', models.JSONField(default=dict)),
                ('deadline', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('lease', models.UUIDField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('outcome', models.CharField(blank=True, choices=[('answered', 'Answered'), ('unanswered', 'Not answered: the message says why'), ('superseded', 'The contact wrote again: that message is answered'), ('left', 'Left to people: the conversation says why')], max_length=10)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'deferred reply',
                'verbose_name_plural': 'deferred replies',
                'db_table': 'deferred_replies',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReplyChoice',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('strategy', models.CharField(max_length=64)),
                ('settings', models.JSONField(blank=True, default=dict)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'choice of a reply strategy',
                'verbose_name_plural': 'choices of reply strategies',
                'db_table': 'reply_choices',
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_unanswered_for_a_known_reason',
        ),
        migrations.AddField(
            model_name='conversation',
            name='waiting_because',
            field=models.CharField(blank=True, choices=[('strategy', 'The reply strategy asked for a person.'), ('failed', 'The reply strategy failed.'), ('timeout', 'The reply strategy gave no answer in time.'), ('unsendable', 'The reply strategy gave an answer that cannot be sent.'), ('order', 'Somebody left it to people.')], db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='conversation',
            name='waiting_note',
            field=models.CharField(blank=True, db_default='', default='', max_length=500),
        ),
        migrations.AddField(
            model_name='conversation',
            name='waiting_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='message',
            name='unanswered',
            field=models.CharField(blank=True, choices=[('standby', 'It was written to another responder.'), ('history', "It is from the phone's history."), ('group', 'It was written to a group.'), ('kind', 'Messages of this kind are never answered.'), ('blocked', 'The contact was blocked.'), ('not_ours', 'Another responder had the thread.'), ('idle', 'Nobody had the thread any more, and a reply would have taken it.'), ('suspended', 'The tenant was suspended.'), ('too_old', 'It was more than seven days old when it came.'), ('superseded', 'The contact had written again before it came.'), ('people', 'It was left to people: the conversation waited for one.'), ('paused', 'A person answered: staff had just written, or had the conversation.'), ('limit', 'The contact had all automatic replies that the tenant allows in an hour.'), ('no_text', 'No automatic reply was set.'), ('declined', 'The reply strategy gave no reply.'), ('failed', 'The reply strategy failed.'), ('burst', 'The contact wrote again at once, and that message is answered.'), ('late', 'No answer was ready in time.')], db_default='', default='', max_length=10, verbose_name='not answered because'),
        ),
        AddConstraintNotValid(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('waiting_because', ''), ('waiting_note', ''), ('waiting_since', None)), models.Q(('waiting_because__in', ['strategy', 'failed', 'timeout', 'unsendable', 'order']), ('waiting_since__isnull', False)), _connector='OR'), name='conversation_waits_for_a_known_reason'),
        ),
        AddConstraintNotValid(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('unanswered', ''), models.Q(('direction', 'inbound'), ('unanswered__in', ['standby', 'history', 'group', 'kind', 'blocked', 'not_ours', 'idle', 'suspended', 'too_old', 'superseded', 'people', 'paused', 'limit', 'no_text', 'declined', 'failed', 'burst', 'late'])), _connector='OR'), name='message_unanswered_for_a_known_reason'),
        ),
        migrations.AddField(
            model_name='deferredreply',
            name='conversation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.conversation'),
        ),
        migrations.AddField(
            model_name='deferredreply',
            name='message',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='messaging.message'),
        ),
        migrations.AddField(
            model_name='deferredreply',
            name='tenant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant'),
        ),
        migrations.AddField(
            model_name='replychoice',
            name='channel',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels.channel'),
        ),
        migrations.AddField(
            model_name='replychoice',
            name='tenant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant'),
        ),
        migrations.AddIndex(
            model_name='deferredreply',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['tenant', 'due_at'], name='deferred_reply_due_of_tenant'),
        ),
        migrations.AddIndex(
            model_name='deferredreply',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['deadline'], name='deferred_reply_in_time'),
        ),
        migrations.AddIndex(
            model_name='deferredreply',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['conversation'], name='deferred_reply_waiting_in'),
        ),
        migrations.AddIndex(
            model_name='deferredreply',
            index=models.Index(condition=models.Q(('due_at__isnull', True)), fields=['ended_at'], name='deferred_reply_over_since'),
        ),
        migrations.AddConstraint(
            model_name='deferredreply',
            constraint=models.UniqueConstraint(fields=('tenant', 'id'), name='deferredreply_id_in_tenant'),
        ),
        migrations.AddConstraint(
            model_name='deferredreply',
            constraint=tenants.isolation.TenantRLS(column='tenant_id', name='deferredreply_isolation'),
        ),
        migrations.AddConstraint(
            model_name='deferredreply',
            constraint=models.UniqueConstraint(fields=('tenant', 'message'), name='message_has_one_deferred_reply'),
        ),
        migrations.AddConstraint(
            model_name='deferredreply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_at__isnull', False), ('ended_at', None), ('outcome', '')), models.Q(('due_at', None), ('ended_at__isnull', False), ('lease', None), ('outcome__in', ['answered', 'unanswered', 'superseded', 'left'])), _connector='OR'), name='deferred_reply_waits_or_is_over'),
        ),
        migrations.AddConstraint(
            model_name='deferredreply',
            constraint=tenants.isolation.TenantForeignKey(field='message', name='deferred_reply_to_a_message_of_the_tenant'),
        ),
        migrations.AddConstraint(
            model_name='deferredreply',
            constraint=tenants.isolation.TenantForeignKey(field='conversation', name='deferred_reply_in_a_conversation_of_the_tenant'),
        ),
        migrations.AddConstraint(
            model_name='replychoice',
            constraint=models.UniqueConstraint(fields=('tenant', 'id'), name='replychoice_id_in_tenant'),
        ),
        migrations.AddConstraint(
            model_name='replychoice',
            constraint=tenants.isolation.TenantRLS(column='tenant_id', name='replychoice_isolation'),
        ),
        migrations.AddConstraint(
            model_name='replychoice',
            constraint=models.UniqueConstraint(fields=('tenant', 'channel'), name='one_reply_strategy_per_channel', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='replychoice',
            constraint=tenants.isolation.TenantForeignKey(field='channel', name='reply_strategy_of_a_channel_of_the_tenant'),
        ),
    ]

"""Who has a conversation's thread, its history, and orders about it. The checks of old rows follow in 0025, beside the
traffic.
"""

import django.db.models.deletion
import django.utils.timezone
import tenants.isolation
import uuid_utils.compat
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0012_routing_checked'),
        ('messaging', '0023_outgoing_webhooks'),
        ('tenants', '0011_connect_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnerChange',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('owner', models.CharField(choices=[('us', 'we'), ('other', 'another responder'), ('nobody', 'Nobody')], max_length=6)),
                ('told_by', models.CharField(choices=[('standby', 'What is written goes to another responder.'), ('message', "The contact's message came to us."), ('we_passed', 'We passed the thread on.'), ('we_released', 'We released the thread.'), ('we_took', 'We took the thread.'), ('refused', 'The provider refused what we sent: another responder has the thread.'), ('passed', 'The thread was passed to us.'), ('taken', 'Another responder took the thread.'), ('unclear', 'The provider reported a change of the owner in a form that is not known.')], max_length=11)),
                ('note', models.CharField(blank=True, max_length=2000)),
                ('by', models.CharField(blank=True, help_text='Who ordered it here.', max_length=150)),
                ('occurred_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'db_table': 'conversation_owner_changes',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ThreadOrder',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('action', models.CharField(choices=[('pass', 'pass the thread on'), ('release', 'release the thread'), ('take', 'take the thread')], max_length=7)),
                ('note', models.CharField(blank=True, max_length=2000)),
                ('by', models.CharField(blank=True, max_length=150)),
                ('status', models.CharField(choices=[('queued', 'Queued'), ('sending', 'Sending'), ('done', 'Done'), ('failed', 'Failed'), ('unknown', 'Unknown'), ('expired', 'Expired')], default='queued', max_length=7)),
                ('error_code', models.CharField(blank=True, max_length=64)),
                ('error', models.CharField(blank=True, max_length=512)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('begun_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'thread_orders',
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='message',
            name='message_unanswered_for_a_known_reason',
        ),
        migrations.AddField(
            model_name='conversation',
            name='owner',
            field=models.CharField(blank=True, choices=[('us', 'we'), ('other', 'another responder'), ('nobody', 'Nobody')], db_default='', default='', max_length=6),
        ),
        migrations.AddField(
            model_name='conversation',
            name='owner_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='conversation',
            name='owner_told_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='conversation',
            name='owner_told_by',
            field=models.CharField(blank=True, choices=[('standby', 'What is written goes to another responder.'), ('message', "The contact's message came to us."), ('we_passed', 'We passed the thread on.'), ('we_released', 'We released the thread.'), ('we_took', 'We took the thread.'), ('refused', 'The provider refused what we sent: another responder has the thread.'), ('passed', 'The thread was passed to us.'), ('taken', 'Another responder took the thread.'), ('unclear', 'The provider reported a change of the owner in a form that is not known.')], db_default='', default='', max_length=11),
        ),
        migrations.AddField(
            model_name='conversation',
            name='owner_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='takes_thread',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='message',
            name='origin',
            field=models.CharField(blank=True, choices=[('contact', 'Contact'), ('automatic', 'automatic reply'), ('phone_app', "staff, in the provider's app"), ('staff', 'staff, here'), ('api', 'API'), ('standby', 'contact, to another responder'), ('responder', 'another responder'), ('notice', 'notice of the provider')], db_default='', default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='message',
            name='unanswered',
            field=models.CharField(blank=True, choices=[('standby', 'It was written to another responder.'), ('history', "It is from the phone's history."), ('group', 'It was written to a group.'), ('kind', 'Messages of this kind are never answered.'), ('blocked', 'The contact is blocked.'), ('not_ours', 'Another responder has the thread.'), ('idle', 'Nobody has the thread any more, and a reply would take it.'), ('suspended', 'The tenant is suspended.'), ('too_old', 'It was more than seven days old when it came.'), ('superseded', 'The contact had written again before it came.'), ('paused', 'Staff had just written to the contact in the phone app.'), ('limit', 'The contact had all automatic replies that the tenant allows in an hour.'), ('no_text', 'No automatic reply is set.'), ('declined', 'The reply strategy gave no reply.'), ('failed', 'The reply strategy failed.')], db_default='', default='', max_length=10, verbose_name='not answered because'),
        ),
        AddConstraintNotValid(
            model_name='conversation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('owner', ''), ('owner_since', None), ('owner_told_at', None), ('owner_told_by', '')), models.Q(('owner__in', ['us', 'other', 'nobody']), ('owner_since__isnull', False), ('owner_told_at__isnull', False), ('owner_told_by__in', ['standby', 'message', 'we_passed', 'we_released', 'we_took', 'refused', 'passed', 'taken', 'unclear'])), _connector='OR'), name='conversation_owner_with_source_and_moments'),
        ),
        AddConstraintNotValid(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('unanswered', ''), models.Q(('direction', 'inbound'), ('unanswered__in', ['standby', 'history', 'group', 'kind', 'blocked', 'not_ours', 'idle', 'suspended', 'too_old', 'superseded', 'paused', 'limit', 'no_text', 'declined', 'failed'])), _connector='OR'), name='message_unanswered_for_a_known_reason'),
        ),
        migrations.AddField(
            model_name='ownerchange',
            name='conversation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='owner_changes', to='messaging.conversation'),
        ),
        migrations.AddField(
            model_name='ownerchange',
            name='tenant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant'),
        ),
        migrations.AddField(
            model_name='threadorder',
            name='conversation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='thread_orders', to='messaging.conversation'),
        ),
        migrations.AddField(
            model_name='threadorder',
            name='tenant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant'),
        ),
        migrations.AddIndex(
            model_name='ownerchange',
            index=models.Index(fields=['tenant', 'conversation', 'occurred_at'], name='owner_change_in_order'),
        ),
        migrations.AddConstraint(
            model_name='ownerchange',
            constraint=models.UniqueConstraint(fields=('tenant', 'id'), name='ownerchange_id_in_tenant'),
        ),
        migrations.AddConstraint(
            model_name='ownerchange',
            constraint=tenants.isolation.TenantRLS(column='tenant_id', name='ownerchange_isolation'),
        ),
        migrations.AddConstraint(
            model_name='ownerchange',
            constraint=models.CheckConstraint(condition=models.Q(('owner__in', ['us', 'other', 'nobody']), ('told_by__in', ['standby', 'message', 'we_passed', 'we_released', 'we_took', 'refused', 'passed', 'taken', 'unclear'])), name='owner_change_of_known_words'),
        ),
        migrations.AddConstraint(
            model_name='ownerchange',
            constraint=tenants.isolation.TenantForeignKey(field='conversation', name='owner_change_in_a_conversation_of_the_tenant'),
        ),
        migrations.AddIndex(
            model_name='threadorder',
            index=models.Index(fields=['tenant', 'conversation'], name='thread_order_of_conversation'),
        ),
        migrations.AddIndex(
            model_name='threadorder',
            index=models.Index(condition=models.Q(('begun_at__isnull', False)), fields=['begun_at'], name='thread_order_begun'),
        ),
        migrations.AddConstraint(
            model_name='threadorder',
            constraint=models.UniqueConstraint(fields=('tenant', 'id'), name='threadorder_id_in_tenant'),
        ),
        migrations.AddConstraint(
            model_name='threadorder',
            constraint=tenants.isolation.TenantRLS(column='tenant_id', name='threadorder_isolation'),
        ),
        migrations.AddConstraint(
            model_name='threadorder',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['pass', 'release', 'take'])), name='thread_order_known'),
        ),
        migrations.AddConstraint(
            model_name='threadorder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('begun_at', None), ('ended_at', None), ('status', 'queued')), models.Q(('begun_at__isnull', False), ('ended_at', None), ('status', 'sending')), models.Q(('ended_at__isnull', False), ('status__in', ['done', 'failed', 'unknown', 'expired'])), _connector='OR'), name='thread_order_status_with_its_moments'),
        ),
        migrations.AddConstraint(
            model_name='threadorder',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('tenant', 'conversation'), name='one_thread_order_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='threadorder',
            constraint=tenants.isolation.TenantForeignKey(field='conversation', name='thread_order_in_a_conversation_of_the_tenant'),
        ),
    ]

"""The endpoints of outgoing webhooks, what was set aside for them, and the log of what they were sent. Whoever delivers events
sees every tenant's, and the events themselves.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import tenants.isolation
import uuid_utils.compat
from django.db import migrations, models

TABLES = ("webhook_endpoints", "webhook_set_aside", "webhook_attempts")
DELIVERS = "\n".join(
    [
        "CREATE POLICY delivers ON events FOR SELECT TO msg_webhooks USING (true);",
        *(f"CREATE POLICY msg_webhooks ON {table} TO msg_webhooks USING (true) WITH CHECK (true);" for table in TABLES),
    ]
)
UNDO = "\n".join(
    [*(f"DROP POLICY msg_webhooks ON {table};" for table in TABLES), "DROP POLICY delivers ON events;"]
)


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0007_event_log'),
        ('messaging', '0022_api'),
        ('tenants', '0008_members_pages'),
    ]

    operations = [
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('credentials', models.TextField(blank=True, editable=False)),
                ('url', models.CharField(max_length=2048)),
                ('types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('status', models.CharField(choices=[('enabled', 'Enabled'), ('disabled', 'Disabled')], default='enabled', max_length=10)),
                ('disabled_reason', models.CharField(blank=True, choices=[('asked', 'disabled by hand'), ('gone', 'it answered 410 Gone'), ('failing', 'the last try of an event failed, and nothing succeeded meanwhile')], max_length=10)),
                ('disabled_at', models.DateTimeField(blank=True, null=True)),
                ('previous_until', models.DateTimeField(blank=True, null=True)),
                ('api_version', models.CharField(default='v1', max_length=10)),
                ('position', models.BigIntegerField(default=0)),
                ('lease', models.UUIDField(editable=False, null=True)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('failing_since', models.DateTimeField(null=True)),
                ('is_slow', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('tenant', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'db_table': 'webhook_endpoints',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WebhookAttempt',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('event_id', models.UUIDField()),
                ('type', models.CharField(max_length=40)),
                ('number', models.PositiveSmallIntegerField()),
                ('outcome', models.CharField(choices=[('delivered', 'Delivered'), ('failed', 'Failed'), ('given_up', 'failed, and given up')], max_length=10)),
                ('http_status', models.PositiveSmallIntegerField(null=True)),
                ('error', models.CharField(blank=True, max_length=20)),
                ('duration_ms', models.PositiveIntegerField()),
                ('answer', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('tenant', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
                ('endpoint', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='messaging.webhookendpoint')),
            ],
            options={
                'db_table': 'webhook_attempts',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WebhookSetAside',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('event_id', models.UUIDField()),
                ('stream_id', models.UUIDField()),
                ('position', models.BigIntegerField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('endpoint', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='set_aside', to='messaging.webhookendpoint')),
                ('tenant', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'db_table': 'webhook_set_aside',
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.UniqueConstraint(fields=('tenant', 'id'), name='webhookendpoint_id_in_tenant'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=tenants.isolation.TenantRLS(column='tenant_id', name='webhookendpoint_isolation'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['enabled', 'disabled'])), name='endpoint_status_known'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('disabled_at', None), ('disabled_reason', ''), ('status', 'enabled')), models.Q(('disabled_at__isnull', False), ('disabled_reason__in', ['asked', 'gone', 'failing']), ('status', 'disabled')), _connector='OR'), name='disabled_endpoint_says_why_and_since_when'),
        ),
        migrations.AddIndex(
            model_name='webhookattempt',
            index=models.Index(fields=['endpoint', 'id'], name='webhook_attempts_in_order'),
        ),
        migrations.AddConstraint(
            model_name='webhookattempt',
            constraint=models.UniqueConstraint(fields=('tenant', 'id'), name='webhookattempt_id_in_tenant'),
        ),
        migrations.AddConstraint(
            model_name='webhookattempt',
            constraint=tenants.isolation.TenantRLS(column='tenant_id', name='webhookattempt_isolation'),
        ),
        migrations.AddConstraint(
            model_name='webhookattempt',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['delivered', 'failed', 'given_up'])), name='webhook_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='webhookattempt',
            constraint=tenants.isolation.TenantForeignKey(field='endpoint', name='webhook_attempt_of_an_endpoint_of_the_tenant'),
        ),
        migrations.AddIndex(
            model_name='webhooksetaside',
            index=models.Index(condition=models.Q(('next_try_at__isnull', False)), fields=['next_try_at', 'endpoint'], name='set_aside_to_be_tried'),
        ),
        migrations.AddConstraint(
            model_name='webhooksetaside',
            constraint=models.UniqueConstraint(fields=('tenant', 'id'), name='webhooksetaside_id_in_tenant'),
        ),
        migrations.AddConstraint(
            model_name='webhooksetaside',
            constraint=tenants.isolation.TenantRLS(column='tenant_id', name='webhooksetaside_isolation'),
        ),
        migrations.AddConstraint(
            model_name='webhooksetaside',
            constraint=models.UniqueConstraint(fields=('endpoint', 'event_id'), name='event_set_aside_once'),
        ),
        migrations.AddConstraint(
            model_name='webhooksetaside',
            constraint=models.UniqueConstraint(condition=models.Q(('position', None)), fields=('endpoint',), name='one_test_event_waits'),
        ),
        migrations.AddConstraint(
            model_name='webhooksetaside',
            constraint=tenants.isolation.TenantForeignKey(field='endpoint', name='set_aside_for_an_endpoint_of_the_tenant'),
        ),
        migrations.RunSQL(DELIVERS, UNDO),
    ]

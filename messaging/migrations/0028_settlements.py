"""What people settled by hand: a table that is empty at first."""

import django.db.models.deletion
import django.utils.timezone
import tenants.isolation
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('messaging', '0027_lists'),
        ('tenants', '0011_connect_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('status', models.CharField(max_length=10)),
                ('ordered_by', models.CharField(max_length=150)),
                ('ordered_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('message', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='settlements', to='messaging.message')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'db_table': 'message_settlements',
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='settlement',
            index=models.Index(fields=['message'], name='settlement_of_message'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.UniqueConstraint(fields=('tenant', 'id'), name='settlement_id_in_tenant'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=tenants.isolation.TenantRLS(column='tenant_id', name='settlement_isolation'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['sent', 'failed'])), name='settlement_status_known'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=tenants.isolation.TenantForeignKey(field='message', name='settlement_of_a_message_of_the_tenant'),
        ),
    ]

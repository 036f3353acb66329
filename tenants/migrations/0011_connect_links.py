"""Links that connect a channel. Whose a link is, is asked by the sign-in role, which sees no tenant's row: a function
answers."""

import django.db.models.deletion
import django.utils.timezone
import tenants.isolation
import uuid_utils.compat
from django.db import migrations, models

LOOK_UP = """
CREATE POLICY look_up ON connect_links FOR SELECT TO msg_resolver USING (true);
CREATE FUNCTION tenant_of_connect_link(given uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT tenant_id FROM messaging.connect_links WHERE id = given
$$;
REVOKE ALL ON FUNCTION tenant_of_connect_link(uuid) FROM PUBLIC;
GRANT CREATE ON SCHEMA messaging TO msg_resolver;
ALTER FUNCTION tenant_of_connect_link(uuid) OWNER TO msg_resolver;
REVOKE CREATE ON SCHEMA messaging FROM msg_resolver;
"""

UNDO = """
DROP FUNCTION tenant_of_connect_link(uuid);
DROP POLICY look_up ON connect_links;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0010_use_of_api_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConnectLink',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('return_url', models.CharField(max_length=2000, verbose_name='return address')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('created_by', models.CharField(blank=True, editable=False, max_length=150)),
                ('expires_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(editable=False, null=True, verbose_name='first opened')),
                ('used_at', models.DateTimeField(editable=False, null=True)),
                ('channel_id', models.UUIDField(editable=False, null=True, verbose_name='connected channel')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'db_table': 'connect_links',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('tenant', 'id'), name='connectlink_id_in_tenant'), tenants.isolation.TenantRLS(column='tenant_id', name='connectlink_isolation'), models.CheckConstraint(condition=models.Q(models.Q(('channel_id', None), ('used_at', None)), models.Q(('channel_id__isnull', False), ('used_at__isnull', False)), _connector='OR'), name='connect_link_is_used_by_a_channel'), models.CheckConstraint(condition=models.Q(('return_url__startswith', 'https://'), ('return_url__startswith', 'http://'), _connector='OR'), name='connect_link_leads_back_to_a_page')],
            },
        ),
        migrations.RunSQL(LOOK_UP, UNDO),
    ]

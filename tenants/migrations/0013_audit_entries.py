"""The audit log. Entries are deleted by a function alone, which sees only those that are old enough."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import tenants.isolation
import uuid_utils.compat
from django.db import migrations, models

PURGE = """
CREATE FUNCTION purge_audit_entries(before uuid, at_most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH deleted AS (
        DELETE FROM messaging.audit_entries WHERE id IN (
            SELECT entry.id FROM messaging.audit_entries entry WHERE entry.id < before
            ORDER BY entry.id LIMIT at_most
        ) RETURNING id
    )
    SELECT count(*) FROM deleted
$$;
REVOKE ALL ON FUNCTION purge_audit_entries(uuid, integer) FROM PUBLIC;
GRANT CREATE ON SCHEMA messaging TO msg_resolver;
ALTER FUNCTION purge_audit_entries(uuid, integer) OWNER TO msg_resolver;
REVOKE CREATE ON SCHEMA messaging FROM msg_resolver;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0012_second_factors'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='time')),
                ('user_id', models.UUIDField(editable=False, null=True, verbose_name='user')),
                ('username', models.CharField(blank=True, editable=False, max_length=150, verbose_name='person')),
                ('action', models.CharField(choices=[('read', 'read'), ('search', 'searched'), ('export', 'saved to a file'), ('create', 'created'), ('change', 'changed'), ('delete', 'deleted'), ('order', 'ordered'), ('sign_in', 'signed in'), ('sign_in_failed', 'failed to sign in'), ('sign_out', 'signed out'), ('refused', 'was refused')], editable=False, max_length=20, verbose_name='action')),
                ('kind', models.CharField(blank=True, editable=False, max_length=100, verbose_name='kind')),
                ('object_ids', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, editable=False, size=None)),
                ('detail', models.JSONField(default=dict, editable=False, verbose_name='detail')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenants.tenant', verbose_name='tenant')),
            ],
            options={
                'verbose_name': 'audit entry',
                'verbose_name_plural': 'audit log',
                'db_table': 'audit_entries',
                'indexes': [models.Index(fields=['user_id', 'id'], name='audit_of_a_user'), models.Index(fields=['tenant', 'id'], name='audit_of_a_tenant'), models.Index(fields=['action', 'id'], name='audit_of_an_action'), models.Index(fields=['kind', 'id'], name='audit_of_a_kind'), django.contrib.postgres.indexes.GinIndex(fields=['object_ids'], name='audit_of_an_object')],
                'constraints': [models.CheckConstraint(condition=models.Q(('action__in', ['read', 'search', 'export', 'create', 'change', 'delete', 'order', 'sign_in', 'sign_in_failed', 'sign_out', 'refused'])), name='audit_action_known'), tenants.isolation.AppendOnlyRLS(name='auditentry_append_only')],
            },
        ),
        migrations.RunSQL(PURGE, "DROP FUNCTION purge_audit_entries(uuid, integer)"),
    ]

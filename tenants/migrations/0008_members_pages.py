"""Invitations and forgotten passwords.

`colleagues` tells a tenant's scope its own members with their user names. `defer_password_reset` puts in the mail of one
password reset, and no other task, from the scope that sees users and no tenant.
"""

import django.db.models.deletion
import django.utils.timezone
import tenants.isolation
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

COLLEAGUES = """
CREATE FUNCTION colleagues()
RETURNS TABLE (id uuid, user_id uuid, username text, is_active boolean, role text, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.id, m.user_id, u.username::text, u.is_active, m.role::text, m.created_at
    FROM messaging.memberships m JOIN messaging.users u ON u.id = m.user_id
    WHERE m.tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
    ORDER BY m.created_at, m.id
$$;
"""
DEFER = """
CREATE FUNCTION defer_password_reset(reset uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, jobs, pg_temp AS $$
    SELECT jobs.procrastinate_defer_jobs_v1(ARRAY[ROW('mail', 'tenants.tasks.send_mail', 0, NULL, NULL,
        jsonb_build_object('letter', 'password_reset', 'reset_id', reset), NULL)::jobs.procrastinate_job_to_defer_v1])
$$;
"""
OWNED = """
REVOKE ALL ON FUNCTION {0} FROM PUBLIC;
GRANT CREATE ON SCHEMA messaging TO msg_resolver;
ALTER FUNCTION {0} OWNER TO msg_resolver;
REVOKE CREATE ON SCHEMA messaging FROM msg_resolver;
"""
FUNCTIONS = {"colleagues()": COLLEAGUES, "defer_password_reset(uuid)": DEFER}


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0007_arguments'),
    ]

    operations = [
        migrations.CreateModel(
            name='PasswordReset',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254)),
                ('ip_address', models.GenericIPAddressField()),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'db_table': 'password_resets',
                'indexes': [models.Index(fields=['asked_at'], name='password_resets_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254)),
                ('role', models.CharField(choices=[('owner', 'owner: everything, members too'), ('admin', 'administrator: channels and settings'), ('agent', 'agent: conversations')], max_length=10)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'db_table': 'invitations',
                'abstract': False,
                'indexes': [models.Index(fields=['tenant', 'created_at'], name='invitations_of_a_tenant')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'id'), name='invitation_id_in_tenant'), tenants.isolation.TenantRLS(column='tenant_id', name='invitation_isolation'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('tenant', 'email'), name='address_invited_once_at_a_time'), models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'admin', 'agent'])), name='invitation_role_known'), models.CheckConstraint(condition=models.Q(('accepted_by', None), ('ended_at__isnull', False), _connector='OR'), name='accepted_invitation_has_ended')],
            },
        ),
        *(
            migrations.RunSQL(made + OWNED.format(name), f"DROP FUNCTION {name}") for name, made in FUNCTIONS.items()
        ),
    ]

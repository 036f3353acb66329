"""The model of the table channel_events is named after it.

No row is touched: names of constraints and of an index are changed in the catalogue alone.
"""

import django.db.models.deletion
from django.db import migrations, models

import tenants.isolation

RENAMED = {
    "notice_id_in_tenant": "channelevent_id_in_tenant",
    "notice_kept_once_a_tenant": "channel_event_kept_once_a_tenant",
    "notice_severity_known": "channel_event_severity_known",
    "notice_of_a_channel_of_the_tenant": "event_of_a_channel_of_the_tenant",
}
RENAME = "ALTER TABLE channel_events RENAME CONSTRAINT {} TO {}"

# Whoever had a permission of the old name has it of the new one too. The old ones stay for processes
# of the release before; a later release deletes them.
OLD = """
    FROM django_content_type type JOIN auth_permission old ON old.content_type_id = type.id
    WHERE (type.app_label, type.model) = ('channels', 'channelevent')
        AND old.codename IN ('add_notice', 'change_notice', 'delete_notice', 'view_notice')
"""
BOTH = f"""(
    SELECT old.id AS old_id, (
        SELECT id FROM auth_permission new WHERE new.content_type_id = type.id
            AND new.codename = replace(old.codename, '_notice', '_channelevent')
    ) AS new_id {OLD}
) both_permissions"""
GIVE_PERMISSIONS = f"""
INSERT INTO auth_permission (name, content_type_id, codename)
    SELECT old.name, type.id, replace(old.codename, '_notice', '_channelevent') {OLD}
    ON CONFLICT DO NOTHING;
INSERT INTO auth_group_permissions (group_id, permission_id)
    SELECT group_id, new_id FROM auth_group_permissions JOIN {BOTH} ON permission_id = old_id
    ON CONFLICT DO NOTHING;
INSERT INTO users_user_permissions (user_id, permission_id)
    SELECT user_id, new_id FROM users_user_permissions JOIN {BOTH} ON permission_id = old_id
    ON CONFLICT DO NOTHING;
UPDATE auth_permission SET name = 'Release before: ' || codename
    WHERE id IN (SELECT old.id {OLD});
"""


class Migration(migrations.Migration):

    dependencies = [
        ("channels", "0005_recovery_of_parked_channels"),
        ("tenants", "0008_members_pages"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        # Django renames the content type with it
        migrations.RenameModel("Notice", "ChannelEvent"),
        migrations.AlterField(
            model_name="channelevent",
            name="channel",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="channels.channel",
            ),
        ),
        migrations.RenameIndex(
            model_name="channelevent",
            old_name="notice_by_account",
            new_name="channel_event_by_account",
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(RENAME.format(old, new), RENAME.format(new, old))
                for old, new in RENAMED.items()
            ],
            state_operations=[
                *(
                    migrations.RemoveConstraint(model_name="channelevent", name=name)
                    for name in (*RENAMED, "notice_isolation")
                ),
                *(
                    migrations.AddConstraint(model_name="channelevent", constraint=constraint)
                    for constraint in (
                        models.UniqueConstraint(
                            fields=["tenant", "id"], name="channelevent_id_in_tenant"
                        ),
                        tenants.isolation.TenantRLS(name="channelevent_isolation"),
                        models.UniqueConstraint(
                            fields=["tenant", "fingerprint"],
                            name="channel_event_kept_once_a_tenant",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(severity__in=["info", "warning", "critical"]),
                            name="channel_event_severity_known",
                        ),
                        tenants.isolation.TenantForeignKey(
                            name="event_of_a_channel_of_the_tenant", field="channel"
                        ),
                    )
                ),
            ],
        ),
        migrations.RunSQL(GIVE_PERMISSIONS, migrations.RunSQL.noop),
    ]

"""Indexes for what the back-office's list of templates is searched for, in all tenants. Made beside the traffic (see messaging 0004)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

INDEXES = [
    models.Index(fields=["name", "id"], name="template_by_name"),
    models.Index(fields=["account_id"], name="template_by_account"),
    models.Index(fields=["external_id"], name="template_by_external_id"),
]


def made_anew(index: models.Index) -> list:
    """What a run that was interrupted left half made goes first."""
    dropped = migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}", migrations.RunSQL.noop)
    return [dropped, AddIndexConcurrently("messagetemplate", index)]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("channels", "0015_contact_erased_checked")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        *(operation for index in INDEXES for operation in made_anew(index)),
        migrations.RunSQL("SET lock_timeout = '1500ms'", migrations.RunSQL.noop),
    ]

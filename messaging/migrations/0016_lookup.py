"""Indexes for what operators type: a number's beginning or end, a name's beginning. Made beside the traffic (see 0004)."""

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Reverse, Upper

INDEXES = [
    ("contactidentity", models.Index(fields=["value"], opclasses=["varchar_pattern_ops"], name="identity_by_beginning")),
    ("contactidentity", models.Index(OpClass(Reverse("value"), name="text_pattern_ops"), name="identity_by_end")),
    ("contact", models.Index(OpClass(Upper("name"), name="text_pattern_ops"), name="contact_by_name")),
    ("contact", models.Index(OpClass(Upper("saved_name"), name="text_pattern_ops"), name="contact_by_saved_name")),
    ("contact", models.Index(OpClass(Upper("username"), name="text_pattern_ops"), name="contact_by_username")),
]


def made_anew(model: str, index: models.Index) -> list:
    """What a run that was interrupted left half made goes first."""
    dropped = migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}", migrations.RunSQL.noop)
    return [dropped, AddIndexConcurrently(model, index)]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0015_unanswered_checked")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        *(operation for model, index in INDEXES for operation in made_anew(model, index)),
        migrations.RunSQL("SET lock_timeout = '1500ms'", migrations.RunSQL.noop),
    ]

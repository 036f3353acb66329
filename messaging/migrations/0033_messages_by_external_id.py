"""A message is found by its provider's id alone, and stored once in each channel, by one index. Made beside the traffic (see 0004);
the index before it is dropped when the new one holds.
"""

from django.db import migrations, models
from django.db.models import Q

BEFORE, NOW = ("channel", "external_id"), ("external_id", "channel")


def constraint(fields: tuple[str, str], name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=fields, condition=Q(external_id__isnull=False), name=name)


def drop_half_made(name: str) -> str:
    """Return the statement that drops what a run that was interrupted left half made."""
    return f"""
        DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('{name}') AND NOT indisvalid) THEN
                DROP INDEX {name};
            END IF;
        END $$"""


def create(fields: tuple[str, str], name: str) -> str:
    columns = ", ".join(fields).replace("channel", "channel_id")
    return (
        f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {name} ON messages ({columns}) WHERE external_id IS NOT NULL"
    )


def drop(name: str) -> str:
    return f"DROP INDEX CONCURRENTLY IF EXISTS {name}"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0032_erasures")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = '1500ms'"),
        migrations.RunSQL(drop_half_made("message_recorded_once"), drop("message_recorded_once")),
        migrations.RunSQL(
            create(NOW, "message_recorded_once"),
            create(BEFORE, "message_stored_once"),
            state_operations=[
                migrations.AddConstraint("message", constraint(NOW, "message_recorded_once")),
                migrations.RemoveConstraint("message", "message_stored_once"),
            ],
        ),
        migrations.RunSQL(drop("message_stored_once"), drop_half_made("message_stored_once")),
        migrations.RunSQL("SET lock_timeout = '1500ms'", "SET lock_timeout = 0"),
    ]

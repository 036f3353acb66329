"""Indexes for the back-office's lists of all tenants, and for a part of a contact's name. Made beside the traffic (see 0004).

The trigrams' operator class lives in the schema of its extension, which is Supabase's own, "extensions", where nobody has put
it elsewhere; the search path need not name it.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper

INDEXES = [
    ("conversation", models.Index(fields=["last_message_at", "id"], name="conversation_written_in_last")),
    ("conversation", models.Index(fields=["window_closes_at", "id"], name="conversation_by_window")),
    ("webhookdelivery", models.Index(fields=["id"], condition=~models.Q(error=""), name="delivery_with_error")),
]
NAMES = ("name", "saved_name", "username")
TRIGRAMS = GinIndex(
    *(OpClass(Upper(name), name="gin_trgm_ops") for name in NAMES), fastupdate=False, name="contact_by_part_of_a_name"
)
EXTENSION = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE SCHEMA IF NOT EXISTS extensions;
        CREATE EXTENSION pg_trgm SCHEMA extensions;
    END IF;
END $$
"""
WHERE_IT_IS = """
SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_trgm'
"""


def made_anew(model: str, index: models.Index) -> list:
    """What a run that was interrupted left half made goes first."""
    dropped = migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}", migrations.RunSQL.noop)
    return [dropped, AddIndexConcurrently(model, index)]


def make_trigrams(apps, schema_editor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(WHERE_IT_IS)
        (schema,) = cursor.fetchone()
    columns = ", ".join(f"upper({name}) {schema}.gin_trgm_ops" for name in NAMES)
    schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {TRIGRAMS.name}")
    schema_editor.execute(
        f"CREATE INDEX CONCURRENTLY {TRIGRAMS.name} ON contacts USING gin ({columns}) WITH (fastupdate = off)"
    )


def drop_trigrams(apps, schema_editor) -> None:
    schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {TRIGRAMS.name}")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("messaging", "0026_conversations_by_status")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        *(operation for model, index in INDEXES for operation in made_anew(model, index)),
        migrations.RunSQL(EXTENSION, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(make_trigrams, drop_trigrams)],
            [migrations.AddIndex("contact", TRIGRAMS)],
        ),
        migrations.RunSQL("SET lock_timeout = '1500ms'", migrations.RunSQL.noop),
    ]

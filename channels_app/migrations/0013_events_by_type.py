"""Indexes for events of one type, in order, of a tenant and of all: the list of a seldom type, and how far an endpoint for some
types is behind. Made beside the traffic (see messaging 0004).
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

HAS_POSITION = models.Q(position__isnull=False)
INDEXES = [
    models.Index(fields=["tenant", "type", "position"], condition=HAS_POSITION, name="event_of_a_tenant_by_type"),
    models.Index(fields=["type", "position"], condition=HAS_POSITION, name="event_by_type_in_order"),
]


def made_anew(index: models.Index) -> list:
    """What a run that was interrupted left half made goes first."""
    dropped = migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}", migrations.RunSQL.noop)
    return [dropped, AddIndexConcurrently("loggedevent", index)]


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("channels", "0012_routing_checked")]

    operations = [
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        *(operation for index in INDEXES for operation in made_anew(index)),
        migrations.RunSQL("SET lock_timeout = '1500ms'", migrations.RunSQL.noop),
    ]

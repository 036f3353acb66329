"""Many people of one tenant at once: what the planner does with ten rows says nothing of what it
does with many.
"""

from typing import Any
from uuid import UUID

import psycopg

PEOPLE = """
    INSERT INTO messaging.contacts (id, tenant_id, name, created_at)
    SELECT gen_random_uuid(), %(tenant)s, 'Person ' || n, now() FROM generate_series(1,
        %(count)s) n"""
THEIR_NUMBERS = """
    INSERT INTO messaging.contact_identities (id, tenant_id, contact_id, kind, value)
    SELECT gen_random_uuid(), tenant_id, id, 'wa_id', (46700000000 + substr(name,
        8)::bigint * 7)::text
    FROM messaging.contacts"""


def add(db_rows: psycopg.Connection, tenant_id: UUID, count: int) -> None:
    """So many people, each with a number."""
    values: dict[str, Any] = {"tenant": tenant_id, "count": count}
    db_rows.execute(PEOPLE, values)
    db_rows.execute(THEIR_NUMBERS)

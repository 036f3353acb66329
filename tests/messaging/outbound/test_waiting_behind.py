"""What a message costs that is queued behind others of its conversation: the rows that are looked
at, whatever the planner knows of the table.
"""

from pathlib import Path

import pytest
from django.db import connection

from messaging import sql
from tenants.scope import router_scope
from tests.support import database

pytestmark = pytest.mark.whatsapp

WAITING = """
    INSERT INTO messaging.messages (id, tenant_id, channel_id, conversation_id, seq, direction,
        kind, origin, text, status, error_code, error, attempts, due_at, expires_at, recipient,
        created_at)
    SELECT gen_random_uuid(), tenant_id, channel_id, conversation_id, seq + n, direction,
        kind, origin, text, status, error_code, error, attempts, now(), expires_at, recipient,
        created_at
    FROM messaging.messages, generate_series(1, %s) n WHERE id = %s"""
OTHERS = "DELETE FROM messaging.messages WHERE direction = 'outbound' AND id <> %s"
LATER = "UPDATE messaging.messages SET due_at = now() + interval '1 hour' WHERE id = %s"
STATEMENT = (Path(sql.__file__).parent / "messages" / "wait_behind.sql").read_text()


def rows_of(plan: dict) -> int:
    """How many rows a plan's nodes have looked at."""
    removed = sum(plan.get(f"Rows Removed by {each}", 0) for each in ("Filter", "Join Filter"))
    own = (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    return int(own) + sum(map(rows_of, plan.get("Plans", [])))


@pytest.mark.parametrize("is_analyzed", [False, True], ids=["never analyzed", "analyzed"])
def test_the_rows_that_are_looked_at_grow_no_faster_than_what_waits(
    acme_whatsapp, ada, say, db_rows, is_analyzed
):
    database.make_anew(db_rows, "messages")
    first, looked_at = say("Hi", ada).id, []
    for count in (200, 1000):
        db_rows.execute(OTHERS, [first])
        db_rows.execute(WAITING, [count, first])
        db_rows.execute(LATER, [first])
        if is_analyzed:
            db_rows.execute("ANALYZE messaging.messages")
        with router_scope(), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {STATEMENT}", {"ids": [first]})
            (((explained,),),) = cursor.fetchall()
        looked_at.append(rows_of(explained["Plan"]))
        moved = db_rows.execute("SELECT count(*) FROM messaging.messages WHERE due_at > now()")
        assert moved.fetchone() == (count + 1,)

    few, many = looked_at
    assert many < 6 * few

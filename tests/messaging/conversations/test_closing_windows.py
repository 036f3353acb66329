"""A window that the provider says is closed, while somebody writes."""

from pathlib import Path

import pytest
from django.db import connection

from messaging import sql
from tenants.scope import router_scope
from tests.support.together import PAUSED, meanwhile

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

STATEMENT = (Path(sql.__file__).parent / "conversations" / "close_windows.sql").read_text()
WAITING = STATEMENT.replace("WHERE message.id", f"WHERE {PAUSED} message.id", 1)
SENT = "UPDATE messaging.messages SET created_at = now() - interval '{}' WHERE id = %s"
WRITES = "UPDATE messaging.conversations SET last_inbound_at = now() - interval '{}'"
IS_CLOSED = "SELECT window_closes_at <= now() FROM messaging.conversations"


@pytest.mark.parametrize("stored", [(0, 1), (1, 0)], ids=["in order", "the second first"])
@pytest.mark.parametrize(
    ("written", "is_closed"),
    [
        pytest.param("5 minutes", True, id="before the second message"),
        pytest.param("0 minutes", False, id="after both"),
    ],
)
def test_two_refused_messages_close_the_window_unless_somebody_wrote_after_both(
    acme_whatsapp, ada, say, db_rows, written, is_closed, stored
):
    ids = [say("Hi", ada).id, say("Are you there?", ada).id]
    for place in stored:
        db_rows.execute(SENT.format(["10 minutes", "1 minute"][place]), [ids[place]])
    db_rows.execute(WRITES.format("1 hour"))

    meanwhile(
        db_rows,
        lambda: close(ids),
        lambda: db_rows.execute(WRITES.format(written)),
    )
    assert db_rows.execute(IS_CLOSED).fetchone() == (is_closed,)


def close(message_ids: list) -> None:
    with router_scope(), connection.cursor() as cursor:
        cursor.execute(WAITING, {"message_ids": message_ids})

"""The migrations of the back-office's lists can be taken back, and made again."""

import psycopg

from tests.support import database
from tests.support.processes import manage
from tests.tenants.preparing import prepare

INDEXES = """
    SELECT indexrelid::regclass::text FROM pg_index
    JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = 'messaging'::regnamespace
        AND relname IN ('contacts', 'conversations', 'messages', 'webhook_deliveries')
"""
STATISTICS = "SELECT stxname FROM pg_statistic_ext"
OF_LISTS = {
    "messaging.contact_by_part_of_a_name",
    "messaging.conversation_by_window",
    "messaging.conversation_newest_in_tenant",
    "messaging.conversation_written_in_last",
    "messaging.delivery_with_error",
    "messaging.message_recorded_once",
}
OF_LATER_ONES = {
    "messaging.conversation_waits_for_people",
    "messaging.message_owed_by_a_strategy",
}


def found(name: str, query: str) -> set[str]:
    with psycopg.connect(database.superuser_url(name), autocommit=True) as connection:
        connection.execute("SET search_path = pg_catalog")
        return {word for (word,) in connection.execute(query).fetchall()}


def test_the_indexes_of_lists_go_with_their_migrations_and_come_again(copy, alone):
    assert prepare(copy).returncode == 0
    before = found(copy, INDEXES)
    url = database.owner_url(copy)
    back = manage(copy, "migrate", "messaging", "0026", "--skip-checks", DATABASE_URL=url)
    without, known = found(copy, INDEXES), found(copy, STATISTICS)
    again = prepare(copy)

    assert (back.returncode, again.returncode) == (0, 0), (back.stderr, again.stderr)
    assert (before - without, without - before) == (
        OF_LISTS | OF_LATER_ONES,
        {"messaging.conversation_newest_first", "messaging.message_stored_once"},
    )
    assert (known, found(copy, STATISTICS)) == (set(), {"message_status_in_need"})
    assert found(copy, INDEXES) == before

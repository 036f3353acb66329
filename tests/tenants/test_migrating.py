"""The release step beside a session that keeps a table, and after one that was interrupted."""

import psycopg

from tests.support import database
from tests.support.processes import manage
from tests.tenants.preparing import prepare

LAST = ("messaging", "0038_messages_owed")
INDEX = "messaging.message_owed_by_a_strategy"
FORGET = "DELETE FROM messaging.django_migrations WHERE (app, name) = (%s, %s)"
HALF_MADE = f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{INDEX}'::regclass"
IS_VALID = f"SELECT indisvalid FROM pg_index WHERE indexrelid = '{INDEX}'::regclass"
KEEP = "LOCK TABLE messaging.django_migrations IN SHARE MODE"
SENTENCE = (
    "CommandError: The migration messaging.0038_messages_owed did not get a table that"
    " other sessions keep. What was applied before it stays. See who keeps it (docs/deployment.md,"
    " Without downtime), then run prepare_database again."
)


def test_an_index_that_was_left_half_made_is_built_again(copy, alone):
    with psycopg.connect(database.superuser_url(copy), autocommit=True) as superuser:
        superuser.execute(FORGET, LAST)
        superuser.execute(HALF_MADE)

        done = prepare(copy)

        assert done.returncode == 0, done.stderr
        assert superuser.execute(IS_VALID).fetchall() == [(True,)]


def test_a_table_that_is_kept_ends_the_step_with_a_sentence_and_the_next_one_goes_on(copy, alone):
    owner = {"DATABASE_OWNER_URL": database.owner_url(copy)}
    with psycopg.connect(database.superuser_url(copy)) as superuser:
        superuser.execute(FORGET, LAST)
        superuser.commit()
        superuser.execute(KEEP)

        done = manage(copy, "prepare_database", "--patience", "0", **owner)

    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, SENTENCE)
    assert prepare(copy).returncode == 0

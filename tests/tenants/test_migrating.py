"""The release step beside a session that keeps a table, and after one that was interrupted."""

import psycopg

from tests.support import database
from tests.support.processes import manage
from tests.tenants.preparing import prepare

LAST = ("messaging", "0038_messages_owed")
INDEX = "messaging.message_owed_by_a_strategy"
# and what came after it
FORGET = "DELETE FROM messaging.django_migrations WHERE app = %s AND name >= %s"
HALF_MADE = f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{INDEX}'::regclass"
IS_VALID = f"SELECT indisvalid FROM pg_index WHERE indexrelid = '{INDEX}'::regclass"
KEEP = "LOCK TABLE messaging.django_migrations IN SHARE MODE"
SENTENCE = (
    "CommandError: The migration messaging.0038_messages_owed did not get a table that"
    " other sessions keep. What was applied before it stays. See who keeps it (docs/deployment.md,"
    " Without downtime), then run prepare_database again."
)

MERGED = ("messaging", "0039_merged_conversations")
WAITING = """
    SET search_path = messaging;
    INSERT INTO channels (id, tenant_id, kind, external_id, account_id, name, status, status_reason,
        credentials, auto_reply, created_at)
    SELECT gen_random_uuid(), id, 'whatsapp', '1', '', '', 'live', '', '', '', now() FROM tenants;
    INSERT INTO contacts (id, tenant_id, name, created_at)
    SELECT gen_random_uuid(), id, '', now() FROM tenants, generate_series(1, 2001);
    INSERT INTO conversations (id, tenant_id, channel_id, contact_id, group_external_id, status,
        last_seq, last_message_at, created_at, replies_paused_until, waiting_because, waiting_since)
    SELECT contact.id, contact.tenant_id, channel.id, contact.id, '', 'open', 1, now(), now(),
        'infinity', 'order', now()
    FROM contacts contact, channels channel;
    UPDATE conversations SET merged_into_id = kept.id
    FROM (SELECT min(id::text)::uuid AS id FROM conversations) kept
    WHERE conversations.id <> kept.id;
    RESET search_path"""
LEFT_WAITING = """
    SELECT merged_into_id IS NOT NULL, replies_paused_until IS NOT NULL, waiting_because, count(*)
    FROM messaging.conversations GROUP BY 1, 2, 3 ORDER BY 1"""
POLICIES = """
    SELECT polname FROM pg_policy WHERE polrelid = 'messaging.conversations'::regclass ORDER BY 1"""


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


def test_conversations_that_were_merged_wait_for_nobody_after_the_step(copy, alone):
    assert manage(copy, "create_tenant", "acme", "--name", "Acme").returncode == 0
    with psycopg.connect(database.superuser_url(copy), autocommit=True) as superuser:
        superuser.execute(WAITING)
        policies = superuser.execute(POLICIES).fetchall()
        superuser.execute(FORGET, MERGED)

        done = prepare(copy)

        assert done.returncode == 0, done.stderr
        assert superuser.execute(LEFT_WAITING).fetchall() == [
            (False, True, "order", 1),
            (True, False, "", 2000),
        ]
        assert superuser.execute(POLICIES).fetchall() == policies

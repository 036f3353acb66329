"""What cannot be rehearsed is refused with a sentence, before anything is made."""

import psycopg
import pytest
from django.utils import timezone

from tests.support import database
from tests.support.restored import databases

pytestmark = pytest.mark.whatsapp


def test_a_database_of_another_name_is_refused(restore, rehearse):
    restore()

    done = rehearse(timezone.now(), copy="production")

    assert (done.code, done.report) == (2, None)
    assert done.errors == (
        f"DATABASE_URL names the database {restore()}, not production. Let DATABASE_URL and"
        " DATABASE_OWNER_URL name the copy."
    )


def test_a_database_that_a_worker_uses_is_refused(work, restore, rehearse):
    copy = restore()
    with psycopg.connect(database.superuser_url(copy)) as restored:
        restored.execute(
            "INSERT INTO messaging.worker_heartbeats VALUES (gen_random_uuid(), 'here', 1, now())"
        )

    done = rehearse(timezone.now())

    assert (done.code, done.errors) == (
        2,
        f"A worker has used {copy} within five minutes: it is a live system, or a copy of it from"
        " this moment. Rehearse on a copy that no process uses.",
    )


def test_a_database_that_others_are_connected_to_is_refused(restore, rehearse):
    copy = restore()
    with psycopg.connect(database.superuser_url(copy)):
        done = rehearse(timezone.now())

    assert (done.code, done.errors) == (
        2,
        f"Others are connected to {copy}, which a copy that is rehearsed is not: stop every"
        " process that uses it, and never name the production database.",
    )
    assert f"{copy}_rehearsal" not in databases()


def test_a_strategy_that_is_none_is_refused(restore, rehearse):
    restore()

    done = rehearse(timezone.now(), strategy="messaging.replies.Nobody")

    assert (done.code, done.errors[:46]) == (2, "messaging.replies.Nobody is no reply strategy ")


def test_without_the_owner_nothing_is_made(restore, rehearse, settings):
    restore()
    settings.DATABASE_OWNER = None

    done = rehearse(timezone.now())

    assert (done.code, done.errors.split(":")[0]) == (1, "DATABASE_OWNER_URL is not set")

"""A file that is being deleted goes with no message, and one that goes with a message is not
deleted, whatever the moment.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from django.db.models import Func, TextField
from django.db.models.lookups import IsNull
from django.utils import timezone

from channels_app.content import Unsendable
from messaging.maintenance.messages_kept import purge_files, unused_files
from messaging.models import Media
from messaging.outbound.validation import NOT_KEPT
from tenants.models.uuid7 import first_id_at
from tenants.scope import operator_scope
from tests.messaging.media.outgoing import picture, said, say
from tests.support import deleting, together
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

NO_NEW_MESSAGES = "LOCK TABLE messaging.messages IN SHARE MODE"
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database()"""


@pytest.fixture
def thread():
    with ThreadPoolExecutor(1) as pool:
        yield pool
        pool.submit(connections.close_all).result()


def purged(catalogue: Media) -> int:
    return purge_files(catalogue.tenant_id, first_id_at(timezone.now()))


def is_waiting(db_rows) -> bool:
    return eventually(lambda: db_rows.execute(WAITING).fetchone() == (1,))


def refused(ada, catalogue) -> list[str]:
    """Send it to Ada. Returns what stands against that."""
    try:
        say(ada, picture(catalogue, "Here it is"))
    except Unsendable as refusal:
        return [str(fault) for fault in refusal.faults]
    return []


def test_a_file_that_storage_is_deleting_is_taken_by_no_message(acme, ada, catalogue, settings):
    told = []
    deleting.meanwhile(settings, lambda: told.append(refused(ada, catalogue)))

    assert (purged(catalogue), told, said(acme)) == (1, [[NOT_KEPT]], [])


def test_a_message_that_is_written_while_its_file_is_withdrawn_is_refused(
    acme, ada, catalogue, thread, db_rows
):
    with operator_scope():
        unused = unused_files(acme.id, first_id_at(timezone.now()))
        assert set(Media.objects.withdraw(unused, at_most=9)) == {catalogue.id}
        told = thread.submit(refused, ada, catalogue)
        assert is_waiting(db_rows)

    assert (told.result(), said(acme)) == ([NOT_KEPT], [])


def test_a_file_that_a_message_is_taking_is_not_deleted(
    acme, ada, catalogue, thread, other, db_rows
):
    """The message was found fit to be sent, and is not stored yet."""
    other.execute(NO_NEW_MESSAGES)
    sending = thread.submit(refused, ada, catalogue)
    assert is_waiting(db_rows)
    assert purged(catalogue) == 0
    other.rollback()

    assert (sending.result(), said(acme)) == ([], [("Here it is", "queued")])
    assert default_storage.exists(catalogue.file.name)


def test_a_message_that_comes_right_before_the_files_are_locked_keeps_its_file(
    acme, ada, catalogue, db_rows
):
    pause = Func(7, function="pg_advisory_xact_lock_shared", output_field=TextField())
    withdrawn = []

    def withdraw() -> None:
        with operator_scope():
            unused = unused_files(acme.id, first_id_at(timezone.now()))
            paused = unused.filter(IsNull(pause, False))  # as together.PAUSED, of a queryset
            withdrawn.append(Media.objects.withdraw(paused, at_most=9))

    together.meanwhile(db_rows, withdraw, lambda: say(ada, picture(catalogue, "Here it is")))
    assert (withdrawn, said(acme)) == ([{}], [("Here it is", "queued")])

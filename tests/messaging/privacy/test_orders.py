"""Several orders, and several processes at one of them."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from messaging.models import Contact, Erasure, Media
from messaging.privacy import erasing
from messaging.privacy.orders import order
from messaging.privacy.tasks import continue_erasures
from tenants.scope import operator_scope
from tests.support.cast import GRACE
from tests.support.dump import dump, holding
from tests.support.whatsapp.ada_everywhere import ADAS

pytestmark = pytest.mark.whatsapp


def statuses() -> list[str]:
    with operator_scope():
        return [each.status for each in Erasure.objects.order_by("id")]


def test_an_order_that_fails_keeps_no_other_from_being_carried_out(story, acme, jobs, db_rows):
    """Ada's file cannot be deleted: a folder that is not empty has its name."""
    with operator_scope():
        file = Media.objects.get().file
        grace = Contact.objects.get(identities__value=GRACE)
        for contact_id in (story, grace.id):
            Erasure.objects.order(acme.id, contact_id, "tests")
    default_storage.delete(file.name)
    inside = default_storage.save(f"{file.name}/inside", ContentFile(b"x"))
    continue_erasures(timestamp=0)
    jobs()

    assert statuses() == ["running", "finished"]
    default_storage.delete(inside)
    continue_erasures(timestamp=0)
    jobs()
    assert statuses() == ["finished", "finished"]
    assert holding(dump(db_rows), *ADAS, GRACE) == {}


def test_an_order_that_waits_in_the_queue_is_put_in_once(story, acme, jobs, db_rows):
    with operator_scope():
        Erasure.objects.order(acme.id, story, "tests")
    for _ in range(3):
        continue_erasures(timestamp=0)

    waiting = "SELECT count(*) FROM jobs.procrastinate_jobs WHERE task_name LIKE '%erase_contact'"
    assert db_rows.execute(waiting).fetchone() == (1,)
    jobs()
    assert statuses() == ["finished"]


def test_two_processes_carry_out_one_order_together(story, acme, db_rows, monkeypatch):
    """As when a command erases while the jobs process does: the second one comes to the end while
    the first is at the deliveries.
    """
    scan = erasing.scan

    def scan_beside_another(*arguments):
        monkeypatch.setattr(erasing, "scan", scan)
        assert erasing.erase(arguments[0]).status == "finished"
        return scan(*arguments)

    with operator_scope():
        ordered = order(acme.id, story, by="tests")
    monkeypatch.setattr(erasing, "scan", scan_beside_another)
    first = erasing.erase(ordered.id)

    with operator_scope():
        stored = Erasure.objects.get()
    assert (first.status, stored.waits_for, stored.counts["contacts"]) == ("finished", "", 1)
    assert holding(dump(db_rows), *ADAS) == {}


def test_an_order_that_is_finished_waits_for_nothing(story, acme, db_rows, monkeypatch):
    """The first process saw a webhook that was to be waited for; the second one did not have to."""
    scan = erasing.scan

    def scan_and_wait(*arguments):
        monkeypatch.setattr(erasing, "scan", scan)
        erasing.erase(arguments[0])
        return False

    with operator_scope():
        ordered = order(acme.id, story, by="tests")
    monkeypatch.setattr(erasing, "scan", scan_and_wait)
    erasing.erase(ordered.id)

    with operator_scope():
        stored = Erasure.objects.get()
    assert (stored.status, stored.waits_for) == ("finished", "")

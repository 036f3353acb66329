"""Who had a thread is kept as long as its messages are."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from uuid_utils.compat import uuid7

from messaging.models import OwnerChange, ThreadOrder
from tenants.models.uuid7 import first_id_at
from tenants.scope import operator_scope
from tests.support.whatsapp.shared_threads import standby, text

pytestmark = pytest.mark.whatsapp


def ids(model) -> set:
    with operator_scope():
        return set(model.objects.values_list("id", flat=True))


def test_a_purge_of_messages_deletes_old_words_about_owners_and_orders_that_have_ended(tell):
    tell(standby(text("Hello")))
    old = first_id_at(timezone.now() - timedelta(days=400))
    waiting = first_id_at(timezone.now() - timedelta(days=401))
    with operator_scope():
        (change,) = OwnerChange.objects.all()
        kept = change.id
        of = {"tenant_id": change.tenant_id, "conversation_id": change.conversation_id}
        change.id = old
        change.save(force_insert=True)
        ended = {"status": "expired", "ended_at": timezone.now(), "action": "take"}
        ThreadOrder.objects.create(id=old, **of, **ended)
        ThreadOrder.objects.create(id=waiting, **of, action="take")
        fresh = ThreadOrder.objects.create(id=uuid7(), **of, **ended).id
    call_command("purge", messages=365)

    assert (ids(OwnerChange), ids(ThreadOrder)) == ({kept}, {waiting, fresh})

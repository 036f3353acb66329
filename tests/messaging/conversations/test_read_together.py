"""Staff mark many conversations as read beside the traffic: contacts are locked in their order, as
by everybody.
"""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from messaging.models import Contact
from tenants.scope import operator_scope
from tests.support import database
from tests.support.back_office import act, confirm, said, sign_in
from tests.support.cast import ACME_ACCOUNT, ADA, GRACE
from tests.support.processes import eventually
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type ="
    " 'Lock'"
)


def test_who_waits_for_one_contact_holds_no_later_one(
    quiet, acme, acme_whatsapp, web, write, work, graph, database_name, db_rows
):
    other = connect(acme, "400000000000003", ACME_ACCOUNT, "token")
    write(sender=ADA)
    work()
    write(sender=GRACE)
    work()
    db_rows.execute("DELETE FROM messaging.messages; DELETE FROM messaging.conversations")
    write(sender=GRACE)  # hers is the older conversation, Ada the older contact
    work()
    write(sender=ADA, number=other.external_id)
    work()
    with operator_scope():
        ada, grace = Contact.objects.order_by("id").values_list("id", flat=True)

    lock = "SELECT FROM messaging.contacts WHERE id = %s FOR NO KEY UPDATE NOWAIT"
    with (
        psycopg.connect(database.superuser_url(database_name)) as holder,
        ThreadPoolExecutor(1) as staff,
    ):
        holder.execute(lock, [ada])
        session = sign_in(web, is_staff=True, is_superuser=True)
        question = act(session, web, "messaging/conversation", "mark_read")
        marked = staff.submit(confirm, session, question)
        assert eventually(lambda: db_rows.execute(WAITING).fetchone()[0] == 1)
        holder.execute(lock, [grace])
        holder.rollback()

    assert said(marked.result()) == ["2 of 2 conversations are marked as read."]

"""Lists of the back-office are read from the standby; what is done there, and noted, is the
primary's.
"""

import re

from messaging.models import Conversation
from tenants.scope import operator_scope
from tests.tenants.replica.rows import channel_of, contact_of

CONTACTS = "/admin/messaging/contact/"
NOTED = "SELECT action, object_ids FROM messaging.audit_entries"


def names_on(page) -> list[str]:
    assert page.status_code == 200
    return re.findall(r'isolated">(Ada|Grace)<', page.content.decode())


def test_a_list_is_read_there_as_the_operator_who_sees_every_tenant(root, ada, globex, read_from):
    contact_of(globex, "Grace")

    assert names_on(root.get(CONTACTS)) == ["Grace", "Ada"]

    assert read_from() == {"primary": 0, "replica": 1}


def test_a_page_behind_a_cursor_and_a_search_are_read_there(root, ada, read_from):
    assert names_on(root.get(CONTACTS, {"q": "Ada"})) == ["Ada"]
    assert read_from() == {"primary": 0, "replica": 1}


def test_that_a_list_with_words_was_seen_is_noted_all_the_same(root, acme, ada, read_from, db_rows):
    channel = channel_of(acme)
    with operator_scope():
        thread = Conversation.objects.create(tenant=acme, channel=channel, contact=ada)

    root.get("/admin/messaging/conversation/")

    assert read_from() == {"primary": 0, "replica": 1}
    assert db_rows.execute(NOTED).fetchall() == [("read", [str(thread.id)])]


def test_what_staff_just_saved_is_in_the_list(
    root, ada, globex, standby, impatient, read_from, caplog
):
    with standby.held_back():
        contact_of(globex, "Grace")
        assert names_on(root.get(CONTACTS)) == ["Grace", "Ada"]
    assert read_from() == {"primary": 1, "replica": 0}


def test_a_list_is_shown_while_the_standby_is_away(root, ada, standby, read_from):
    standby.server.stop()
    try:
        assert names_on(root.get(CONTACTS)) == ["Ada"]
    finally:
        standby.server.start()
    assert read_from() == {"primary": 1, "replica": 0}


def test_an_order_finds_its_rows_on_the_primary(root, acme, read_from):
    suspended = {"action": "suspend", "_selected_action": str(acme.id), "confirmed": "yes"}

    answered = root.post("/admin/tenants/tenant/", suspended)

    assert answered.status_code in (200, 302)
    assert read_from() == {"primary": 0, "replica": 0}

"""What Meta's answer tells of a recipient never costs the message, nor the messages of others."""

import psycopg
import pytest

from messaging.models import Contact
from tenants.scope import operator_scope
from tests.support.cast import GRACE, thread_of

pytestmark = pytest.mark.whatsapp

ODD = {
    "not storable": "a\x00b",
    "an object": {"no": "text"},
    "a list": [46],
    "a fraction": 1.5,
    "too long": "4" * 600,
}
NO_MERGE = """
CREATE FUNCTION messaging.refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '23505'; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON messaging.contacts
FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION messaging.refuse()
"""
CURE = "DROP FUNCTION messaging.refuse() CASCADE"


@pytest.mark.parametrize("wa_id", ODD.values(), ids=ODD)
def test_an_answer_with_an_odd_id_of_the_recipient_is_an_answer(acme, ada, say, work, graph, wa_id):
    graph.script.append({"wa_id": wa_id})
    say("Hi", ada)
    work()

    assert thread_of(acme)[1:] == [("outbound", "Hi", "accepted")]


def test_contacts_that_an_answer_proves_to_be_one_and_that_cannot_be_joined_stop_no_message(
    acme, ada, write, say, work, graph, db_rows: psycopg.Connection
):
    write("I am Ada, too", sender=GRACE)
    work()
    db_rows.execute(NO_MERGE)
    graph.script.append({"wa_id": GRACE})
    try:
        for text in ("one", "two"):
            say(text, ada)
            work()
    finally:
        db_rows.execute(CURE)

    sent = [each for each in thread_of(acme) if each[0] == "outbound"]
    assert sent == [("outbound", "one", "accepted"), ("outbound", "two", "accepted")]
    with operator_scope():
        assert Contact.objects.filter(merged_into=None).count() == 2

    graph.script.append({"wa_id": GRACE})
    say("three", ada)
    work()
    with operator_scope():
        assert Contact.objects.filter(merged_into=None).count() == 1

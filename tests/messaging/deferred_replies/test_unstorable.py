"""What a strategy says and no database stores keeps nobody else from an answer."""

import pytest

from channels_app.content import Location
from messaging.models import Message
from messaging.replies import Later, Question, Said
from tests.support.cast import ADA, GRACE

pytestmark = pytest.mark.whatsapp


NOT_SENT = (
    "The name of the location holds a character that cannot be sent: NUL, or half of a pair of"
    " surrogates."
)
REFUSED = """
    CREATE OR REPLACE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE data_exception; END $$;
    CREATE TRIGGER refuses_ada BEFORE UPDATE ON messaging.deferred_replies
        FOR EACH ROW WHEN (OLD.lease IS NOT NULL AND OLD.message_id = '{}')
        EXECUTE FUNCTION pg_temp.refuse()
"""
ADAS = "SELECT id FROM messaging.messages WHERE text = 'From Ada'"


class SaysAPlaceToAda:
    def reply_to(self, message: Message) -> Later:
        return Later()

    def answer(self, question: Question) -> Said:
        if question.lines[-1].text == "From Ada":
            return Location(latitude=59.33, longitude=18.06, name="A place \x00")
        return "Hello."


def test_an_answer_that_no_database_stores_leaves_its_conversation_to_people(
    acme_whatsapp, service, write, work, answer, thread, waiting, settings
):
    settings.REPLY_STRATEGY = f"{__name__}.SaysAPlaceToAda"
    write("From Ada", sender=ADA)
    write("From Grace", sender=GRACE)
    work()
    answer()

    assert sorted(thread()) == [
        ("From Ada", "failed"),
        ("From Grace", "received"),
        ("Hello.", "queued"),
    ]
    assert waiting() == [("unsendable", NOT_SENT)]


@pytest.mark.parametrize("overdue", [False, True])
def test_a_reply_that_cannot_be_settled_keeps_no_other(
    acmes_service, write, work, answer, thread, db_rows, overdue
):
    write("From Ada", sender=ADA)
    work()
    (ada,) = db_rows.execute(ADAS).fetchone()
    db_rows.execute(REFUSED.format(ada))
    if overdue:
        db_rows.execute("UPDATE messaging.deferred_replies SET deadline = now()")
    try:
        write("From Grace", sender=GRACE)
        work()
        answer()
    finally:
        db_rows.execute("DROP TRIGGER refuses_ada ON messaging.deferred_replies")

    assert sorted(thread()) == [
        ("From Ada", "received"),
        ("From Grace", "received"),
        ("Hello from the service.", "queued"),
    ]

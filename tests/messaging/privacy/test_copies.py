"""What is copied or derived of a person goes, too: what a provider says of a message to them,
names of files, reactions and cards.
"""

import pytest

from messaging.models import Contact, Message
from tenants.scope import operator_scope
from tests.support.cast import GRACE
from tests.support.dump import dump, holding
from tests.support.whatsapp import bodies
from tests.support.whatsapp.ada_everywhere import ADA, ADAS, ADAS_NAME, of_ada

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def ada(acme_whatsapp, batch, work, graph):
    batch(of_ada(wamid="wamid.ada.1"))
    work()
    with operator_scope():
        return Contact.objects.get().id


def told(db_rows) -> dict:
    return holding(dump(db_rows), *ADAS)


def refusal(code: int) -> dict:
    details = f"canary of ada: {ADA} ({ADAS_NAME}) does not take it"
    return {"code": code, "title": details, "message": details, "error_data": {"details": details}}


@pytest.mark.parametrize("code", [131026, 131042, 131047, 131050, 130472])
def test_what_the_provider_said_of_a_message_to_them(
    code, ada, report, graph, work, jobs, erased, db_rows
):
    """Refused for good, for the account, for the window, for marketing, for an experiment."""
    (sent,) = graph.ledger
    report(bodies.status(sent["wamid"], "failed", recipient_id=ADA, errors=[refusal(code)]))
    work()
    jobs()
    with operator_scope():
        assert "canary" in Message.objects.get(direction="outbound").error
    finished = erased(ada)
    jobs()

    assert (finished.status, told(db_rows)) == ("finished", {})


def test_names_of_files_reactions_and_cards_that_they_sent(
    ada, batch, work, jobs, erased, graph, photo, db_rows
):
    file = {"id": "7", "filename": "canary of ada.pdf", "caption": "canary of ada"}
    batch(of_ada(wamid="wamid.ada.2") | {"type": "document", "document": file})
    reaction = {"message_id": "wamid.ada.1", "emoji": "👍"}
    batch(of_ada(wamid="wamid.ada.3") | {"type": "reaction", "reaction": reaction})
    card = {"name": {"formatted_name": ADAS_NAME}, "phones": [{"wa_id": ADA}]}
    batch(of_ada(wamid="wamid.ada.4") | {"type": "contacts", "contacts": [card]})
    batch(bodies.text("Hi", sender=GRACE, wamid="wamid.grace"))
    work()
    jobs()
    assert len(told(db_rows)) >= 6
    finished = erased(ada)
    jobs()

    assert (finished.status, told(db_rows)) == ("finished", {})

"""Files of a person who is erased, while something else happens to them."""

import pytest

from channels_app.content import Unsendable
from messaging.media import transfer
from messaging.models import Contact, Conversation, Media
from messaging.outbound.validation import NOT_KEPT
from tenants.scope import operator_scope
from tests.messaging.media.outgoing import picture, said, say
from tests.support import deleting
from tests.support.cast import GRACE
from tests.support.whatsapp import bodies
from tests.support.whatsapp.ada_everywhere import ADA, of_ada

pytestmark = pytest.mark.whatsapp

FILE = {"type": "image", "image": {"id": "7"}}


@pytest.fixture
def ada(acme_whatsapp, batch, work, jobs, graph, photo, db_rows):
    """The id of her contact. She and Grace have written to Acme, and she has sent a photo."""
    db_rows.execute("UPDATE messaging.tenants SET auto_reply = ''")
    batch(of_ada(wamid="wamid.ada.1") | FILE, bodies.text("Hi", sender=GRACE))
    work()
    jobs()
    with operator_scope():
        return Contact.objects.get(identities__value=ADA).id


def test_a_file_that_is_being_erased_is_sent_to_nobody(acme, ada, erased, settings):
    with operator_scope():
        photo = Media.objects.get()
        to_grace = Conversation.objects.get(contact__identities__value=GRACE)
    told = []

    def send() -> None:
        with pytest.raises(Unsendable) as refusal:
            say(to_grace, picture(photo, "Is it yours?"))
        told.append(refusal.value.faults)

    deleting.meanwhile(settings, send)

    assert (erased(ada).status, told, said(acme)) == ("finished", [(NOT_KEPT,)], [])


def test_a_file_that_is_fetched_while_another_is_being_erased_leaves_nothing_in_storage(
    acme, ada, batch, work, erased, settings, tmp_path
):
    batch(of_ada(wamid="wamid.ada.2") | FILE)
    work()
    with operator_scope():
        announced = Media.objects.get(status="pending")
    deleting.meanwhile(settings, lambda: transfer.fetch(acme.id, announced.id))

    assert erased(ada).status == "finished"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
